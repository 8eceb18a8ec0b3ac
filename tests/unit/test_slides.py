"""What tools/publish does for slides alone."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebooks import COURSE, read
from tools.publish.slides import ROOM, divide, finish, head, kind, prepare, shown, spread, step, unbroken, uncover

NOTEBOOKS = [path for path in COURSE if path.parent.name == "notebooks"]
every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def words(source, slide_type=None, **slideshow):
    return new_markdown_cell(source, metadata={"slideshow": _slideshow(slide_type, slideshow)})


def code(source, slide_type=None, printed="", **slideshow):
    outputs = [new_output("stream", text=printed)] if printed else []
    return new_code_cell(source, outputs=outputs, metadata={"slideshow": _slideshow(slide_type, slideshow)})


def _slideshow(slide_type, slideshow):
    return {"slide_type": slide_type, **slideshow} if slide_type else slideshow


def after(change, *cells):
    """The notebook of these cells after this change."""
    notebook = new_notebook(cells=list(cells))
    change(notebook)
    return notebook


def kinds(notebook):
    return [kind(cell) for cell in notebook.cells]


def test_without_an_authors_word_each_cell_is_a_slide():
    assert kinds(after(divide, words("# A"), words("b"), words("c", "skip"))) == ["slide", "slide", "skip"]
    assert kinds(after(divide, words("# A", "slide"), words("b"))) == ["slide", "-"]


def test_a_link_to_a_cell_that_no_slide_shows_leads_to_the_first(tmp_path):
    (tmp_path / "one.html").write_text(
        '<a href="two.html#shown"></a><a href="two.html#skipped"></a><a href="#here"></a>'
    )
    (tmp_path / "two.html").write_text('<p id="shown"></p>')
    (tmp_path / "index.html").write_text("")
    finish(tmp_path)
    links = '<a href="two.html#shown"></a><a href="two.html"></a><a href="#here"></a>'
    assert (tmp_path / "one.html").read_text() == links


def test_a_heading_alone_is_no_slide():
    assert kinds(after(divide, words("# A", "slide"), words("## B", "slide"), code("1", "subslide")))[1:] == [
        "slide",
        "-",
    ]


def test_code_that_is_too_much_beside_the_rest_has_a_slide_of_its_own():
    line, many = words("A line.", "slide"), "\n" * (ROOM - 2)
    assert kinds(after(spread, line, code("1", "fragment"))) == ["slide", "fragment"]
    assert kinds(after(spread, line, code(many, "fragment"))) == ["slide", "slide"]


def test_what_code_shows_has_a_slide_of_its_own_where_both_are_too_much():
    asked = code("print()\n" * 10, "subslide", printed="1\n" * 10, notes="Say it.")
    notebook = after(spread, asked, words("Because.", "fragment"))
    first, result, reason = notebook.cells
    assert kinds(notebook) == ["subslide", "slide", "fragment"]
    assert first.source and not first.outputs and result.outputs and "remove-input" in result.metadata.tags
    assert result.metadata.slideshow.notes == "Say it." != first.metadata.slideshow.notes
    assert (result.id, reason.source) == (first.id + "-result", "Because.")


def test_what_follows_a_question_or_a_result_comes_at_a_step():
    notebook = after(step, words("**Predict.** 1 + 1?", "slide"), code("1 + 1", printed="2"), words("Two."))
    assert kinds(notebook) == ["slide", "fragment", "fragment"]
    assert kinds(after(step, words("Look:", "slide"), code("1", printed="1"))) == ["slide", "-"]


def test_each_slide_has_a_heading():
    cells = (
        ("# A", "slide"),
        ("## B\n\nb", "slide"),
        ("c", "subslide"),
        ("## D", "skip"),
        ("e", "slide"),
        ("f", "fragment"),
    )
    notebook = after(head, *(words(*cell) for cell in cells))
    headings = [(cell.metadata.get("heading"), cell.metadata.get("again")) for cell in notebook.cells]
    assert headings == [(None, None), ("B", False), ("B", True), (None, None), ("D", False), (None, None)]
    assert [cell.source for cell in notebook.cells[:2]] == ["# A", "b"]


def test_numbers_and_formulas_are_not_broken():
    kept = "`10 000`, $1 - x$, https://example.org/a b"
    assert unbroken("h = 0.000000001, κ = 1.\n\nEnd").count("\N{NO-BREAK SPACE}") == 4
    text = f"10 000 steps: 1 − ηλ = 0.8, 36 % of (3, 4), {kept}\n- a list\n| 1 | 2 |"
    expected = f"10~000 steps: 1~−~ηλ~=~0.8, 36~% of (3,~4), {kept}\n- a list\n| 1 | 2 |"
    assert unbroken(text) == expected.replace("~", "\N{NO-BREAK SPACE}")


def test_an_answer_opens_at_a_step():
    folded = "Why?\n\n<details><summary>Answer</summary>\n\nSo.\n\n</details>"
    assert '<summary>Answer</summary><div class="fragment">\n\nSo.\n\n</div></details>' in uncover(folded)


@every_notebook
def test_the_slides_of_a_notebook_answer_nothing_before_its_time(path):
    notebook = read(path)
    prepare(notebook)
    told = list(shown(notebook))
    asked = ""
    for cell, starts in told:
        assert not asked or starts or kind(cell) == "fragment", f"{cell.id} answers beside the question in {asked}"
        asked = cell.id if "**Predict" in cell.source else ""
    assert all(cell.metadata.heading for cell, starts in told[1:] if starts)
    guesses = [cell.id for cell, _ in told if "guess(" in cell.source or "result(" in cell.source]
    assert guesses == [], "A form for a guess needs a kernel: its slide type is skip."
