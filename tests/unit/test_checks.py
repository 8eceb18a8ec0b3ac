"""The checks of the exercises: every answer of the catalogue, and the guests that may come to each of them."""

import contextlib
import copy
import importlib
import inspect
import io
import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gdtools.checks import EXERCISES, Hint, check, clock, trying
from gdtools.checks.core import Exercise
from gdtools.checks.words import difference
from tests.answers import RIGHT, WRONG

for path in sorted((Path(__file__).parents[1] / "answers").glob("[a-z]*.py")):
    importlib.import_module(f"tests.answers.{path.stem}")

FUNCTIONS = [name for name, exercise in EXERCISES.items() if exercise.is_function]
VALUES = [name for name in EXERCISES if name not in FUNCTIONS]
MISTAKES = [(name, *row) for name, exercise in EXERCISES.items() for row in exercise.mistakes.items()]
OURS = [(name, exercise.right) for name, exercise in EXERCISES.items()]


def ids(entries):
    """With the set of the exercise in front: `make quick SET=02` tests these alone."""
    sets = {name: exercise.generator.__module__.split("_")[1] for name, exercise in EXERCISES.items()}
    return [f"{sets[name]}-{name}-{number}" for number, (name, *_) in enumerate(entries)]


def hint(name, answer):
    with pytest.raises(Hint) as caught:
        check(name, {name: answer})
    (line,) = caught.value._render_traceback_()
    assert line == f"✗ {caught.value}" and "\n" not in line and 20 < len(line) < 400, line
    return str(caught.value)


@pytest.mark.parametrize(("name", "its_own", "mistake"), MISTAKES, ids=ids(MISTAKES))
def test_each_mistake_gets_its_own_hint(name, its_own, mistake, capsys):
    assert hint(name, mistake) == its_own
    assert "done" not in capsys.readouterr().out


@pytest.mark.parametrize(("name", "answer"), OURS + RIGHT, ids=ids(OURS + RIGHT))
def test_a_right_answer_passes(name, answer, capsys):
    check(name, {name: answer})
    *holds, done = capsys.readouterr().out.splitlines()
    assert holds and all(line.startswith("✓ ") for line in holds)
    assert done == f"✓ {name}: done"


@pytest.mark.parametrize(("name", "answer", "part"), WRONG, ids=ids(WRONG))
def test_a_wrong_answer_gets_its_hint(name, answer, part, capsys, monkeypatch):
    if "has not finished" in part:
        monkeypatch.setattr(clock, "SECONDS", 0.5)
    assert part in hint(name, answer)
    assert "done" not in capsys.readouterr().out


def test_the_catalogue_is_complete():
    for name, exercise in EXERCISES.items():
        n_right = sum(of == name for of, _ in OURS + RIGHT)
        n_wrong = len(exercise.mistakes) + sum(of == name for of, _, _ in WRONG)
        assert n_right >= 3 and n_wrong >= 4, f"{name} has {n_right} right answers and {n_wrong} wrong ones"


@pytest.mark.parametrize("name", EXERCISES)
@pytest.mark.parametrize("answer", [None, ..., [..., ...]], ids=repr)
def test_a_stub_is_not_started_yet(name, answer):
    assert "not started yet" in hint(name, answer)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_answer_that_was_never_made_is_not_started_yet(name):
    with pytest.raises(Hint, match="not started yet"):
        check(name, {})


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("answer", ["0.5", "twelve", math.nan, [[1, 2], [3]], {"a": 1}, 1j, object, abs], ids=repr)
def test_a_value_of_another_kind_gets_a_hint(name, answer):
    hint(name, answer)


def returns(what):
    return lambda *arguments, **named: what


def fails(*arguments, **named):
    return [1, 2][5]


def stub(*arguments, **named):
    """What it should do."""


def asks_for_none():
    return 1


@pytest.mark.parametrize("name", FUNCTIONS)
@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (0.5, "should be a function"),
        ("text", "should be a function"),
        (stub, "not started yet"),
        (lambda *arguments, **named: print("12"), "prints '12', but returns nothing"),
        (lambda *arguments, **named: arguments and None, "returns nothing"),
        (fails, "fails with IndexError: list index out of range"),
        (asks_for_none, "fails with TypeError"),
        (returns("text"), ""),
        (returns(math.nan), ""),
        (returns(np.full((7, 7, 7), 0.5)), ""),
        (returns(object()), ""),
        (returns([]), ""),
        (returns(lambda: 1), ""),
    ],
    ids="number text stub prints nothing fails arguments string nan shape object empty function".split(),
)
def test_every_guest_of_a_function_gets_a_hint(name, answer, part):
    assert part in hint(name, answer)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_answer_that_changes_its_argument_is_told(name):
    changed, told = [], ""

    def greedy(*arguments):
        result = call_in_peace(EXERCISES[name].right, arguments)
        for argument in arguments:
            if isinstance(argument, np.ndarray) and argument.size:
                changed.append(argument)
                argument += 1
        return result

    try:
        check(name, {name: greedy})
    except Hint as error:
        told = str(error)
    assert ("changes its argument" in told) == bool(changed), told


def call_in_peace(function, arguments):
    """The result of a function, computed to its end, on copies."""
    result = function(*copy.deepcopy(arguments))
    return list(result) if inspect.isgenerator(result) else result


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_answer_without_end_is_stopped(name, monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 0.05)

    def endless(*arguments, **named):
        while True:
            with contextlib.suppress(Exception):
                math.sqrt(2)

    assert "has not finished after 0.05 seconds" in hint(name, endless)


def test_a_generator_without_end_is_stopped():
    def endless(n_examples, batch_size):
        while True:
            yield [0]

    with pytest.raises(Hint, match="never ends"):
        trying.call(endless, 4, 2)


def test_a_check_without_end_is_stopped_between_its_calls_too(monkeypatch):
    monkeypatch.setattr(clock, "SECONDS", 0.05)
    patience = Exercise("patience", 1, {}, lambda answer: itertools.repeat("it goes on"))
    monkeypatch.setitem(EXERCISES, "patience", patience)
    assert "patience has not finished after 0.05 seconds" in hint("patience", 1)


def test_outside_the_main_thread_where_no_clock_rings_a_check_still_checks():
    with ThreadPoolExecutor() as elsewhere:
        assert "goes uphill" in elsewhere.submit(hint, "new_point", [-3, 7.5]).result()


def test_a_stub_that_says_so_is_not_started_yet():
    def train(*arguments):
        raise NotImplementedError

    assert hint("train", train).endswith("train: not started yet.")


def test_only_a_function_is_to_be_tried_by_hand():
    for function in (None, fails):
        told = difference("the answer", np.array(2.0), np.array(1.0), function, by_hand=lambda: "Try it by hand.")
        assert told.startswith("the answer isn't right yet. It is 2.") and ("by hand" in told) == (function is fails)


def hint_for(name, answer):
    with pytest.raises(Hint) as caught:
        check(name, {name: answer})
    return str(caught.value)


def test_an_answer_that_no_row_knows_is_tried_on_an_example_that_can_be_done_by_hand():
    def clip(gradient, max_norm):
        return 0.5 * gradient * (np.linalg.norm(gradient) > max_norm)

    assert "Try clip([3.0, 4.0], 2.0): you get [1.5, 2.0], and by hand it is [1.2, 1.6]." in hint_for("clip", clip)


def test_an_example_that_comes_out_right_is_said_to():
    def clip(gradient, max_norm):
        length = np.linalg.norm(gradient)
        return max_norm / length * gradient if length > max_norm else 0.9 * gradient

    assert hint_for("clip", clip).endswith("clip([3.0, 4.0], 2.0) is right: what is different here?")


def test_small_numbers_are_told_with_their_digits():
    assert "It is 4e-10," in hint_for("fastest_batch", lambda b, fixed, per_example: b * fixed * per_example)


def test_the_answer_is_looked_up_in_the_notebook(capsys):
    variables = {"check": check, "new_point": [-1, 2.5]}
    exec("check('new_point')", variables)
    assert "done" in capsys.readouterr().out
    with pytest.raises(ValueError, match="name must be one of .*new_point.*, but it is 'newpoint'"):
        check("newpoint")


def test_a_hint_is_an_assertion_error():
    assert issubclass(Hint, AssertionError)


def test_a_console_that_lacks_a_sign_gets_the_words_all_the_same(monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")
    monkeypatch.setattr("sys.stdout", console)
    check("new_point", {"new_point": EXERCISES["new_point"].right})
    console.flush()
    assert "new_point: done" in console.buffer.getvalue().decode("cp1252")
