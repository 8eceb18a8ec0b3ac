"""What slides alone need: where each begins, its heading and steps, the speaker's notes, and whether it fits."""

import re
import sys
from copy import deepcopy
from itertools import pairwise, takewhile

from nbconvert.exporters import SlidesExporter
from nbformat.v4 import new_markdown_cell

from tools.lab import chromium
from tools.publish import pages
from tools.publish.assets import TEMPLATES, library, script, style

NAME = "slides"
EXPORTER = SlidesExporter
FOLDED = ["source-hidden", "remove-input"]  # tags of cells without their code
LECTURE = "1"  # figures with large letters
TEXTS = []
WIDGETS = {"gdtools.widgets.live.LiveFigure"}  # what is replayed; questions are asked by the speaker
SCREEN = {"width": 1280, "height": 720}
ROOM = 19  # lines of code on a screen
STARTS = "slide", "subslide"  # all slides stand in one line
VERBATIM = re.compile(r"(```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|https?://\S+)", re.DOTALL)
SIGNS = set("−+=≈≤≥<>×·/→∝")
ANSWER = re.compile(r"<details><summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


def prepare(notebook):
    divide(notebook)
    spread(notebook)
    step(notebook)
    head(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = uncover(unbroken(cell.source))
        for output in cell.get("outputs", []):
            if "text/html" in output.get("data", {}):
                output.data["text/html"] = uncover(output.data["text/html"])
    add_notes(notebook)


def kind(cell):
    return cell.metadata.setdefault("slideshow", {}).get("slide_type", "-")


def shown(notebook):
    """Each cell that slides show, and whether it begins one."""
    first = True
    for cell in notebook.cells:
        if kind(cell) not in ("skip", "notes"):
            yield cell, first or kind(cell) in STARTS
            first = False


def tell(notebook, folder):
    """What the template is told of this notebook's slides in `folder`."""
    charts = any("```mermaid" in cell.source for cell in notebook.cells)
    return {
        "script": script(TEMPLATES / "diagrams.js", TEMPLATES / "slides.js"),
        "style": style(TEMPLATES / "common.css", TEMPLATES / "slides.css"),
        "mathjax": library("mathjax", folder, "es5/tex-svg-full.js"),
        "mermaid": charts and library("@mermaid-js/tiny", folder, "dist/mermaid.tiny.js"),
        "reveal": library("reveal.js", folder, "dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js"),
    }


def finish(folder):
    """The index is a page. A link to a cell that no slide shows leads to the first slide."""
    decks = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.html")}

    def lead(match):
        shown = f'id="{match[2]}"' in decks.get(match[1], "")
        return match[0] if shown else f'href="{match[1]}"'

    for name, deck in decks.items():
        deck = re.sub(r'href="(\w+\.html)#([^"]+)"', lead, deck)
        (folder / name).write_text(deck, encoding="utf-8", newline="\n")
    pages.dress([folder / "index.html"], searched=False)


def divide(notebook):
    """Where no author has said what is a slide: a heading begins one, and each other cell has a screen of its own.

    A heading alone is no slide: the next one has it, too.
    """
    if not any(kind(cell) in STARTS for cell in notebook.cells):
        for cell in notebook.cells:
            if kind(cell) == "-":
                cell.metadata.slideshow["slide_type"] = "slide"
    for (before, starts), (cell, _) in pairwise(list(shown(notebook))):
        if starts and re.fullmatch(r"##+ .+\s*", before.source) and kind(cell) == "subslide":
            cell.metadata.slideshow["slide_type"] = "-"


def spread(notebook):
    """Where a slide has too much for a screen, code begins another; if need be, what it shows begins a third."""
    cells = [cell for cell, _ in shown(notebook)]
    starts = {cell.id for cell, starts in shown(notebook) if starts}
    used = 0
    for number, cell in enumerate(cells):
        used = 0 if cell.id in starts else used
        if lines_of_code(cell):
            words = takewhile(
                lambda after: after.cell_type == "markdown" and after.id not in starts, cells[number + 1 :]
            )
            after = sum(map(lines, words))
            if used and used + lines(cell) + after > ROOM:
                cell.metadata.slideshow["slide_type"] = "slide"
                used = 0
            if lines_of_code(cell) > 3 and cell.outputs and lines(cell) + after > ROOM:
                result = part_result(cell)
                notebook.cells.insert(notebook.cells.index(cell) + 1, result)
                cell = result
        used += lines(cell)


def part_result(cell):
    """A cell of its own, on the next slide, for what a cell shows."""
    result = deepcopy(cell)
    result.id += "-result"
    result.metadata.update(tags=[*cell.metadata.get("tags", []), "remove-input"])
    result.metadata.slideshow["slide_type"] = "slide"
    cell.outputs = []
    cell.metadata.slideshow["notes"] = "The code. Next key: what it shows."
    return result


def lines_of_code(cell):
    hidden = cell.cell_type != "code" or set(FOLDED) & set(cell.metadata.get("tags", []))
    return 0 if hidden else cell.source.count("\n") + 1


def lines(cell):
    """How many lines of code would be about as high as this cell."""
    if cell.cell_type == "markdown":
        return sum(0.5 + 1.5 * (len(line) // 80 + 1) for line in cell.source.splitlines() if line.strip())
    printed = sum(output.get("text", "").count("\n") for output in cell.outputs)
    return lines_of_code(cell) + printed + 12 * sum("text/html" in output.get("data", {}) for output in cell.outputs)


def step(notebook):
    """Nothing answers before its time: what joins a question, and words that join a result, come at a step."""
    before = None
    for cell, starts in shown(notebook):
        words = cell.cell_type == "markdown"
        if not starts and kind(cell) == "-" and ("**Predict" in before.source or (words and before.get("outputs"))):
            cell.metadata.slideshow["slide_type"] = "fragment"
        before = cell


def head(notebook):
    """Each slide has a heading: its own, which stands above all else on it, or once more that of its section."""
    starts = {cell.id for cell, starts in shown(notebook) if starts}
    section, new = "", False
    for cell in notebook.cells:
        own = cell.cell_type == "markdown" and re.match(r"(#+) (.+)\s*", cell.source)
        if own:
            section, new = own[2], True
        if own and own[1] == "#":
            new = False  # the title stands where it is
        elif cell.id in starts:
            cell.metadata.update(heading=section, again=not new)
            cell.source = cell.source[own.end() :] if own else cell.source
            new = False


def unbroken(source):
    """Markdown whose lines break neither within a number, as 10 000, nor within a short formula, as 1 − ηλ."""
    parts = VERBATIM.split(source)
    parts[::2] = [_unbroken(part.split(" ")) for part in parts[::2]]
    return "".join(parts)


def _unbroken(words):
    text = words[0]
    for before, after in pairwise(words):
        left, right = before.rsplit("\n")[-1], after.split("\n")[0]
        formula = (left in SIGNS and _is_short(right)) or (right in SIGNS and _is_short(left))
        number = left[-1:].isdigit() and re.match(r"\d{3}\b|%", right)
        point = re.search(r"\d,$", left) and re.match(r"[−\d.]+[)\]]", right)
        text += ("\N{NO-BREAK SPACE}" if formula or number or point else " ") + after
    return text


def _is_short(word):
    return len(word) < 9 or word[0].isdigit()


def uncover(source):
    """HTML, or Markdown, whose folded answers open at the next step."""
    return ANSWER.sub(r'<details open><summary>\1</summary><div class="fragment">\2</div></details>', source)


def add_notes(notebook):
    """What the author says to the speaker, in a cell's metadata `slideshow.notes`, as cells that only slides have."""
    cells = []
    for cell in notebook.cells:
        cells.append(cell)
        if words := cell.metadata.get("slideshow", {}).get("notes"):
            cells.append(
                new_markdown_cell(words, id=f"{cell.id}-notes", metadata={"slideshow": {"slide_type": "notes"}})
            )
    notebook.cells = cells


def overflows(page, path):
    """By how much the slides of the file `path`, opened in a playwright `page`, are larger than the screen.

    A list of (id of the slide's first cell, pixels too low, pixels too wide).
    """
    page.set_viewport_size(SCREEN)
    page.goto(path.resolve().as_uri())
    page.wait_for_function("() => window.fitted")
    measure = """async ({ height }) => {
        const found = [];
        for (const [i, slide] of Reveal.getSlides().entries()) {
            Reveal.slide(i);
            const cell = slide.querySelector("[id^='cell-id=']:not(aside *)");
            const parts = [slide, ...slide.querySelectorAll("pre, .jp-OutputArea-child")];
            const wide = parts.map((part) => part.scrollWidth - part.clientWidth);
            found.push([cell?.id.slice(8) ?? "", Math.max(slide.offsetHeight - height, 0), Math.max(...wide)]);
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
