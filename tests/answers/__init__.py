"""The catalogue: what students answer, beside the mistakes in the tables of gdtools/checks.

Right answers of every form, and wrong ones that no table has, with a part of the hint that each must get: a file for
each set of exercises. tests/unit/test_checks.py runs all of it.
"""

import inspect

RIGHT = []  # exercise, answer
WRONG = []  # exercise, answer, a part of the hint


def right(name, *answers):
    """Enter answers; or, without any, the function that follows."""
    return _enter(answers, name, lambda answer: RIGHT.append((name, answer)))


def wrong(name, part, *answers):
    """Enter answers, or the function that follows, with a part of the hint."""
    return _enter(answers, name, lambda answer: WRONG.append((name, answer, part)))


def slips(name, function, *edits):
    """Enter what comes of a right function by slips of the pen: the hint's part, what is replaced, and by what."""
    lines = inspect.getsource(function).splitlines()
    while not lines[0].startswith("def "):
        del lines[0]
    for part, old, new in edits:
        code, variables = "\n".join(lines), dict(function.__globals__)
        assert old in code, f"{old} is not in the answer to {name}"
        exec(code.replace(old, new), variables)
        wrong(name, part, variables[lines[0].removeprefix("def ").partition("(")[0]])


def _enter(answers, name, enter):
    def entered(answer):
        if inspect.isfunction(answer):
            answer.__name__ = name  # that a student gives it, and that the hints show
        enter(answer)
        return answer

    for answer in answers:
        entered(answer)
    return None if answers else entered
