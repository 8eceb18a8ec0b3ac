"""Guesses: what is kept, when it can't be changed any more, and what stands beside it in the end."""

import ast
from pathlib import Path

import ipywidgets
import numpy as np
import pytest

from gdtools.quiz import guess, guesses, prediction, question, result
from tools.notebooks import predictions, read

pytestmark = pytest.mark.filterwarnings("error")
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture(autouse=True)
def a_new_session(monkeypatch):
    monkeypatch.setattr(prediction, "_asked", {})
    monkeypatch.setattr(question, "_answers", {})
    yield
    ipywidgets.Widget.close_all()


@pytest.mark.parametrize(
    ("how", "answer", "kept", "came", "words", "far"),
    [
        ({}, "2.8", "2.8", 2.916, "You said 2.8; it is 2.916.", False),
        ({}, "-1/4", "−0.25", -0.5, "You said −0.25; it is −0.5.", True),
        ({}, "100", "100", 10_000, "You said 100; it is 10000.", True),
        ({}, "313", "313", 313, "You said 313, and so it is.", False),
        ({}, "1", "1", 0, "You said 1; it is 0.", True),
        ({"unit": "updates"}, "1e9", "1e+09 updates", np.inf, "You said 1e+09 updates; it is ∞ updates.", True),
        ({"unit": "%"}, "36 %", "36 %", 36.0, "You said 36 %, and so it is.", False),
        ({"unit": "updates"}, "40", "40 updates", 43, "You said 40 updates; it is 43 updates.", False),
        ({"options": ["past it", "to it"]}, "to it", "“to it”", "past it", "You said “to it”; it is “past it”.", True),
        ({"options": ["past it", "to it"]}, "to it", "“to it”", "to it", "You said “to it”, and so it is.", False),
        ({"scale": [0.1, 0.2, 0.4]}, "0.2", "0.2", 0.25, "You said 0.2; it is 0.25.", False),
    ],
)
def test_a_guess_is_kept_and_stands_beside_what_came_out(how, answer, kept, came, words, far):
    asked = guess("steep", "How steep?", **how)
    asked.answer(answer)
    assert (asked.verdict, asked.feedback) == ("kept", f"Kept: {kept}. Now run the next cell.")
    assert repr(result("steep", came)) == words
    assert result("steep", came)._repr_html_() == f'<p class="gdtools-result">{words}</p>'
    head, line = repr(guesses()).splitlines()
    assert head == "You made 1 of 1 guesses. " + ("Far off: 1. Look at those again." if far else "None was far off.")
    assert line == f"How steep? {words}"


@pytest.mark.parametrize(
    ("how", "typed", "words"),
    [
        ({}, "", "Type a number first."),
        ({}, "many", "“many” isn't a number."),
        ({}, "inf", "“inf” is no number to answer with"),
        ({"unit": "%"}, "3 of 4", "The answer is in %; type the number alone."),
        ({"options": ["a", "b"]}, "", "Choose one first."),
        ({"scale": [1, 2]}, "3", "Choose one first."),
    ],
)
def test_what_is_not_understood_is_not_kept(how, typed, words):
    asked = guess("steep", "How steep?", **how)
    asked.answer(typed)
    assert asked.verdict == "unclear" and words in asked.feedback
    assert result("steep", "a" if "options" in how else 1) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0.36", "0.36 %. (For 36 %, type 36.) Now"),
        ("9/25", "0.36 %. (For 36 %, type 36.) Now"),
        ("1", "1 %. (For 100 %, type 100.) Now"),
        ("0.36 %", "0.36 %. Now"),
        ("36", "36 %. Now"),
        ("0", "0 %. Now"),
    ],
)
def test_a_share_where_per_cent_are_asked_is_told_how_it_was_read(typed, kept):
    asked = guess("share", "Which share?", unit="%")
    asked.answer(typed)
    assert asked.feedback == f"Kept: {kept} run the next cell."


def test_a_guess_can_be_changed_until_the_result_is_out():
    asked = guess("count", "How many?")
    for text in ("3", "5"):
        asked.answer(text)
    assert repr(result("count", 4)) == "You said 5; it is 4."
    asked.answer("4")
    assert asked.verdict == "unclear" and "The answer is out already" in asked.feedback
    assert repr(result("count", 4)) == "You said 5; it is 4."
    assert repr(result("count", 8)) == "You said 5; it is 8."  # somebody has tried another value


def test_somebody_who_has_changed_the_experiment_may_get_what_was_no_option():
    guess("winner", "Who?", options=["a", "b"]).answer("a")
    assert repr(result("winner", "b")) == "You said “a”; it is “b”."
    assert repr(result("winner", "c")) == "You said “a”; it is “c”."


def test_a_cell_run_again_has_the_guess_and_then_what_came_out():
    guess("count", "How many?").answer("5")
    again = guess("count", "How many?")
    assert (again._answer, again.feedback) == ("5", "Kept: 5. Now run the next cell.")
    result("count", 4)
    again = guess("count", "How many?")
    assert (again._answer, again.feedback) == ("5", "You said 5; it is 4.")


def test_another_question_under_the_same_key_is_another_guess():
    guess("count", "How many?").answer("5")
    assert guess("count", "How few?").feedback == ""
    assert result("count", 4) is None


def test_a_result_that_nobody_was_asked_for_or_has_guessed_shows_nothing():
    assert result("count", 4) is None
    asked = guess("count", "How many?")
    assert result("count", 4) is None
    asked.answer("4")
    assert asked.verdict == "unclear" and "a guess comes before it" in asked.feedback
    assert repr(guesses()) == "What you guess in this notebook will stand here, beside what came out."


def test_the_guesses_are_listed_as_they_were_asked_and_link_to_those_far_off(monkeypatch):
    monkeypatch.setattr(prediction, "running_cell", lambda: ("one-step", "run"))
    for key, said, came in (("near", "4", 4.2), ("far", "4", 40), ("open", "7", None), ("skipped", None, 3)):
        asked = guess(key, f"Is <{key}> 4?")
        if said:
            asked.answer(said)
        if came:
            result(key, came)
    assert repr(guesses()).splitlines() == [
        "You made 3 of 4 guesses. Far off: 1. Look at those again.",
        "Is <near> 4? You said 4; it is 4.2.",
        "Is <far> 4? You said 4; it is 40.",
        "Is <open> 4? You said 7.",
    ]
    html = guesses()._repr_html_()
    assert html.count('<a href="#cell-id=one-step">Look again</a>') == 1
    assert "<td>Is &lt;far&gt; 4?</td><td>You said 4; it is 40. <a" in html


def test_readers_without_a_kernel_see_what_is_asked_and_no_answer():
    html, words = guess("steep", "How <steep>?", options=["a", "b"]).stand_in()
    assert words == "How <steep>?\n◦ a\n◦ b"
    assert "How &lt;steep&gt;?<br>◦ a<br>◦ b" in html and "details" not in html
    assert guess("rate", "Which η?", scale=[0.1, 0.2, 4]).stand_in()[1] == "Which η?\n0.1 … 4"


@pytest.mark.parametrize(
    ("changed", "name", "right"),
    [
        ({"key": ""}, "key", "which guess it is"),
        ({"key": 3}, "key", "which guess it is"),
        ({"question": " "}, "question", "what is to be guessed"),
        ({"unit": None}, "unit", "a text"),
        ({"options": ["one"]}, "options", "two or more"),
        ({"options": "ab"}, "options", "two or more"),
        ({"options": None}, "options", "two or more"),
        ({"options": ["a", "a"]}, "options", "different from each other"),
        ({"options": ["a", ""]}, "options", "what can be guessed"),
        ({"scale": [1]}, "scale", "two or more"),
        ({"scale": 3}, "scale", "two or more"),
        ({"scale": [1, 1]}, "scale", "different from each other"),
        ({"scale": [1, np.nan]}, "scale", "finite numbers"),
        ({"scale": [[1, 2], [3, 4]]}, "scale", "finite numbers"),
        ({"scale": [1, 2], "options": ["a", "b"]}, "scale", "left out where there are options"),
    ],
)
def test_a_guess_that_cannot_be_asked_is_refused(changed, name, right):
    with pytest.raises(ValueError, match=f"^{name} must be ") as refusal:
        guess(**{"key": "steep", "question": "How steep?", **changed})
    assert right in str(refusal.value)


@pytest.mark.parametrize(("how", "value"), [({"options": ["a", "b"]}, "c"), ({}, np.nan), ({}, "a"), ({}, [1, 2])])
def test_a_result_that_nobody_could_guess_is_refused(how, value):
    guess("steep", "How steep?", **how)
    with pytest.raises(ValueError, match="^value must be "):
        result("steep", value)
    with pytest.raises(ValueError, match="^key must be "):
        result("", 3)


# --- in the notebooks


def calls(cell, name):
    """The calls of this function in a cell."""
    if cell.cell_type == "code" and not cell.source.startswith("%"):
        for call in ast.walk(ast.parse(cell.source)):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == name:
                yield call


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_guess_is_asked_after_a_prediction_and_gets_its_computed_result(path):
    cells = read(path).cells
    keys = {name: [call.args[0].value for cell in cells for call in calls(cell, name)] for name in ("guess", "result")}
    assert keys["guess"] == keys["result"], "each guess needs its result, in the same order"
    assert len(set(keys["guess"])) == len(keys["guess"])
    asked = {}
    for text, experiment in predictions(cells):
        between = cells[cells.index(text) : cells.index(experiment[0]) if experiment else None]
        asked |= {call.args[0].value: experiment for cell in between for call in calls(cell, "guess")}
    assert asked.keys() == set(keys["guess"]), "a guess stands between **Predict.** and the experiment"
    for cell in cells:
        if [*calls(cell, "guess"), *calls(cell, "result"), *calls(cell, "guesses")]:
            assert cell.metadata.jupyter.source_hidden and cell.source.startswith("# "), (
                f"fold {cell.id}, under a comment"
            )
        for call in calls(cell, "result"):
            assert not isinstance(call.args[1], ast.Constant), f"{cell.id}: compute the result"
            assert cells.index(cell) > cells.index(asked[call.args[0].value][0]), f"{cell.id} comes too early"
    assert any([*calls(cell, "guesses")] for cell in cells) == (len(keys["guess"]) > 1), "end with guesses()"
    how_many = {"00": [1], "10": [0]}.get(path.name[:2], range(3, 7))
    assert len(keys["guess"]) in how_many, "those that matter most: three to six"
