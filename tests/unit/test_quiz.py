"""Questions: what is typed gets a fair reply, an answer is kept, and fresh numbers are never degenerate."""

import random
import re
from html.parser import HTMLParser

import ipywidgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdtools.quiz import answers, choose, exam, number
from gdtools.quiz import question as widget
from gdtools.quiz.answers import Choice, Number
from gdtools.quiz.exam import fresh
from gdtools.widgets import cells
from gdtools.widgets.cells import CellWidget

pytestmark = pytest.mark.filterwarnings("error")

SEEDS = range(200)
SHARE = Number("Share?", 36.0, unit="%", hints={64.0: "That is what is left."})
RIGHT = {"to [2, −5]": "Against the gradient."}
WRONG = {"down in both": "That takes the gradient for a position.", "to [−2, 5]": "That is uphill."}
PLACE = Number("Where to?", [0.8 * 3, 0.8 * 4], hints={(1.2 * 3, 1.2 * 4): "Mind the minus."})


@pytest.fixture(autouse=True)
def a_new_session(monkeypatch):
    monkeypatch.setattr(widget, "_answers", {})
    monkeypatch.setattr(widget, "_drawn", {})
    yield
    ipywidgets.Widget.close_all()


@pytest.fixture
def question():
    return choose("Where does the update go?", right=RIGHT, wrong=WRONG)


def state(question):
    """What a reader has on the page, apart from the reply."""
    return question._question, question._answer, question._solution, question._open


# --- typed answers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2.4", [2.4]),
        (" 2.4 ", [2.4]),
        (".5", [0.5]),
        ("5.", [5]),
        ("+3", [3]),
        ("−2", [-2]),
        ("– 2", [-2]),
        ("2.5e-3", [0.0025]),
        ("1e−3", [0.001]),
        ("2/9", [2 / 9]),
        ("-2 / 8", [-0.25]),
        ("x = 2.4", [2.4]),
        ("≈0.33", [0.33]),
        ("(2.4)", [2.4]),
        ("(2.4, 3.2)", [2.4, 3.2]),
        ("[2.4 3.2]", [2.4, 3.2]),
        ("2.4, 3.2", [2.4, 3.2]),
        ("2.4;3.2", [2.4, 3.2]),
        ("( 2.4 , − 3.2 )", [2.4, -3.2]),
        ("x = 2.4, y = −1/2", [2.4, -0.5]),
        ("θ = (2, 3)", [2, 3]),
        ("(2.4, 3.2).", [2.4, 3.2]),
        ("2.4.", [2.4]),
        ("2.4 and 3.2", [2.4, 3.2]),
        ("x = 2.4 and y = −3.2", [2.4, -3.2]),
        ("２．４", [2.4]),
        ("（２．４，　－３．２）", [2.4, -3.2]),
        ("½", [0.5]),
        ("−2½", [-2.5]),
        ("(¼, ⅔)", [0.25, 2 / 3]),
        ("1 812", [1812]),
        ("1\u202f812", [1812]),
        ("10'000.5", [10000.5]),
        ("1 812, −2 400", [1812, -2400]),
        ("1 812", [1, 812]),
        ("36 %", [0.36]),
        ("36 percent", [0.36]),
        ("2.4 % and 3.2 %", [0.024, 0.032]),
    ],
)
def test_numbers_are_read_as_people_write_them(text, numbers):
    assert answers.read(text, len(numbers)).tolist() == pytest.approx(numbers, rel=1e-15)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("18 minutes", "minutes"), ("18minutes", "minutes"), ("18 Minute", "minutes"), ("18", "minutes")]
    + [("18%", "%"), ("18 %", "%"), ("18 percent", "%"), ("18 per cent.", "%"), ("１８％", "%"), ("18", "%")]
    + [("18 updates", "updates"), ("18 update", "updates"), ("= 18 updates.", "updates")],
)
def test_a_unit_may_follow(text, unit):
    assert answers.read(text, 1, unit).tolist() == [18]


@pytest.mark.parametrize(
    ("text", "how_many", "unit", "words"),
    [
        ("", 1, "", "Type a number first."),
        ("  ", 2, "", "Type a number first."),
        ("()", 2, "", "Type a number first."),
        ("%", 1, "%", "Type a number first."),
        ("abc", 1, "", "“abc” isn't a number. Type it like 0.25, 1/4 or 2.5e-3."),
        ("18 hours", 1, "minutes", "“hours” isn't a number. The answer is in minutes; type the number alone."),
        ("36 %", 1, "minutes", "“36%” isn't a number. The answer is in minutes"),
        ("1.2.3", 1, "", "“1.2.3” isn't a number."),
        ("1e", 1, "", "“1e” isn't a number."),
        ("0x10", 1, "", "“0x10” isn't a number."),
        ("1_000", 1, "", "“1_000” isn't a number."),
        ("1e999", 1, "", "“1e999” is too large a number."),
        ("1/1e-320", 1, "", "too large"),
        ("1e999/1e999", 1, "", "too large"),
        ("1/0", 1, "", "Nothing can be divided by 0."),
        ("nan", 1, "", "“nan” is no number to answer with"),
        ("-inf", 1, "", "“-inf” is no number to answer with"),
        ("∞", 1, "", "“∞” is no number to answer with"),
        ("3,14", 1, "", "Write a decimal point, as in 3.14"),
        ("10,000", 1, "", "10000 without a comma"),
        ("2,4 3,2", 2, "", "Write a decimal point, as in 3.14"),
        ("2.4", 2, "", "The answer is 2 numbers, and you typed 1."),
        ("2 4", 1, "", "The answer is one number, and you typed 2."),
        ("1, 2, 3", 2, "", "The answer is 2 numbers, and you typed 3."),
        ("1" * 101, 1, "", "That is too long."),
    ],
)
def test_what_cannot_be_understood_is_told_so(text, how_many, unit, words):
    with pytest.raises(answers.Unclear) as unclear:
        answers.read(text, how_many, unit)
    assert words in str(unclear.value)


@pytest.mark.parametrize(
    ("problem", "text", "verdict", "words"),
    [
        (PLACE, "(2.4, 3.2)", "right", "✓ Right."),
        (PLACE, "(3.6, 4.8)", "wrong", "✗ Not yet. Mind the minus."),
        (PLACE, "(-2.4, 3.2)", "wrong", "✗ Not yet. The size is right. Look at the sign."),
        (PLACE, "(3.2, 2.4)", "wrong", "✗ Not yet. These are the right numbers in the wrong order."),
        (PLACE, "(24, 32)", "wrong", "✗ Not yet. The digits are right. Look at the decimal point."),
        (PLACE, "(2.3, 3.1)", "wrong", "✗ Not yet. Close. Compute with more digits."),
        (PLACE, "(7, 3.2)", "wrong", "✗ Not yet. Number 2 is right, number 1 isn't."),
        (Number("Place?", (0.1, 0.0)), "(0.1, 0.0009)", "right", "✓ Right."),
        (Number("Place?", (0.1, 0.0)), "(0.1, 0.007)", "wrong", "✗ Not yet. Number 1 is right, number 2 isn't."),
        (PLACE, "(7, 7)", "wrong", "✗ Not yet. Try again."),
        (Number("Digits?", 0.126), "0.13", "wrong", "✗ Not yet. Close. Compute with more digits."),
        (Number("Digits?", 0.1264), "0.126", "right", "✓ Right."),
        (Number("Count?", 313, hints={312: "Who is left out?"}), "312", "wrong", "✗ Not yet. Who is left out?"),
        (Number("Count?", 313), "313.0", "right", "✓ Right."),
        (Number("Count?", 313), "314", "wrong", "✗ Not yet. Try again."),
        (Number("Count?", np.int64(313)), "313", "right", "✓ Right."),
        (Number("About?", 313, tolerance=0.1), "300", "right", "✓ Right."),
        (Number("Nothing?", 0.0), "0", "right", "✓ Right."),
        (Number("Nothing?", 0.0), "3", "wrong", "✗ Not yet. Try again."),
        (Number("Hard?", 7.0, solution="3 + 4"), "1", "wrong", "✗ Not yet. Compare your steps with the solution."),
        (SHARE, "36", "right", "✓ Right."),
        (SHARE, "36 %", "right", "✓ Right."),
        (SHARE, "0.36", "right", "✓ Right."),
        (SHARE, "9/25", "right", "✓ Right."),
        (SHARE, "0.64", "wrong", "✗ Not yet. That is what is left."),
        (SHARE, "0.36 %", "wrong", "✗ Not yet. The digits are right. Look at the decimal point."),
        (Number("Share?", 0.5, unit="%"), "0.5", "right", "✓ Right."),
        (Number("Share?", 0.36), "36 %", "right", "✓ Right."),
        (PLACE, "7,4", "wrong", "✗ Not yet. Try again. A comma separates numbers here: this was read as 7 and 4."),
        (PLACE, "7, 4", "wrong", "✗ Not yet. Try again."),
        (Number("Place?", (2, 4)), "2,4", "right", "✓ Right."),
        (Number("Huge?", 1e307), "-1e308", "wrong", "✗ Not yet. Try again."),
    ],
)
def test_each_answer_gets_its_reply(problem, text, verdict, words):
    assert problem.reply(text) == (verdict, words)


SENSIBLE = st.text("0123456789.,;-−+eE/()[] =%xnaif", max_size=20)
PROBLEMS = [
    PLACE,
    Number("Count?", 313),
    Number("Share?", 36.0, unit="%"),
    Number("Huge?", -1e307),
    Choice("?", RIGHT, WRONG),
]


@given(text=st.text() | SENSIBLE, index=st.integers(0, len(PROBLEMS) - 1))
def test_any_text_gets_a_reply(text, index):
    verdict, words = PROBLEMS[index].reply(text)
    assert verdict in ("right", "wrong", "unclear")
    assert {"right": "✓", "wrong": "✗"}.get(verdict, words[0]) == words[0]


@given(value=st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-6))
def test_the_answer_itself_is_right_and_its_opposite_is_wrong(value):
    problem = Number("What?", value)
    assert problem.reply(repr(value)).verdict == "right"
    assert problem.reply(repr(-value)).verdict == "wrong"


# --- the widget


def test_every_option_tells_its_reason(question):
    for option, reason in (RIGHT | WRONG).items():
        question.answer(option)
        assert question.verdict == ("right" if option in RIGHT else "wrong")
        assert question.feedback.endswith(reason)
    question.answer("")
    assert (question.verdict, question.feedback) == ("unclear", "Choose an option first.")


def test_the_order_of_options_is_fixed_and_tells_nothing(question):
    assert sorted(question._options) == sorted([*RIGHT, *WRONG])
    assert (
        question._options
        == choose("Where does the update go?", right=RIGHT, wrong=dict(reversed(WRONG.items())))._options
    )
    places = [Choice(f"Question {n}?", RIGHT, WRONG).options.index(*RIGHT) for n in range(90)]
    assert min(np.bincount(places, minlength=3)) > 15


def test_the_browsers_message_is_answered_once():
    asked, sent = number("What is 2 · 21?", answer=42), []
    asked.comm.send = lambda **message: sent.append(message["data"]["state"])
    asked._handle_custom_msg({"answer": "41"}, [])
    (message,) = sent
    assert message["verdict"] == "wrong"
    assert message["feedback"] == "✗ Not yet. Try again."
    assert "_replies" in message


def test_the_solution_is_offered_after_a_wrong_answer_and_open_after_the_right_one():
    asked = number("What is 2 · 21?", answer=42, solution="Twice 21.")
    assert asked._solution == ""
    asked.answer("41")
    assert (asked._solution, asked._open) == ("Twice 21.", False)
    asked.answer("42")
    assert (asked._solution, asked._open) == ("Twice 21.", True)


@pytest.mark.parametrize("text", ["", "abc", "3,14", "1e999", "nan", "1 2"])
def test_an_unclear_answer_changes_nothing_but_the_reply(text):
    asked = number("What is 2 · 21?", answer=42, solution="Twice 21.")
    asked.answer("41")
    before = state(asked), dict(widget._answers)
    asked.answer(text)
    assert asked.verdict == "unclear"
    assert (state(asked), widget._answers) == before


def test_a_cell_run_again_has_the_answer_and_its_feedback(question):
    question.answer("down in both")
    question.answer("")
    again = choose("Where does the update go?", right=RIGHT, wrong=WRONG)
    assert (again._answer, again.verdict) == ("down in both", "wrong")
    assert again.feedback == question.problem.reply("down in both").words


def test_another_question_and_other_options_know_nothing_of_it(question):
    question.answer("down in both")
    assert choose("Where does it go?", right=RIGHT, wrong=WRONG).verdict == ""
    changed = choose("Where does the update go?", right=RIGHT, wrong={"elsewhere": "No."})
    assert (changed._answer, changed.verdict, changed.feedback) == ("", "", "")


def test_an_exam_keeps_its_numbers_until_new_ones_are_asked_for():
    first = exam("one step by hand")
    first.answer("(100, 100)")
    again = exam("one step by hand")
    assert state(again) == state(first)
    assert again._open and again.verdict == "wrong"
    again._handle_custom_msg({"again": True}, [])
    assert again._question != first._question
    assert (again._answer, again.verdict, again.feedback, again._solution) == ("", "", "", "")
    assert exam("one step by hand")._question == again._question


def test_new_numbers_are_others_and_those_that_come_back_have_no_answer(monkeypatch):
    one, other = (fresh("one step by hand", random.Random(seed)) for seed in (1, 2))
    drawn = iter([one, one, one, other, one])  # as an example, at first, not again, next, and back
    monkeypatch.setattr(widget, "fresh", lambda kind, rng: next(drawn))
    asked = exam("one step by hand")
    asked.answer("(100, 100)")
    asked._handle_custom_msg({"again": True}, [])
    assert asked.problem == other
    asked._handle_custom_msg({"again": True}, [])
    assert (asked.problem, asked._answer, asked.verdict) == (one, "", "")


def test_an_exam_of_all_kinds_asks_all_kinds():
    asked = exam()
    units = set()
    for _ in range(200):
        units.add(re.sub(r"[−\d.]+", "#", asked._question)[:12])
        asked._handle_custom_msg({"again": True}, [])
    assert len(units) >= 5


def test_a_question_that_is_no_exam_has_no_new_numbers(question):
    assert not question._again
    question._handle_custom_msg({"again": True}, [])
    assert question._question == "Where does the update go?"


# --- the stand-in


class Folded(HTMLParser):
    """The text of some HTML, that inside <details> apart, and the tags."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.folded, self.inside = [], "", "", False
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.inside |= tag == "details"

    def handle_endtag(self, tag):
        self.inside &= tag != "details"

    def handle_data(self, data):
        if self.inside:
            self.folded += data
        else:
            self.open += data


def test_readers_without_a_kernel_see_the_options_and_the_answer_folded(question):
    html, words = question.stand_in()
    page = Folded(html)
    for option, reason in (RIGHT | WRONG).items():
        assert option in page.open and option in words
        assert reason in page.folded and reason not in page.open + words
    assert "✓ to [2, −5]: Against the gradient." in page.folded
    assert page.folded.count("✗") == 2


def test_readers_without_a_kernel_see_the_number_and_its_solution_folded():
    html, words = number("How long?", answer=[17.5, 2], unit="minutes", solution="Add.\nThen <halve>.").stand_in()
    page = Folded(html)
    assert words == "How long?"
    assert "(17.5, 2) minutes" in page.folded and "Then <halve>." in page.folded
    assert "17.5" not in page.open


def test_the_stand_in_is_text_and_no_markup():
    nasty = "<script>alert('1')</script> & <b>"
    asked = choose(nasty, right={nasty + "1": nasty}, wrong={nasty + "2": nasty})
    html, words = asked.stand_in()
    assert set(Folded(html).tags) == {"div", "p", "br", "details", "summary", "em"}
    assert nasty in Folded(html).open and nasty in words


def test_an_answer_or_fresh_numbers_do_not_change_what_is_stored(question):
    before = question.stand_in()
    question.answer("down in both")
    assert question.stand_in() == before
    asked = exam("one step by hand")
    before = asked.stand_in()
    asked._handle_custom_msg({"again": True}, [])
    assert asked.stand_in() == exam("one step by hand").stand_in() == before
    assert "(" in Folded(before[0]).folded


# --- in a cell


class Kernel:
    def __init__(self, monkeypatch):
        self.kernel, self.bundles = self, []
        monkeypatch.setattr(cells, "get_ipython", lambda: self)
        monkeypatch.setattr(cells, "display", lambda bundle, raw: self.bundles.append(bundle))
        monkeypatch.setattr(CellWidget, "_shown", {})

    def get_parent(self):
        return {"metadata": {"cellId": self.cell}, "header": {"msg_id": self.run}}

    def show(self, widget, cell, run):
        self.cell, self.run = cell, run
        widget._ipython_display_()
        return widget


def test_a_cell_gets_the_stand_in_and_then_the_widget(question, monkeypatch):
    kernel = Kernel(monkeypatch)
    kernel.show(question, "a", run=1)
    still, widget = kernel.bundles
    assert still["text/html"].startswith('<div class="gdtools-stand-in">')
    assert "<style>" in still["text/html"]
    assert widget["text/plain"] == "", "Exports would say the words twice."
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"] == question.model_id


def test_a_cell_run_again_frees_the_question_with_all_of_its_parts(monkeypatch):
    kernel = Kernel(monkeypatch)
    before = set(ipywidgets.widgets.widget._instances)
    kernel.show(number("Why?", answer=1), "a", run=1)
    one_question = len(set(ipywidgets.widgets.widget._instances) - before)
    second = kernel.show(number("Why?", answer=1), "a", run=2)
    assert len(set(ipywidgets.widgets.widget._instances) - before) == one_question
    beside = kernel.show(number("And why?", answer=1), "a", run=2)
    kernel.show(number("Who?", answer=1), "b", run=3)
    assert second.comm and beside.comm


def test_a_question_shown_by_another_cell_too_stays_alive_until_neither_shows_it(monkeypatch):
    kernel = Kernel(monkeypatch)
    first = number("Why?", answer=1)
    kernel.show(first, "a", run=1)
    kernel.show(first, "b", run=2)
    kernel.show(number("Why?", answer=1), "a", run=3)
    assert first.comm
    kernel.show(number("Why?", answer=1), "b", run=4)
    assert not first.comm


# --- refusals


@pytest.mark.parametrize(
    ("make", "name", "right"),
    [
        (lambda: choose("", right=RIGHT, wrong=WRONG), "question", "what is asked"),
        (lambda: choose(None, right=RIGHT, wrong=WRONG), "question", "what is asked"),
        (lambda: choose("?", right={}, wrong=WRONG), "right", "at least one option and its reason"),
        (lambda: choose("?", right=RIGHT, wrong={}), "wrong", "at least one option and its reason"),
        (lambda: choose("?", right=["yes"], wrong=WRONG), "right", "a dict"),
        (lambda: choose("?", right=RIGHT, wrong={"no": ""}), "wrong", "why 'no' is wrong"),
        (lambda: choose("?", right={1: "One."}, wrong=WRONG), "right", "what can be chosen"),
        (lambda: choose("?", right=RIGHT, wrong=RIGHT), "wrong", "options that aren't right, too"),
        (lambda: number(" ", answer=1), "question", "what is asked"),
        (lambda: number("?", answer=np.nan), "answer", "finite"),
        (lambda: number("?", answer=[1, np.inf]), "answer", "finite"),
        (lambda: number("?", answer="1"), "answer", "finite"),
        (lambda: number("?", answer=[]), "answer", "finite"),
        (lambda: number("?", answer=[[1, 2]]), "answer", "a number or a sequence"),
        (lambda: number("?", answer=1, tolerance=-1), "tolerance", "at least 0"),
        (lambda: number("?", answer=1, unit=None), "unit", "a text"),
        (lambda: number("?", answer=1, solution=3), "solution", "a text"),
        (lambda: number("?", answer=1, hints=["No."]), "hints", "a dict"),
        (lambda: number("?", answer=1, hints={1: "No."}), "hints", "wrong numbers"),
        (lambda: number("?", answer=1.0, hints={1.001: "No."}), "hints", "wrong numbers"),
        (lambda: number("?", answer=1, hints={2: ""}), "hints", "what the mistake is"),
        (lambda: number("?", answer=1, hints={"2": "No."}), "hints", "finite"),
        (lambda: number("?", answer=[1, 2], hints={2: "No."}), "hints", "of shape (2,)"),
        (lambda: exam("derivatives"), "kind", "one of 'one step by hand'"),
    ],
)
def test_nonsense_is_refused_by_name(make, name, right):
    with pytest.raises(ValueError, match=f"^{name} must be .*{re.escape(right)}.*, but it is ") as refusal:
        make()
    assert refusal.value.__cause__ is None
