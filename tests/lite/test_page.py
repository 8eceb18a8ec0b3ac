"""What a student meets where Python runs in the browser: how it starts, what it says, what it keeps."""

import json

import pytest

from tests.browser.pages import PANEL, PATIENCE, WINDOW, Desk, Notebook, expect, serious

from .conftest import SITE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("silent_console")]
START, SECOND = "notebooks/00_start_here.ipynb", "notebooks/02_the_learning_rate.ipynb"
STARTS, READY = "Python starts in your browser.", "Python is ready."
KEPT, LONG = "What you change is kept in this browser only.", "A cell runs for long."
NEWER = "There is a newer version of this notebook."
CHECK = 2  # a code cell of START
QUESTION = """
from gdtools.quiz import choose
choose("Which way?", right={"down": "Yes, down."}, wrong={"up": "That is up."})
"""
ENDLESS = """
from gdtools.checks import check

def gradient_step(theta, gradient, learning_rate):
    while True:
        pass

check("gradient_step")
"""


@pytest.fixture(scope="module")
def desk(browser, site):
    """A first visit."""
    context = browser.browser.new_context(viewport=WINDOW)
    yield Desk(context, site)
    context.close()


def toast(desk, text):
    return desk.page.locator(".Toastify__toast").filter(has_text=text)


def shown(desk, path):
    """The notebook in front, once it is this one."""
    desk.page.wait_for_function(f"path => {PANEL}?.context?.path === path", arg=path)
    return Notebook(desk, path)


def write(desk, cell, source):
    code = (
        "([cell, source]) => jupyterapp.shell.currentWidget.content.widgets[cell].model.sharedModel.setSource(source)"
    )
    desk.page.evaluate(code, [cell, source])


@pytest.fixture(scope="module")
def notebook(desk):
    return shown(desk, START)


def test_a_first_visit_begins_at_the_beginning_says_that_python_starts_and_what_is_kept(desk):
    expect(toast(desk, STARTS)).to_be_visible()
    expect(toast(desk, KEPT)).to_be_visible()
    notebook = shown(desk, START)
    expect(toast(desk, STARTS)).to_have_count(0)
    assert serious(desk.page, ".Toastify__toast") == []
    assert not desk.page.evaluate(f"() => {PANEL}.context.model.dirty"), "a copy that grows old"
    notebook.run_cell(CHECK)
    expect(notebook.cell(CHECK)).to_contain_text("Everything is here. gdtools comes from this page.")
    expect(notebook.panel.get_by_title("Interrupt the kernel")).to_have_count(0)


def test_a_question_is_answered(desk, notebook):
    write(desk, CHECK, QUESTION)
    notebook.run_cell(CHECK)
    question = notebook.cell(CHECK).locator(".gdtools-question")
    for option, reply in ("up", "That is up."), ("down", "Yes, down."):
        question.get_by_label(option).check()
        question.get_by_role("button", name="Check").click()
        expect(question.get_by_role("status")).to_contain_text(reply)


def test_an_answer_without_an_end_is_stopped_by_its_check(desk, notebook):
    write(desk, CHECK, ENDLESS)
    notebook.run_cell(CHECK)
    expect(notebook.cell(CHECK)).to_contain_text("has not finished after")


@pytest.mark.long
def test_a_cell_without_an_end_is_told_of_and_a_restart_ends_it(desk, notebook):
    write(desk, CHECK, "while True:\n    pass")
    notebook.cell(CHECK).locator(".cm-content").click()
    desk.page.keyboard.press("Control+Enter")
    expect(toast(desk, LONG)).to_be_visible(timeout=PATIENCE)
    toast(desk, LONG).get_by_role("button", name="Restart Python").click()
    desk.page.locator(".jp-Dialog .jp-mod-accept").click()
    expect(toast(desk, STARTS)).to_be_visible()
    expect(toast(desk, LONG)).to_have_count(0)
    notebook.wait_until_idle()
    write(desk, CHECK, "6 * 7")
    notebook.run_cell(CHECK)
    expect(notebook.cell(CHECK)).to_contain_text("42")


@pytest.mark.long
def test_the_guide_is_a_click_away_and_can_be_read_by_all(desk, notebook):
    toast(desk, KEPT).get_by_role("button", name="More").click()
    expect(desk.page.locator(".jp-MarkdownViewer h1")).to_contain_text("The course in your browser")
    assert serious(desk.page, ".jp-MarkdownViewer .jp-RenderedMarkdown") == []


@pytest.mark.long
def test_a_newer_version_is_told_of_and_taken_and_the_old_one_is_kept_beside(desk):
    newer = json.loads((SITE / "files" / SECOND).read_text(encoding="utf-8"))
    newer["cells"][0]["source"] = "# Better words"
    open_and_read(desk, SECOND)
    write(desk, 0, "# Mine")
    desk.run("docmanager:save")
    expect(toast(desk, NEWER)).to_have_count(0)
    close(desk)
    desk.page.context.route(f"**/files/{SECOND}", lambda route: route.fulfill(json=newer))
    assert open_and_read(desk, SECOND) == "# Mine"
    toast(desk, NEWER).get_by_role("button", name="Take the newer").click()
    expect(desk.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) h1", has_text="Better words")).to_be_visible()
    close(desk)
    assert open_and_read(desk, SECOND.replace(".ipynb", " (mine).ipynb")) == "# Mine"


def open_and_read(desk, path):
    """The first cell of the notebook, which needs no kernel to be read."""
    desk.run("docmanager:open", path=path)
    front = f"path => {PANEL}.context?.path === path && {PANEL}.context.isReady"
    desk.page.wait_for_function(front, arg=path)
    desk.page.wait_for_timeout(1000)  # in which it is compared with what is published
    return desk.page.evaluate(f"() => {PANEL}.content.model.toJSON().cells[0].source")


def close(desk):
    """Shut the kernel down, once there is one, and close the tab, unsaved."""
    shown(desk, desk.page.evaluate(f"() => {PANEL}.context.path")).close()
