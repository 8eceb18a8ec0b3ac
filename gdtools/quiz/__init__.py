"""Questions that answer back, `choose`, `number` and `exam`; and a `guess`, kept until its `result` is out.

`question` is the widget, `answers` says what an answer is worth, `exam` draws the calculations' numbers, `prediction`
keeps what was guessed, for `guesses` to look back.
"""

from gdtools.quiz.prediction import guess, guesses, result
from gdtools.quiz.question import choose, exam, number

__all__ = ["choose", "exam", "guess", "guesses", "number", "result"]
