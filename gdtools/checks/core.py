"""How an answer is checked: by what it does, on many inputs, until the first thing that doesn't hold.

An exercise is what is right, a table of mistakes, and a generator that does the trying. A row of the table is a hint,
and the mistake that deserves it as a student would write it. The generator gets an `Answer` and yields a sentence for
each thing that holds. At the first that doesn't, a `Hint` is raised: that of the mistake which does the same.
"""

import copy
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gdtools.checks.trying import call, unfinished, watched
from gdtools.checks.words import Hint, as_numbers, difference, require, short, spelled, unused

EXERCISES = {}  # by name


class Exercise(NamedTuple):
    signature: str  # `name` for a value, `name(arguments)` for a function
    right: object  # an answer that passes
    mistakes: dict  # a hint: the answer that it is for
    generator: Callable
    example: tuple = ()  # arguments with which a student can do it by hand

    @property
    def is_function(self):
        return callable(self.right)


def exercise(signature, right, mistakes=(), example=()):
    """Make a generator the check of what `signature` says."""

    def register(generator):
        EXERCISES[signature.partition("(")[0]] = Exercise(signature, right, dict(mistakes), generator, example)
        return generator

    return register


def check(name, answers=None):
    """Say what holds of the answer called `name`, and raise a `Hint` where it doesn't.

    `answers` is a dict that holds the answer; if not given, the variables of the notebook that calls.

    Raises ValueError for a name that no exercise has.

    >>> check("new_point", {"new_point": [2, -5]})
    Traceback (most recent call last):
        ...
    gdtools.checks.words.Hint: The learning rate is missing: a step is η times the gradient.

    Source: the idea of a hint for each misconception is that of Sadler, Psychometric models of student conceptions
    in science (1998): a wrong answer that many give tells more than "wrong".
    """
    require(isinstance(name, str), 'The name comes in quotes: check("gradient_step"), say.')
    if name not in EXERCISES:
        raise ValueError(f"name must be one of {', '.join(EXERCISES)}, but it is {name!r}")
    answers = sys._getframe(1).f_globals if answers is None else answers
    exercise, made = EXERCISES[name], answers.get(name)
    if unfinished(made):
        raise Hint(f"{name}: not started yet. Replace the dots above, run that cell, then this one.")
    if isinstance(made, (list, tuple)) and any(map(unfinished, made)):
        raise Hint(f"{name} is not finished: number {[*map(unfinished, made)].index(True) + 1} in it is still dots.")
    if exercise.is_function and not callable(made):
        raise Hint(f"{name} should be a function, {exercise.signature}, but it is {short(made)}.")
    if not exercise.is_function and callable(made):
        raise Hint(f"{name} should be a value, but it is a function. Call it, and keep what it returns.")
    with watched(name):
        if not exercise.is_function:
            made = as_numbers(made, name, np.shape(exercise.right))
        for holds in exercise.generator(Answer(exercise, made)):
            say(f"✓ {holds}")
    say(f"✓ {name}: done")


def say(words):
    """Print `words`, with ? for signs that a console doesn't have: those of Windows may know neither ✓ nor η."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    print(words.encode(encoding, "replace").decode(encoding))


class Trial(NamedTuple):
    """Calls of a function, or none for a value, and what of the results is compared, how exactly."""

    calls: list
    parts: Callable  # a dict of what is compared, one after the other
    rtol: float
    atol: float

    def of(self, ours):
        """The parts, as arrays, of what is right or of a mistake."""
        made = [call(ours, *copy.deepcopy(given)) for given in self.calls] if callable(ours) else ours
        return {part: np.asarray(value, float) for part, value in self.parts(made).items()}

    def distance(self, ours, seen):
        """How far a mistake is from the parts that were seen of an answer; infinite if it is another."""
        try:
            parts = self.of(ours)
        except (Hint, TypeError, ValueError):  # a mistake may well fail
            return np.inf
        return max(self.between(value, parts[part]) for part, value in seen.items())

    def between(self, value, other):
        """The largest distance, in units of what is allowed; infinite beyond that."""
        rtol = max(self.rtol, 1e-3) if value.dtype == np.float32 else self.rtol  # what a float32 can hold
        if value.shape != other.shape or not np.allclose(value, other, rtol, self.atol, equal_nan=True):
            return np.inf
        return np.max(np.nan_to_num(np.abs(value - other) / (self.atol + rtol * np.abs(other))), initial=0)


@dataclass
class Answer:
    """What a student has made, a value or a function, beside what is right and what is a known mistake."""

    exercise: Exercise
    made: object
    passed: list = field(default_factory=list)  # the trials so far

    def __call__(self, *given):
        return call(self.made, *given)

    def on(self, *given, what="the answer", parts=None, **how):
        """What the answer makes of these arguments, if that is right; the parts of it are compared one by one."""
        return self._try([given], lambda results: parts(results[0]) if parts else {what: results[0]}, **how)[0]

    def on_each(self, calls, what, **how):
        """The same for several calls, whose results are compared together."""
        return self._try(calls, lambda results: {what: results}, **how)

    def entry(self, what, where=..., **how):
        """The same for a value, or for a part of it."""
        return self._try([], lambda value: {what: np.asarray(value)[where]}, **how)

    def _try(self, calls, parts, rtol=1e-6, atol=1e-9, otherwise=None):
        """A Hint unless it is right: that of the mistake, or what `otherwise` says of the part that is wrong."""
        trial, is_function = Trial(copy.deepcopy(calls), parts, rtol, atol), self.exercise.is_function
        troubles = set()
        made = [call(self.made, *given, troubles=troubles) for given in calls] if is_function else self.made
        right, seen = trial.of(self.exercise.right), {}
        for part, value in trial.parts(made).items():
            seen[part] = as_numbers(value, part)
            if trial.between(seen[part], right[part]) == np.inf:
                wrong = part, seen[part], right[part]
                told = self._mistake(trial, seen) or (otherwise and otherwise(*wrong)) or self._in_another_order()
                raise Hint(told or difference(*wrong, self.made if is_function else None, troubles, self._by_hand))
        self.passed.append(trial)
        return made

    def _in_another_order(self):
        """What is said of a value that has all the right numbers, but not where they belong."""
        if not self.exercise.is_function:
            yours, right = (np.sort(np.ravel(as_numbers(one, "it"))) for one in (self.made, self.exercise.right))
            if yours.shape == right.shape and len(right) > 1 and np.allclose(yours, right, rtol=1e-3):
                return "These are the right numbers, in another order."

    def _by_hand(self):
        """What becomes of an example that can be done by hand."""
        example = self.exercise.example
        if not example:
            return "Call your function with small numbers that you can do by hand, and compare."
        yours, right = (short(f(*copy.deepcopy(example))) for f in (self, self.exercise.right))
        if yours == right:
            return f"{spelled(self.made, example)} is right: what is different here?"
        return f"Try {spelled(self.made, example)}: you get {yours}, and by hand it is {right}."

    def _mistake(self, trial, seen):
        """The hint of the mistake that is as wrong here, and was as right before; of several, the nearest."""
        distances = {}
        for hint, mistake in self.exercise.mistakes.items():
            if self.exercise.is_function and unused(self.made).keys() - unused(mistake).keys():
                continue  # a mistake that uses more than the answer does is another one
            distance = trial.distance(mistake, seen)
            if distance < np.inf:
                elsewhere = [one for one in self.passed if one.distance(mistake, one.of(self.exercise.right)) == np.inf]
                if not (elsewhere and self.exercise.is_function):
                    distances[hint] = len(elsewhere), distance
        return min(distances, key=distances.get, default=None)


def guard_the_name():
    """In a notebook, give the name `check` back where a cell calls the check but the name is a variable."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return

    def restore(info):
        if info.raw_cell.lstrip().startswith('check("') and shell.user_ns.get("check", check) is not check:
            shell.user_ns["check"] = check
            print("(`check` was a variable of yours. Now it is the check again.)")

    shell.events.register("pre_run_cell", restore)
