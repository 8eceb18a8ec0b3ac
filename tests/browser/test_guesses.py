"""A guess is kept by keyboard and by hand, stands beside what came out, and is looked back at."""

import re

import pytest

from .pages import WINDOW, Desk, expect, expect_no_overflow, expect_stand_in
from .test_live import contrast

pytestmark = pytest.mark.browser

CELLS = [
    'from gdtools.quiz import guess, guesses, result\nguess("share", "Which share is left?", unit="%")',
    'result("share", 80 * 0.8)',
    'guess("way", "Where does it head?", options=["to the middle", "past it"])',
    'result("way", "past it")',
    'guess("cliff", "Up to which η does it converge?", scale=[0.1, 0.2, 0.25, 0.5])',
    'result("cliff", 0.25)',
    'guess("late", "How many?")',
    'result("late", 7)',
    "guesses()",
]
SHARE, WAY, CLIFF, LATE, ALL = 0, 2, 4, 6, 8


class Form:
    """A guess on the page; its parts are found by what a screen reader calls them."""

    def __init__(self, cell):
        self.root, self.page = cell.locator(".gdtools-question"), cell.page
        expect(self.root).to_have_count(1)
        self.group, self.feedback = self.root.get_by_role("group").first, self.root.get_by_role("status")
        self.box, self.slider = self.root.get_by_role("textbox"), self.root.get_by_role("slider")
        self.keep = self.root.get_by_role("button", name="Keep my guess")

    def type(self, text):
        self.box.fill(text)
        self.page.keyboard.press("Enter")


@pytest.fixture
def notebook(desk, lab):
    lab.write("guesses.ipynb", CELLS)
    notebook = desk.open("guesses.ipynb")
    for cell in (SHARE, WAY, CLIFF, LATE):
        notebook.run_cell(cell)
    yield notebook
    notebook.close()


def form(notebook, cell):
    return Form(notebook.cell(cell))


def told(notebook, cell):
    notebook.run_cell(cell)
    return notebook.cell(cell).locator(".jp-OutputArea-output")


def test_a_number_is_kept_corrected_and_compared(notebook):
    share = form(notebook, SHARE)
    expect(share.group).to_have_accessible_name("Which share is left?")
    expect(share.box).to_have_accessible_name("Your guess, in %:")
    expect(share.root).to_contain_text("or run on without one")
    share.type("half")
    expect(share.feedback).to_have_text("“half” isn't a number. The answer is in %; type the number alone.")
    share.type("50")
    expect(share.feedback).to_have_text("Kept: 50 %. Now run the next cell.")
    share.box.fill("60")  # and on to the next cell, without Enter
    notebook.page.keyboard.press("Tab")
    expect(told(notebook, SHARE + 1)).to_have_text("You said 60 %; it is 64 %.")
    share.type("64")
    expect(share.feedback).to_contain_text("The answer is out already")
    expect(told(notebook, SHARE + 1)).to_have_text("You said 60 %; it is 64 %.")


def test_an_option_and_a_point_are_chosen_by_keyboard_alone(notebook):
    way, cliff, keyboard = form(notebook, WAY), form(notebook, CLIFF), notebook.page.keyboard
    way.keep.focus()
    keyboard.press("Enter")
    expect(way.feedback).to_have_text("Choose one first.")
    keyboard.press("Shift+Tab")
    keyboard.press("Space")
    expect(way.feedback).to_have_text(re.compile("Kept: “.*”. Now run the next cell."))
    way.root.get_by_label("to the middle").check()
    expect(told(notebook, WAY + 1)).to_have_text("You said “to the middle”; it is “past it”.")
    expect(cliff.slider).to_have_accessible_name("Your guess:")
    expect(cliff.slider).to_have_attribute("aria-valuetext", "0.2")
    cliff.slider.focus()
    keyboard.press("ArrowRight")
    expect(cliff.slider).to_have_attribute("aria-valuetext", "0.25")
    expect(cliff.root.locator("output")).to_have_text("0.25")
    expect(cliff.feedback).to_have_text("Kept: 0.25. Now run the next cell.")
    expect(told(notebook, CLIFF + 1)).to_have_text("You said 0.25, and so it is.")


def test_who_skips_a_guess_is_told_nothing_and_the_others_are_looked_back_at(notebook):
    form(notebook, SHARE).type("20")
    told(notebook, SHARE + 1)
    expect(told(notebook, LATE + 1)).to_have_count(0)
    back = told(notebook, ALL)
    expect(back).to_contain_text("You made 1 of 4 guesses. Far off: 1. Look at those again.")
    expect(back.get_by_role("row")).to_have_count(1)
    back.get_by_role("link", name="Look again").click()
    expect(form(notebook, SHARE).root).to_be_in_viewport()


def test_a_cell_run_again_keeps_the_guess_and_a_restart_forgets_it(notebook):
    form(notebook, SHARE).type("20")
    expect(form(notebook, SHARE).feedback).to_contain_text("Kept")
    widgets = notebook.n_widgets()
    notebook.run_cell(SHARE)
    expect(form(notebook, SHARE).box).to_have_value("20")
    expect(form(notebook, SHARE).feedback).to_contain_text("Kept: 20 %.")
    assert notebook.n_widgets() == widgets
    notebook.restart()
    form(notebook, SHARE).type("30")
    expect(form(notebook, SHARE).feedback).to_contain_text("No answer? Run the cell again.")
    notebook.run_cell(SHARE)
    expect(form(notebook, SHARE).box).to_have_value("")


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_stand_out_in_both_themes_and_fit_a_narrow_window(notebook, theme):
    share, cliff = form(notebook, SHARE), form(notebook, CLIFF)
    share.type("20")
    expect(share.feedback).to_contain_text("Kept")
    came = told(notebook, SHARE + 1).locator("p")
    try:
        notebook.desk.change_theme(theme)
        notebook.page.set_viewport_size({"width": 800, "height": 900})
        parts = [share.feedback, share.box, share.keep, share.root.get_by_text("or run on"), came]
        parts += [cliff.root.locator("output")]
        assert min(map(contrast, parts)) >= 4.5
        expect_no_overflow(share.root)
        expect_no_overflow(cliff.root)
    finally:
        notebook.page.set_viewport_size(WINDOW)
        notebook.desk.change_theme("JupyterLab Light")


def test_without_a_kernel_the_guess_says_so_and_the_saved_notebook_shows_the_question(notebook, browser, lab):
    notebook.desk.run("docmanager:save")
    notebook.desk.run("kernelmenu:shutdown")
    form(notebook, SHARE).type("20")
    expect(form(notebook, SHARE).feedback).to_contain_text("Waiting for the kernel")
    another = Desk(browser, lab.fresh())
    reopened = another.open("guesses.ipynb")
    expect(expect_stand_in(reopened.cell(SHARE))).to_contain_text("Which share is left?")
    reopened.close()
    another.page.close()
