"""Pages in Chromium, without a kernel and without the internet."""

import re
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.publish.assets import ROOT
from tools.publish.visit import hosted

from .pages import expect, serious
from .published import CHART, EXPLORER, move, write_course

pytestmark = pytest.mark.browser

TITLE = "# One\n\nA [link](one.ipynb) in a sentence.\n\n$$x^2$$\n\n| a | b |\n|---|---|\n| 1 | 2 |"
COMMENT = "# a comment\nfor x in [1, 2.5]:\n    assert x not in ('a', None) and x > 0"
GUESS = """
from gdtools.quiz import guess
guess("product", "What is 6 · 7?", options=["40", "42"])
"""
QUESTION = """
from gdtools.quiz import choose, number
display(choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."}))
number("What is 2 · 21?", answer=42, solution="Twice 21.")
"""
COVERED = {"jupyter": {"outputs_hidden": True}}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook, as pages."""
    cells = [
        new_markdown_cell(TITLE, id="title"),
        new_code_cell(COMMENT, id="comment"),
        new_code_cell(EXPLORER, id="explorer"),
        new_code_cell(QUESTION, id="question"),
        new_markdown_cell(CHART, id="chart"),
        new_markdown_cell("## A product\n\n**Predict.** What comes out?", id="predict"),
        new_code_cell(GUESS, id="guess"),
        new_code_cell("print('forty-two', 40 * 'and so on ')", id="product", metadata=COVERED),
        new_markdown_cell("The explanation: $6 \\cdot 7$.\n\n**Predict.** And what next?", id="explained"),
        new_code_cell("print('forty-three')", id="next", metadata=COVERED),
        new_markdown_cell("## What you take along\n\nA zigzag.", id="end"),
    ]
    root = tmp_path_factory.mktemp("pages")
    command = [sys.executable, "-m", "tools.publish", "site", write_course(root, cells), "--output", root / "site"]
    subprocess.run(command, cwd=ROOT, check=True)  # this process has a browser already
    return root / "site"


@pytest.fixture(scope="module")
def server(course):
    """The address of the pages on a web server."""
    with hosted(course, []) as address:
        yield address


@pytest.fixture
def online(browser, server):
    """A page that may ask the server of the pages, and nobody else."""
    context = browser.browser.new_context(permissions=["clipboard-read", "clipboard-write"], base_url=server)
    page, asked = context.new_page(), []
    context.on("request", lambda request: asked.append(request.url))
    yield page
    assert [address for address in asked if not address.startswith((server, "data:", "blob:"))] == []
    context.close()


def test_a_slider_moves_in_a_page(page, course):
    page.goto((course / "one.html").as_uri())
    move(page.locator(".gdtools-live"))
    expect(page.locator("#cell-id\\=explorer .gdtools-stand-in")).to_be_hidden()
    expect(page.get_by_text("In JupyterLab you can also choose: start w₁, start w₂")).to_be_visible()


def test_a_slider_is_wide_and_can_be_touched(page, course):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((course / "one.html").as_uri())
    slider = page.get_by_role("slider", name="learning rate")
    assert slider.bounding_box()["height"] >= 24
    assert page.locator(".gdtools-slider").first.bounding_box()["width"] == 390 - 2 * 16


def test_a_question_replies_without_a_kernel(page, course):
    page.goto((course / "one.html").as_uri())
    choice = page.locator(".gdtools-question", has_text="Is 2 > 1?")
    choice.get_by_role("button", name="Check").click()
    expect(choice.get_by_role("status")).to_have_text("Nothing is chosen yet.")
    for option, reply in (("no", "✗ Not this one. Count again."), ("yes", "✓ Right. By one.")):
        choice.get_by_label(option).check()
        choice.get_by_role("button", name="Check").click()
        expect(choice.get_by_role("status")).to_have_text(reply)
    guess = page.locator(".gdtools-question", has_text="What is 6 · 7?")
    guess.get_by_label("40").check()
    expect(guess.get_by_role("status")).to_have_text("Kept: 40. Now see what happens.")
    expect(page.get_by_text("What is 2 · 21?", exact=True)).to_be_visible()
    page.get_by_text("Answer", exact=True).locator("visible=true").click()
    expect(page.locator("details p", has_text="Twice 21.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_follows_a_prediction_waits_until_it_is_asked_for(browser, course, scripts):
    context = browser.browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto((course / "one.html").as_uri())
    waiting = [page.get_by_text(words) for words in ("forty-two and so on", "The explanation", "And what next?")]
    last = page.get_by_text("forty-three", exact=True)
    for words in [*waiting, last]:
        expect(words).to_be_hidden()
    expect(page.get_by_role("heading", name="What you take along")).to_be_visible()
    page.get_by_text("Show what happens").locator("visible=true").click()
    for words in waiting:
        expect(words).to_be_visible()
    expect(last).to_be_hidden()
    page.get_by_text("Show what happens").last.click()
    expect(last).to_be_visible()
    context.close()


def test_all_that_waits_is_shown_at_once(page, course):
    page.goto((course / "one.html").as_uri())
    page.get_by_role("button", name="Show all answers").click()
    expect(page.get_by_text("forty-three", exact=True)).to_be_visible()
    page.get_by_role("button", name="Hide all answers").click()
    expect(page.get_by_text("The explanation")).to_be_hidden()


def test_a_link_opens_the_folds_around_what_it_leads_to(page, course):
    page.goto((course / "one.html#cell-id=next-outcome").as_uri().replace("%23", "#").replace("%3D", "="))
    expect(page.get_by_text("forty-three", exact=True)).to_be_in_viewport()


def test_print_shows_what_waits_and_none_of_the_buttons(page, course):
    page.goto((course / "one.html").as_uri())
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_text("forty-three", exact=True)).to_be_visible()
    assert page.get_by_role("button").locator("visible=true").count() == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_page_reads_without_javascript(browser, course):
    context = browser.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((course / "one.html").as_uri())
    expect(page.locator(".katex-display")).to_be_visible()
    expect(page.locator("math").first).to_be_attached()
    expect(page.get_by_role("img", name="A flowchart. The text below says the same.")).to_be_visible()
    expect(page.locator("#cell-id\\=explorer img")).to_be_visible()
    expect(page.locator(".gdtools-stand-in", has_text="Is 2 > 1?")).to_be_visible()
    page.get_by_text("Answer", exact=True).first.click()
    expect(page.get_by_text("✓ yes: By one.")).to_be_visible()
    context.close()


def test_a_flowchart_is_drawn_upright(page, course):
    page.goto((course / "one.html").as_uri())
    chart = page.get_by_role("img", name="A flowchart. The text below says the same.")
    expect(chart).to_be_visible()
    assert re.findall(r"take\s+a step|look again", chart.text_content())
    box = chart.bounding_box()
    assert box["width"] < box["height"]


def test_dark_follows_the_system_until_the_reader_chooses(page, course):
    def expect_dark(dark):
        code = "dark => (getComputedStyle(document.body).backgroundColor !== 'rgb(255, 255, 255)') === dark"
        page.wait_for_function(code, arg=dark)

    page.emulate_media(color_scheme="light")
    page.goto((course / "one.html").as_uri())
    expect_dark(False)
    page.emulate_media(color_scheme="dark")
    expect_dark(True)
    page.get_by_role("button", name="Light").click()
    expect_dark(False)
    page.goto((course / "index.html").as_uri())
    expect_dark(False)  # the choice is remembered
    page.get_by_role("button", name="Dark").click()
    expect_dark(True)
    page.emulate_media(color_scheme="light")
    expect_dark(False)  # who chooses what the system says follows it again


def test_the_course_and_the_contents_stay_in_view(page, course):
    page.goto((course / "one.html").as_uri())
    page.get_by_role("heading", name="What you take along").scroll_into_view_if_needed()
    page.mouse.wheel(0, 10_000)
    expect(page.get_by_role("navigation", name="Contents").get_by_text("A product")).to_be_in_viewport()
    expect(page.get_by_role("navigation", name="Course").get_by_text("One")).to_be_in_viewport()
    expect(page.locator("#contents [aria-current]")).to_have_text("What you take along")


def test_on_a_small_screen_a_button_opens_each_list(page, course):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto((course / "one.html").as_uri())
    link = page.locator("#contents").get_by_text("A product")
    expect(link).to_be_hidden()
    page.get_by_role("button", name="Contents").click()
    link.click()
    expect(link).to_be_hidden()
    expect(page.get_by_role("heading", name="A product")).to_be_in_viewport()


def test_few_keys_lead_to_the_first_slider(page, course):
    page.goto((course / "one.html").as_uri())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the text")).to_be_focused()
    slider = page.get_by_role("slider", name="learning rate")
    for _ in range(12):
        page.keyboard.press("Tab")
        if slider.evaluate("slider => slider === document.activeElement"):
            return
    pytest.fail("Twelve keys were not enough.")


def test_code_is_copied(online):
    online.goto("one.html")
    online.locator("#cell-id\\=comment").hover()
    online.get_by_role("button", name="Copy").first.click()
    expect(online.get_by_role("button", name="Copied")).to_be_visible()
    assert online.evaluate("navigator.clipboard.readText()") == COMMENT


def test_the_search_leads_to_a_section(online):
    online.goto("index.html")
    online.get_by_role("button", name="Search").click()
    online.get_by_role("searchbox").fill("zigzag")
    online.get_by_role("dialog").get_by_role("link", name="One: What you take along").click()
    expect(online).to_have_url(re.compile(r"one\.html#What-you-take-along"))
    expect(online.get_by_role("heading", name="What you take along")).to_be_in_viewport()


def test_without_a_server_the_search_says_what_it_needs(page, course):
    page.goto((course / "index.html").as_uri())
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("The search works once these pages are on a web server")).to_be_visible()


@pytest.mark.parametrize("width", [390, 800])
def test_a_page_is_as_wide_as_its_window(page, course, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((course / "one.html").as_uri())
    page.get_by_role("button", name="Show all answers").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    printed = page.locator(".jp-RenderedText pre", has_text="forty-two")
    assert printed.evaluate("pre => pre.scrollWidth > pre.clientWidth"), "A table is scrolled, and not broken."
    expect(printed).to_have_attribute("tabindex", "0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["one", "index"])
def test_axe_finds_nothing_serious(page, course, name, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((course / f"{name}.html").as_uri())
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert serious(page) == []
