"""Questions in JupyterLab answer back, to the keyboard too, and keep what they were told."""

import re

import pytest

from .pages import WINDOW, Desk, expect, expect_no_overflow, expect_stand_in
from .test_live import contrast

pytestmark = pytest.mark.browser

SETUP = "from gdtools.quiz import choose, exam, number"
CHOICE = """choose(
    "The gradient is [−2, 5]. Where does <b>the update</b> go?",
    right={"to [+2, −5], times η": "Against the gradient."},
    wrong={"down in both parameters": "That takes the gradient for a position.", "to [−2, 5], times η": "Uphill."},
)"""
NUMBER = """number(
    "From 3 with η = 0.1 on x²?", answer=0.8 * 3, hints={1.2 * 3: "Mind the minus."}, solution="0.8 · 3\\n= 2.4"
)"""
POINT = 'number("And from (3, 4) on x² + y²?", answer=[0.8 * 3, 0.8 * 4])'
MINUTES = 'number("How long is the flight?", answer=18.0, unit="minutes")'
EXAM = 'exam("one step by hand")'
CELLS = [SETUP, CHOICE, NUMBER, POINT, MINUTES, f"question = {EXAM}\nquestion"]


class Quiz:
    """A question on the page; its parts are found by what a screen reader calls them."""

    def __init__(self, cell):
        self.root, self.page = cell.locator(".gdtools-question"), cell.page
        expect(self.root).to_have_count(1)
        self.group, self.feedback = self.root.get_by_role("group").first, self.root.get_by_role("status")
        self.options, self.box = self.root.get_by_role("radio"), self.root.get_by_role("textbox")
        self.check = self.root.get_by_role("button", name="Check")
        self.again = self.root.get_by_role("button", name="New numbers")
        self.solution = self.root.locator("details")

    def type(self, text, key="Enter"):
        self.box.focus()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.type(text)
        self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def notebook(desk, lab):
    lab.write("quiz.ipynb", CELLS)
    notebook = desk.open("quiz.ipynb")
    notebook.run_all()
    yield notebook
    notebook.close()


@pytest.fixture(autouse=True)
def nothing_is_printed_and_nothing_raised(notebook):
    yield
    outputs = [output for cell in notebook.cells() for output in cell["outputs"]]
    printed = [output for output in outputs if output["output_type"] != "display_data"]
    # The last words of a kernel that is shut down while it sends are ipykernel's own.
    assert [output for output in printed if "Task was destroyed" not in output.get("text", "")] == []


def quiz(notebook, cell):
    return Quiz(notebook.cell(cell))


def test_a_choice_is_answered_by_keyboard_alone(notebook):
    question, keyboard = quiz(notebook, 1), notebook.page.keyboard
    expect(question.group).to_have_accessible_name("The gradient is [−2, 5]. Where does <b>the update</b> go?")
    expect(question.feedback).to_have_attribute("aria-live", "polite")
    expect(question.feedback).to_be_empty()
    question.check.focus()
    keyboard.press("Shift+Tab")
    keyboard.press("Tab")
    expect(question.check).to_be_focused()
    keyboard.press("Enter")
    expect(question.feedback).to_have_text("Choose an option first.")
    keyboard.press("Shift+Tab")  # without a choice, to the last option
    for key in ("Space", "ArrowDown", "ArrowDown", "ArrowUp"):
        keyboard.press(key)
        chosen = question.root.locator("input:checked")
        expect(chosen).to_be_focused()
        keyboard.press("Enter")
        sign = "✓ Right." if chosen.input_value().startswith("to [+2") else "✗ Not this one."
        expect(question.feedback).to_contain_text(sign)
    expect(question.options).to_have_count(3)


def test_a_choice_tells_a_reason_for_every_option(notebook):
    question = quiz(notebook, 1)
    for option, words in (
        ("down in both parameters", "✗ Not this one. That takes the gradient for a position."),
        ("to [−2, 5], times η", "✗ Not this one. Uphill."),
        ("to [+2, −5], times η", "✓ Right. Against the gradient."),
    ):
        question.root.get_by_label(option).check()
        question.check.click()
        expect(question.feedback).to_have_text(words)


TYPED = [
    (2, "3.6", "✗ Not yet. Mind the minus."),
    (2, "", "Type a number first."),
    (2, "abc", "“abc” isn't a number."),
    (2, "1e999", "“1e999” is too large a number."),
    (2, "3,14", "Write a decimal point"),
    (2, "nan", "is no number to answer with"),
    (2, "−2.4", "✗ Not yet. The size is right. Look at the sign."),
    (2, "12/5", "✓ Right."),
    (2, "2.4 ", "✓ Right."),
    (3, "2.4", "The answer is 2 numbers, and you typed 1."),
    (3, "(2.4, 3.2)", "✓ Right."),
    (4, "18 hours", "“hours” isn't a number. The answer is in minutes; type the number alone."),
    (4, "18 minutes", "✓ Right."),
]


def test_each_typed_answer_gets_its_reply(notebook):
    for cell, text, words in TYPED:
        question = quiz(notebook, cell)
        question.type(text)
        expect(question.feedback).to_contain_text(words)
        expect(question.box).to_have_value(text)
        expect(question.box).to_be_focused()


def test_the_unit_is_in_the_label(notebook):
    expect(quiz(notebook, 4).box).to_have_accessible_name("Your answer, in minutes:")


def test_the_same_reply_is_announced_again(notebook):
    question = quiz(notebook, 2)
    question.type("abc")
    expect(question.feedback).to_contain_text("isn't a number")
    question.feedback.evaluate("""e => {
        e.texts = [];
        new MutationObserver(() => e.texts.push(e.textContent)).observe(e, { childList: true });
    }""")
    question.check.click()
    notebook.page.wait_for_function("e => e.texts.includes('')", arg=question.feedback.element_handle())
    expect(question.feedback).to_contain_text("isn't a number")


def test_the_solution_is_folded_after_a_wrong_answer_and_open_after_the_right_one(notebook):
    question = quiz(notebook, 2)
    question.type("1")
    expect(question.feedback).to_contain_text("✗")
    steps = question.solution.locator("p")
    expect(steps).to_be_hidden()
    question.check.focus()
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("Enter")
    expect(steps).to_be_visible()
    assert steps.inner_text() == "0.8 · 3\n= 2.4"
    question.type("7")
    expect(steps).to_be_hidden()
    question.type("2.4")
    expect(steps).to_be_visible()


def test_letters_typed_into_a_question_are_no_commands(notebook):
    before = len(notebook.cells())
    question = quiz(notebook, 2)
    question.type("ddaabbmy00x", key="ArrowUp")
    question.check.focus()
    for key in ("a", "b", "d", "d", "ArrowDown"):
        notebook.page.keyboard.press(key)
    expect(question.box).to_have_value("ddaabbmy00x")
    assert len(notebook.cells()) == before


def test_a_cell_run_again_keeps_the_answer_and_frees_the_first(notebook):
    question = quiz(notebook, 2)
    question.type("3.6")
    expect(question.feedback).to_have_text("✗ Not yet. Mind the minus.")
    quiz(notebook, 1).root.get_by_label("to [−2, 5], times η").check()
    quiz(notebook, 1).check.click()
    expect(quiz(notebook, 1).feedback).to_contain_text("Uphill.")
    before = notebook.n_widgets()
    notebook.run_cell(2)
    notebook.run_cell(1)
    question = quiz(notebook, 2)
    expect(question.box).to_have_value("3.6")
    expect(question.feedback).to_have_text("✗ Not yet. Mind the minus.")
    expect(quiz(notebook, 1).root.get_by_label("to [−2, 5], times η")).to_be_checked()
    expect(quiz(notebook, 1).feedback).to_contain_text("Uphill.")
    assert notebook.n_widgets() == before


def test_an_exam_question_shows_its_solution_keeps_its_numbers_and_has_new_ones(notebook):
    question = quiz(notebook, 5)
    asked = question.group.locator("legend").text_content()
    question.type("(100, 100)")
    expect(question.feedback).to_contain_text("✗ Not yet.")
    expect(question.solution.locator("p")).to_contain_text("So you land at")
    notebook.run_cell(5)
    question = quiz(notebook, 5)
    expect(question.group.locator("legend")).to_have_text(asked)
    expect(question.box).to_have_value("(100, 100)")
    question.again.focus()
    notebook.page.keyboard.press("Enter")
    expect(question.group.locator("legend")).not_to_have_text(asked)
    expect(question.box).to_be_focused()
    expect(question.box).to_have_value("")
    expect(question.feedback).to_be_empty()
    expect(question.solution).to_be_hidden()
    question.type(notebook.kernel("print(question.problem.answer)"))
    expect(question.feedback).to_have_text("✓ Right.")
    expect(question.solution.locator("p")).to_contain_text("So you land at")


def test_the_stand_in_is_hidden_where_the_question_lives(notebook):
    for cell in range(1, len(CELLS)):
        quiz(notebook, cell)
        still = notebook.cell(cell).locator(".gdtools-stand-in")
        expect(still).to_have_count(1)
        expect(still).to_be_hidden()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_words_stand_out_from_what_is_behind_them(notebook, theme):
    question, choice = quiz(notebook, 2), quiz(notebook, 1)
    try:
        notebook.desk.change_theme(theme)
        contrasts = {}
        for text in ("2.4", "7", "abc"):
            question.type(text)
            expect(question.feedback).to_contain_text({"2.4": "✓", "7": "✗"}.get(text, "isn't"))
            contrasts[text] = contrast(question.feedback)
        question.type("2.4")
        expect(question.solution.locator("p")).to_be_visible()
        parts = [question.box, question.check, question.group.locator("legend"), question.root.get_by_text("Your")]
        parts += [question.solution.locator("p"), question.solution.locator("summary"), choice.root.get_by_text("down")]
        contrasts |= {part.text_content(): contrast(part) for part in parts}
    finally:
        notebook.desk.change_theme("JupyterLab Light")
    assert min(contrasts.values()) >= 4.5, contrasts


def test_a_narrow_window_shows_all_of_the_question(notebook):
    question = quiz(notebook, 1)
    question.page.set_viewport_size({"width": 800, "height": 900})
    try:
        expect_no_overflow(question.root)
    finally:
        question.page.set_viewport_size(WINDOW)


def test_after_a_restart_the_question_says_what_to_do_and_that_helps(desk, lab):
    lab.write("restarted.ipynb", [SETUP, NUMBER])
    notebook = desk.open("restarted.ipynb")
    notebook.run_all()
    notebook.restart()
    quiz(notebook, 1).type("2.4")
    expect(quiz(notebook, 1).feedback).to_contain_text("No answer? Run the cell again.")
    notebook.run_cell(0)
    notebook.run_cell(1)
    quiz(notebook, 1).type("2.4")
    expect(quiz(notebook, 1).feedback).to_contain_text("✓")
    notebook.close()


def test_without_a_kernel_the_question_says_that_it_waits_and_the_saved_notebook_shows_it(notebook, browser, lab):
    """The last test of this notebook: it has no kernel from here on."""
    notebook.desk.run("docmanager:save")
    notebook.desk.run("kernelmenu:shutdown")
    question = quiz(notebook, 2)
    question.type("2.4")
    expect(question.feedback).to_contain_text("Waiting for the kernel")
    another = Desk(browser, lab.fresh())
    reopened = another.open("quiz.ipynb")
    still = expect_stand_in(reopened.cell(1))
    expect(still).to_contain_text("Where does <b>the update</b> go?")
    expect(still.locator("details p")).to_be_hidden()
    still.locator("summary").click()
    expect(still.locator("details p")).to_contain_text("✓ to [+2, −5], times η: Against the gradient.")
    assert all(re.search("widget model not found", complaint) for complaint in another.complaints)
    reopened.close()
    another.page.close()
