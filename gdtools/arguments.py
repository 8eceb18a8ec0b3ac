"""Refusing bad arguments in one voice: the argument's name, what would be right, what came."""

import operator
from decimal import Decimal
from numbers import Integral, Real

import numpy as np

NUMBERS = Real, Decimal


def refuse(name, expected, value, came=None):
    """Raise the course's ValueError. What came is `value`, shortened, or told in these words."""
    came = came or repr(value)
    raise ValueError(f"{name} must be {expected}, but it is {came if len(came) < 500 else came[:400] + ' ...'}")


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


def array(name, expected, value):
    """`value` as an array. Refused are rows of different lengths and masked arrays, which would lose their masks.

    Objects that are all numbers become numbers: so a table has them whose columns are of different types.
    """
    parts = value if isinstance(value, (list, tuple)) else [value]
    if any(isinstance(part, np.ma.MaskedArray) for part in parts):
        refuse(name, f"{expected}, without a mask (see .compressed() and .filled())", value)
    try:
        given = np.asarray(value)
        if given.dtype == object and given.size and all(isinstance(entry, NUMBERS) for entry in given.flat):
            given = given.astype(int if all(isinstance(entry, Integral) for entry in given.flat) else float)
        return given
    except (ValueError, OverflowError):
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
    if given.dtype.kind in "fiu":
        with np.errstate(over="ignore"):  # a longer float may be too large for ours
            new = given.astype(given.dtype if given.dtype == np.float32 else float)
        right = np.isfinite(new) & (new >= at_least)
        if fits and given.size and right.all():
            return new
    else:
        right = np.array([isinstance(entry, NUMBERS) for entry in given.flat], bool).reshape(given.shape)
    if given.size < 10:
        refuse(name, expected, value)
    place = [] if right.all() else np.argwhere(~right)[0].tolist()  # in a long array, the fault may be out of sight
    refuse(name, expected, value, f"{given.item(*place)!r} at {place}" if place else f"of shape {given.shape}")


def share(name, value):
    """`value` as a float from 0 up to, but not including, 1."""
    return _number(name, "a number from 0 up to, but not including, 1", value, lambda number: 0 <= number < 1)


def positive(name, value):
    """`value` as a finite float above 0."""
    return _number(name, "a finite number above 0", value, lambda number: 0 < number < np.inf)


def _number(name, expected, value, holds):
    number = array(name, expected, value)
    if number.dtype.kind not in "fiu" or number.ndim or not holds(float(number)):  # a longer float may be infinite here
        refuse(name, expected, value)
    return float(number)


def each_run_alone(name, function, theta):
    """Refuse a `function` of theta that mixes runs: it is tried on two for each axis of runs, and on each alone.

    They are near the first run of `theta`. Nothing is asked where a run alone fails, or has a random answer.
    """
    if theta.ndim == 1:
        return
    first = theta.reshape(-1, theta.shape[-1])[0]
    away = np.random.default_rng(0).uniform(0, 0.1, size=(*[2] * (theta.ndim - 1), len(first)))
    points = (first + (1 + abs(first)) * away).astype(theta.dtype)
    each = points.reshape(-1, len(first))
    try:
        alone, again = (np.array([function(point.copy()) for point in each], float) for _ in range(2))
    except Exception:
        return
    try:
        beside = np.reshape(function(points.copy()), alone.shape)
        scale = np.max(np.abs(alone), initial=0, where=np.isfinite(alone))
        same = np.allclose(beside, alone, rtol=1e-3, atol=1e-3 * scale, equal_nan=True)
    except Exception:  # it only takes a run alone
        same = False
    if not same and np.array_equal(alone, again, equal_nan=True):
        expected = "a function that takes each run by itself (leading axes are runs: theta[..., 0], not theta[0])"
        refuse(name, expected, function, "one that fails, or gives another answer, for a run beside others")


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
