"""What pages alone need: what waits for a guess, formulas and charts that are drawn at build, figures as files, search.

Without node, KaTeX, Chromium or pagefind the pages are made all the same: `tell_missing` says what is not in them then.
"""

import base64
import hashlib
import html
import json
import re
import shutil
import struct
import subprocess
import sys
import textwrap
from functools import partial

from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat.v4 import new_code_cell, new_raw_cell

from gdtools import plots
from gdtools.descent import descend
from gdtools.losses import bowl
from tools import links
from tools.lab import chromium
from tools.notebooks import Fault
from tools.publish.assets import REPLAYED, ROOT, TEMPLATES, library, script, style

NAME = "site"
FOLDED = ["source-hidden"]  # tags of cells without their code
LECTURE = ""
TEXTS = ["evidence", "how_we_measure", "in_your_browser"]  # of docs/, to be read as pages
WIDGETS = set(REPLAYED)
FOLD = '<details class="outcome"><summary>Show what happens</summary>'
FORMULA = re.compile(r'<span class="formula( displayed)?">(.*?)</span>([,.;:?!)]*)', re.S)
CHART = re.compile(r'<pre class="mermaid">.*?</pre>', re.S)
PICTURE = re.compile(r'(<img\b[^>]*?)src="data:image/png;base64,([^"]+)"')
HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.S)
LOADED = re.compile(r'<(?:script|link)[^>]* data-for="(\w+)"[^>]*>(?:</script>)?\n')
LIBRARIES = {  # for each script and style of the template: what in a page needs it, and where it is
    "katex": ('class="katex', "katex", ["dist/katex.min.css", "dist/fonts/*.woff2"]),
    "formula": ('class="formula', "katex", ["dist/katex.min.js"]),
    "mermaid": ('class="mermaid', "@mermaid-js/tiny", ["dist/mermaid.tiny.js"]),
}
SEARCH = re.compile(r'<button[^>]*id="find".*\n')
CONTENTS = "<!-- contents -->"
KERNEL_ONLY = {links.CELL, "guesses-intro", "guesses"}  # cells for readers with a kernel
SAID = {  # by a stand-in in a notebook, and on a page
    "run the cell to move its sliders": "with JavaScript, its sliders move",
    "Run the cell to answer.": "Work it out, then look. A running notebook takes your answer.",
}
PAGEFIND = ROOT / "node_modules" / "pagefind" / "lib" / "runner" / "bin.cjs"


class Renderer(IPythonRenderer):
    """Markdown whose formulas are elements, for KaTeX, and whose headings have an id and no link to themselves."""

    def heading(self, text, level, **attributes):
        return re.sub(r'<a class="anchor-link".*?</a>', "", super().heading(text, level, **attributes))

    def inline_math(self, body):
        return f'<span class="formula">{html.escape(body, quote=False)}</span>'

    def block_math(self, body):
        return f'<span class="formula displayed">{html.escape(body, quote=False)}</span>'

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


class Exporter(HTMLExporter):
    def markdown2html(self, source):
        return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


EXPORTER = Exporter


def prepare(notebook):
    """What stands in a section after a question for a prediction waits in a fold until the reader asks for it.

    Where the notebook can be opened is told above the text: see `tell`.
    """
    notebook.metadata["places"] = links.addresses(notebook)
    cells, asked, folds = [], False, 0
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            if re.search("^##? ", cell.source, re.M):
                cells += unfold(folds)
                asked, folds = False, 0
            asked = asked or "**Predict" in cell.source
        if asked and cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            cells += fold(cell)
            asked, folds = False, folds + 1
        elif cell.get("id") not in KERNEL_ONLY:
            cells.append(cell)
    notebook.cells = cells + unfold(folds)


def fold(cell):
    """Its code, the beginning of a fold, and what it shows."""
    outcome = new_code_cell(id=f"{cell.id}-outcome", outputs=cell.outputs, metadata={"tags": FOLDED})
    cell.outputs = []
    return [cell, new_raw_cell(FOLD), outcome]


def unfold(folds):
    """The end of so many folds."""
    return [new_raw_cell("</details>" * folds)] if folds else []


def tell(notebook, folder):
    """What the template is told of this notebook's page in `folder`."""
    places = notebook.metadata.get("places", [])
    site = next((address.partition("lite/lab/")[0] for _, address in places if "/lite/lab/" in address), "")
    return {
        "description": description(notebook.cells[0].source),
        "places": places,
        "site": site,
        "katex": library("katex", folder),
        "mermaid": library("@mermaid-js/tiny", folder),
    }


def description(source, length=160):
    """The words below a title, as many as a search engine shows."""
    words = BeautifulSoup(MarkdownWithMath(renderer=Renderer(escape=False)).render(source), "html.parser")
    words.h1.decompose()
    return textwrap.shorten(words.get_text(" "), length, placeholder=" …")


def finish(folder):
    """Draw what scripts would draw, and make the search."""
    files = sorted(folder.glob("*.html"))
    dress(files, searched=PAGEFIND.exists())
    search(folder)


def dress(files, searched=True):
    """In these pages: formulas and charts are drawn, figures are files, and what is on the page is told.

    Where nothing is `searched`, there is no button for it.
    """
    pages = [file.read_text(encoding="utf-8") for file in files]
    pages = in_all(pages, FORMULA, formulas)
    pages = in_all(pages, CHART, charts)
    for file, page in zip(files, pages, strict=True):
        for there, here in SAID.items():
            page = page.replace(there, here)
        page = page if searched else SEARCH.sub("", page)
        page = LOADED.sub(partial(needed, page, file.parent), page)
        page = PICTURE.sub(partial(picture, file.parent), page.replace(CONTENTS, contents(page)))
        file.write_text(page, encoding="utf-8", newline="\n")
    lib = files[0].parent / "lib"
    lib.mkdir(exist_ok=True)
    (lib / "page.css").write_text(style(TEMPLATES / "site.css"), encoding="utf-8", newline="\n")
    code = script(TEMPLATES / "diagrams.js", TEMPLATES / "site.js")
    (lib / "page.js").write_text(f"(async () => {{\n{code}}})();\n", encoding="utf-8", newline="\n")
    shutil.copyfile(TEMPLATES / "icon.svg", lib / "icon.svg")
    (lib / "preview.png").write_bytes(preview())


def needed(page, folder, match):
    """A script or style, if this page needs it."""
    sign, name, files = LIBRARIES[match[1]]
    if sign not in page:
        return ""
    library(name, folder, *files)
    return match[0]


def in_all(pages, pattern, draw):
    """These pages with what `draw` makes of all that the pattern finds in them, at once."""
    found = [match for page in pages for match in pattern.finditer(page)]
    drawn = iter(draw(found) if found else [])
    return [pattern.sub(lambda match: next(drawn), page) for page in pages]


def formulas(found):
    """HTML and MathML of formulas, by KaTeX. No line breaks between one and the comma after it."""
    if not (ROOT / "node_modules" / "katex").exists() or not shutil.which("node"):
        tell_missing("KaTeX: formulas are drawn by scripts from jsdelivr.net")
        return [match[0] for match in found]
    asked = json.dumps([[html.unescape(match[2]), bool(match[1])] for match in found])
    node = ["node", TEMPLATES / "formulas.mjs"]
    done = subprocess.run(node, cwd=ROOT, input=asked, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Fault(re.search(r"^\w*Error: .*", done.stderr, re.M)[0])
    drawn = zip(json.loads(done.stdout), found, strict=True)
    return [f'<span class="joined">{formula}{match[3]}</span>' if match[3] else formula for formula, match in drawn]


def charts(found):
    """The flowcharts as SVG, drawn by Mermaid in Chromium."""
    mermaid = ROOT / "node_modules" / "@mermaid-js" / "tiny" / "dist" / "mermaid.tiny.js"
    if not mermaid.exists() or not (options := chromium()):
        tell_missing("Mermaid or Chromium: flowcharts are drawn by scripts")
        return [match[0] for match in found]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        page = driver.chromium.launch(**options).new_page()
        page.set_content("".join(f"<div>{match[0]}</div>" for match in found))
        page.add_script_tag(path=mermaid)
        page.add_script_tag(content=(TEMPLATES / "diagrams.js").read_text(encoding="utf-8"), type="module")
        page.wait_for_function("() => !document.querySelector('pre.mermaid')")
        return page.locator("body > div").evaluate_all("all => all.map(chart => chart.innerHTML)")


def picture(folder, match):
    """An image whose bytes are a file, and are fetched when it comes into view."""
    data = base64.b64decode(match[2])
    file = folder / "figures" / f"{hashlib.sha256(data).hexdigest()[:16]}.png"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    width, height = struct.unpack(">II", data[16:24])
    return f'{match[1]}style="aspect-ratio: {width} / {height}" loading="lazy" src="figures/{file.name}"'


def contents(page):
    """Links to the sections of a page."""
    links = [f'<li><a href="#{name}">{words}</a></li>' for name, words in HEADING.findall(page)]
    return f"<ol>{''.join(links)}</ol>"


def preview():
    """The bytes of the picture that stands for the course where a page is shared."""
    valley = bowl(1, 4)
    figure, ax = plots.figure(width=12, height=6.3)
    plots.path(descend(valley, start=(4, 2), learning_rate=0.22, steps=25), plots.contours(valley, ax))
    ax.set(xlim=(-4.9, 4.9), ylim=(-2.57, 2.57))
    ax.set_axis_off()
    figure.dpi = 100 / plots.SHARPNESS
    return plots.png(figure)


def search(folder):
    """The index for the search, by pagefind."""
    if not PAGEFIND.exists():
        tell_missing("pagefind: the pages have no search")
        return
    command = ["node", PAGEFIND, "--site", folder, "--output-subdir", "lib/search"]
    command += ["--exclude-selectors", ".katex-html, annotation, summary"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Fault(f"pagefind: {done.stderr or done.stdout}")
    for file in (folder / "lib" / "search").glob("pagefind-*[uh]i*"):
        file.unlink()  # its own surface


def tell_missing(what):
    print(f"Missing: {what}.", file=sys.stderr)
