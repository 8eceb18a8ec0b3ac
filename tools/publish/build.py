"""What pages and slides have in common: each notebook is run, made still, rendered and written."""

import html
import json
import re
import shutil
from pathlib import Path

from nbconvert.preprocessors import CoalesceStreamsPreprocessor
from nbformat.v4 import new_markdown_cell, new_notebook, new_output
from traitlets.config import Config

from gdtools.widgets.cells import WIDGET_VIEW
from tools.notebooks import Fault, execute, keep_measurements, normalise, read
from tools.publish import pages
from tools.publish.assets import REPLAYED, TEMPLATES

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
KERNELS = ("_esm", "_css", "layout")  # what of a widget's state no page needs; the last has another name in each run
MARK = ".made-by-gdtools"  # in a folder that may be made anew


def build(kind, paths, folder, lite=None, **beside):
    """Run the notebooks, and write each as a page (`kind` is the module `pages`) or as slides (`slides`) into `folder`.

    The index is made of the README in the folder above the notebooks. `lite` is the address of the browser edition, as
    seen from a page; `slides` or `pages` that of the others. Raises Fault for a notebook that fails.
    """
    notebooks = [Path(path).resolve() for path in paths]
    readme = notebooks[0].parents[1] / "README.md"
    texts = [text for name in kind.TEXTS if (text := readme.parent / "docs" / f"{name}.md").exists()]
    paths = notebooks + texts
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
    course = {
        "chapters": [(path.stem, title(read(path))) for path in notebooks],
        "title": title(index(readme)),
        "lite": lite,
        **beside,
    }
    for path in notebooks:
        notebook = still(run(path, kind), kind.WIDGETS)
        kind.prepare(notebook)
        write(render(kind, notebook, course, path.stem, folder), folder / f"{path.stem}.html", path, paths, lite)
        print(f"{path.name}: {(folder / path.stem).with_suffix('.html').stat().st_size / 1e6:.1f} MB", flush=True)
    for path in [readme, *texts]:
        name, text = ("index", index(path)) if path == readme else (path.stem, alone(path))
        pages.prepare(text)
        write(render(pages, text, course, name, folder), folder / f"{name}.html", path, paths, lite)
    kind.finish(folder)


def is_ours(folder):
    """Whether nothing is lost when the folder is made anew."""
    return folder.is_dir() and ((folder / MARK).exists() or not any(folder.iterdir()))


def run(path, kind):
    """The notebook after a run in a new kernel, with the state of its widgets. Figures on slides have large letters.

    What differs from run to run is what the notebook has stored: the text is about that.
    """
    notebook = read(path)
    try:
        execute(notebook, str(path.parent), GDTOOLS_LECTURE=kind.LECTURE)
    except Fault as fault:
        raise Fault(f"{path.name}: {fault}") from fault
    CoalesceStreamsPreprocessor().preprocess(notebook, {})  # what is printed slowly comes in pieces, never the same
    keep_measurements(normalise(read(path)), notebook)
    return notebook


def still(notebook, widgets):
    """The notebook with these of its widgets as HTML, for templates/figures.js; others leave their stand-ins.

    Code that is folded in JupyterLab, such as that of a question with its answer, gets a tag that says so.
    """
    models = notebook.metadata.pop("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    for cell in notebook.cells:
        if cell.metadata.get("jupyter", {}).get("source_hidden"):
            cell.metadata["tags"] = [*cell.metadata.get("tags", []), "source-hidden"]
        outputs = cell.get("outputs", [])
        for i, output in enumerate(outputs):
            if view := output.get("data", {}).get(WIDGET_VIEW):
                outputs[i] = new_output(
                    "display_data", {"text/html": _replays(_parts(models, view["model_id"]), widgets)}
                )
        cell.update(outputs=[o for o in outputs if o.get("data") != {"text/html": ""}] if outputs else outputs)
    return notebook


def _parts(models, name):
    """A widget and all that it contains."""
    yield models[name]
    for child in models[name]["state"].get("children", []):
        yield from _parts(models, child.removeprefix("IPY_MODEL_"))


def _replays(parts, widgets):
    parts = list(parts)
    found = [part for part in parts if part["state"].get("_anywidget_id") in widgets and answers_itself(part["state"])]
    controls = [part["state"]["description"] for part in parts if part["state"].get("description")]
    blocks = []
    for widget in found:
        name, _ = REPLAYED[widget["state"]["_anywidget_id"]]
        state = {trait: value for trait, value in widget["state"].items() if trait not in KERNELS}
        state["_target"] = []  # a click would ask the kernel
        buffers = {buffer["path"][0]: buffer["data"] for buffer in widget.get("buffers", [])}
        data = json.dumps({"widget": name, "state": state, "buffers": buffers}).replace("<", "\\u003c")
        blocks.append(f'<div class="gdtools-replay"><script type="application/json">{data}</script></div>')
    if found and controls:
        names = html.escape(", ".join(controls))
        blocks.append(f'<p class="gdtools-note">In JupyterLab you can also choose: {names}.</p>')
    return "".join(blocks)


def answers_itself(state):
    """Whether a widget needs no kernel: all but a question for a number, whose answers are understood in Python."""
    return "_question" not in state or state["_guess"] or bool(state["_known"])


def render(kind, notebook, course, name, folder):
    """The HTML of a notebook called `name`, for a page or for slides in `folder`."""
    exporter = kind.EXPORTER(
        config=Config(
            {
                "TagRemovePreprocessor": {"enabled": True, "remove_input_tags": kind.FOLDED},
            }
        ),
        template_file=f"{kind.NAME}.html.j2",
        extra_template_paths=[str(TEMPLATES)],
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    exporter.log.setLevel("ERROR")  # what nbconvert warns of is a fault here: see `faults`
    told = course | {"name": name} | kind.tell(notebook, folder)
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title(notebook)}, "course": told})
    return page


def title(notebook):
    return re.search(r"^# (.+)", notebook.cells[0].source, re.M)[1]


def index(readme):
    """What the README says before its first section, and its table of notebooks."""
    head, *sections = re.split(r"^(?=## )", readme.read_text(encoding="utf-8"), flags=re.M)
    table = next(section for section in sections if section.startswith("## The notebooks"))
    return new_notebook(cells=[new_markdown_cell(head, id="title"), new_markdown_cell(table, id="notebooks")])


def alone(path):
    """A text of the course, for a page of its own."""
    return new_notebook(cells=[new_markdown_cell(path.read_text(encoding="utf-8"), id="title")])


def write(page, target, source, paths, lite=None):
    """Write a page. Its links lead to pages for what is published, and to copies for other files and downloads.

    An exercise opens in the browser edition, if there is one.
    """

    def relink(match):
        download, attribute, name, anchor = match.groups(default="")
        file = (source.parent / name).resolve()
        if file in paths and not download:
            return f'{attribute}="{file.stem}.html{anchor}"'
        if ":" in name or not file.is_file() or not file.is_relative_to(paths[0].parents[1]):
            return match[0]
        local = file.relative_to(paths[0].parents[1])
        if lite and local.parts[0] == "exercises":
            return f'{attribute}="{lite}/lab/index.html?path={local.as_posix()}"'
        (target.parent / local).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target.parent / local)
        return f'{download}{attribute}="{local.as_posix()}{anchor}"'

    page = re.sub(r'\b(download="" )?(href|src)="(?!lib/)([^"#]+)(#[^"]*)?"', relink, page)
    target.write_text(page, encoding="utf-8", newline="\n")
