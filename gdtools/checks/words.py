"""The words of a hint: what an answer is, and how it differs from what is right."""

import dis
from numbers import Real

import numpy as np

AMOUNTS = {(): "one number", (2,): "two numbers", (3,): "three numbers", (4,): "four numbers", (5,): "five numbers"}


class Hint(AssertionError):
    """What to look at in an answer, in a sentence. A notebook shows it without a traceback."""

    def _render_traceback_(self):
        return [f"✗ {self}"]


def require(holds, hint):
    """Hint unless `holds`."""
    if not holds:
        raise Hint(hint)


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
        raise Hint(f"{what} should be a number, or numbers, but it is {short(value)}.")
    if shape is not None and array.shape != shape:
        given = f"has shape {array.shape}" if array.ndim else "is a single number"
        raise Hint(f"{what} should be {AMOUNTS[shape]}, but it {given}.")
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


def difference(what, value, right, function=None):
    """How a value differs from the right one, where no known mistake explains it."""
    if value.shape != right.shape:
        return _about_shape(what, value, right)
    outside = _taken_from_outside(function)
    if outside:
        return f"{what} uses {outside} from outside the function. Use the arguments: they are other numbers here."
    if not np.isfinite(value).all() and np.isfinite(right).all():
        return f"{what} is not a finite number: {short(value)}. Is there a division by zero, or a step too long?"
    advice = " Call your function with small numbers that you can do by hand, and compare." if function else ""
    return f"{what} isn't right yet. It is {short(value)}.{advice}"


def _about_shape(what, value, right):
    if right.ndim == 0:
        return f"{what} should be one number, but it has shape {value.shape}."
    if value.ndim == 0:
        return f"{what} should have shape {right.shape}, but it is a single number. Is there a sum or mean too many?"
    return f"{what} has shape {value.shape}; it should be {right.shape}."


def _taken_from_outside(function):
    """The numbers and arrays of the notebook that a function uses, as text."""
    if not hasattr(function, "__code__"):
        return ""
    loaded = (step.argval for step in dis.get_instructions(function.__code__) if step.opname == "LOAD_GLOBAL")
    values = {name: function.__globals__.get(name) for name in loaded}
    return " and ".join(name for name, value in values.items() if isinstance(value, (int, float, np.ndarray)))


def short(value, length=60):
    """A value in a few words."""
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape}"
    text = " ".join(repr(np.round(value, 4).tolist() if isinstance(value, np.ndarray) else value).split())
    return text if len(text) <= length else text[:length] + "…"
