"""What pages and slides have in common: each notebook is run, made still, rendered and written."""

import html
import json
import re
import shutil
from pathlib import Path

from nbformat.v4 import new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from gdtools.widgets.cells import WIDGET_VIEW
from tools.notebooks import Fault, execute, keep_measurements, normalise, read
from tools.publish import pages

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "tools" / "templates"
LIBRARIES = {
    "mathjax": ["es5/tex-svg-full.js"],
    "@mermaid-js/tiny": ["dist/mermaid.tiny.js"],
    "reveal.js": ["dist/reveal.js", "dist/reveal.css", "plugin/notes/notes.js"],
}
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
LIVE_FIGURE = "gdtools.widgets.live.LiveFigure"
LIVE_JS = ROOT / "gdtools" / "widgets" / "live.js"
MARK = ".made-by-gdtools"  # in a folder that may be made anew


def build(kind, paths, folder):
    """Run the notebooks, and write each as a page (`kind` is the module `pages`) or as slides (`slides`) into `folder`.

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
        kind.prepare(notebook)
        neighbours = [contents]
        neighbours += [("Before:", paths[i - 1].stem, titles[i - 1])] if i > 0 else []
        neighbours += [("Next:", paths[i + 1].stem, titles[i + 1])] if i + 1 < len(paths) else []
        page = render(kind, notebook, libraries, neighbours)
        write(page, folder / f"{path.stem}.html", path, paths)
        print(f"{path.name}: {(folder / path.stem).with_suffix('.html').stat().st_size / 1e6:.1f} MB", flush=True)
    write(render(pages, index(readme), libraries, []), folder / "index.html", readme, paths)


def is_ours(folder):
    """Whether nothing is lost when the folder is made anew."""
    return folder.is_dir() and ((folder / MARK).exists() or not any(folder.iterdir()))


def run(path, kind):
    """The notebook after a run in a new kernel, with the state of its widgets. Figures on slides have large letters."""
    notebook = read(path)
    try:
        execute(notebook, str(path.parent), GDTOOLS_LECTURE=kind.LECTURE)
    except Fault as fault:
        raise Fault(f"{path.name}: {fault}") from fault
    if not kind.LECTURE:  # a stored picture has small letters
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


def render(kind, notebook, libraries, neighbours):
    scripts = [LIVE_JS, TEMPLATES / "figures.js", TEMPLATES / "diagrams.js", *kind.SCRIPTS]
    styles = [LIVE_JS.with_suffix(".css"), TEMPLATES / "common.css", TEMPLATES / f"{kind.NAME}.css"]
    course = {
        "script": "\n".join(path.read_text(encoding="utf-8") for path in scripts),
        "style": "\n".join(path.read_text(encoding="utf-8") for path in styles),
        "mathjax": libraries["mathjax"],
        "mermaid": any("```mermaid" in cell.source for cell in notebook.cells) and libraries["@mermaid-js/tiny"],
        "reveal": libraries["reveal.js"],
        "neighbours": neighbours,
    }
    exporter = kind.EXPORTER(
        config=Config(
            {
                "CoalesceStreamsPreprocessor": {"enabled": True},
                "TagRemovePreprocessor": {"enabled": True, "remove_input_tags": kind.FOLDED},
            }
        ),
        template_file=f"{kind.NAME}.html.j2",
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
