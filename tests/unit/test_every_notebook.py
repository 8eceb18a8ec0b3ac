"""What must hold of every notebook: `make quick NOTEBOOK=02` asks it of one."""

import pytest

from tools import prose_numbers
from tools.notebooks import COURSE, Fault, check, read

MEGABYTE = 1_000_000
NOTEBOOKS = [path for path in COURSE if path.parent.name == "notebooks"]
every_file = pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

NOT_YET = {  # cells whose numbers come from another section, and don't yet name the cell there
    "05": "price-after quiz-proof-by-one quiz-one-rate",
    "06": "rule-after explorer-predict explorer-after",
}


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
    excused = [f"cell {name!r} says " for name in NOT_YET.get(path.stem[:2], "").split()]
    faults = [f for f in faults if not (f.startswith(tuple(excused)) and "no cell of its section" in f)]
    if faults:
        pytest.fail(f"{path.name}:\n  " + "\n  ".join(faults), pytrace=False)
