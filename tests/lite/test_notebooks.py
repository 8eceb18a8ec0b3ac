"""Every notebook and every solution, run in the browser alone: what is printed is what is stored.

Those that are marked `long` wait for `make lite-test`.
"""

from pathlib import Path

import nbformat
import pytest

from tests.browser import test_notebooks as installed
from tools.lite import for_this_kernel
from tools.notebooks import COURSE, ROOT, printed, read, readable

from .conftest import store

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("silent_console")]
QUICK = "notebooks/00", "notebooks/01", "notebooks/08", "solutions/01"


def parameter(name):
    return pytest.param(name, marks=[] if name.startswith(QUICK) else pytest.mark.long)


@pytest.fixture(scope="module", params=[parameter(path.relative_to(ROOT).as_posix()) for path in COURSE])
def name(request):
    return request.param


@pytest.fixture(scope="module")
def opened(desk, name):
    path = f"notebooks/{Path(name).name}"
    if name.startswith("solutions/"):
        store(desk, path, for_this_kernel(read(ROOT / name)))
    notebook = desk.open(path)
    yield notebook
    notebook.close()


@pytest.fixture(scope="module")
def notebook(opened):
    opened.run_all()
    return opened


def told(outputs):
    outputs = readable(map(nbformat.from_dict, outputs))
    return [output.get("text") or output.data["text/plain"] for output in outputs if printed(output)]


def test_no_prediction_is_answered_before_it_is_run(opened):
    installed.test_no_prediction_is_answered_before_it_is_run(opened)


def test_each_prediction_is_answered_by_its_run(notebook):
    installed.test_each_prediction_is_answered_by_its_run(notebook)


def test_runs_without_fault_and_shows_its_explorers_and_questions(notebook):
    installed.test_runs_without_fault_and_shows_its_explorers_and_questions(notebook)


def test_the_printed_numbers_are_the_stored_ones(notebook, name):
    stored = {cell.id: told(cell.outputs) for cell in read(ROOT / name).cells if cell.cell_type == "code"}
    checked = [cell for _, cell in installed.code_cells(notebook) if "nbval-check-output" in tags(cell)]
    assert checked, "nothing would be compared"
    for cell in checked:
        if told(cell["outputs"]) == ["Everything is here. gdtools comes from this page.\n"]:
            continue
        assert told(cell["outputs"]) == stored[cell["id"]], cell["id"]


def tags(cell):
    return cell["metadata"].get("tags", [])


def test_every_slider_moves(notebook):
    for _, explorer in installed.explorers(notebook):
        installed.assert_slides(explorer)
