"""tools/publish, on a course of two small notebooks."""

import base64
import json

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.notebooks import Fault
from tools.publish import assets, pages, slides
from tools.publish import build as building
from tools.publish.__main__ import main
from tools.publish.assets import library
from tools.publish.build import build, index, write
from tools.publish.faults import faults

README = """# A course

What it is: [the first](notebooks/first.ipynb), a [file](docs/file.txt), [elsewhere](https://example.org).

## Start

[Not in the index](nowhere)

## The notebooks

[Second](notebooks/second.ipynb#A-heading)
"""

SLIDER = """
from matplotlib.figure import Figure
from IPython.display import display
import ipywidgets
from gdtools.widgets.live import LiveFigure, Track
figure = Figure()
live = LiveFigure(figure, "slope", ["1", "2"], alt="A line.")
live.replay([Track(figure.subplots(), [0, 1], [[0, 1], [0, 2]], "black")], words=["Flat </script>.", "Steep."])
display({"text/html": live.stand_in()[0], "text/plain": "A line."}, raw=True)
display(ipywidgets.VBox([live, ipywidgets.FloatText(description="start <w>")]))
display(ipywidgets.Button(description="a widget that needs a kernel"))
"""


def course(root):
    """Its README and its notebooks, written into the folder `root`."""
    for folder in ("notebooks", "docs"):
        (root / folder).mkdir(parents=True)
    (root / "README.md").write_text(README)
    (root / "docs" / "file.txt").write_text("text")
    (root / "docs" / "evidence.md").write_text("# The evidence\n\n[first](../notebooks/first.ipynb)")
    first = [
        new_markdown_cell("# First\n\n[next](second.ipynb), [file](../docs/file.txt)", id="title"),
        new_code_cell(SLIDER, id="slider"),
    ]
    second = [new_markdown_cell("# Second <b>", id="title"), new_markdown_cell("## A heading\n\n$x^2$", id="end")]
    for name, cells in {"first": first, "second": second}.items():
        nbformat.write(new_notebook(cells=cells), root / "notebooks" / f"{name}.ipynb")
    return [root / "notebooks" / f"{name}.ipynb" for name in ("first", "second")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    build(pages, course(root), root / "site")
    return root / "site"


def test_figures_have_larger_letters_on_slides(tmp_path):
    size = "from gdtools import plots\nfrom matplotlib import rcParams\nprint(rcParams['font.size'])"
    nbformat.write(new_notebook(cells=[new_code_cell(size, id="size")]), tmp_path / "one.ipynb")
    letters = [building.run(tmp_path / "one.ipynb", kind).cells[0].outputs[0].text for kind in (pages, slides)]
    assert letters == ["10.0\n", "13.0\n"]


def test_what_is_measured_stays_as_it_is_stored(tmp_path):
    slowly = "import time\nfor _ in range(2):\n    print(time.time(), 'seconds', flush=True)\n    time.sleep(0.3)"
    timed = new_code_cell(slowly, metadata={"tags": ["nbval-ignore-output"]})
    timed.outputs = [new_output("stream", text="2.0 seconds\n3.0 seconds\n")]
    nbformat.write(new_notebook(cells=[timed]), tmp_path / "one.ipynb")
    shown = [building.run(tmp_path / "one.ipynb", kind).cells[0].outputs[0].text for kind in (pages, slides)]
    assert shown == ["2.0 seconds\n3.0 seconds\n"] * 2


def page(folder, name):
    return BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def links(soup):
    return [tag["href"] for tag in soup.select("a[href]")]


def test_a_folder_with_something_else_in_it_stays(tmp_path, capsys):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(SystemExit):
        main(["site", "--output", str(tmp_path)])
    assert "--output must be a new folder" in capsys.readouterr().err
    assert (tmp_path / "thesis.tex").exists()


def test_each_notebook_is_a_page_with_links_to_its_neighbours(site):
    assert [links(page(site, name).footer) for name in ("first", "second")] == [["second.html"], ["first.html"]]
    for name in ("index", "first", "second"):
        assert links(page(site, name).select_one("#course")) == ["first.html", "second.html"]
    assert page(site, "second").title.text == "Second <b> · A course"
    assert list(faults(site)) == []


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_second_build_is_the_same(site, tmp_path):
    build(pages, course(tmp_path), tmp_path / "site")
    first, second = files(site), files(tmp_path / "site")
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []


def test_the_index_is_the_readmes_head_and_its_table(site):
    assert links(page(site, "index").main) == [
        "first.html",
        "docs/file.txt",
        "https://example.org",
        "second.html#A-heading",
    ]
    assert (site / "docs" / "file.txt").read_text() == "text"


def test_links_lead_to_pages_and_to_copies_of_files(site):
    assert links(page(site, "first").main) == ["second.html", "docs/file.txt", "notebooks/first.ipynb"]
    assert (site / "notebooks" / "first.ipynb").exists(), "to be downloaded"


def test_a_text_is_a_page_among_the_others(site, tmp_path):
    assert page(site, "evidence").h1.text == "The evidence"
    assert links(page(site, "evidence").main) == ["first.html"]
    text = course(tmp_path)[0].parents[1] / "docs" / "evidence.md"
    write('<a href="evidence.md#x">', tmp_path / "page.html", text, [tmp_path / "notebooks" / "first.ipynb", text])
    assert (tmp_path / "page.html").read_text() == '<a href="evidence.html#x">'


def test_an_exercise_opens_in_the_browser_edition_if_there_is_one(tmp_path):
    for folder in ("exercises", "site"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exercises" / "a.ipynb").touch()
    for lite, address in ((None, "exercises/a.ipynb"), ("lite", "lite/lab/index.html?path=exercises/a.ipynb")):
        source = tmp_path / "notebooks" / "one.ipynb"
        write('<a href="../exercises/a.ipynb">', tmp_path / "site" / "page.html", source, [source], lite)
        assert (tmp_path / "site" / "page.html").read_text() == f'<a href="{address}">'


def test_a_live_figure_is_in_the_page_with_its_frames(site):
    (figure,) = page(site, "first").select(".gdtools-replay script")
    told = json.loads(figure.string)
    assert told["widget"] == "figure"
    assert told["state"]["_words"] == ["Flat </script>.", "Steep."]
    points = np.frombuffer(base64.b64decode(told["buffers"]["_points"]), "<f4")
    assert points.size == 2 * 2 * 2
    assert told["state"]["_target"] == [], "A click would ask a kernel."


def test_what_needs_a_kernel_is_named_and_not_shown(site):
    stand_in, figure = page(site, "first").select(".jp-OutputArea-output")
    assert stand_in.img and figure.p.text == "In JupyterLab you can also choose: start <w>."


def test_without_javascript_the_stand_in_is_there(site):
    (image,) = page(site, "first").select(".gdtools-stand-in img")
    assert image["alt"] == "A line. Flat </script>."


def test_faults_are_told(tmp_path):
    (tmp_path / "page.html").write_text(
        '<h1 id="here">1</h1> <a href="#here"></a> <a href="#there"></a> <a href="https://example.org"></a>'
        '<a href="gone.html"></a> <a href="other.html#x"></a> <a href="other.html#y"></a>'
        '<img src="a.png" alt="Seen."> <img src="data:1"> <img src="data:2" alt=" ">'
        '<img src="data:3" alt="No description has been provided for this image">'
    )
    (tmp_path / "other.html").write_text('<p id="y"></p>')
    (tmp_path / "a.png").write_bytes(b"")
    assert list(faults(tmp_path)) == [
        "page.html: an image has no alt text: data:1",
        "page.html: an image has no alt text: data:2",
        "page.html: an image has no alt text: data:3",
        "page.html: the link #there leads nowhere",
        "page.html: the link gone.html leads nowhere",
        "page.html: the link other.html#x leads nowhere",
    ]


def test_a_faulty_course_fails(tmp_path, capsys):
    first, _ = course(tmp_path)
    bad = new_notebook(cells=[new_markdown_cell("# Bad\n\n[a](gone.ipynb)"), new_code_cell("1 + 1")])
    nbformat.write(bad, first)
    assert main(["site", "--output", str(tmp_path / "site"), str(first)]) == 1
    assert "first.html: the link gone.ipynb leads nowhere" in capsys.readouterr().out


def test_a_notebook_that_fails_is_named(tmp_path):
    first, _ = course(tmp_path)
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Bad"), new_code_cell("1 / 0")]), first)
    with pytest.raises(SystemExit, match=r"(?s)first.ipynb: .*ZeroDivisionError"):
        main(["site", str(first), "--output", str(tmp_path / "site")])
    with pytest.raises(Fault, match="ZeroDivisionError"):
        build(slides, [first], tmp_path / "slides")


def test_libraries_are_copied_or_else_public(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "ROOT", tmp_path)
    (tmp_path / "package.json").write_text('{"dependencies": {"mathjax": "1.2.3"}}')
    assert library("mathjax", tmp_path / "site") == "https://cdn.jsdelivr.net/npm/mathjax@1.2.3"
    file = tmp_path / "node_modules" / "mathjax" / "es5" / "tex-svg-full.js"
    file.parent.mkdir(parents=True)
    file.write_text("formulas")
    assert library("mathjax", tmp_path / "site", "es5/*.js") == "lib/mathjax"
    assert (tmp_path / "site" / "lib" / "mathjax" / "es5" / "tex-svg-full.js").read_text() == "formulas"


def test_the_readme_has_what_the_index_takes():
    head, table = index(assets.ROOT / "README.md").cells
    assert head.source.startswith("# ") and "make lab" not in head.source
    assert "notebooks/00_start_here.ipynb" in table.source
