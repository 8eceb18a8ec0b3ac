"""What slides alone need: where each begins, the speaker's notes, and whether it fits the screen."""

import re
import sys
from pathlib import Path

from nbconvert.exporters import SlidesExporter
from nbformat.v4 import new_markdown_cell

from tools.lab import chromium

NAME = "slides"
EXPORTER = SlidesExporter
FOLDED = ["source-hidden", "remove-input"]  # tags of cells without their code
LECTURE = "1"  # figures with large letters
SCRIPTS = [Path(__file__).parents[1] / "templates" / "slides.js"]
SCREEN = {"width": 1280, "height": 720}


def prepare(notebook):
    divide(notebook)
    add_notes(notebook)


def divide(notebook):
    """Where no author has said what is a slide: a heading begins one, and each other cell has a screen of its own."""
    if not any("slideshow" in cell.metadata for cell in notebook.cells):
        for cell in notebook.cells:
            heading = cell.cell_type == "markdown" and re.match("##? ", cell.source)
            cell.metadata["slideshow"] = {"slide_type": "slide" if heading else "subslide"}


def add_notes(notebook):
    """What the author says to the speaker, in a cell's metadata `slideshow.notes`, as cells that only slides have."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if words := cell.metadata.get("slideshow", {}).get("notes"):
            cells.append(new_markdown_cell(words, metadata={"slideshow": {"slide_type": "notes"}}))
    notebook.cells = cells


def overflows(page, path):
    """By how much the slides of the file `path`, opened in a playwright `page`, are larger than the screen.

    A list of (id of the slide's first cell, pixels too low, pixels too wide).
    """
    page.set_viewport_size(SCREEN)
    page.goto(path.resolve().as_uri())
    page.wait_for_function("() => window.fitted")
    measure = """async ({ width, height }) => {
        const found = [];
        for (const slide of Reveal.getSlides()) {
            const { h, v } = Reveal.getIndices(slide);
            Reveal.slide(h, v);
            await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
            const cell = slide.querySelector("[id^='cell-id=']");
            const low = slide.getBoundingClientRect().height / Reveal.getScale() - height;
            const wide = slide.scrollWidth - slide.clientWidth;
            found.push([cell?.id.slice(8) ?? "", Math.max(Math.ceil(low - 1), 0), wide]);
        }
        return found;
    }"""
    return [(cell, low, wide) for cell, low, wide in page.evaluate(measure, SCREEN) if low > 0 or wide > 0]


def too_large(folder):
    """Tell the slides that overflow, in words; without Chromium, nothing is known."""
    from playwright.sync_api import sync_playwright

    if not (options := chromium()):
        print("Whether each slide fits the screen was not checked: there is no Chromium.", file=sys.stderr)
        return
    with sync_playwright() as driver:
        page = driver.chromium.launch(**options).new_page()
        for path in sorted(folder.glob("*.html")):
            if path.name != "index.html":
                for cell, low, wide in overflows(page, path):
                    yield f"{path.stem}, slide with cell {cell!r}: {low} pixels too low, {wide} too wide"
