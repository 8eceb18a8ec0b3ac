"""What an answer is worth: `Choice` and `Number` say what is asked, what is right, and why the rest is wrong.

A reply is "right", "wrong" or "unclear", and an unclear answer (an empty one, say) counts for nothing.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from gdtools.arguments import floats, refuse, sentence

ROUNDING = 0.01  # how far from the answer a rounded number may be, relative to it
LONGEST = 100  # characters of an answer
SIGNS = {wide + 0xFEE0: wide for wide in range(0x21, 0x7F)} | str.maketrans("−–⁄、", "--/,")  # as on Asian keyboards
FRACTION = r"(\d*)\s*([¼-¾⅐-⅞])"  # ½, 2½
SEPARATOR = r"\s*[,;]\s*|\s+"
THOUSANDS = r"(?<=\d){}(?=\d{{3}}(?!\d))"  # 1 812, 1'812
TIGHT = re.compile(r"\d,\d")  # perhaps a decimal comma


class Reply(NamedTuple):
    verdict: str  # "right", "wrong" or "unclear"
    words: str


class Unclear(Exception):
    """What keeps an answer from being understood, in words for the reader."""


@dataclass(frozen=True)
class Choice:
    """A question with options: texts, each with its reason."""

    question: str
    right: dict
    wrong: dict

    def __post_init__(self):
        sentence("question", self.question, "what is asked")
        for name, options in (("right", self.right), ("wrong", self.wrong)):
            if not isinstance(options, dict) or not options:
                refuse(name, "a dict of at least one option and its reason", options)
            for option, reason in options.items():
                sentence(name, option, "what can be chosen")
                sentence(name, reason, f"why {option!r} is {name}")
        if both := self.right.keys() & self.wrong.keys():
            refuse("wrong", "options that aren't right, too", both.pop())

    @property
    def options(self):
        """In an order that tells nothing, but is always the same."""
        return sorted([*self.right, *self.wrong], key=lambda option: zlib.crc32((self.question + option).encode()))

    @property
    def known(self):
        """The reply to each option."""
        return {option: self.reply(option) for option in self.options}

    def reply(self, option):
        if option in self.right:
            return Reply("right", f"✓ Right. {self.right[option]}")
        if option in self.wrong:
            return Reply("wrong", f"✗ Not this one. {self.wrong[option]}")
        return Reply("unclear", "Choose an option first.")

    def lines(self):
        """What is asked, and what would be answered: lines for a stand-in."""
        signs = {"right": "✓", "wrong": "✗"}
        reasons = self.right | self.wrong
        return (
            [self.question, *(f"◦ {option}" for option in self.options)],
            [f"{signs[self.reply(option).verdict]} {option}: {reasons[option]}" for option in self.options],
        )


@dataclass(frozen=True)
class Number:
    """A question for one number or several; the arguments are those of `number`."""

    question: str
    answer: object
    solution: str = ""
    unit: str = ""
    tolerance: float | None = None
    hints: dict = field(default_factory=dict)

    options = ()

    def __post_init__(self):
        sentence("question", self.question, "what is asked")
        if floats("answer", self.answer).ndim > 1:
            refuse("answer", "a number or a sequence of them", self.answer)
        if self.tolerance is not None:
            floats("tolerance", self.tolerance, shape=(), at_least=0)
        for name in ("solution", "unit"):
            if not isinstance(getattr(self, name), str):
                refuse(name, "a text", getattr(self, name))
        if not isinstance(self.hints, dict):
            refuse("hints", "a dict of wrong numbers and what the mistake is", self.hints)
        for wrong, words in self.hints.items():
            floats("hints", wrong, shape=np.shape(self.answer))
            sentence("hints", words, "what the mistake is")
            if self.accepts(wrong):
                refuse("hints", "about wrong numbers", wrong)

    @property
    def value(self):
        return np.atleast_1d(np.asarray(self.answer, float))

    @property
    def slack(self):
        """The tolerance, relative to the answer."""
        exact = np.asarray(self.answer).dtype.kind in "iu"
        return self.tolerance if self.tolerance is not None else 0.0 if exact else ROUNDING

    def accepts(self, typed):
        return self._near(typed, self.value, self.slack)

    def apart(self, one, other):
        """Whether neither of two numbers, or points, is taken for the other, when it's rounded."""
        one, other = (np.atleast_1d(np.asarray(value, float)) for value in (one, other))
        return not (self._near(one, other, 2 * self.slack) or self._near(other, one, 2 * self.slack))

    def _near(self, typed, value, slack):
        """Whether these numbers are the same."""
        return bool(self._each_near(typed, value, slack).all())

    def _each_near(self, typed, value, slack):
        """Which of these numbers are the same; zeros may be as far off as the largest."""
        scale = np.abs(value).max() or 1.0
        off = np.abs(np.atleast_1d(typed) - value)
        return off < slack * np.where(value == 0, scale, np.abs(value)) + 1e-9 * scale

    def reply(self, text):
        try:
            typed = read(text, len(self.value), self.unit)
        except Unclear as unclear:
            return Reply("unclear", str(unclear))
        with np.errstate(over="ignore"):
            readings = [typed, 100 * typed] if self.unit == "%" and is_share(text, typed) else [typed]
            if any(map(self.accepts, readings)):
                return Reply("right", "✓ Right.")
            known = next(filter(None, map(self._misconception, readings)), None)
            return Reply("wrong", f"✗ Not yet. {known or self._hint(readings[-1]) + _comma(text, typed)}")

    def _misconception(self, typed):
        """What is said of this wrong number, if it is one that was foreseen."""
        for wrong, words in self.hints.items():
            if self._near(typed, np.atleast_1d(np.asarray(wrong, float)), self.slack):
                return words

    def _hint(self, typed):
        """One sentence on any other wrong answer that doesn't tell the right one."""
        value = self.value
        if self._near(np.abs(typed), np.abs(value), self.slack):
            return "The size is right. Look at the sign."
        if self._near(typed[::-1], value, self.slack):
            return "These are the right numbers in the wrong order."
        if any(self._near(typed, value * 10.0**power, self.slack) for power in range(-6, 7)):
            return "The digits are right. Look at the decimal point."
        if self.slack and self._near(typed, value, 5 * self.slack):
            return "Close. Compute with more digits."
        right = self._each_near(typed, value, self.slack).tolist()
        if any(right):
            return f"Number {1 + right.index(True)} is right, number {1 + right.index(False)} isn't."
        return "Compare your steps with the solution." if self.solution else "Try again."

    def lines(self):
        """What is asked, and what would be answered: lines for a stand-in."""
        value = self.answer if np.ndim(self.answer) == 0 else tuple(self.answer)
        plain = value if isinstance(value, (int, tuple)) else float(value)
        return [self.question], [f"{short(plain)} {self.unit}".strip(), *self.solution.splitlines()]


def read(text, how_many, unit=""):
    """The numbers that a reader has typed: an array of `how_many`. Raises Unclear.

    >>> read("(2.4, ½).", 2)
    array([2.4, 0.5])
    >>> read("1 812 updates", 1, "updates")
    array([1812.])
    """
    if len(text) > LONGEST:
        raise Unclear("That is too long. Type the answer alone.")
    text = plain(text)
    text = re.sub(r"[^\s,;(\[=≈]*\s*[=≈]\s*", "", text).strip().rstrip(" .")  # "x = "
    names = {unit, unit.removesuffix("s"), "percent" if unit == "%" else unit}
    for name in sorted(names - {""}, key=len, reverse=True):
        if text.casefold().endswith(name.casefold()):
            text = text[: len(text) - len(name)]
            break
    text = re.sub(r"(^|[\s,;(\[])([-+])\s+", r"\1\2", text.strip("()[]{} \t\n"))  # "− 2"
    if not text:
        raise Unclear("Type a number first.")
    parts = re.split(SEPARATOR, text)
    if len(parts) != how_many:
        parts = re.split(SEPARATOR, re.sub(THOUSANDS.format(r"\s"), "", text))
    typed = np.array([_number(part, unit) for part in parts])
    if len(typed) != how_many and TIGHT.search(text):
        raise Unclear("A comma separates numbers here. Write a decimal point, as in 3.14, and 10000 without a comma.")
    if len(typed) != how_many:
        wanted = "one number" if how_many == 1 else f"{how_many} numbers"
        raise Unclear(f"The answer is {wanted}, and you typed {len(typed)}.")
    return typed


def plain(text):
    """The same in a programmer's characters: digits, signs and fractions, a comma for "and"."""
    text = re.sub(
        FRACTION, lambda found: repr(int(found[1] or 0) + unicodedata.numeric(found[2])), text.translate(SIGNS)
    )
    text = re.sub(THOUSANDS.format("['’]"), "", text)
    text = re.sub(r"\s*/\s*", "/", re.sub(r"\s*(?:%|per ?cent\b)", "%", text, flags=re.I))
    return re.sub(r"(?<=[\d)%])\s*(?:\band\b|&)\s*", ", ", text)


def is_share(text, typed):
    """Whether an answer in per cent seems to be given as a share: 0.36 or 9/25."""
    return bool(np.all(np.abs(typed) <= 1)) and "%" not in plain(text)


def _comma(text, typed):
    """What to say of a comma that may have been meant as a decimal one: 2,4 for a point."""
    if len(typed) != 2 or not TIGHT.search(text):
        return ""
    return f" A comma separates numbers here: this was read as {short(float(typed[0]))} and {short(float(typed[1]))}."


def _number(text, unit):
    """One number or fraction. Raises Unclear."""
    if text.casefold().lstrip("+-") in ("nan", "inf", "infinity", "∞"):
        raise Unclear(f"“{text}” is no number to answer with: the answer is finite.")
    share = not unit and text.endswith("%")
    digits = r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
    if not re.fullmatch(f"{digits}(?:/{digits})?", text.removesuffix("%") if share else text):
        alone = f" The answer is in {unit}; type the number alone." if unit else " Type it like 0.25, 1/4 or 2.5e-3."
        raise Unclear(f"“{text}” isn't a number.{alone}")
    above, _, below = text.removesuffix("%").partition("/")
    if below and float(below) == 0:
        raise Unclear("Nothing can be divided by 0.")
    value = float(above) / float(below or 1) / (100 if share else 1)
    if not np.isfinite(value):
        raise Unclear(f"“{text}” is too large a number.")
    return value


def short(value):
    """A number, or a point, as one writes it by hand."""
    if isinstance(value, (list, tuple)):
        return f"({', '.join(map(short, value))})"
    text = str(value) if isinstance(value, int) else f"{round(value, 9) + 0.0:.6g}"
    return text.replace("-", "−")
