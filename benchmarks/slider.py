"""From a key press on a slider to changed pixels, in JupyterLab and Chromium: LiveFigure against `interact`, ipympl."""

import contextlib
import importlib.util
import itertools
import secrets
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

from benchmarks import textbook
from benchmarks.long_way import LongWay
from benchmarks.measure import in_turns, missing, row
from tools.lab import chromium, jupyterlab, run_all

TEXTBOOK = "from ipywidgets import interact\n" + Path(textbook.__file__).read_text(encoding="utf-8")
OURS = """\
import numpy as np
from gdtools.explorers import explore_descent
from gdtools.losses import bowl
explore_descent(bowl(1, 4), (4, 2), np.arange(1, 61) * 0.005, steps=60)"""

# Of each way: its cell, the element that takes the keys, and the picture.
WAYS = {
    "ours": (OURS, ".gdtools-slider input", ".gdtools-picture canvas"),
    "`interact`, `plt.show()`": (
        f"{TEXTBOOK}\ninteract(draw, rate=(0.005, 0.3, 0.005));",
        ".widget-slider .noUi-handle",
        ".widget-output img",
    ),
}
IPYMPL = {
    "ipympl, `set_data`": (
        f"%matplotlib widget\n{TEXTBOOK}\ninteract(mover(), rate=(0.005, 0.3, 0.005));",
        ".widget-slider .noUi-handle",
        ".jupyter-matplotlib-canvas-container canvas",
    ),
}
WAYS |= IPYMPL if importlib.util.find_spec("ipympl") else {}

KEY, FRAMES = "slider, key press to changed pixels", "slider, frames shown while a key is held down"
NETWORKS = {"": 0, ", 100 ms away": 0.1}  # seconds, each way
HIDDEN = {"jupyter": {"source_hidden": True}}
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


def unavailable():
    """Why there is no browser to measure with, or None."""
    if importlib.util.find_spec("playwright") is None:
        return "playwright is not installed"
    return None if chromium() else "no Chromium found"


@contextlib.contextmanager
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver.chromium.launch(**chromium())


def open_page(browser, url, path):
    """A page with JupyterLab, whose one tab is a notebook in which all cells have run."""
    page = browser.new_context(viewport={"width": 1280, "height": 1100}).new_page()
    page.goto(url(path).replace("/lab/", f"/lab/workspaces/{secrets.token_hex(4)}/"))  # with no tabs of others
    run_all(page)
    page.add_script_tag(path=Path(__file__).parent / "watch.js")
    return page


def write(path, code):
    """Make a notebook of one cell, whose code is not shown."""
    cell = nbformat.v4.new_code_cell(code, metadata=HIDDEN)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=PYTHON), path)


def rows(presses=20, rounds=3, seconds=5):
    """The rows on the slider; without a browser, they say so."""
    if unavailable():
        yield from (missing(what + away, unavailable()) for away in NETWORKS for what in (KEY, FRAMES))
        return
    with tempfile.TemporaryDirectory() as folder, jupyterlab(folder) as url, browser() as chrome:
        way = LongWay(urlsplit(url("")).port)
        sliders = []
        for name, (code, *parts) in enumerate(WAYS.values()):
            write(Path(folder, f"{name}.ipynb"), code)
            sliders.append(Slider(open_page(chrome, _through(way, url), f"{name}.ipynb"), *parts))
        for away, way.delay in NETWORKS.items():
            for what, unit, looks in (
                (KEY, "ms", in_turns(presses, *[slider.latency for slider in sliders])),
                (FRAMES, "frames/s", in_turns(rounds, *[lambda s=s: s.frames(seconds) for s in sliders])),
            ):
                for name, rival in zip(list(WAYS)[1:], looks[1:], strict=True):
                    yield row(what + away, looks[0], name, rival, unit)


def _through(way, url):
    """The same addresses, at the other end of the way."""
    port = urlsplit(url("")).port
    return lambda path: url(path).replace(f":{port}/", f":{way.port}/")


class Slider:
    """A slider in the page, the element that takes its keys, and the picture that it changes."""

    def __init__(self, page, handle, picture):
        self.page, self.picture = page, picture
        self.handle = page.locator(handle).first
        page.wait_for_selector(picture)
        self.keys = itertools.cycle(["ArrowRight"] * 40 + ["ArrowLeft"] * 40)
        self._rest()
        self.page.keyboard.press("Home")

    def latency(self):
        """Milliseconds from one key press to changed pixels."""
        self._rest()
        self.page.evaluate("picture => { window.answered = answer(picture); }", self.picture)
        self.page.keyboard.press(next(self.keys))
        return self.page.evaluate("answered")

    def frames(self, seconds):
        """Frames a second while a key is held down: it's sent again 30 times a second, as keyboards do it."""
        self._rest()
        self.page.evaluate("picture => { window.finish = count(picture); }", self.picture)
        start = time.monotonic()
        for number in itertools.count(1):
            self.page.keyboard.down(next(self.keys))
            time.sleep(max(0, start + number / 30 - time.monotonic()))
            if time.monotonic() > start + seconds:
                break
        shown = self.page.evaluate("finish()")
        for key in ("ArrowLeft", "ArrowRight"):
            self.page.keyboard.up(key)
        return shown

    def _rest(self):
        """Let the page come to rest."""
        self.handle.focus()
        time.sleep(1)
