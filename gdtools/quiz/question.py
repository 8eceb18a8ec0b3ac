"""Questions that answer back: `choose` among options, type a `number`, calculate as in an `exam`.

Python says what an answer is worth, in `gdtools.quiz.answers`; question.js shows it. A guess, see
`gdtools.quiz.prediction`, is asked in the same way.
"""

import random
from html import escape
from pathlib import Path

import anywidget
import traitlets

from gdtools.arguments import choice
from gdtools.quiz.answers import Choice, Number
from gdtools.quiz.exam import KINDS, fresh, pick
from gdtools.widgets.cells import CellWidget

_answers = {}  # by question: the last answer that was understood, for a cell that is run again
_drawn = {}  # by kinds of exam question: the one with the latest numbers


def choose(question, *, right, wrong):
    """A question with options; `right` and `wrong` say for each option why it is so. Their order is always the same.

    Raises ValueError for an empty question, without a right or a wrong option, and for an option without a reason.

    >>> question = choose("Is 2 > 1?", right={"yes": "By one."}, wrong={"no": "Count again."})
    >>> question.answer("no")
    >>> question.feedback
    '✗ Not this one. Count again.'
    """
    return Question(Choice(question, right, wrong))


def number(question, *, answer, solution="", unit="", tolerance=None, hints=None):
    """A question for a number, or for several: a point.

    answer     computed in the cell, so that it can't contradict the course
    solution   how to get there; it's shown with a right answer, and can be opened after a wrong one
    tolerance  how far off an answer may be, relative to the right one: 1 % for floats; whole numbers are counts, exact
    hints      misconceptions: for a wrong number (or point, a tuple) one sentence that names the mistake

    Raises ValueError for an empty question, an answer that isn't finite, and a hint at what is right.

    >>> question = number("What is 2 · 21?", answer=42, hints={23: "That is the sum."})
    >>> question.answer("23")
    >>> question.feedback
    '✗ Not yet. That is the sum.'
    """
    return Question(Number(question, answer, solution, unit, tolerance, hints or {}))


def exam(*kinds):
    """A calculation with fresh numbers, of one of these kinds (of any, without one), and a button for the next.

    The kinds are the keys of `gdtools.quiz.exam.KINDS`. Raises ValueError for others.

    >>> question = exam("updates per epoch")
    """
    kinds = tuple(choice("kind", kind, KINDS) for kind in kinds) or tuple(KINDS)
    rng = random.Random()

    def renew():
        last = _drawn.get(kinds)
        while (drawn := fresh(pick(rng, kinds), rng)) == last:
            pass
        _answers.pop(drawn.question, None)  # few numbers are exam-like: these may have been there before
        _drawn[kinds] = drawn
        return drawn

    examples = [fresh(kind, random.Random(0)) for kind in kinds]
    return Question(_drawn.get(kinds) or renew(), renew, examples)


class Question(CellWidget, anywidget.AnyWidget):
    """A `Choice`, a `Number` or a `Guess`, to be answered in the notebook; `renew`, if given, makes the next one.

    The last answer is kept: the same question in a cell run again has it, with its feedback. `examples` stand in for
    questions whose numbers are others in each session.
    """

    _esm = Path(__file__).with_suffix(".js")
    _css = Path(__file__).with_suffix(".css")

    verdict = traitlets.Unicode().tag(sync=True)
    feedback = traitlets.Unicode().tag(sync=True)
    _question = traitlets.Unicode().tag(sync=True)
    _options = traitlets.List().tag(sync=True)
    _unit = traitlets.Unicode().tag(sync=True)
    _guess = traitlets.Bool().tag(sync=True)
    _scale = traitlets.Bool().tag(sync=True)
    _again = traitlets.Bool().tag(sync=True)
    _known = traitlets.Dict().tag(sync=True)  # the reply to each option, for pages without a kernel
    _answer = traitlets.Unicode().tag(sync=True)
    _solution = traitlets.Unicode().tag(sync=True)
    _open = traitlets.Bool().tag(sync=True)
    _replies = traitlets.Int().tag(sync=True)

    def __init__(self, problem, renew=None, examples=None):
        self.renew, self.examples = renew, examples or [problem]
        kind = {"_guess": hasattr(problem, "said"), "_scale": bool(getattr(problem, "scale", ()))}
        super().__init__(_again=renew is not None, **kind)
        self._ask(problem)
        self.on_msg(self._receive)

    def _receive(self, _, message, buffers):
        if "answer" in message:
            self.answer(str(message["answer"]))
        elif self.renew:
            self._ask(self.renew())

    def _ask(self, problem):
        """Put this question, with the answer that it had before, if it had one."""
        self.problem = problem
        with self.hold_sync():
            self._question, self._options = problem.question, list(problem.options)
            self._unit = getattr(problem, "unit", "")
            self._known = getattr(problem, "known", {})
            self._answer = self._solution = self.verdict = self.feedback = ""
            self._replies += 1
            kept = _answers.get(problem.question, "")
            if problem.reply(kept).verdict != "unclear":
                self.answer(kept)

    def answer(self, text):
        """Reply to this answer. One that isn't understood leaves all but the reply as it was."""
        with self.hold_sync():
            self.verdict, self.feedback = self.problem.reply(text)
            self._replies += 1
            if self.verdict != "unclear":
                _answers[self.problem.question] = self._answer = text
                self._solution = getattr(self.problem, "solution", "")
                self._open = self.verdict == "right" or self.renew is not None

    def stand_in(self):
        """The question for readers without a kernel, its answer folded: HTML, and the question in words."""
        asked = [example.lines() for example in self.examples]
        blocks = "".join(
            f"<p>{_breaks(question)}</p>"
            + (f"<details><summary>Answer</summary><p>{_breaks(answer)}</p></details>" if answer else "")
            for question, answer in asked
        )
        fresh_ones = " Each time it has new numbers." if self.renew else ""
        return (
            f'<div class="gdtools-stand-in">{blocks}<p><em>Run the cell to answer.{fresh_ones}</em></p></div>',
            "\n".join(line for question, _ in asked for line in question),
        )


def _breaks(lines):
    return "<br>".join(escape(line) for text in lines for line in text.splitlines())
