"""Run notebooks from top to bottom and store them in normal form.

    python -m tools.notebooks [PATHS...]           run, normalise, write
    python -m tools.notebooks --check [PATHS...]   run nothing; tell which files are not in normal form

Without paths: all of notebooks/ and solutions/. In normal form, a notebook holds nothing that differs from one run to
the next, and everything that a reader without a kernel can see. A cell that fails, or warns, leaves its notebook as it
was.
"""

import argparse
import ast
import copy
import itertools
import json
import os
import re
import sys
import time
import tomllib
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from gdtools.widgets.cells import WIDGET_VIEW

ROOT = Path(__file__).parents[1]
COURSE = [*sorted(ROOT.glob("notebooks/*.ipynb")), *sorted(ROOT.glob("solutions/*/*.ipynb"))]
CHECK_TAGS = {"nbval-check-output", "nbval-ignore-output", "nbval-skip"}
EDITOR_STATE = ("ExecuteTime", "collapsed", "execution", "scrolled", "trusted")
RANDOM_ID = re.compile(r"[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
IMAGE = re.compile(r"""<img\b(?:[^>"']|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
ADDRESS = re.compile(r"\bat 0x[0-9a-f]{6,}")
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
# JupyterLab shows the first line of the first output in place of outputs that are hidden: that must not be the answer.
# Readers of other kinds take the empty one of these two forms, so nobody else is told.
COVER = {"text/latex": "", "application/vnd.jupyter.stdout": "Your guess first. Then run the cell."}
QUESTION = re.compile(r"^(choose|exam|guess|number)\(", re.M)  # a cell that asks, and doesn't answer
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}


class Fault(Exception):
    """What is wrong with a notebook, or keeps the course from being built, in words for the author."""


def read(path):
    return nbformat.v4.reads(Path(path).read_text(encoding="utf-8"))  # nbformat.read would invent ids


def dumps(notebook):
    nbformat.validate(notebook)
    return nbformat.writes(notebook) + "\n"


def normalise(notebook):
    """The same notebook in normal form."""
    notebook = copy.deepcopy(notebook)
    notebook.update(nbformat=4, nbformat_minor=5)
    notebook.metadata.pop("widgets", None)  # their state refers to a kernel that is gone
    notebook.metadata.update(kernelspec=KERNELSPEC, language_info=LANGUAGE)
    count = 0
    for cell in notebook.cells:
        for key in EDITOR_STATE:
            cell.metadata.pop(key, None)
        if cell.metadata.get("jupyter", {}).pop("outputs_hidden", None) and not cell.metadata.jupyter:
            del cell.metadata["jupyter"]
        if cell.cell_type == "code":
            count += bool(cell.source.strip())
            _normalise_code(cell, count)
    _name(notebook.cells)
    return notebook


def cover(notebook):
    """Hide in JupyterLab what is stored from a question for a prediction to the end of its section, until it is run."""
    asked = False
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            asked = "**Predict" in cell.source or (asked and not re.search("^## ", cell.source, re.M))
        elif asked and cell.get("outputs") and not QUESTION.search(cell.source):
            cell.metadata.setdefault("jupyter", {})["outputs_hidden"] = True
            cell.outputs.insert(0, nbformat.v4.new_output("display_data", COVER))
    return notebook


def predictions(cells):
    """Each question for a prediction, and its experiment: the next code cells with outputs, up to the text after them.

    The cell that takes the reader's guess is no part of the experiment.
    """
    for number, question in enumerate(cells):
        if question.cell_type == "markdown" and "**Predict" in question.source:
            experiment = []
            for cell in cells[number + 1 :]:
                if cell.cell_type == "markdown" and (experiment or re.search("^## ", cell.source, re.M)):
                    break
                if cell.get("outputs") and not QUESTION.search(cell.source):
                    experiment.append(cell)
            yield question, experiment


def _name(cells):
    """Keep the ids that authors gave; make those that are missing, random or taken from the cell's first words."""
    taken, nameless = set(), []
    for cell in cells:
        if not cell.get("id") or cell.id in taken or RANDOM_ID.fullmatch(cell.id):
            nameless.append(cell)
        else:
            taken.add(cell.id)
    for cell in nameless:
        stem = "-".join(re.findall(r"[a-z0-9]+", cell.source.lower())[:5])[:40] or cell.cell_type
        names = itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2)))
        cell.id = next(name for name in names if name not in taken)
        taken.add(cell.id)


def _normalise_code(cell, count):
    cell.execution_count = count if cell.source.strip() else None
    cell.outputs = readable(cell.outputs)
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = count
    tags = cell.metadata.get("tags", [])
    if any(printed(output) for output in cell.outputs) and not CHECK_TAGS.intersection(tags):
        cell.metadata["tags"] = [*tags, "nbval-check-output"]


def readable(outputs):
    """What of a cell's outputs can be read without a kernel: no live widgets, no cover, printed text in one piece."""
    kept = []
    for output in copy.deepcopy(outputs):
        data = output.get("data", {})
        if data == COVER or (output.output_type == "execute_result" and not data):  # which Pyodide's kernel leaves
            continue
        if data.pop(WIDGET_VIEW, None):
            output.metadata.pop(WIDGET_VIEW, None)
            if data.keys() <= {"text/plain"}:
                continue
        if output.output_type == "stream" and kept and kept[-1].get("name") == output.name:
            kept[-1].text += output.text
        else:
            kept.append(output)
    return kept


def printed(output):
    """Whether this output is text, and not the words beside a picture."""
    mimes = output.get("data", {}).keys()
    pictured = any(mime == "text/html" or mime.startswith("image/") for mime in mimes)
    return output.get("name") == "stdout" or ("text/plain" in mimes and not pictured)


def prose(cell):
    """What a reader of this cell reads: Markdown, or the texts of its quiz questions."""
    if cell.cell_type == "markdown":
        return cell.source
    texts = []
    for call in ast.walk(ast.parse("" if cell.source.startswith("%") else cell.source)):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("choose", "guess", "number"):
            parts = [part.value for part in ast.walk(call) if isinstance(part, ast.Constant)]
            texts += [part for part in parts if isinstance(part, str)]
    return "\n\n".join(texts)


def require_clean(notebook):
    """Raise Fault if an output holds an error, a warning, or an address in memory, which the next run would change."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
                raise Fault(f"cell {cell.id!r} raised {output.ename}: {output.evalue}")
            if output.get("name") == "stderr":
                raise Fault(f"cell {cell.id!r} wrote to stderr:\n{output.text.strip()}")
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            if ADDRESS.search(text):
                raise Fault(f"cell {cell.id!r} shows an address in memory; let it end with a call that returns None")


def require_words(notebook):
    """Raise Fault if a picture has no alt text: in what a cell shows, or in Markdown."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            source = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", cell.source)
            if re.search(r"!\[\s*\]", source) or wordless(source):
                raise Fault(f"cell {cell.id!r} has an image without alt text: write ![what there is to be seen](file)")
        elif any(pictured_only(output) for output in cell.get("outputs", [])):
            raise Fault(f"cell {cell.id!r} {NO_WORDS}")


NO_WORDS = "shows a picture without alt text: show it with plots.show(figure, key=...), and write alt_texts.toml"


def pictured_only(output):
    """Whether this output is a picture that tells nothing to a reader who can't see it."""
    data = output.get("data", {})
    markup = data.get("text/html", "")
    drawn = any(mime.startswith("image/") for mime in data) or data.get("text/plain", "").startswith("<Figure")
    return wordless(markup) or (drawn and not IMAGE.search(markup))


def wordless(markup):
    """Whether an image in this HTML has no alt text."""
    return any(not re.search(r"""\balt\s*=\s*("\s*[^"\s]|'\s*[^'\s])""", tag) for tag in IMAGE.findall(markup))


def require_alt_texts(path, notebook):
    """Raise Fault unless the keys of this notebook's figures are those of its table in alt_texts.toml beside it."""
    file = path.with_name("alt_texts.toml")
    tables = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    written = tables.get(path.name[:2], {}).keys()
    used = [key for cell in notebook.cells if cell.cell_type == "code" for key in figure_keys(cell.source)]
    if twice := {key for key in used if used.count(key) > 1}:
        raise Fault(f"these keys have more than one figure: {sorted(twice)}")
    if missing := set(used) - written:
        raise Fault(f"alt_texts.toml says nothing of these figures: {sorted(missing)}")
    if unused := written - set(used):
        raise Fault(f"alt_texts.toml has words for figures that are gone: {sorted(unused)}")


def figure_keys(source):
    """What the calls in this code are given as `key=`, in letters."""
    for call in ast.walk(ast.parse("" if source.startswith("%") else source)):
        for keyword in getattr(call, "keywords", []):
            if keyword.arg == "key" and isinstance(getattr(keyword.value, "value", None), str):
                yield keyword.value.value


def execute(notebook, folder, timeout=300, **environment):
    """Run all cells in a new kernel, in `folder`; raise Fault at the first that fails. The widgets' state is kept."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.update(outputs=[], execution_count=None)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")  # else the debugger warns in the terminal
    client = NotebookClient(
        notebook,
        timeout=timeout,
        kernel_name="python3",
        resources={"metadata": {"path": folder}},
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    with client.setup_kernel(env=os.environ | environment):
        for index, cell in enumerate(notebook.cells):
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
                raise Fault(f"cell {cell.id!r}: {error}") from error
        client.set_widgets_metadata()


def keep_measurements(before, after):
    """Where the numbers differ from run to run (`nbval-ignore-output`), keep the old ones if the words are the same."""
    for old, new in zip(before.cells, after.cells, strict=True):
        if "nbval-ignore-output" in new.metadata.get("tags", []) and _words(old.outputs) == _words(new.outputs):
            new.outputs = old.outputs


def _words(outputs):
    without_pictures = re.sub(r"[A-Za-z0-9+/=]{60,}", "", json.dumps(outputs, sort_keys=True))
    return re.sub(r"[-+\s]*\d[\d.,]*(e[-+]?\d+)?", "#", without_pictures)


def refresh(path):
    """Run and rewrite one notebook; True if that changed the file."""
    path = Path(path)
    before = normalise(read(path))
    require_alt_texts(path, before)
    after = copy.deepcopy(before)
    execute(after, folder=str(path.parent))
    after = normalise(after)
    require_clean(after)
    require_words(after)
    keep_measurements(before, after)
    text = dumps(cover(after))
    changed = text != path.read_text(encoding="utf-8")
    if changed:
        path.write_text(text, encoding="utf-8", newline="\n")
    return changed


def check(path):
    """Raise Fault if the file isn't in normal form."""
    notebook = normalise(read(path))
    require_clean(notebook)
    require_words(notebook)
    require_alt_texts(Path(path), notebook)
    if dumps(cover(notebook)) != Path(path).read_text(encoding="utf-8"):
        raise Fault("not in normal form: run `make notebooks`")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--check", action="store_true", help="run nothing; tell which files are not in normal form")
    options = parser.parse_args(arguments)
    faults = 0
    for path in options.paths or COURSE:
        start = time.perf_counter()
        try:
            if options.check:
                check(path)
            else:
                verdict = "changed" if refresh(path) else "unchanged"
                print(f"{path.name}: {verdict}, {time.perf_counter() - start:.0f} s", flush=True)
        except Fault as fault:
            faults += 1
            print(f"{path.name}: {fault}", file=sys.stderr, flush=True)
    return min(faults, 1)


if __name__ == "__main__":
    sys.exit(main())
