"""From a key press on a slider to changed pixels, in JupyterLab and Chromium: LiveFigure against `interact`."""

import itertools
import tempfile
import time
from pathlib import Path

import nbformat

from benchmarks import textbook
from benchmarks.measure import in_turns, missing, row
from tools.lab import chromium, jupyterlab, run_all

OURS = """\
import numpy as np
from gdtools.explorers import explore_descent
from gdtools.losses import bowl
explore_descent(bowl(1, 4), (4, 2), np.arange(1, 61) * 0.005, steps=60)"""

RIVAL = f"""\
from ipywidgets import interact
{Path(textbook.__file__).read_text(encoding="utf-8")}
interact(draw, rate=(0.005, 0.3, 0.005));"""

KEY, FRAMES = "slider, key press to changed pixels", "slider, frames shown while a key is held down"
HIDDEN = {"jupyter": {"source_hidden": True}}
PYTHON = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}


def rows(presses=30, rounds=3, seconds=5):
    """The two rows on the slider; without a browser, they say so."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return [missing(what, "playwright is not installed") for what in (KEY, FRAMES)]
    browser = chromium()
    if browser is None:
        return [missing(what, "no Chromium found") for what in (KEY, FRAMES)]
    with tempfile.TemporaryDirectory() as folder, jupyterlab(folder) as url, sync_playwright() as driver:
        cells = [nbformat.v4.new_code_cell(code, metadata=HIDDEN) for code in (OURS, RIVAL)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=PYTHON), Path(folder) / "slider.ipynb")
        page = driver.chromium.launch(**browser).new_page(viewport={"width": 1280, "height": 1500})
        page.goto(url("slider.ipynb"))
        run_all(page)
        page.add_script_tag(path=Path(__file__).parent / "watch.js")
        ours = Slider(page, ".gdtools-slider input", ".gdtools-picture canvas")
        rival = Slider(page, ".widget-slider .noUi-handle", ".widget-output img")
        key = in_turns(presses, ours.latency, rival.latency)
        frames = in_turns(rounds, lambda: ours.frames(seconds), lambda: rival.frames(seconds))
    name = "`interact`, `plt.show()`"
    return [row(KEY, key[0], name, key[1]), row(FRAMES, frames[0], name, frames[1], "frames/s")]


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
        """Frames a second while keys are held down, each sent as soon as the page has taken the one before."""
        self._rest()
        self.page.evaluate("picture => { window.finish = count(picture); }", self.picture)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.page.keyboard.down(next(self.keys))
        shown = self.page.evaluate("finish()")
        for key in ("ArrowLeft", "ArrowRight"):
            self.page.keyboard.up(key)
        return shown

    def _rest(self):
        """Let the page come to rest."""
        self.handle.focus()
        time.sleep(0.5)
