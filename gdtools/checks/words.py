"""The words of a hint: what an answer is, and how it differs from what is right."""

import contextlib
import dis
import inspect
import re
import traceback

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

    Fractions and decimals are numbers, too. A `shape` is one of those that `AMOUNTS` has a word for.
    """
    try:
        array = np.asarray(value)
        exact = array.dtype == object and all(hasattr(one, "__float__") for one in array.flat)
        kept = np.float32 if array.dtype == np.float32 else float
        array = array.astype(kept) if exact or array.dtype.kind in "biuf" else None
    except (ArithmeticError, TypeError, ValueError):
        array = None
    if array is None:
        told = "a function. Are there brackets missing after it?" if callable(value) else f"{short(value)}."
        raise Hint(f"{what} should be a number, or numbers, but it is {told}")
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


def difference(what, value, right, function=None, troubles=(), by_hand=lambda: ""):
    """How a value differs from the right one, where no known mistake explains it."""
    outside, idle = _taken_from_outside(function), " and ".join(unused(function).values())
    if value.shape == right.shape and outside:
        return f"{what} uses {outside} from outside the function. Use the arguments: they are other numbers here."
    advice = f" Your function doesn't use {idle}: what is that for?" if idle else ""
    if value.shape != right.shape:
        return _about_shape(what, value, right) + advice
    if np.isnan(value).any() or np.isfinite(right).all() > np.isfinite(value).all():
        return _about_infinity(what, value, troubles)
    if function and not idle:
        advice = f" {by_hand()}"
    return f"{what} isn't right yet. It is {short(value)}{_compared(value, right, function)}.{advice.rstrip()}"


def _about_shape(what, value, right):
    if right.ndim == 0:
        return f"{what} should be one number, but it has shape {value.shape}."
    if value.ndim == 0:
        return f"{what} should have shape {right.shape}, but it is a single number. Is there a sum or mean too many?"
    told = f"{what} should have shape {right.shape}, but it has shape {value.shape}."
    if value.size == right.size and np.allclose(value.ravel(), right.ravel()):
        return f"{told} The numbers are right."
    if value.shape == right.T.shape and np.allclose(value.T, right):
        return f"{told} Rows and columns are exchanged."
    if value.shape == 2 * right.shape:
        return f"{told} Does a row meet a column somewhere? Together they make a table."
    return told


def _about_infinity(what, value, troubles):
    """Why it isn't finite, if NumPy has told."""
    reasons = {
        "divide by zero": "There is a division by zero, or a logarithm of it.",
        "overflow": "The numbers on the way grow too large: is a step too long, or its sign turned?",
        "invalid value": "On the way there is 0/0 or inf − inf, or a root or a logarithm of a negative number.",
    }
    why = next(
        (reason for name, reason in reasons.items() if name in troubles), "Here there is an answer that is finite."
    )
    return f"{what} is not a finite number: {short(value)}. {why}"


def _compared(value, right, function):
    """In which way it is off: by a factor, by a constant, in its order, or in some entries."""
    off, n = ~np.isclose(value, right, 1e-6, 1e-9, equal_nan=True), right.size
    with np.errstate(all="ignore"):
        factors, shifts = (value / right).ravel(), (value - right).ravel()
    known = np.isfinite(factors) & (factors != 0)
    if np.allclose(value, -right):
        return ": right but for its sign"
    if function and known.any() and np.allclose(factors[known], factors[known][0]) and np.all(known | ~off.ravel()):
        return f", {factors[known][0]:.4g} times what it should be" + (", in every entry" if n > 1 else "")
    if function and n > 1 and np.allclose(shifts, shifts[0]):
        return f", in every entry {abs(shifts[0]):.4g} too {'large' if shifts[0] > 0 else 'small'}"
    if n > 1 and np.allclose(np.sort(value, axis=None), np.sort(right, axis=None)):
        return ": the right numbers in another order"
    place = tuple(np.argwhere(off)[0].tolist()) if off.any() else ()
    size = "large" if np.any(value[place] > right[place]) else "small"
    if n == 1:
        return f", which is too {size}"
    entry = place[0] if len(place) == 1 else place
    first = "no entry is right" if off.all() else f"{n - off.sum()} of {n} entries are right"
    return f": {first}, and entry {entry}, {value[place]:.4g}, is too {size}"


def _taken_from_outside(function):
    """The numbers and arrays of the notebook that a function uses, as text."""
    if not hasattr(function, "__code__"):
        return ""
    loaded = (step.argval for step in dis.get_instructions(function.__code__) if step.opname == "LOAD_GLOBAL")
    values = {name: function.__globals__.get(name) for name in loaded}
    return " and ".join(name for name, value in values.items() if isinstance(value, (int, float, np.ndarray)))


def unused(function):
    """The places of the arguments that a function never looks at, and their names."""
    code = getattr(function, "__code__", None)
    if code is None:
        return {}
    used = [step.argval for step in dis.get_instructions(code) if not step.opname.startswith("STORE")]
    used = {name for names in used for name in (names if isinstance(names, tuple) else (names,))}
    return {k: name for k, name in enumerate(code.co_varnames[: code.co_argcount]) if name not in used}


# What Python says, and what that means to someone who begins. The first that fits.
ADVICE = [
    ("Cannot cast ufunc", "An array of whole numbers can't hold fractions. Make a new array, don't change this one."),
    (
        "NoneType",
        "Something in it is None: `rng.shuffle`, `sort` and `append` change their argument and return nothing.",
    ),
    ("bitwise_xor|for \\^", "A power is written **, not ^."),
    ("_function_or_method|'method'|'function'|'type'", "Are there brackets missing after the name of a function?"),
    ("not callable", "Is a * missing before a bracket, or was a name such as `sum` given to something else?"),
    (
        "int(eger)? scalar|indices must be|valid indices|as an integer",
        "An index or a size is a whole number: // has no rest.",
    ),
    ("not subscriptable", "One number is used as if it were a list."),
    ("not iterable|no len", "One number is used as if it were a list."),
    ("positional argument|keyword argument", "Compare this call with the first line of the function that it calls."),
    (
        "broadcast|matmul|not aligned|mismatch|must match",
        "Do the shapes of all the arrays in that line belong together?",
    ),
    (
        "truth value of an array",
        "An array has many values. Which of them decides? np.where and np.minimum take them all.",
    ),
    ("inhomogeneous|with a sequence", "In one place there is a list, or an array, where one number should be."),
    ("unpack", "How many things are on the right, and how many names on the left?"),
    ("cannot access local|referenced before", "In this function it gets its value later, or never."),
    (
        "NameError",
        "If another cell makes it, run that cell: after a restart, all of them. If not, how is it spelled above?",
    ),
    ("ndarray' object has no attribute", "An array has no such method. Does a list have it, or NumPy itself?"),
    ("cannot reshape", "How many entries are there, and into how many places?"),
    ("AxisError", "How many axes has that array? The first is axis 0."),
    ("IndexError", "Which index is the last one, and can the list be empty?"),
    ("'(list|tuple|float|int)' object has no attribute", "That is no array. np.array(...) makes one."),
    ("ZeroDivisionError", "Which of the numbers can be 0?"),
    ("math domain", "A root or a logarithm of a number that may be negative, or 0?"),
    ("OverflowError", "A number grows too large: is a step too long, or its sign turned?"),
    ("RecursionError", "It calls itself again and again. When should it stop?"),
]


def explain(function, error, arguments):
    """What an error of Python means, where it is, and what to look at."""
    name, kind, told = (
        getattr(function, "__name__", "your function"),
        type(error).__name__,
        short(str(error), 120, text=True),
    )
    if isinstance(error, NotImplementedError):
        return f"{name}: not started yet."
    advice = next((advice for sign, advice in ADVICE if re.search(sign, f"{kind}: {error}")), "")
    with contextlib.suppress(ValueError, TypeError):
        if isinstance(error, TypeError) and not _takes(function, arguments):
            advice = "Are the arguments those in the first line of the stub, in that order?"
    own = [frame.line for frame in traceback.extract_tb(error.__traceback__) if _is_in(frame, function)]
    where = f", in `{short(own[-1], text=True)}`" if own and own[-1] else ""
    return f"{spelled(function, arguments)} fails with {kind}: {told.removesuffix('.')}{where}. {advice}".rstrip()


def _takes(function, arguments):
    try:
        inspect.signature(function).bind(*arguments)
    except TypeError:
        return False
    return True


def _is_in(frame, function):
    return frame.filename == getattr(getattr(function, "__code__", None), "co_filename", None)


def spelled(function, arguments):
    """The call, as a student could write it."""
    given = ", ".join(getattr(one, "__name__", None) or short(one) for one in arguments)
    return f"{getattr(function, '__name__', 'your function')}({given})"


def _rounded(values):
    """To four decimals; to four digits where all are small."""
    largest = np.max(np.abs(values), initial=0, where=np.isfinite(values))
    return np.round(values, 4 if largest > 0.01 or not largest else 4 - int(np.log10(largest)))


def short(value, length=60, text=False):
    """A value in a few words, in the same ones whatever np.set_printoptions says."""
    if isinstance(value, np.random.Generator):
        return "rng"
    if isinstance(value, tuple):
        return f"({', '.join(short(one, length) for one in value)})"
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        value = float(f"{value:.10g}")  # not 40.00000000000001
    if isinstance(value, np.ndarray) and value.size > 6:
        return f"an array of shape {value.shape}"
    with np.printoptions(
        precision=8, threshold=1000, edgeitems=3, suppress=False, sign="-", formatter=None, legacy=False
    ):
        told = value if text else repr(_rounded(value).tolist() if isinstance(value, np.ndarray) else value)
    told = " ".join(told[: 10 * length].split())
    return told if len(told) <= length else told[:length] + "…"
