"""Refusing bad arguments in one voice: the argument's name, what would be right, what came."""

import operator

import numpy as np


def refuse(name, expected, value):
    """Raise the course's ValueError."""
    raise ValueError(f"{name} must be {expected}, but it is {value!r}")


def count(name, value, at_most=None):
    """`value` as an int of at least 1 (and at most `at_most`)."""
    expected = "a whole number of at least 1" if at_most is None else f"a whole number from 1 to {at_most}"
    try:
        number = operator.index(value)
    except TypeError:
        refuse(name, expected, value)
    if isinstance(value, (bool, np.bool_)) or number < 1 or (at_most is not None and number > at_most):
        refuse(name, expected, value)
    return number


def counts(name, values, at_most=None):
    """`values`, one or several, as a list of counts: at least one of them."""
    found = [count(name, value, at_most) for value in np.array(values, object).flat]
    return found or refuse(name, "at least one whole number", values)


def array(name, expected, value):
    """`value` as an array, refused where its rows are of different lengths."""
    try:
        return np.asarray(value)
    except ValueError:
        refuse(name, expected, value)


def floats(name, value, *, shape=(...,), at_least=-np.inf):
    """`value` as a new float array (float32 stays so): finite, not below `at_least`, of `shape`.

    A shape that begins with `...` says how the array's shape ends.
    """
    expected = "finite numbers" if at_least == -np.inf else f"finite and at least {at_least:g}"
    if shape != (...,):
        expected += f", of shape {str(shape).replace('Ellipsis', '...')}"
    given = array(name, expected, value)
    ends = shape[1:] if shape[:1] == (...,) else shape
    fits = given.shape[given.ndim - len(ends) :] == ends and (ends != shape or given.ndim == len(ends))
    if given.dtype.kind not in "fiu" or not fits or not given.size:
        refuse(name, expected, value)
    with np.errstate(over="ignore"):  # a longer float may be too large for ours
        new = given.astype(given.dtype if given.dtype == np.float32 else float)
    if not (np.isfinite(new).all() and (new >= at_least).all()):
        refuse(name, expected, value)
    return new


def share(name, value):
    """`value` as a float from 0 up to, but not including, 1."""
    expected = "a number from 0 up to, but not including, 1"
    number = array(name, expected, value)
    if number.dtype.kind not in "fiu" or number.ndim or not 0 <= number < 1:
        refuse(name, expected, value)
    return float(number)


def positive(name, value):
    """`value` as a finite float above 0."""
    expected = "a finite number above 0"
    number = array(name, expected, value)
    if number.dtype.kind not in "fiu" or number.ndim or not 0 < number < np.inf:
        refuse(name, expected, value)
    return float(number)


def seeds(seed):
    """`seed` as an array of one or more whole numbers, of shape () or (runs,)."""
    expected = "a whole number of at least 0, or a sequence of them"
    given = array("seed", expected, seed)
    if given.dtype.kind not in "iu" or given.ndim > 1 or not given.size or (given < 0).any():
        refuse("seed", expected, seed)
    return given


def choice(name, value, options):
    """`value` if it is one of `options`."""
    if not isinstance(value, str) or value not in options:
        refuse(name, "one of " + ", ".join(map(repr, options)), value)
    return value


def sentence(name, value, purpose):
    """`value` if it is a text with something in it."""
    if not isinstance(value, str) or not value.strip():
        refuse(name, f"a sentence that says {purpose}", value)
    return value
