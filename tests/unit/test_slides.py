"""What tools/publish does for slides alone."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.publish.slides import divide


def slide_types(*cells):
    notebook = new_notebook(cells=list(cells))
    divide(notebook)
    return [cell.metadata.get("slideshow", {}).get("slide_type") for cell in notebook.cells]


def test_without_an_authors_word_headings_begin_slides_and_each_cell_has_its_screen():
    cells = [new_markdown_cell(text) for text in ("# A", "b", "## C", "### D", "# 1")] + [new_code_cell("# a comment")]
    assert slide_types(*cells) == ["slide", "subslide", "slide", "subslide", "slide", "subslide"]


def test_with_an_authors_word_nothing_is_added():
    note = new_markdown_cell("b", metadata={"slideshow": {"slide_type": "notes"}})
    assert slide_types(new_markdown_cell("# A"), note) == [None, "notes"]
