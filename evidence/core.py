"""A claim is a sentence of the course with a number behind it; a draw is a new set of seeds and data to measure it on.

@claim("03", cell="tune-after", says="At equal updates B = 1 and B = 32 have much the same best rate.",
       holds=between(1/4, 4))
def best_rate_at_equal_updates(draw):
    "The best rate of B = 32 over that of B = 1"
    return ...
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

import evidence
from gdtools import datasets
from gdtools.losses import LeastSquares, SineFit

FRESH = range(1, 7)  # the draws that replicate: none of them is what a notebook shows
CLAIMS = {}


class Must(NamedTuple):
    """What must hold of an effect: in words, and as a test."""

    words: str
    test: Callable


def above(low):
    return Must(f"above {low:g}", lambda effect: effect > low)


def below(high):
    return Must(f"below {high:g}", lambda effect: effect < high)


def between(low, high):
    return Must(f"{low:g} to {high:g}", lambda effect: low <= effect <= high)


@dataclass(frozen=True)
class Claim:
    notebook: str
    cell: str
    says: str
    holds: Must
    effect: Callable  # draw -> a number
    slow: bool = False  # too slow for `make test`

    @property
    def name(self):
        return self.effect.__name__

    @property
    def number(self):
        """What the effect is, in words: the first line of its docstring."""
        return self.effect.__doc__.strip().splitlines()[0]


def claim(notebook, *, cell, says, holds, slow=False):
    """Register the function below as the experiment behind a sentence of `notebook`, which stands in `cell`.

    The function takes a `Draw` and returns one number, which the first line of its docstring names. Tell a claim that
    takes more than two seconds for a draw `slow`: `make test` leaves it to `make replicate`.

    Raises ValueError for a name that is taken, and for a function that doesn't say what its number is.
    """

    def register(effect):
        if effect.__name__ in CLAIMS:
            raise ValueError(f"there is a claim {effect.__name__} already")
        if not effect.__doc__:
            raise ValueError(f"say in a docstring what the number of {effect.__name__} is")
        CLAIMS[effect.__name__] = Claim(notebook, cell, says, holds, effect, slow)
        return effect

    return register


def claims():
    """All claims, by name, in the order of the notebooks."""
    for module in pkgutil.iter_modules(evidence.__path__):
        if module.name.startswith("nb"):
            importlib.import_module(f"evidence.{module.name}")
    return CLAIMS


@dataclass(frozen=True)
class Draw:
    """Seeds and data. Number 0 are those that the notebooks show; each other number has its own, new to them."""

    number: int

    def seeds(self, n):
        """n seeds to judge with."""
        return range(1_000_000 * self.number, 1_000_000 * self.number + n)

    def tuning_seeds(self, n):
        """n seeds to choose rates with: none of them judges."""
        return range(1_000_000 * self.number + 500_000, 1_000_000 * self.number + 500_000 + n)

    def rng(self, seed=0):
        """A generator: for number 0 that of `default_rng(seed)`."""
        return np.random.default_rng([seed, self.number] if self.number else seed)

    def flights(self):
        """Distance and air time: the 10 000 flights, or as many drawn from them with replacement (a bootstrap)."""
        distance, air_time = _shipped("flights")
        rows = self.rng().integers(len(distance), size=len(distance)) if self.number else slice(None)
        return distance[rows], air_time[rows]

    def line(self):
        """Least squares on the flights, in thousands of miles, as in the notebooks 01 and 03."""
        distance, air_time = self.flights()
        return LeastSquares(np.stack([np.ones_like(distance), distance / 1000], axis=1), air_time)

    def digits(self, n_train=1024):
        """Another split of the digits: (pixels, labels) to train, (pixels, labels) to test."""
        pixels, labels = _shipped("digits")
        order = self.rng().permutation(len(pixels))
        train, test = order[:n_train], order[n_train:]
        return (pixels[train], labels[train]), (pixels[test], labels[test])

    def wave(self):
        """256 points of sin(2x) with noise, as in notebook 05: the notebook's own, or measured anew."""
        return SineFit(*datasets.wave(self.rng()))


@lru_cache
def _shipped(name):
    return getattr(datasets, name)()


def tuned(final, rates, draw, n=32):
    """Choose the best of `rates` on seeds that don't judge: (the rate, what it gives on those that do, shape (n,)).

    `final(rates, seeds)` returns how well each run does, shape (len(rates), len(seeds)); lower is better, and the
    median counts.

    Raises ValueError if the best rate is the first or the last one: then the best of all may lie beyond.
    """
    tried = np.median(final(np.asarray(rates), draw.tuning_seeds(n)), axis=-1)
    best = tried.argmin()
    if best in (0, len(rates) - 1):
        raise ValueError(f"the best rate is {rates[best]:g}, at an end of the rates that were tried: try more")
    return rates[best], final(np.array([rates[best]]), draw.seeds(n))[0]


def rise(values):
    """The smallest step up of a sequence, as a factor: above 1 if each value is larger than the one before."""
    values = np.asarray(values, dtype=float)
    return np.min(values[1:] / values[:-1])


class Result(NamedTuple):
    """A claim, what the notebook shows, and what fresh draws give."""

    claim: Claim
    shown: float
    replicated: list

    @property
    def times(self):
        """In how many of the fresh draws it holds."""
        return sum(bool(self.claim.holds.test(effect)) for effect in self.replicated)

    @property
    def holds(self):
        """Whether it holds in the notebook and in every fresh draw."""
        return bool(self.claim.holds.test(self.shown)) and self.times == len(self.replicated)


def measure(claim, number):
    """The effect of a claim in the draw of this number."""
    with np.errstate(all="ignore"):
        return float(claim.effect(Draw(number)))


def replicate(claim, draws=FRESH):
    return Result(claim, measure(claim, 0), [measure(claim, number) for number in draws])
