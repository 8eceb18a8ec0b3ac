"""How an answer is checked: by what it does, on many inputs, until the first thing that doesn't hold.

An exercise is a generator. It takes what the student has made, tries it, yields a sentence for each thing that holds,
and raises a `Hint` at the first that doesn't. `call` and `compare` do the trying.
"""

import contextlib
import copy
import dis
import io
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from numbers import Real

import numpy as np

SECONDS = 5  # for a whole check; a right answer takes well below one
EXERCISES = {}  # by name: the exercise, and whether a function is asked for

AMOUNTS = {(): "one number", (2,): "two numbers", (3,): "three numbers", (4,): "four numbers", (5,): "five numbers"}

IDLE = {"RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP", "POP_TOP"}  # all that `...` compiles to


class Hint(AssertionError):
    """What to look at in an answer, in a sentence. A notebook shows it without a traceback."""

    def _render_traceback_(self):
        return [f"✗ {self}"]


class _TimeIsUp(BaseException):
    """No Exception, so that an `except Exception` in an answer doesn't catch it."""


def exercise(signature):
    """Make a generator the check of what `signature` says: `name` for a value, `name(arguments)` for a function."""

    def register(generator):
        name, is_function, _ = signature.partition("(")
        EXERCISES[name] = (signature if is_function else name), bool(is_function), generator
        return generator

    return register


def check(name, answers=None):
    """Say what holds of the answer called `name`, and raise a `Hint` where it doesn't.

    `answers` is a dict that holds the answer; if not given, the variables of the notebook that calls.

    Raises ValueError for a name that no exercise has.

    >>> check("new_point", {"new_point": [-1, 2.5]})
    ✓ each coordinate is half of what it was
    ✓ new_point: done

    Source: the idea of a hint for each misconception is that of Sadler, Psychometric models of student conceptions
    in science (1998): a wrong answer that many give tells more than "wrong".
    """
    if name not in EXERCISES:
        raise ValueError(f"name must be one of {', '.join(EXERCISES)}, but it is {name!r}")
    answers = sys._getframe(1).f_globals if answers is None else answers
    signature, is_function, generator = EXERCISES[name]
    answer = answers.get(name)
    if _unfinished(answer):
        raise Hint(f"{name}: not started yet. Replace the dots above, run that cell, then this one.")
    if is_function and not callable(answer):
        raise Hint(f"{name} should be a function, {signature}, but it is {_short(answer)}.")
    if not is_function and callable(answer):
        raise Hint(f"{name} should be a value, but it is a function. Call it, and keep what it returns.")
    with _bounded(name):
        for holds in generator(answer):
            print("✓", holds)
    print(f"✓ {name}: done")


def call(function, *arguments):
    """What the student's function returns; the items, if it is an iterator.

    It gets copies (but a random generator itself, to draw from). A Hint says so if it changes them, fails, prints, or
    doesn't come to an end.
    """
    name = getattr(function, "__name__", "your function")
    given = [one if isinstance(one, np.random.Generator) else copy.deepcopy(one) for one in arguments]
    with contextlib.redirect_stdout(io.StringIO()) as printed, warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            result = function(*given)
            if isinstance(result, Iterator):
                result = list(_take(result, name))
        except Hint:
            raise
        except _TimeIsUp:
            raise Hint(_too_long(_spelled(function, arguments))) from None
        except Exception as error:
            raise Hint(_explain(function, error, arguments)) from None
    if not _same(arguments, given):
        raise Hint(f"{name} changes its argument in place (+=, -=, or x[...] = ...). Compute a new array instead.")
    if result is None and printed.getvalue():
        raise Hint(f"{name} prints {_short(printed.getvalue().strip())}, but returns nothing. Return it instead.")
    require(result is not None, f"{name} returns nothing. Does its last line begin with `return`?")
    return result


def compare(value, right, mistakes=(), *, what="the answer", rtol=1e-6, atol=1e-9, function=None):
    """Hint unless `value` is `right`, to a relative `rtol` (or to what a float32 can hold).

    `mistakes` is a dict: a hint, and the value that this misconception leads to. The first that fits is given.
    `function`, if the value came from one, is looked at for variables that it takes from outside. If it takes none, the
    advice is to try it by hand.
    """
    value, right = as_numbers(value, what), np.asarray(right, float)
    rtol = max(rtol, 1e-3) if value.dtype == np.float32 else rtol
    for hint, wrong in [(None, right), *dict(mistakes).items()]:
        if np.shape(wrong) == value.shape and np.allclose(value, wrong, rtol, atol, equal_nan=True):
            if hint is None:
                return
            raise Hint(hint)
    if value.shape != right.shape:
        raise Hint(_about_shape(what, value, right))
    outside = _taken_from_outside(function)
    if outside:
        raise Hint(f"{what} uses {outside} from outside the function. Use the arguments: they are other numbers here.")
    if not np.isfinite(value).all() and np.isfinite(right).all():
        raise Hint(f"{what} is not a finite number: {_short(value)}. Is there a division by zero, or a step too long?")
    advice = " Call your function with small numbers that you can do by hand, and compare." if function else ""
    raise Hint(f"{what} isn't right yet. It is {_short(value)}.{advice}")


def as_numbers(value, what="the answer", shape=None):
    """A student's value as an array of numbers (float32 stays so), or a Hint that says what it is instead.

    Fractions are numbers, too. A `shape` is one of those that `AMOUNTS` has a word for.
    """
    try:
        array = np.asarray(value)
        fractions = array.dtype == object and all(isinstance(one, Real) for one in array.flat)
        kept = np.float32 if array.dtype == np.float32 else float
        array = array.astype(kept) if fractions or array.dtype.kind in "biuf" else None
    except (OverflowError, TypeError, ValueError):
        array = None
    if array is None:
        raise Hint(f"{what} should be a number, or numbers, but it is {_short(value)}.")
    if shape is not None and array.shape != shape:
        raise Hint(f"{what} should be {AMOUNTS[shape]}, but it has shape {array.shape}.")
    return array


def parts_of(together, names, what):
    """The things that a student's function returns together, one by one."""
    n = names.count(",") + 1
    one_array = isinstance(together, np.ndarray) and together.dtype != object and together.ndim == 1
    require(not one_array, f"{what} should be {names}, but it is one array. Return {n} things, with a comma.")
    try:
        parts = tuple(together)
    except TypeError:
        parts = ()
    require(len(parts) == n, f"{what} should have {n} parts, {names}, but it has {len(parts) or 'none'}.")
    return parts


def require(holds, hint):
    """Hint unless `holds`."""
    if not holds:
        raise Hint(hint)


def _unfinished(answer):
    """Whether this is the untouched stub: dots, nothing, or a function that does nothing."""
    if answer is ... or answer is None or (isinstance(answer, (list, tuple)) and any(map(_unfinished, answer))):
        return True
    if not hasattr(answer, "__code__"):
        return False
    steps = list(dis.get_instructions(answer.__code__))
    constants = [step.argval for step in steps if step.opname in ("LOAD_CONST", "RETURN_CONST")]
    return {step.opname for step in steps} <= IDLE and constants[-1:] == [None]


def _explain(function, error, arguments):
    name = getattr(function, "__name__", "your function")
    if isinstance(error, NotImplementedError):
        return f"{name}: not started yet."
    advice = {
        TypeError: " Are the arguments those in the first line of the stub, in that order?",
        NameError: " Is it one of the function's arguments, spelled as in its first line?",
        IndexError: " Which index is the last one, and can the list be empty?",
        ValueError: " Do the shapes of all the arrays in that line belong together?",
        ZeroDivisionError: " Which of the numbers can be 0?",
    }.get(type(error), "")
    if "Cannot cast ufunc" in str(error):  # the class of this error is NumPy's own
        advice = " An array of whole numbers can't hold fractions. Make a new array, don't change this one."
    told = str(error).removesuffix(".")
    return f"{_spelled(function, arguments)} fails with {type(error).__name__}: {told}.{advice}"


def _too_long(what):
    return f"{what} has not finished after {SECONDS} seconds. Does every loop come to an end?"


def _spelled(function, arguments):
    """The call, as a student could write it."""
    given = ", ".join(getattr(one, "__name__", None) or _short(one) for one in arguments)
    return f"{getattr(function, '__name__', 'your function')}({given})"


def _about_shape(what, value, right):
    if right.ndim == 0:
        return f"{what} should be one number, but it has shape {value.shape}."
    if value.ndim == 0:
        return f"{what} should have shape {right.shape}, but it is a single number. Is there a sum or mean too many?"
    return f"{what} has shape {value.shape}; it should be {right.shape}."


def _take(items, name, at_most=100_000):
    """The items of a student's iterator, unless it never ends."""
    for n, item in enumerate(items):
        if n == at_most:
            raise Hint(f"{name} never ends. When is an epoch over?")
        yield item


def _taken_from_outside(function):
    """The numbers and arrays of the notebook that a function uses, as text."""
    if not hasattr(function, "__code__"):
        return ""
    loaded = (step.argval for step in dis.get_instructions(function.__code__) if step.opname == "LOAD_GLOBAL")
    values = {name: function.__globals__.get(name) for name in loaded}
    return " and ".join(name for name, value in values.items() if isinstance(value, (int, float, np.ndarray)))


def _same(before, after):
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=before.dtype.kind == "f")
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return True  # nothing that a function could change


def _short(value, length=60):
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape}"
    text = " ".join(repr(np.round(value, 4).tolist() if isinstance(value, np.ndarray) else value).split())
    return text if len(text) <= length else text[:length] + "…"


@contextlib.contextmanager
def _bounded(name):
    """End a check that takes too long, where the platform has such a clock: Unix, in the main thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise _TimeIsUp

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except _TimeIsUp:
        raise Hint(_too_long(name)) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
