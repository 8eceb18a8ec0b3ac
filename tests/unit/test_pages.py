"""What tools/publish does for pages alone."""

import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from gdtools.plots import figure, image, png
from tools import links
from tools.notebooks import Fault
from tools.publish import assets, pages
from tools.publish.build import render
from tools.publish.pages import description, dress, prepare

needs_katex = pytest.mark.skipif(
    not (assets.ROOT / "node_modules" / "katex").exists(), reason="npm has not brought KaTeX: run `make node_modules`"
)
COURSE = {"chapters": [("one", "One"), ("two", "Two")], "title": "A course", "lite": None}


def covered(name):
    shown = new_output("stream", text=f"{name} shows")
    return new_code_cell(f"{name} code", id=name, outputs=[shown], metadata={"jupyter": {"outputs_hidden": True}})


def shape(*cells):
    """What a page is made of, in its order: texts, code and what it shows, and the folds."""
    notebook = new_notebook(cells=list(cells))
    prepare(notebook)
    parts = []
    for cell in notebook.cells:
        parts += [cell.source] if cell.source else []
        parts += [output.text for output in cell.get("outputs", [])]
    return [{pages.FOLD: "("}.get(part, part.replace("</details>", ")")) for part in parts]


def test_what_follows_a_prediction_is_folded_to_the_end_of_its_section():
    text, asked, end = (new_markdown_cell(words) for words in ("so", "**Predict.** What?", "## End"))
    free = new_code_cell("free", outputs=[new_output("stream", text="seen")])
    assert shape(free, asked, covered("a"), covered("b"), text, end) == [
        *("free", "seen", "**Predict.** What?", "a code", "("),
        *("a shows", "b code", "b shows", "so", ")", "## End"),
    ]


def test_a_second_prediction_has_a_fold_in_the_first():
    asked = new_markdown_cell("**Predict.** What?")
    again = new_markdown_cell("So.\n\n**Predict.** And then?")
    assert [part for part in shape(asked, covered("a"), again, covered("b")) if part in "())"] == ["(", "(", "))"]


def test_without_a_prediction_nothing_is_folded():
    assert shape(new_markdown_cell("Look."), covered("a")) == ["Look.", "a code", "a shows"]


def test_what_needs_a_kernel_is_left_out():
    cells = [new_markdown_cell("a", id=name) for name in (links.CELL, "guesses-intro", "kept")]
    assert shape(*cells) == ["a"]


def page(folder, *cells, name="one", **course):
    notebook = new_notebook(cells=list(cells))
    prepare(notebook)
    (folder / f"{name}.html").write_text(render(pages, notebook, COURSE | course, name, folder), encoding="utf-8")
    dress([folder / f"{name}.html"])
    return (folder / f"{name}.html").read_text(encoding="utf-8")


@needs_katex
def test_a_formula_is_drawn_once_and_for_all(tmp_path):
    drawn = page(tmp_path, new_markdown_cell("# One\n\n$x < y$, and $$\\begin{aligned}x\\end{aligned}$$ `$x$`"))
    assert "<math" in drawn and "katex.min.js" not in drawn
    assert 'katex.min.css"' in drawn and (tmp_path / "lib" / "katex" / "dist" / "katex.min.css").exists()
    assert "</span>,</span> and" in drawn, "No line ends before the comma."
    assert "<code>$x$</code>" in drawn


@needs_katex
def test_a_formula_that_is_none_ends_the_build(tmp_path):
    with pytest.raises(Fault, match="Undefined control sequence: .nonsense"):
        page(tmp_path, new_markdown_cell("# One\n\n$\\nonsense$"))


def test_a_page_without_formulas_and_charts_loads_nothing_for_them(tmp_path):
    assert "katex" not in (plain := page(tmp_path, new_markdown_cell("# One"))) and "mermaid" not in plain


def test_without_npm_scripts_draw_and_the_build_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.setattr(pages, "PAGEFIND", tmp_path / "pagefind")
    (tmp_path / "package.json").write_text('{"dependencies": {"katex": "1", "@mermaid-js/tiny": "2"}}')
    scripted = page(tmp_path, new_markdown_cell("# One\n\n$x$\n\n```mermaid\nflowchart TD\n```"))
    assert '<span class="formula">x</span>' in scripted
    for script in ("katex@1/dist/katex.min.js", "@mermaid-js/tiny@2/dist/mermaid.tiny.js"):
        assert f'src="https://cdn.jsdelivr.net/npm/{script}"' in scripted
    pages.search(tmp_path)
    told = capsys.readouterr().err
    assert all(name in told for name in ("KaTeX", "Mermaid", "pagefind"))


def test_there_is_a_button_for_the_search_where_there_is_one(tmp_path):
    assert 'id="find"' in page(tmp_path, new_markdown_cell("# One"))
    dress([tmp_path / "one.html"], searched=False)
    assert 'id="find"' not in (tmp_path / "one.html").read_text()


def test_a_figure_is_a_file_that_keeps_its_shape(tmp_path):
    shown = {"text/html": image(png(figure(width=2, height=1)[0]), "Axes.", 200)}
    cell = new_code_cell("draw()", outputs=[new_output("display_data", shown)])
    drawn = page(tmp_path, new_markdown_cell("# One"), cell)
    (file,) = (tmp_path / "figures").iterdir()
    assert f'src="figures/{file.name}"' in drawn and "aspect-ratio: 400 / 200" in drawn and "base64" not in drawn


def test_what_others_are_told_of_a_page(tmp_path):
    title = new_markdown_cell("# One\n\nWhat it is *about*: " + 60 * "words ", id="title")
    where = new_markdown_cell(links.line("notebooks/one.ipynb", "a/b", site="https://c.org/d"), id=links.CELL)
    told = page(tmp_path, title, where)
    assert 'property="og:title"' in told and "What it is about : words words" in told
    assert 'content="https://c.org/d/lib/preview.png"' in told
    assert 'href="https://c.org/d/one.html" rel="canonical"' in told
    assert len(description(title.source)) <= 160


def test_where_a_notebook_can_be_opened(tmp_path):
    where = new_markdown_cell(
        links.line("notebooks/one.ipynb", "a/b", site="https://c.org/d", hub="https://h.org"), id=links.CELL
    )

    def places(**course):
        told = page(tmp_path, new_markdown_cell("# One", id="title"), where, **course)
        return [tag["href"].split("?")[0] for tag in BeautifulSoup(told, "html.parser").select(".places a")]

    hub = "https://h.org/hub/user-redirect/git-pull"
    assert places() == ["https://c.org/d/lite/lab/index.html", "https://mybinder.org/v2/gh/a/b/main", hub, "one.ipynb"]
    assert places(lite="lite")[0] == "lite/lab/index.html"
    assert len(places(lite="lite")) == 4
    assert places(lite="lite", slides="slides")[3:] == ["slides/one.html", "one.ipynb"]
    assert places(pages="..")[3:] == ["../one.html", "one.ipynb"]
