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


def numbers(name, value, *, shape=(...,), at_least=-np.inf):
    """`value` as a new float array (float32 stays so): finite, not below `at_least`, of `shape`.

    A shape that begins with `...` says how the array's shape ends.
    """
    expected = "finite numbers" if at_least == -np.inf else f"finite and at least {at_least:g}"
    if shape != (...,):
        expected += f", of shape {str(shape).replace('Ellipsis', '...')}"
    try:
        array = np.array(value)
    except ValueError:
        refuse(name, expected, value)
    ends = shape[1:] if shape[:1] == (...,) else shape
    fits = array.shape[array.ndim - len(ends) :] == ends and (ends != shape or array.ndim == len(ends))
    if array.dtype.kind not in "fiu" or not fits or not array.size:
        refuse(name, expected, value)
    if not (np.isfinite(array).all() and (array >= at_least).all()):
        refuse(name, expected, value)
    return array.astype(array.dtype if array.dtype == np.float32 else float)


def share(name, value):
    """`value` as a float from 0 up to, but not including, 1."""
    number = np.asarray(value)
    if number.dtype.kind not in "fiu" or number.ndim or not 0 <= number < 1:
        refuse(name, "a number from 0 up to, but not including, 1", value)
    return float(number)


def positive(name, value):
    """`value` as a finite float above 0."""
    number = np.asarray(value)
    if number.dtype.kind not in "fiu" or number.ndim or not 0 < number < np.inf:
        refuse(name, "a finite number above 0", value)
    return float(number)


def seeds(seed):
    """`seed` as an array of one or more whole numbers, of shape () or (runs,)."""
    array = np.asarray(seed)
    if array.dtype.kind not in "iu" or array.ndim > 1 or not array.size or (array < 0).any():
        refuse("seed", "a whole number of at least 0, or a sequence of them", seed)
    return array


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
