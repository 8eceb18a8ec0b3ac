"""Slides in Chromium, without a kernel and without the internet."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.publish import slides
from tools.publish.build import build
from tools.publish.slides import overflows

from .pages import expect, serious
from .published import CHART, EXPLORER, FOLDED, move, offline, write_course

pytestmark = pytest.mark.browser

LARGE = "print('a line that is long enough to be wrapped on no screen that is wide enough for slides\\\\n' * 90)"


def slide(cell, kind):
    cell.metadata["slideshow"] = {"slide_type": kind}
    return cell


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook, as slides."""
    cells = [
        slide(new_markdown_cell("# One\n\nA [link](one.ipynb) in a sentence.\n\n$$x^2$$", id="title"), "slide"),
        slide(new_code_cell("# a comment", id="comment"), "fragment"),
        slide(new_code_cell(EXPLORER, id="explorer"), "slide"),
        slide(new_markdown_cell("To be said.", id="said"), "notes"),
        slide(new_markdown_cell(CHART, id="chart"), "subslide"),
        slide(new_markdown_cell("Why?\n\n" + FOLDED.format("folded"), id="asked"), "slide"),
        slide(new_markdown_cell(FOLDED.format("open"), id="answered"), "slide"),
        slide(new_code_cell(LARGE, id="large"), "slide"),
    ]
    root = tmp_path_factory.mktemp("slides")
    build(slides, [write_course(root, cells)], root / "slides")
    return root / "slides"


@pytest.fixture(autouse=True)
def silent_console():
    """No JupyterLab here: `page` listens itself."""


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        yield page


def test_a_flowchart_is_drawn_lying(page, course):
    page.goto((course / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(1, 1)")
    chart = page.get_by_role("img", name="A flowchart. The text below says the same.")
    expect(chart).to_be_visible()
    assert re.findall(r"take\s+a step|look again", chart.text_content())
    box = chart.bounding_box()
    assert box["width"] > box["height"]


def test_an_answer_is_folded_below_its_question_and_open_on_a_slide_of_its_own(page, course):
    page.goto((course / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(2)")
    expect(page.get_by_text("Why?", exact=True)).to_be_visible()
    expect(page.get_by_text("The folded answer.", exact=True)).to_be_hidden()
    page.evaluate("Reveal.slide(3)")
    expect(page.get_by_text("The open answer.", exact=True)).to_be_visible()


def test_a_slider_moves_in_a_slide(page, course):
    page.goto((course / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    page.evaluate("Reveal.slide(1)")
    move(page.locator(".gdtools-replay"))
    assert page.evaluate("Reveal.getIndices().h") == 1, "The keys moved the slider, and not the slides."
    expect(page.get_by_text("To be said.")).to_be_hidden()
    assert "To be said." in page.evaluate("Reveal.getSlideNotes()")


def test_page_down_turns_the_slide_and_leaves_the_slider_that_has_the_focus(page, course):
    page.goto((course / "one.html").as_uri())
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
    ((cell, low, wide),) = overflows(page, course / "one.html")
    assert (cell, wide) == ("large", 0) and low > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, course, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((course / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    assert serious(page) == []
    page.keyboard.press("ArrowRight")
    assert serious(page) == []
