"""The visitor of tools/publish, at a small folder: what is told of it, and what is wrong."""

import pytest

from tools.publish import visit as visiting
from tools.publish.visit import look

PAGE = '<link rel="icon" href="data:,"><main><a href="02_the_learning_rate.html">02</a> {}</main>'
SLIDER = '<p>A slider: <input type="range" value="0"></p>'
# What stands for JupyterLab in the browser: an application with one notebook, whose first cell is a heading.
EDITION = """<script>
const model = (type) => ({ type, executionCount: null });
const content = { widgets: [{ model: model("markdown") }, { model: model("code") }] };
Object.defineProperty(content, "activeCell", { get: () => content.widgets[content.activeCellIndex] });
window.jupyterapp = {
    shell: { currentWidget: { content, sessionContext: { ready: Promise.resolve() } } },
    commands: { execute: async () => { content.activeCell.model.executionCount = 1; } },
};
</script>"""


@pytest.fixture
def folder(tmp_path):
    """A folder with all that is published, as small as can be."""
    public = tmp_path / "public"
    for name, text in {
        "index.html": PAGE.format('<a href="lite/lab/index.html?path=notebooks/00_start_here.ipynb">run</a>'),
        "02_the_learning_rate.html": PAGE.format(SLIDER),
        "slides/index.html": PAGE.format(""),
        "lite/lab/index.html": '<link rel="icon" href="data:,">' + EDITION,
    }.items():
        (public / name).parent.mkdir(parents=True, exist_ok=True)
        (public / name).write_text(text)
    return public


def test_what_each_page_loads_is_told(browser, folder, capsys):
    assert look(browser.browser, folder) == []
    told = capsys.readouterr().out
    for name in ("index.html", "02_the_learning_rate.html", "slides/index.html"):
        assert f"\n{name}: 1 requests, 0.0 MB, seen after" in f"\n{told}"
    assert "From the index until a slider moves" in told
    assert "From the index until a cell runs in the browser edition" in told


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ('<img src="gone.png" alt="">', "/public/slides/gone.png: code 404, message File not found"),
        ('<script src="http://nowhere.invalid/a.js"></script>', "index.html: can't load http://nowhere.invalid/a.js"),
        ("<script>throw new Error('Oh.')</script>", "index.html: Oh."),
        ("<script>console.error('Ah.')</script>", "index.html: Ah."),
    ],
)
def test_what_a_page_misses_is_told(browser, folder, fault, told):
    (folder / "slides" / "index.html").write_text(PAGE.format(fault))
    assert told in look(browser.browser, folder)


def test_a_slider_or_an_edition_that_does_nothing_is_told(browser, folder, monkeypatch):
    monkeypatch.setattr(visiting, "PATIENCE", 3000)
    (folder / "02_the_learning_rate.html").write_text(PAGE.format("no slider"))
    (folder / "lite" / "lab" / "index.html").write_text('<link rel="icon" href="data:,">')
    slider, edition = look(browser.browser, folder)
    assert slider.startswith("It is not so that a slider moves")
    assert edition.startswith("It is not so that a cell runs in the browser edition")
