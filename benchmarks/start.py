"""Until one can begin: what importing the course takes, and the way from starting JupyterLab to a first figure."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import in_turns, missing, row, timed
from benchmarks.slider import TEXTBOOK, browser, open_page, unavailable, write
from tools.lab import jupyterlab

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "00_start_here.ipynb"
OURS = "import gdtools.checks, gdtools.datasets, gdtools.explorers, gdtools.quiz"
DEPENDENCIES = (
    "import anywidget, ipywidgets, matplotlib.backends.backend_agg, matplotlib.figure, numpy, PIL.Image, traitlets"
)
FIRST = "from starting JupyterLab to the first figure"
DRAWN = """selector => {
    const picture = document.querySelector(selector);
    if (!picture?.getContext) return picture?.complete;
    const { width, height } = picture;
    return width > 0 && picture.getContext("2d").getImageData(0, 0, width, height).data.some(Boolean);
}"""


def rows(imports=9, starts=3):
    """The rows on the start."""
    ours, rival = in_turns(imports, *[timed(_python, code) for code in (OURS, DEPENDENCIES)])
    yield row("Python, and an import of all of gdtools", ours, "Python, and what gdtools imports", rival)
    if unavailable():
        yield missing(FIRST, unavailable())
        return
    with browser() as chrome:
        ours, rival = in_turns(starts, timed(_course, chrome), timed(_textbook, chrome))
    yield row(FIRST, ours, "a notebook with `plt.show()`", rival)


def _python(code):
    subprocess.run([sys.executable, "-c", code], check=True)


def _course(chrome):
    _first_figure(chrome, lambda path: path.write_bytes(NOTEBOOK.read_bytes()), ".gdtools-picture canvas")


def _textbook(chrome):
    _first_figure(chrome, lambda path: write(path, f"{TEXTBOOK}\ndraw(0.1)"), ".jp-OutputArea img")


def _first_figure(chrome, make, picture):
    """Start JupyterLab in a new folder, open a notebook in a new page, run it, and wait for its picture."""
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder, "first.ipynb"))
        with jupyterlab(folder) as url:
            page = open_page(chrome, url, "first.ipynb")
            page.wait_for_function(DRAWN, arg=picture)
            page.context.close()
