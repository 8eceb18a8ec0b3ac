"""How an answer is tried: with copies, in silence, and not for ever."""

import contextlib
import copy
import dis
import io
import signal
import threading
import warnings
from collections.abc import Iterator

import numpy as np

from gdtools.checks.words import Hint, require, short

SECONDS = 5  # for a whole check; a right answer takes well below one

IDLE = {"RESUME", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST", "NOP", "POP_TOP"}  # all that `...` compiles to


class _TimeIsUp(BaseException):
    """No Exception, so that an `except Exception` in an answer doesn't catch it."""


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
        raise Hint(f"{name} prints {short(printed.getvalue().strip())}, but returns nothing. Return it instead.")
    require(result is not None, f"{name} returns nothing. Does its last line begin with `return`?")
    return result


def unfinished(answer):
    """Whether this is the untouched stub: dots, nothing, or a function that does nothing."""
    if answer is ... or answer is None or (isinstance(answer, (list, tuple)) and any(map(unfinished, answer))):
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
    given = ", ".join(getattr(one, "__name__", None) or short(one) for one in arguments)
    return f"{getattr(function, '__name__', 'your function')}({given})"


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


@contextlib.contextmanager
def watched(name):
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
