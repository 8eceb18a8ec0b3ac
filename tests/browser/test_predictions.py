"""What a reader shall predict is covered in JupyterLab until its cell is run, in whichever way."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.notebooks import KERNELSPEC, cover, dumps, execute, normalise

from .pages import expect

pytestmark = pytest.mark.browser
COVERED = "Your guess first. Then run the cell."


def opened(desk, lab, *cells):
    """A notebook of these cells, as `make notebooks` stores it."""
    made = new_notebook(cells=list(cells), metadata={"kernelspec": KERNELSPEC})
    execute(made, str(lab.root))
    (lab.root / "predict.ipynb").write_text(dumps(cover(normalise(made))), encoding="utf-8")
    return desk.open("predict.ipynb")


def folded(source):
    return new_code_cell(source, metadata={"jupyter": {"source_hidden": True}})


@pytest.fixture
def notebook(desk, lab):
    notebook = opened(
        desk,
        lab,
        new_markdown_cell("**Predict.** What is six times seven?"),
        new_code_cell("print(6 * 7)"),
        folded("print(43 - 1, 'again')"),
        new_markdown_cell("## What else?"),
        new_code_cell("print(40 + 2, 'once more')"),
    )
    yield notebook
    notebook.close()


def shown(notebook):
    return ["42" in text for text in notebook.texts()]


def test_the_answer_is_covered_by_the_request_for_a_guess(notebook):
    assert shown(notebook) == [False, False, False, False, True]
    expect(notebook.cell(1).locator(".jp-OutputPlaceholder")).to_have_text(COVERED)
    expect(notebook.cell(2).locator(".jp-OutputArea-output")).to_have_count(0)


def test_a_run_uncovers_the_cell_and_no_other_and_so_does_a_second_run(notebook):
    notebook.run_cell(1)
    assert shown(notebook) == [False, True, False, False, True]
    notebook.run_cell(1)
    assert shown(notebook) == [False, True, False, False, True]
    expect(notebook.cell(1)).not_to_contain_text(COVERED)
    notebook.run_cell(2)
    expect(notebook.cell(2).locator(".jp-OutputArea-output")).to_have_text("42 again\n")


def test_all_is_uncovered_by_a_restart_with_a_run_of_all(notebook):
    notebook.restart()
    notebook.desk.run("notebook:run-all-cells")
    notebook.wait_until_idle()
    assert shown(notebook) == [False, True, True, False, True]


def test_cleared_cells_are_empty_and_can_be_run(notebook):
    notebook.desk.run("notebook:clear-all-cell-outputs")
    assert shown(notebook) == [False] * 5
    assert COVERED not in "".join(notebook.texts())
    notebook.run_cell(1)
    assert shown(notebook) == [False, True, False, False, False]


def test_who_wants_to_look_without_a_run_can_uncover_it_and_finds_no_word_but_the_answer(notebook):
    notebook.cell(1).locator(".jp-OutputPlaceholder").click()
    assert shown(notebook) == [False, True, False, False, True]
    expect(notebook.cell(1)).not_to_contain_text(COVERED)


def test_what_was_run_and_saved_stays_uncovered(notebook, lab):
    notebook.run_cell(1)
    notebook.desk.run("docmanager:save")
    cells = nbformat.read(lab.root / "predict.ipynb", as_version=4).cells
    assert [output.output_type for output in cells[1].outputs] == ["stream"]
    assert "outputs_hidden" not in cells[1].metadata.get("jupyter", {}) and cells[2].metadata.jupyter.outputs_hidden


def test_once_a_guess_is_asked_for_the_text_that_explains_waits_for_the_run_too(desk, lab):
    notebook = opened(
        desk,
        lab,
        new_markdown_cell("**Predict.** What is six times seven?"),
        folded("# Your guess\nfrom gdtools.quiz import guess, result\n\nguess('product', 'Six times seven?')"),
        new_code_cell("print(6 * 7)"),
        folded("# Your guess, and what came out\nresult('product', 6 * 7)"),
        new_markdown_cell("Six sevens are 42."),
    )
    explained = notebook.cell(4).locator(".jp-MarkdownOutput p")
    notebook.run_cell(1)
    expect(notebook.cell(1).get_by_role("textbox")).to_be_visible()
    expect(notebook.cell(2)).to_contain_text(COVERED)
    expect(explained).to_be_hidden()
    notebook.run_cell(2)
    expect(explained).to_be_visible()
    notebook.close()
