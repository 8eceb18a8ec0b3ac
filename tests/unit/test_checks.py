"""The checks of the exercises: every answer of the catalogue, and the guests that may come to each of them."""

import contextlib
import copy
import importlib
import inspect
import itertools
import math
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from gdtools.checks import EXERCISES, Hint, check, core
from tests.answers import RIGHT, WRONG

for path in sorted((Path(__file__).parents[1] / "answers").glob("[a-z]*.py")):
    importlib.import_module(f"tests.answers.{path.stem}")

FUNCTIONS = [name for name, (_, is_function, _) in EXERCISES.items() if is_function]
VALUES = [name for name in EXERCISES if name not in FUNCTIONS]


def ids(entries):
    return [f"{name}-{label}"[:60] for name, label in entries]


def hint(name, answer):
    with pytest.raises(Hint) as caught:
        check(name, {name: answer})
    (line,) = caught.value._render_traceback_()
    assert line == f"✗ {caught.value}" and "\n" not in line and 20 < len(line) < 400, line
    return str(caught.value)


def a_right(name):
    return next(answer for (of, _), answer in RIGHT.items() if of == name)


@pytest.mark.parametrize(("entry", "answer"), RIGHT.items(), ids=ids(RIGHT))
def test_a_right_answer_passes(entry, answer, capsys):
    name, _ = entry
    check(name, {name: answer})
    *holds, done = capsys.readouterr().out.splitlines()
    assert holds and all(line.startswith("✓ ") for line in holds)
    assert done == f"✓ {name}: done"


@pytest.mark.parametrize(("entry", "answer"), WRONG.items(), ids=ids(WRONG))
def test_a_wrong_answer_gets_its_hint(entry, answer, capsys, monkeypatch):
    answer, part = answer
    if "has not finished" in part:
        monkeypatch.setattr(core, "SECONDS", 0.5)
    assert part in hint(entry[0], answer)
    assert "done" not in capsys.readouterr().out


def test_the_catalogue_is_complete():
    for name in EXERCISES:
        n_right, n_wrong = (sum(of == name for of, _ in entries) for entries in (RIGHT, WRONG))
        assert n_right >= 3 and n_wrong >= 4, f"{name} has {n_right} right answers and {n_wrong} wrong ones"
        hints = {part for (of, _), (_, part) in WRONG.items() if of == name}
        assert len(hints) >= 4, f"the wrong answers of {name} get only {len(hints)} different hints"


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
        result = call_in_peace(a_right(name), arguments)
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
    monkeypatch.setattr(core, "SECONDS", 0.05)

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
        core.call(endless, 4, 2)


def test_a_check_without_end_is_stopped_between_its_calls_too(monkeypatch):
    monkeypatch.setattr(core, "SECONDS", 0.05)
    monkeypatch.setitem(EXERCISES, "patience", ("patience", False, lambda answer: itertools.repeat("it goes on")))
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
        with pytest.raises(Hint, match=r"isn't right yet\. It is 2\.") as caught:
            core.compare(2, 1, function=function)
        assert ("by hand" in str(caught.value)) == (function is fails)


def test_the_answer_is_looked_up_in_the_notebook(capsys):
    variables = {"check": check, "new_point": [-1, 2.5]}
    exec("check('new_point')", variables)
    assert "done" in capsys.readouterr().out
    with pytest.raises(ValueError, match="name must be one of .*new_point.*, but it is 'newpoint'"):
        check("newpoint")


def test_a_hint_is_an_assertion_error():
    assert issubclass(Hint, AssertionError)
