"""Pages in Chromium, without a kernel and without the internet."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.publish import pages
from tools.publish.build import build

from .pages import expect, serious
from .published import CHART, EXPLORER, move, offline, write_course

pytestmark = pytest.mark.browser

QUESTION = """
from gdtools.quiz import choose
choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
"""
COMMENT = "# a comment\nfor x in [1, 2.5]:\n    assert x not in ('a', None) and x > 0"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook, as pages."""
    text = "# One\n\nA [link](one.ipynb) in a sentence.\n\n$$x^2$$\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    cells = [
        new_markdown_cell(text, id="title"),
        new_code_cell("# a comment\nfor x in [1, 2.5]:\n    assert x not in ('a', None) and x > 0", id="comment"),
        new_code_cell(EXPLORER, id="explorer"),
        new_code_cell(QUESTION, id="question"),
        new_markdown_cell(CHART, id="chart"),
    ]
    root = tmp_path_factory.mktemp("pages")
    build(pages, [write_course(root, cells)], root / "site")
    return root / "site"


@pytest.fixture(autouse=True)
def silent_console():
    """No JupyterLab here: `page` listens itself."""


@pytest.fixture
def page(browser):
    with offline(browser) as page:
        yield page


def test_a_slider_moves_in_a_page(page, course):
    page.goto((course / "one.html").as_uri())
    expect(page.locator("mjx-container").first).to_be_visible()
    move(page.locator(".gdtools-replay"))
    expect(page.locator(".gdtools-stand-in img")).to_be_hidden()
    expect(page.get_by_text("In JupyterLab you can also choose: start w₁, start w₂")).to_be_visible()
    page.get_by_text("Answer", exact=True).click()
    expect(page.locator("details p", has_text="By one.")).to_be_visible()
    assert page.locator(".gdtools-question").count() == 0, "Questions need a kernel; their stand-ins don't."


def test_a_flowchart_is_drawn_upright(page, course):
    page.goto((course / "one.html").as_uri())
    chart = page.get_by_role("img", name="A flowchart. The text below says the same.")
    expect(chart).to_be_visible()
    assert re.findall(r"take\s+a step|look again", chart.text_content())
    box = chart.bounding_box()
    assert box["width"] < box["height"]


@pytest.mark.parametrize("width", [390, 800])
def test_a_page_is_as_wide_as_its_window(page, course, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((course / "one.html").as_uri())
    expect(page.locator("mjx-container").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["one", "index"])
def test_axe_finds_nothing_serious(page, course, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((course / f"{name}.html").as_uri())
    page.wait_for_function("() => MathJax.startup.promise.then(() => true)")
    assert serious(page) == []
