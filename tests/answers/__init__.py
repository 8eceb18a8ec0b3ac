"""The catalogue: what students answer, right and wrong, and the hint that each wrong answer must get.

A file for each set of exercises. tests/unit/test_checks.py runs all of it.
"""

RIGHT = {}  # (exercise, label): an answer that must pass
WRONG = {}  # (exercise, label): an answer, and a part of the hint that it must get


def right(name, *values):
    """Enter values; or, without any, the function that follows."""
    return _enter(RIGHT, name, values, lambda answer: answer)


def wrong(name, hint, *values):
    """Enter values, or the function that follows, with a part of the hint."""
    return _enter(WRONG, name, values, lambda answer: (answer, hint))


def _enter(entries, name, values, entry):
    for value in values:
        entries[name, getattr(value, "__name__", repr(value))] = entry(value)  # no addresses: they differ each time

    def function(answer):
        answer.__name__, label = name, answer.__name__
        entries[name, label] = entry(answer)
        return answer

    return None if values else function
