"""Questions that answer back: `choose` among options, type a `number`, calculate as in an `exam`.

`question` is the widget, `answers` says what an answer is worth, `exam` draws the calculations' numbers.
"""

from gdtools.quiz.question import choose, exam, number

__all__ = ["choose", "exam", "number"]
