"""Publish the notebooks: as pages to read, or as slides to project.

    python -m tools.publish site [PATHS...]     pages, into build/site
    python -m tools.publish slides [PATHS...]   slides, into build/slides

Without paths: all of notebooks/. The sliders move in both, without a kernel. What is wrong with the result is told:
images without alt text, links that lead nowhere, slides that are larger than the screen.

Pages need MathJax and Mermaid, and slides reveal.js too. What npm has brought into node_modules is copied beside the
pages, which then need no internet; elsewhere the pages take it from jsdelivr.net, in the same versions.
"""

import argparse
import html
import json
import re
import shutil
import sys
from pathlib import Path

from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter, SlidesExporter
from nbformat.v4 import new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from gdtools.widgets.cells import WIDGET_VIEW
from tools.lab import chromium
from tools.notebooks import Fault, execute, keep_measurements, normalise, read

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "tools" / "templates"
FOLDED = {"site": ["source-hidden"], "slides": ["source-hidden", "remove-input"]}  # tags of cells without their code
EXPORTERS = {"site": HTMLExporter, "slides": SlidesExporter}
LIBRARIES = {
    "mathjax": ["es5/tex-svg-full.js"],
    "@mermaid-js/tiny": ["dist/mermaid.tiny.js"],
    "reveal.js": ["dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js"],
}
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
LIVE_FIGURE = "gdtools.widgets.live.LiveFigure"
LIVE_JS = ROOT / "gdtools" / "widgets" / "live.js"
NO_ALT = ("", "No description has been provided for this image")  # the latter by nbconvert
SCREEN = {"width": 1280, "height": 720}
MARK = ".made-by-gdtools"  # in a folder that may be made anew


def build(kind, paths, folder):
    """Run the notebooks, and write each as a page (`kind` is "site") or as slides ("slides") into `folder`.

    The index is made of the README in the folder above the notebooks. Raises Fault for a notebook that fails.
    """
    paths = [Path(path).resolve() for path in paths]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    libraries = {name: library(name, folder) for name in LIBRARIES}
    titles = [title(read(path)) for path in paths]
    readme = paths[0].parents[1] / "README.md"
    contents = ("Contents:", "index", title(index(readme)))
    for i, path in enumerate(paths):
        notebook = still(run(path, kind))
        if kind == "slides":
            divide(notebook)
            add_notes(notebook)
        neighbours = [contents]
        neighbours += [("Before:", paths[i - 1].stem, titles[i - 1])] if i > 0 else []
        neighbours += [("Next:", paths[i + 1].stem, titles[i + 1])] if i + 1 < len(paths) else []
        page = render(kind, notebook, libraries, neighbours)
        write(page, folder / f"{path.stem}.html", path, paths)
        print(f"{path.name}: {(folder / path.stem).with_suffix('.html').stat().st_size / 1e6:.1f} MB", flush=True)
    write(render("site", index(readme), libraries, []), folder / "index.html", readme, paths)


def is_ours(folder):
    """Whether nothing is lost when the folder is made anew."""
    return folder.is_dir() and ((folder / MARK).exists() or not any(folder.iterdir()))


def run(path, kind):
    """The notebook after a run in a new kernel, with the state of its widgets. Figures on slides have large letters."""
    notebook = read(path)
    try:
        execute(notebook, str(path.parent), GDTOOLS_LECTURE="1" if kind == "slides" else "")
    except Fault as fault:
        raise Fault(f"{path.name}: {fault}") from fault
    if kind == "site":  # a stored picture has small letters
        keep_measurements(normalise(read(path)), notebook)
    return notebook


def still(notebook):
    """The notebook with its live figures as HTML, for templates/figures.js; other widgets leave their stand-ins.

    Code that is folded in JupyterLab, such as that of a question with its answer, gets a tag that says so.
    """
    models = notebook.metadata.pop("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for cell in notebook.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "source-hidden"]
        outputs = cell.get("outputs", [])
        for i, output in enumerate(outputs):
            if view := output.get("data", {}).get(WIDGET_VIEW):
                outputs[i] = new_output("display_data", {"text/html": _figures(_parts(models, view["model_id"]))})
        cell.update(outputs=[o for o in outputs if o.get("data") != {"text/html": ""}] if outputs else outputs)
    return notebook


def _parts(models, name):
    """A widget and all that it contains."""
    yield models[name]
    for child in models[name]["state"].get("children", []):
        yield from _parts(models, child.removeprefix("IPY_MODEL_"))


def _figures(widgets):
    widgets = list(widgets)
    figures = [widget for widget in widgets if widget["state"].get("_anywidget_id") == LIVE_FIGURE]
    controls = [widget["state"]["description"] for widget in widgets if widget["state"].get("description")]
    parts = []
    for figure in figures:
        state = {name: value for name, value in figure["state"].items() if name not in ("_esm", "_css")}
        state["_target"] = []  # a click would ask the kernel
        buffers = {buffer["path"][0]: buffer["data"] for buffer in figure.get("buffers", [])}
        data = json.dumps({"state": state, "buffers": buffers}).replace("<", "\\u003c")
        parts.append(f'<div class="gdtools-replay"><script type="application/json">{data}</script></div>')
    if figures and controls:
        names = html.escape(", ".join(controls))
        parts.append(f'<p class="gdtools-note">In JupyterLab you can also choose: {names}.</p>')
    return "".join(parts)


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


def render(kind, notebook, libraries, neighbours):
    scripts = [LIVE_JS, TEMPLATES / "figures.js", TEMPLATES / "diagrams.js"]
    scripts += [TEMPLATES / "slides.js"] if kind == "slides" else []
    styles = [LIVE_JS.with_suffix(".css"), TEMPLATES / "common.css", TEMPLATES / f"{kind}.css"]
    course = {
        "script": "\n".join(path.read_text(encoding="utf-8") for path in scripts),
        "style": "\n".join(path.read_text(encoding="utf-8") for path in styles),
        "mathjax": libraries["mathjax"],
        "mermaid": any("```mermaid" in cell.source for cell in notebook.cells) and libraries["@mermaid-js/tiny"],
        "reveal": libraries["reveal.js"],
        "neighbours": neighbours,
    }
    exporter = EXPORTERS[kind](
        config=Config(
            {
                "CoalesceStreamsPreprocessor": {"enabled": True},
                "TagRemovePreprocessor": {"enabled": True, "remove_input_tags": FOLDED[kind]},
            }
        ),
        template_file=f"{kind}.html.j2",
        extra_template_paths=[str(TEMPLATES)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.log.setLevel("ERROR")  # what nbconvert warns of is a fault here: see `faults`
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title(notebook)}, "course": course})
    return page


def library(name, folder):
    """The address of a library as seen from the pages in `folder`."""
    source = ROOT / "node_modules" / name
    if not source.exists():
        versions = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
        return f"https://cdn.jsdelivr.net/npm/{name}@{versions[name]}"
    for file in LIBRARIES[name]:
        copy = folder / "lib" / name / file
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file, copy)
    return f"lib/{name}"


def title(notebook):
    return re.search(r"^# (.+)", notebook.cells[0].source, re.M)[1]


def index(readme):
    """What the README says before its first section, and its table of notebooks."""
    head, *sections = re.split(r"^(?=## )", readme.read_text(encoding="utf-8"), flags=re.M)
    table = next(section for section in sections if section.startswith("## The notebooks"))
    return new_notebook(cells=[new_markdown_cell(head, id="title"), new_markdown_cell(table, id="notebooks")])


def write(page, target, source, paths):
    """Write a page; its links lead to pages for notebooks that are published, to copies for other files."""

    def relink(match):
        attribute, name, anchor = match.groups(default="")
        file = (source.parent / name).resolve()
        if file in paths:
            return f'{attribute}="{file.stem}.html{anchor}"'
        if ":" in name or not file.is_file() or not file.is_relative_to(paths[0].parents[1]):
            return match[0]
        local = file.relative_to(paths[0].parents[1])
        (target.parent / local).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target.parent / local)
        return f'{attribute}="{local.as_posix()}{anchor}"'

    page = re.sub(r'\b(href|src)="(?!lib/)([^"#]+)(#[^"]*)?"', relink, page)
    target.write_text(page, encoding="utf-8", newline="\n")


def faults(folder):
    """What is wrong with the pages in `folder`: images without alt text, links and anchors that lead nowhere."""
    pages = {path: BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser") for path in folder.glob("*.html")}
    anchors = {path: {tag["id"] for tag in soup.select("[id]")} for path, soup in pages.items()}
    for path, soup in pages.items():
        for image in soup.select("img"):
            if image.get("alt", "").strip() in NO_ALT:
                yield f"{path.name}: an image has no alt text: {image.get('src', '')[:60]}"
        for tag in soup.select("a[href], img[src], link[href], script[src]"):
            link = tag.get("href") or tag.get("src")
            name, _, anchor = link.partition("#")
            target = folder / name if name else path
            if re.match(r"\w+:", link):
                continue
            if not target.is_file() or (anchor and target in pages and anchor not in anchors[target]):
                yield f"{path.name}: the link {link} leads nowhere"


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


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=EXPORTERS)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--output", type=Path, help="instead of build/site or build/slides; what is in it goes")
    options = parser.parse_intermixed_args(arguments)
    if options.output and options.output.exists() and not is_ours(options.output):
        parser.error(f"--output must be a new folder, or one made by this command, but it is {options.output}")
    folder = options.output or ROOT / "build" / options.kind
    try:
        build(options.kind, options.paths or sorted((ROOT / "notebooks").glob("*.ipynb")), folder)
    except Fault as fault:
        sys.exit(str(fault))
    found = [*faults(folder), *(too_large(folder) if options.kind == "slides" else [])]
    print("\n".join([*found, f"Open {folder / 'index.html'}"]))
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main())
