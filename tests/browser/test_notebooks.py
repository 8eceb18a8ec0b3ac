"""Every notebook, opened and run in JupyterLab, as a student does."""

from pathlib import Path

import pytest

from .pages import expect

pytestmark = pytest.mark.browser
NOTEBOOKS = sorted(path.name for path in (Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
STAND_IN = ".gdtools-stand-in"
WIDGET = ".gdtools-live, .gdtools-question"
assert NOTEBOOKS, "without notebooks, nothing would be tested"


def stand_ins(cell):
    """How many explorers and questions this cell shows: each leaves in the notebook what can be read of it."""
    return sum("gdtools-stand-in" in "".join(output.get("data", {}).get("text/html", "")) for output in cell["outputs"])


def code_cells(notebook):
    return [(index, cell) for index, cell in enumerate(notebook.cells()) if cell["cell_type"] == "code"]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_runs_without_fault_and_shows_its_explorers_and_questions(desk, name):
    notebook = desk.open(name)
    for index, cell in code_cells(notebook):
        for nth in range(stand_ins(cell)):
            expect(notebook.cell(index).locator(STAND_IN).nth(nth)).to_be_visible()

    notebook.run_all()

    expect(notebook.page.locator(".jp-Dialog")).to_have_count(0)
    for index, cell in code_cells(notebook):
        source = "".join(cell["source"])
        assert cell["execution_count"] or not source.strip(), source
        for output in cell["outputs"]:
            assert output["output_type"] != "error" or "raises-exception" in cell["metadata"].get("tags", []), output
            assert output.get("name") != "stderr", output
        shown = notebook.cell(index)
        expect(shown.locator(WIDGET)).to_have_count(stand_ins(cell))
        for nth in range(stand_ins(cell)):
            expect(shown.locator(STAND_IN).nth(nth)).to_be_hidden()
            if shown.locator(".gdtools-question").count():
                expect(shown.locator("legend").nth(nth)).not_to_be_empty()
            else:
                explorer = notebook.explorer(index, nth)
                expect(explorer.words).not_to_be_empty()
                expect(explorer.problem).to_be_empty()
        expect(shown.get_by_text("Error displaying widget")).to_have_count(0)
    notebook.close()
