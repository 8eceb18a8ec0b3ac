"""Slides in Chromium, without a kernel and without the internet."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tools.notebooks import COURSE, read
from tools.publish import build as building
from tools.publish import slides
from tools.publish.build import build
from tools.publish.slides import overflows

from .pages import expect, serious
from .published import CHART, EXPLORER, FOLDED, move, write_course

pytestmark = pytest.mark.browser

NOTEBOOKS = [path for path in COURSE if path.parent.name == "notebooks"]
LARGE = r"print('a line\n' * 90)"
FIGURE = """
from gdtools import plots
figure, ax = plots.figure(width=6)
plots.show(figure, alt="Empty axes.")
"""
QUESTION = """
from gdtools.quiz import choose
choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
"""


def slide(cell, kind):
    cell.metadata.setdefault("slideshow", {})["slide_type"] = kind
    return cell


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one notebook, as slides."""
    cells = [
        slide(new_markdown_cell("# One\n\nA [link](one.ipynb) in a sentence.\n\n$$x^2$$", id="title"), "slide"),
        slide(new_code_cell("# a comment", id="comment"), "fragment"),
        slide(new_markdown_cell("## Explore", id="explore"), "slide"),
        slide(new_code_cell(EXPLORER, id="explorer", metadata={"tags": ["remove-input"]}), "subslide"),
        slide(new_markdown_cell("To be said.", id="said"), "notes"),
        slide(
            new_markdown_cell(CHART + "\n\nWhere does it end?", id="chart", metadata={"slideshow": {"steps": True}}),
            "subslide",
        ),
        slide(new_markdown_cell("## Answers\n\nWhy?\n\n" + FOLDED.format("folded"), id="asked"), "slide"),
        slide(new_code_cell(QUESTION, id="question", metadata={"tags": ["remove-input"]}), "slide"),
        slide(new_code_cell(FIGURE, id="figure", metadata={"tags": ["remove-input"]}), "slide"),
        new_markdown_cell("Words that explain it.", id="explained"),
        slide(new_code_cell(LARGE, id="large"), "slide"),
    ]
    root = tmp_path_factory.mktemp("slides")
    build(slides, [write_course(root, cells)], root / "slides")
    return root / "slides"


@pytest.fixture
def show(page, course):
    """Opens the slides at the one that begins with this cell."""

    def show(cell="title"):
        page.goto((course / "one.html").as_uri())
        page.wait_for_function("() => window.fitted")
        page.evaluate(
            "cell => Reveal.slide(Reveal.getIndices(document.getElementById(`cell-id=${cell}`).closest('section')).h)",
            cell,
        )

    return show


def test_the_right_arrow_shows_all_slides_one_after_the_other(page, show):
    show()
    assert page.evaluate("Reveal.getSlides().every((slide) => slide.parentElement.matches('.slides'))")
    seen = []
    while seen[-2:] != [(place := page.evaluate("[Reveal.getIndices().h, Reveal.getIndices().f]"))] * 2:
        seen.append(place)
        page.keyboard.press("ArrowRight")
    assert sorted({h for h, _ in seen}) == list(range(page.evaluate("Reveal.getTotalSlides()")))
    assert [0, 0] in seen, "A fragment is a step."


def test_the_arrows_up_and_down_leap_from_section_to_section(page, show):
    show()
    headings = []
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        headings.append(page.evaluate("Reveal.getCurrentSlide().querySelector('h2').textContent"))
    assert headings == ["Explore", "Answers", "Explore"]


def test_each_slide_has_a_heading(page, show):
    show()
    heading = "slide => slide.querySelector('h1, h2').innerText.trim().replace('¶', '')"
    headings = page.evaluate(f"Reveal.getSlides().map((slide, i) => (Reveal.slide(i), ({heading})(slide)))")
    assert headings == ["One", "Explore", "Explore", "Answers", "Answers", "Answers", "Answers"]


def test_a_flowchart_is_drawn_lying_and_comes_at_a_step(page, show):
    show("chart")
    chart = page.get_by_role("img", name="A flowchart. The text below says the same.")
    expect(chart).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(chart).to_be_visible()
    question = page.get_by_role("paragraph").filter(has_text="Where does it end?")
    expect(question).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(question).to_be_visible()
    assert re.findall(r"take\s+a step|look again", chart.text_content())
    box = chart.bounding_box()
    assert box["width"] > box["height"]


@pytest.mark.parametrize(
    ("cell", "question", "answer"), [("asked", "Why?", "The folded answer."), ("question", "Is 2 > 1?", "By one.")]
)
def test_an_answer_comes_at_a_step(page, show, cell, question, answer):
    show(cell)
    slide = page.locator("section.present")
    expect(slide.get_by_text(question)).to_be_visible()
    expect(slide.get_by_text(answer)).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(slide.get_by_text(answer)).to_be_visible()


def test_a_picture_stands_beside_its_words_which_come_at_a_step(page, show):
    show("figure")
    words = page.get_by_role("paragraph").filter(has_text="Words that explain it.")
    expect(words).to_be_hidden()
    page.keyboard.press("ArrowRight")
    picture, said = page.get_by_alt_text("Empty axes.").bounding_box(), words.bounding_box()
    assert said["x"] > picture["x"] + picture["width"] and said["y"] < picture["y"] + picture["height"]


@pytest.mark.parametrize(("cell", "least"), [("comment", 24), ("explorer", 18)])
def test_letters_are_large(page, show, cell, least):
    show(cell)
    letters = page.evaluate(
        """cell => Math.min(...[...document.getElementById(`cell-id=${cell}`).querySelectorAll("pre, label, p")]
            .filter((text) => text.textContent && text.checkVisibility())
            .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.currentCSSZoom))""",
        cell,
    )
    assert letters >= least


def test_a_slider_moves_in_a_slide_and_is_as_wide_as_the_picture(page, show):
    show("explorer")
    place = page.evaluate("Reveal.getIndices().h")
    move(page.locator(".gdtools-replay"))
    assert page.evaluate("Reveal.getIndices().h") == place, "The keys moved the slider, and not the slides."
    expect(page.get_by_text("To be said.")).to_be_hidden()
    assert "To be said." in page.evaluate("Reveal.getSlideNotes()")
    slider, picture = page.locator(".gdtools-slider").first.bounding_box(), page.locator("canvas").bounding_box()
    assert slider["width"] == pytest.approx(picture["width"], abs=2) and picture["width"] > 700


def test_page_down_turns_the_slide_and_leaves_the_slider_that_has_the_focus(page, show):
    show("explorer")
    place = page.evaluate("Reveal.getIndices().h")
    slider = page.get_by_role("slider", name="learning rate")
    slider.focus()
    before = slider.input_value()
    for key, now in (("PageDown", place + 1), ("PageUp", place)):
        page.keyboard.press(key)
        assert page.evaluate("Reveal.getIndices().h") == now
    assert slider.input_value() == before


def test_a_slide_that_is_larger_than_the_screen_is_told(page, course):
    ((cell, low, wide),) = overflows(page, course / "one.html")
    assert (cell, wide) == ("large", 0) and low > 100


def test_a_page_is_printed_for_each_slide(page, course):
    page.goto((course / "one.html").as_uri() + "?print-pdf")
    page.wait_for_function("() => window.fitted")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == page.evaluate("Reveal.getTotalSlides()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, course, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto((course / "one.html").as_uri())
    page.wait_for_function("() => window.fitted")
    found = []
    for number in range(page.evaluate("Reveal.getTotalSlides()")):
        page.evaluate("number => Reveal.slide(number, 0, 9)", number)
        found += serious(page)
    assert found == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_slide_of_the_course_fits_with_large_letters(page, tmp_path, monkeypatch, path):
    """As they are stored: figures have smaller letters then, and the explorers stand still."""
    monkeypatch.setattr(building, "run", lambda path, kind: read(path))
    build(slides, [path], tmp_path / "slides")
    assert overflows(page, tmp_path / "slides" / f"{path.stem}.html") == []
    zooms = page.evaluate("Reveal.getSlides().map((slide) => Number(slide.style.getPropertyValue('--zoom')))")
    assert min(zooms) >= 0.8, "Letters of code are 24 pixels high at 1."
