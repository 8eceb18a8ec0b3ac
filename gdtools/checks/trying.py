"""How an answer is tried: with copies, in silence, not for ever, and so that it can't end the notebook."""

import builtins
import contextlib
import copy
import dis
import io
import itertools
import sys
import warnings
from collections.abc import Iterator

import numpy as np

from gdtools.checks import clock
from gdtools.checks.words import Hint, explain, require, short, spelled

IDLE = {"RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP", "POP_TOP"}  # all that `...` compiles to
ENDS = "Does every loop come to an end?"
EXITS = {"Quitter", "ExitAutocall", "ZMQExitAutocall"}  # what `exit` and `quit` are in Python and in Jupyter


def call(function, *arguments, troubles=None):
    """What the student's function returns; the items, if it is an iterator.

    It gets copies (but a random generator itself, to draw from). A Hint says so if it changes them, fails, prints, or
    doesn't come to an end. The set `troubles` gets the names of what NumPy would have warned of.
    """
    name = getattr(function, "__name__", "your function")
    given = [one if isinstance(one, np.random.Generator) else copy.deepcopy(one) for one in arguments]
    told, failed, watch = "", None, clock.current()
    with contextlib.redirect_stdout(io.StringIO()) as printed, _calm(troubles), _fenced(function):
        watch.renew()
        try:
            result = function(*given)
            if isinstance(result, Iterator):
                result = list(_take(result, name))
        except Hint as hint:
            told = str(hint)
        except SystemExit:
            told = f"{name} ends Python with exit(). A function ends with `return`, or after its last line."
        except clock.TimeIsUp:
            pass
        except Exception as error:
            failed = error
        rang, limit = watch.rang, watch.limit  # even if an `except:` has caught it
        if rang:
            sys.settrace(None)
        watch.renew()
    if rang:
        told = f"{spelled(function, arguments)} has not finished after {limit} seconds. {ENDS}"
    elif failed:
        told = explain(function, failed, arguments)
    require(not told, told)
    changes = f"{name} changes its argument in place (+=, -=, or x[...] = ...). Compute a new array instead."
    require(_same(arguments, given), changes)
    if result is None and printed.getvalue():
        raise Hint(f"{name} prints {short(printed.getvalue().strip())}, but returns nothing. Return it instead.")
    require(result is not None, f"{name} returns nothing. Does its last line begin with `return`?")
    return result


@contextlib.contextmanager
def watched(name):
    """End a check that takes too long; what an answer has set for all of NumPy doesn't count in it."""
    try:
        with clock.ticking() as watch, _calm():
            yield
    except clock.TimeIsUp:
        raise Hint(f"{name} has not finished after {watch.limit} seconds. {ENDS}") from None


def unfinished(answer):
    """Whether this is the untouched stub: dots, nothing, or a function that does nothing."""
    if answer is ... or answer is None:
        return True
    if isinstance(answer, (list, tuple)):
        return bool(answer) and all(map(unfinished, answer))
    if not hasattr(answer, "__code__"):
        return False
    steps = list(dis.get_instructions(answer.__code__))
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= IDLE and constants[-1:] == [None]


@contextlib.contextmanager
def _calm(troubles=None):
    """No warnings, and of NumPy's errors only the names, whatever an answer has set for all."""
    noted = {"all": "ignore"} if troubles is None else {"all": "call", "call": lambda name, _: troubles.add(name)}
    with warnings.catch_warnings(), np.errstate(**noted):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _fenced(function):
    """No question, no end of Python, and no iterator of C without an end, which no clock could stop."""
    instead, changed = {id(one): other for one, other in STAND_INS}, []
    instead[id(builtins.input)] = _ask_nobody
    for scope in (vars(builtins), vars(itertools), getattr(function, "__globals__", {})):
        for name, value in list(scope.items()):
            other = _leave if type(value).__name__ in EXITS else instead.get(id(value))
            if other:
                changed.append((scope, name, value))
                scope[name] = other
    try:
        yield
    finally:
        for scope, name, value in changed:
            scope[name] = value


def _ask_nobody(*_):
    raise Hint("input() asks a question that nobody answers here. All that the function needs, it gets as arguments.")


def _leave(*_):
    raise SystemExit


def _count(start=0, step=1):
    while True:
        yield start
        start += step


def _cycle(items):
    items = list(items)
    while items:
        yield from items


def _repeat(item, times=None):
    while times is None or times > 0:
        yield item
        times = None if times is None else times - 1


STAND_INS = [(itertools.count, _count), (itertools.cycle, _cycle), (itertools.repeat, _repeat)]


def _take(items, name, at_most=100_000):
    """The items of a student's iterator, unless it never ends."""
    for n, item in enumerate(items):
        if n == at_most:
            raise Hint(f"{name} never ends. When is an epoch over?")
        yield item


def _same(before, after):
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return True  # nothing that a function could change
