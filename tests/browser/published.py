"""What the tests of pages and of slides share: a small course, read without a kernel and without the internet."""

import json
import re
from contextlib import contextmanager

import nbformat
import pytest
from nbformat.v4 import new_notebook

from tools.publish.assets import ROOT

from .pages import expect

README = "# A course\n\nWhat it is.\n\n## The notebooks\n\n* [One](notebooks/one.ipynb)\n"
EXPLORER = """
from gdtools.explorers import explore_descent
from gdtools.losses import bowl
explore_descent(bowl(1, 4), (4, 2), learning_rates=[0.05, 0.1, 0.2], learning_rate=0.1)
"""
CHART = '```mermaid\nflowchart TD\n    A["take<br/>a step"] --> B["look again"]\n```\n\nTake a step, look again.'
FOLDED = "<details><summary>What you should have found</summary>\n\nThe {} answer.\n\n</details>"
FAR = re.compile(r"(?!file:|data:|blob:)")
SCREEN = {"width": 1280, "height": 720}


def write_course(root, cells):
    """A course with one notebook, in the folder `root`; its path."""
    (root / "notebooks").mkdir()
    (root / "README.md").write_text(README)
    nbformat.write(new_notebook(cells=cells), root / "notebooks" / "one.ipynb")
    return root / "notebooks" / "one.ipynb"


@contextmanager
def offline(browser):
    """A page without the internet; what it asks for, outside of its folder, is in `page.asked`."""
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    if missing := [name for name in wanted if not (ROOT / "node_modules" / name).exists()]:
        pytest.skip(f"npm has not brought {missing}: run `make node_modules`, where npm is installed")
    context = browser.browser.new_context(viewport=SCREEN, offline=True)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: FAR.match(request.url) and page.asked.append(request.url))
    page.on("console", lambda message: message.type in ("error", "warning") and page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    assert page.asked == []
    assert page.complaints == []
    context.close()


def picture(explorer):
    return explorer.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def move(explorer):
    """Move the slider by keys; the picture and the words change with it."""
    explorer.page.wait_for_function("canvas => canvas.width > 300", arg=explorer.locator("canvas").element_handle())
    before, words = picture(explorer), explorer.locator(".gdtools-words").text_content()
    slider = explorer.get_by_role("slider", name="learning rate")
    slider.focus()
    slider.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "0.2")
    expect(explorer.locator(".gdtools-words")).not_to_have_text(words)
    assert picture(explorer) != before
