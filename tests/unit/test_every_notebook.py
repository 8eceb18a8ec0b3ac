"""What must hold of every notebook: `make quick NOTEBOOK=02` asks it of one."""

import re
from pathlib import Path

import pytest

from tools import prose_numbers
from tools.minutes import minutes, stated
from tools.notebooks import COURSE, Fault, check, read

ROOT = Path(__file__).parents[2]
START = read(ROOT / "notebooks" / "00_start_here.ipynb")
TABLES = [(ROOT / "README.md").read_text(encoding="utf-8"), "\n".join(cell.source for cell in START.cells)]
MEGABYTE = 1_000_000
NOTEBOOKS = [path for path in COURSE if path.parent.name == "notebooks"]
every_file = pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@every_file
def test_it_is_stored_as_make_notebooks_stores_it(path):
    try:
        check(path)
    except Fault as fault:
        pytest.fail(f"{path.name}: {fault}", pytrace=False)
    ids = [cell.id for cell in read(path).cells]
    assert len(ids) == len(set(ids))
    size = path.stat().st_size
    assert size < MEGABYTE, f"{path.name} has {size:,} bytes; draw smaller or fewer pictures."


@every_notebook
def test_every_number_in_its_prose_is_computed_beside_it(path):
    faults = list(prose_numbers.faults(read(path)))
    if faults:
        pytest.fail(f"{path.name}:\n  " + "\n  ".join(faults), pytrace=False)


@every_notebook
def test_it_says_how_long_it_takes(path):
    takes, says = minutes(read(path)), stated(read(path))
    assert takes < 60.5, f"{path.name} takes {takes:.0f} minutes: cut it. `make quick` tells what the time goes to."
    assert says == pytest.approx(takes, rel=0.1), f"{path.name} says {says} minutes and takes {takes:.0f}: write that."
    for table in TABLES:
        (row,) = re.findall(rf"^\| \[?{path.stem[:2]} .*\|$", table, re.MULTILINE)
        assert f"| {says} minutes" in row, f"README.md and notebook 00 have to say {says} minutes, too: {row}"


@every_notebook
def test_every_number_in_its_speakers_notes_is_computed_in_it(path):
    """But for what a class is expected to say: that is wrong."""
    cells = read(path).cells
    values = prose_numbers.computed(cells)
    for cell in cells:
        notes = cell.metadata.get("slideshow", {}).get("notes", "")
        told = re.sub(r"\*\*Expect\b.*?(?=\*\*\w|$)", "", notes)
        strays = [number.text for number in prose_numbers.written(told) if not number.among(values)]
        assert not strays, f"The notes of {cell.id!r} say {strays}, which no cell computes."
