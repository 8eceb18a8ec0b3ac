"""Mistakes of several kinds, made in a copy of the course, turn a test red; without them, it is green."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools.notebooks import dumps, read
from tools.prose_numbers import written

ROOT = Path(__file__).parents[2]
COPIED = [
    "gdtools",
    "tools",
    "conftest.py",
    "pyproject.toml",
    "tests/unit/test_optimizers.py",
    "tests/unit/reference.json",
]
CELLS = {  # what is run, and what is stored
    "print(3 * 14)": "42\n",
    "from gdtools.descent import descend\n"
    "from gdtools.losses import bowl\n"
    "print(descend(bowl(1, 4), (4, 2), 0.1, steps=3).theta[-1])": "[2.048 0.016]\n",
    "from gdtools.explorers import explore_descent\n"
    "explorer = explore_descent(bowl(1, 4), (4, 2), [0.1], steps=3)\n"
    "explorer.children[1].children[0].value = 3\n"
    "print(explorer.live.error)": "\n",
    "print('as before')": "as before\n",
}
SIGN = ("gdtools/optimizers.py", "theta - learning_rate * grad, state", "theta + learning_rate * grad, state")
CALLBACK = ("gdtools/explorers/explorer.py", "replay([box.value for", "replay([1 / (3 - box.value) for")
NUMBER = ("notebook.ipynb", '"42\\n"', '"43\\n"')


@pytest.fixture
def course(tmp_path):
    """A copy of the package, of pytest's settings and of a unit test, and a notebook with these cells."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / Path(name).name)
    cells = [
        nbformat.v4.new_code_cell(
            code,
            execution_count=1,
            outputs=[nbformat.v4.new_output("stream", name="stdout", text=stored)],
            metadata={"tags": ["nbval-check-output"]},
        )
        for code, stored in CELLS.items()
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "notebook.ipynb")
    return tmp_path


def make(course, name, right, wrong):
    """Make a mistake in one file of this course."""
    text = (course / name).read_text(encoding="utf-8")
    assert text.count(right) == 1
    (course / name).write_text(text.replace(right, wrong), encoding="utf-8")


def verdicts(course, *arguments):
    """What pytest says of each test."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=no", "-p", "no:cacheprovider", *arguments]
    environment = os.environ | {"PYTHONPATH": str(course)}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return re.findall(r"^(PASSED|FAILED) ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("mistakes", "expected"), [([], "PPPP"), ([NUMBER, SIGN, CALLBACK], "FFFP")], ids=["no", "yes"]
)
def test_a_changed_number_and_a_wrong_sign_and_a_callback_that_raises_turn_their_cells_red(course, mistakes, expected):
    for mistake in mistakes:
        make(course, *mistake)
    found = verdicts(course, "--nbval-lax", "--nbval-current-env", "notebook.ipynb")
    assert sorted(verdict[0] for verdict in found) == sorted(expected)


@pytest.mark.parametrize(
    ("mistakes", "expected"), [([], {"PASSED"}), ([SIGN], {"FAILED", "PASSED"})], ids=["no", "yes"]
)
def test_a_wrong_sign_turns_a_unit_test_red(course, mistakes, expected):
    for mistake in mistakes:
        make(course, *mistake)
    assert set(verdicts(course, "test_optimizers.py", "-k", "pytorch")) == expected


# --- make quick, with mistakes in a real notebook

NAME = "02_the_learning_rate.ipynb"
FILES = [
    "Makefile",
    "conftest.py",
    "pyproject.toml",
    "gdtools",
    "tools",
    "evidence",
    "docs/evidence.md",
    "README.md",
    "notebooks/00_start_here.ipynb",
    "notebooks/alt_texts.toml",
    f"notebooks/{NAME}",
    "tests/unit/test_every_notebook.py",
    "tests/unit/test_evidence.py",
    ".venv/test",
]


def a_number_in_prose(cell):
    """Change a number in the words of this cell, if there is one that has to be computed."""
    for number in written(cell.source) if cell.cell_type == "markdown" else []:
        digits = number.text.split()[0]
        if cell.source.count(digits) == 1:
            cell.source = cell.source.replace(digits, "4217")
            return True


def a_figure_without_alt_text(cell):
    """Show a figure as one does elsewhere."""
    before = cell.source
    cell.source = re.sub(r"plots\.show\(figure, key=.*\)", "display(figure)", before)
    return cell.source != before


def a_printed_number(cell):
    """Change a digit that this cell has printed."""
    if "nbval-check-output" in cell.metadata.get("tags", []):
        stored = cell.outputs[0]
        stored.text = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), stored.text, count=1)
        return True


def a_wrong_sign(cell):
    """In the optimizer, not in the cell: the first that prints what a descent has done will tell."""
    make(Path.cwd(), *SIGN)
    return True


@pytest.fixture
def quick(tmp_path, monkeypatch):
    """Makes a mistake in a copy of the course; returns the cell it is in, and what `make quick NOTEBOOK=02` says."""
    monkeypatch.chdir(tmp_path)
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)

    def quick(mistake):
        notebook = read(path := tmp_path / "notebooks" / NAME)
        changed = next((cell.id for cell in notebook.cells if mistake(cell)), None)
        path.write_text(dumps(notebook), encoding="utf-8")
        python = f"env PYTHONPATH={tmp_path} {sys.executable}"  # make lets no PYTHONPATH through
        command = ["make", "quick", "NOTEBOOK=02", "--old-file=.venv/test", f"python={python}"]
        before = os.times()
        done = subprocess.run(command, capture_output=True, text=True)
        after = os.times()
        took = after.children_user + after.children_system - before.children_user - before.children_system
        assert took < 20, "seconds of one processor"
        return changed, done.returncode, done.stdout + done.stderr

    return quick


def test_make_quick_is_green_without_a_mistake(quick):
    _, red, said = quick(lambda cell: False)
    assert not red, said


@pytest.mark.parametrize("mistake", [a_number_in_prose, a_figure_without_alt_text, a_printed_number])
def test_make_quick_names_the_cell_with_the_mistake(quick, mistake):
    cell, red, said = quick(mistake)
    assert cell and red
    assert f"cell {cell!r}" in said


def test_make_quick_names_the_cells_that_a_wrong_sign_changes(quick):
    _, red, said = quick(a_wrong_sign)
    assert red
    assert re.search(r"cell '[\w-]+'\. Cell outputs differ", said)
