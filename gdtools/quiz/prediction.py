"""A guess that is kept: `guess` asks before a run, `result` sets beside it what came out, `guesses` looks back.

Guesses are kept while the kernel runs, and nowhere else.
"""

from dataclasses import dataclass, field
from html import escape

import numpy as np

from gdtools.arguments import array, choice, floats, refuse, sentence
from gdtools.quiz.answers import Reply, Unclear, is_share, read, short
from gdtools.quiz.question import Question
from gdtools.widgets.cells import running_cell

FAR = 0.25  # a number that misses the result by a larger share of it is far off

_asked = {}  # by key: the guesses of this session


def guess(key, question, *, unit="", options=(), scale=()):
    """Ask for a guess before the next cell is run: a number, one of the `options`, or a point on a `scale` of numbers.

    It is kept, and can be changed, until the `result` of the same key is out. Who wants to guess nothing runs on.

    Raises ValueError for an empty key or question, for a single option or point, and for options with a scale.

    >>> question = guess("product", "What is 6 · 7?")
    >>> question.answer("40")
    >>> question.feedback
    'Kept: 40. Now run the next cell.'
    """
    asked = Guess(key, question, unit, options, scale)
    if _asked.get(key) != asked:
        _asked[key] = asked
    _asked[key].cell = running_cell()[0]
    return Question(_asked[key])


def result(key, value):
    """What came out, beside the guess of the same key; nothing, if there was no guess.

    Raises ValueError for what nobody could have guessed: no number, or none of the options.

    >>> guess("sum", "What is 6 + 7?").answer("12")
    >>> result("sum", 13)
    You said 12; it is 13.
    """
    asked = _asked.get(sentence("key", key, "which guess is meant"))
    if asked:
        asked.settle(value)
        if asked.said is not None:
            return Shown(asked.comparison(), f'<p class="gdtools-result">{escape(asked.comparison())}</p>')


def guesses():
    """The guesses of this session beside what came out, and where it pays to look again.

    >>> guess("dozen", "How many are a dozen?").answer("10")
    >>> result("dozen", 12)
    You said 10; it is 12.
    """
    made = [asked for asked in _asked.values() if asked.said is not None]
    far = sum(asked.far() for asked in made)
    if made:
        head = f"You made {len(made)} of {len(_asked)} guesses. "
        head += f"Far off: {far}. Look at those again." if far else "None was far off."
    else:
        head = "What you guess in this notebook will stand here, beside what came out."
    rows = "".join(f"<tr><td>{escape(asked.question)}</td><td>{asked.row()}</td></tr>" for asked in made)
    words = [head, *(f"{asked.question} {asked.comparison()}" for asked in made)]
    return Shown("\n".join(words), f'<p>{head}</p><table class="gdtools-guesses">{rows}</table>')


@dataclass(frozen=True)
class Shown:
    """Words for the end of a cell, and the same as HTML."""

    words: str
    html: str

    def __repr__(self):
        return self.words

    def _repr_html_(self):
        return self.html


@dataclass
class Guess:
    """What is asked before a run: `said` is what the reader guesses, `out` what comes out, `cell` where it is asked."""

    key: str
    question: str
    unit: str = ""
    texts: tuple = ()
    scale: tuple = ()
    said: object = field(default=None, compare=False)
    out: object = field(default=None, compare=False)
    cell: str | None = field(default=None, compare=False)

    def __post_init__(self):
        sentence("key", self.key, "which guess it is")
        sentence("question", self.question, "what is to be guessed")
        if not isinstance(self.unit, str):
            refuse("unit", "a text", self.unit)
        for name, several in (("options", self.texts), ("scale", self.scale)):
            if isinstance(several, str) or not hasattr(several, "__len__") or len(several) == 1:
                refuse(name, "a sequence of two or more", several)
        if len(self.texts) and len(self.scale):
            refuse("scale", "left out where there are options", self.scale)
        self.texts = tuple(sentence("options", text, "what can be guessed") for text in self.texts)
        self.scale = tuple(floats("scale", self.scale, shape=(len(self.scale),)).tolist()) if len(self.scale) else ()
        if len(set(self.options)) < len(self.options):
            refuse("options" if self.texts else "scale", "different from each other", self.texts or self.scale)

    @property
    def options(self):
        """What a reader can choose, in words; nothing where a number is typed."""
        return [*self.texts, *map(short, self.scale)]

    def reply(self, text):
        """Keep this guess, if there is still something to guess."""
        try:
            said = self._understand(text)
        except Unclear as unclear:
            return Reply("unclear", str(unclear))
        if self.out is None:
            self.said = said
            return Reply("kept", f"Kept: {self._tell(said)}. {self._if_a_share(text, said)}Now run the next cell.")
        if said == self.said:
            return Reply("kept", self.comparison())
        return Reply("unclear", "The answer is out already, and a guess comes before it.")

    def _understand(self, text):
        if not self.options:
            return float(read(text, 1, self.unit)[0])
        if text not in self.options:
            raise Unclear("Choose one first.")
        return [*self.texts, *self.scale][self.options.index(text)]

    def _if_a_share(self, text, said):
        """How a number of per cent was read that may be meant as a share: 0.36."""
        if self.unit != "%" or not said or not is_share(text, said):
            return ""
        return f"(For {self._tell(100 * said)}, type {short(100 * said)}.) "

    def settle(self, value):
        """This is what came out; after the first time, perhaps of an experiment that the reader has changed."""
        if not self.texts:
            number = array("value", "a number", value)
            if number.dtype.kind not in "fiu" or number.ndim or np.isnan(number):
                refuse("value", "a number", value)
            self.out = float(number)
        elif self.out is None:
            self.out = choice("value", value, self.texts)
        else:
            self.out = sentence("value", value, "what came out")

    def far(self):
        """Whether the guess was far from what came out."""
        if self.out is None or self.texts:
            return self.out not in (None, self.said)
        return self.out in (-np.inf, np.inf) or abs(self.said - self.out) > FAR * abs(self.out)

    def comparison(self):
        """The guess beside what came out, in a sentence."""
        said = self._tell(self.said)
        if self.out is None:
            return f"You said {said}."
        out = self._tell(self.out)
        return f"You said {said}, and so it is." if said == out else f"You said {said}; it is {out}."

    def _tell(self, value):
        if self.texts:
            return f"“{value}”"
        whole = abs(value) < 1e6 and value == round(value)
        digits = short(int(value) if whole else float(f"{value:.4g}")).replace("inf", "∞")
        return f"{digits} {self.unit}".strip()

    def row(self):
        """The comparison for a table, as HTML: with a link to the question, if it pays to go back."""
        link = f' <a href="#cell-id={self.cell}">Look again</a>' if self.far() and self.cell else ""
        return escape(self.comparison()) + link

    def lines(self):
        """What is asked: lines for a stand-in. There is no answer yet."""
        ends = [f"{self.options[0]} … {self.options[-1]}"] if self.scale else [f"◦ {text}" for text in self.texts]
        return [self.question, *ends], []
