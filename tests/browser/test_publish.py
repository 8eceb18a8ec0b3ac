"""Slides and pages in Chromium, without a kernel and without the internet."""

import copy
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import publish
from tools.publish import LIBRARIES, ROOT, SCREEN, build, overflows

from .pages import expect, serious

pytestmark = pytest.mark.browser

README = "# A course\n\nWhat it is.\n\n## The notebooks\n\n* [One](notebooks/one.ipynb)\n"
EXPLORER = """
from gdtools.explorers import explore_descent
from gdtools.losses import bowl
explore_descent(bowl(1, 4), (4, 2), learning_rates=[0.05, 0.1, 0.2], learning_rate=0.1)
"""
QUESTION = """
from gdtools.quiz import choose
choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
"""
COMMENT = "# a comment\nfor x in [1, 2.5]:\n    assert x not in ('a', None) and x > 0"
CHART = '```mermaid\nflowchart TD\n    A["take<br/>a step"] --> B["look again"]\n```\n\nTake a step, look again.'
FOLDED = "<details><summary>What you should have found</summary>\n\nThe {} answer.\n\n</details>"
LARGE = "print('a line that is long enough to be wrapped on no screen that is wide enough for slides\\\\n' * 90)"
FAR = re.compile(r"(?!file:|data:|blob:)")


def slide(cell, kind):
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook, as pages and as slides."""
    root = tmp_path_factory.mktemp("published")
    (root / "notebooks").mkdir()
    (root / "README.md").write_text(README)
    cells = [
        slide(
            new_markdown_cell(
                "# One\n\nA [link](one.ipynb) in a sentence.\n\n$$x^2$$\n\n| a | b |\n|---|---|\n| 1 | 2 |", id="title"
            ),
            "slide",
        ),
        slide(new_code_cell(COMMENT, id="comment"), "fragment"),
        slide(new_code_cell(EXPLORER, id="explorer"), "slide"),
        slide(new_markdown_cell("To be said.", id="said"), "notes"),
        slide(new_code_cell(QUESTION, id="question"), "subslide"),
        slide(new_markdown_cell(CHART, id="chart"), "subslide"),
        slide(new_markdown_cell("Why?\n\n" + FOLDED.format("folded"), id="asked"), "slide"),
        slide(new_markdown_cell(FOLDED.format("open"), id="answered"), "slide"),
        slide(new_code_cell(LARGE, id="large"), "slide"),
    ]
    path = root / "notebooks" / "one.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    executed = publish.run(path, "site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publish, "run", lambda path, kind: copy.deepcopy(executed))
        for kind in ("site", "slides"):
            build(kind, [path], root / kind)
    return root


@pytest.fixture(autouse=True)
def silent_console():
    """No JupyterLab here: `page` listens itself."""


@pytest.fixture
def page(browser):
    """A page without the internet; what it asks for, outside of its folder, is in `page.asked`."""
    if missing := [name for name in LIBRARIES if not (ROOT / "node_modules" / name).exists()]:
        pytest.skip(f"npm has not brought {missing}: run `make node_modules`, where npm is installed")
    context = browser.browser.new_context(viewport=SCREEN, offline=True)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: FAR.match(request.url) and page.asked.append(request.url))
    page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert page.asked == []
    assert page.complaints == []
    context.close()


def picture(explorer):
    return explorer.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def move(explorer):
    """Move the slider by keys; the picture and the words change with it."""
    explorer.page.wait_for_function("canvas => canvas.width > 300", arg=explorer.locator("canvas").element_handle())
    before, words = picture(explorer), explorer.locator(".gdtools-words").text_content()
    slider = explorer.get_by_role("slider", name="learning rate")
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.2")
    expect(explorer.locator(".gdtools-words")).not_to_have_text(words)
    assert picture(explorer) != before


def test_a_slider_moves_in_a_page(page, course):
    page.goto((course / "site" / "one.html").as_uri())
    expect(page.locator("mjx-container").first).to_be_visible()
    move(page.locator(".gdtools-replay"))
    expect(page.locator(".gdtools-stand-in img")).to_be_hidden()
    expect(page.get_by_text("In JupyterLab you can also choose: start w₁, start w₂")).to_be_visible()
    page.get_by_text("Answer", exact=True).click()
    expect(page.locator("details p", has_text="By one.")).to_be_visible()
    assert page.locator(".gdtools-question").count() == 0, "Questions need a kernel; their stand-ins don't."


@pytest.mark.parametrize("kind", ["site", "slides"])
def test_a_flowchart_is_drawn_upright_in_a_page_and_lying_on_a_slide(page, course, kind):
    page.goto((course / kind / "one.html").as_uri())
    if kind == "slides":
        page.wait_for_function("() => window.fitted")
        page.evaluate("Reveal.slide(1, 2)")
    chart = page.get_by_role("img", name="A flowchart. The text below says the same.")
    expect(chart).to_be_visible()
    assert re.findall(r"take\s+a step|look again", chart.text_content())
    box = chart.bounding_box()
    assert (box["width"] > box["height"]) == (kind == "slides")


def test_an_answer_is_folded_below_its_question_and_open_on_a_slide_of_its_own(page, course):
    page.goto((course / "slides" / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(2)")
    expect(page.get_by_text("Why?", exact=True)).to_be_visible()
    expect(page.get_by_text("The folded answer.", exact=True)).to_be_hidden()
    page.evaluate("Reveal.slide(3)")
    expect(page.get_by_text("The open answer.", exact=True)).to_be_visible()


def test_a_slider_moves_in_a_slide(page, course):
    page.goto((course / "slides" / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(1)")
    move(page.locator(".gdtools-replay"))
    assert page.evaluate("Reveal.getIndices().h") == 1, "The keys moved the slider, and not the slides."
    expect(page.get_by_text("To be said.")).to_be_hidden()
    assert "To be said." in page.evaluate("Reveal.getSlideNotes()")


def test_page_down_turns_the_slide_and_leaves_the_slider_that_has_the_focus(page, course):
    page.goto((course / "slides" / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(1)")
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    before = slider.input_value()
    for key, place in (("PageDown", [1, 1]), ("PageUp", [1, 0])):
        page.keyboard.press(key)
        assert page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().v]") == place
    assert slider.input_value() == before


def test_a_slide_that_is_larger_than_the_screen_is_told(page, course):
    ((cell, low, wide),) = overflows(page, course / "slides" / "one.html")
    assert (cell, wide) == ("large", 0) and low > 100


@pytest.mark.parametrize("width", [390, 800])
def test_a_page_is_as_wide_as_its_window(page, course, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((course / "site" / "one.html").as_uri())
    expect(page.locator("mjx-container").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["site/one.html", "site/index.html", "slides/one.html"])
def test_axe_finds_nothing_serious(page, course, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((course / name).as_uri())
    page.wait_for_function("() => window.fitted ?? MathJax.startup.promise.then(() => true)")
    assert serious(page) == []
    if name.startswith("slides"):
        page.keyboard.press("ArrowRight")
        assert serious(page) == []
