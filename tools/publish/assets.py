"""What the pages load beside their text: libraries that npm has brought, the widgets' JavaScript, and styles."""

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "tools" / "templates"
# What is replayed without a kernel: the widget, its name for figures.js, and its JavaScript. Its style is beside it.
REPLAYED = {
    "gdtools.widgets.live.LiveFigure": ("figure", ROOT / "gdtools" / "widgets" / "live.js"),
    "gdtools.quiz.question.Question": ("question", ROOT / "gdtools" / "quiz" / "question.js"),
}


def style(*files):
    """The widgets' styles, and these, in one text."""
    widgets = [file.with_suffix(".css") for _, file in REPLAYED.values()]
    return "\n".join(file.read_text(encoding="utf-8") for file in [*widgets, *files])


def script(*files):
    """The widgets' JavaScript and what lets them live without a kernel, and these, in one text for one module."""
    widgets = [
        f"const {name} = (() => {{\n{_without_exports(file.read_text(encoding='utf-8'))}return {{ render }};\n}})();\n"
        for name, file in REPLAYED.values()
    ]
    return "\n".join([*widgets, *(file.read_text(encoding="utf-8") for file in [TEMPLATES / "figures.js", *files])])


def _without_exports(module):
    return re.sub(r"^export .*;\n", "", module, flags=re.M)


def library(name, folder, *files):
    """The address of a library as seen from the pages in `folder`: with these files there, if npm has brought them."""
    source = ROOT / "node_modules" / name
    if not source.exists():
        versions = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
        return f"https://cdn.jsdelivr.net/npm/{name}@{versions[name]}"
    for file in (file for pattern in files for file in sorted(source.glob(pattern))):
        copy = folder / "lib" / name / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy)
    return f"lib/{name}"
