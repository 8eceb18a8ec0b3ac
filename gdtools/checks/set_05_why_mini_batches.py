"""The exercises of notebook 05: why mini-batches, and what ends their noise."""

import math

import numpy as np

from gdtools import datasets
from gdtools.checks.core import exercise
from gdtools.checks.words import Hint, as_numbers, require
from gdtools.descent import descend
from gdtools.losses import SineFit


@exercise("noise_over_hill", [0.75, 0.75 / 16, 0.8], {
    "It is σ², not σ: the variance.": [0.25, 0.25 / 16, 0.8],
    "That is ησ². How high is the hill?": [0.45, 0.45 / 16, 0.8],
    "A higher hill is harder to climb, but with yours it is easier: multiply or divide?": [0.27, 0.27 / 16, 0.8],
    "Upside down: that is the hill for each unit of noise.": [1 / 0.75, 16 / 0.75, 0.8],
    "That is the variance against the hill. Where is η?": [15, 15 / 16, 0.8],
    "The mean of 16 is less noisy than a single one, but you say it is as noisy.": [0.75, 0.75, 0.05],
    "The standard deviation falls like √B. What does its square do?": [0.75, 0.75 / 4, 0.2],
    "Larger batches, more noise? What does a mean do to it?": [0.75, 0.75 * 16, 0.05 / 16],
    "You divide by 16 twice. Which of η, σ² and the hill changes with B?": [0.75, 0.75 / 256, 0.8],
    "At the same η the ratio is a 16th, you said. What makes up for it?": [0.75, 0.75 / 16, 0.05],
    "That brings the ratio to a quarter of what it was. It should be the same.": [0.75, 0.75 / 16, 0.2],
    "A smaller η makes the kicks smaller still.": [0.75, 0.75 / 16, 0.05 / 16],
})
def noise_over_hill(answer):
    answer.entry("the ratio for B = 1", 0, rtol=5e-3)
    yield "the kick of a single example, for each unit of hill"
    answer.entry("the ratio for B = 16", 1, rtol=5e-3)
    yield "a batch of 16 kicks less"
    answer.entry("the η for B = 16", 2, rtol=5e-3)
    yield "and with this η it kicks as hard"


def _updates(law=lambda offset, distance, bend: math.log(distance / offset) / math.log(1 + bend), rounded=math.ceil):
    """The function that counts the updates by a law, right but for that."""

    def updates(offset, distance, curvature, rate):
        if abs(offset) >= distance or offset == 0:
            return 0 if offset else math.inf
        return rounded(law(abs(offset), distance, rate * curvature))

    return updates


@exercise("updates_to_leave(offset, distance, curvature, learning_rate)", _updates(), {
    "One too few: after so many updates it is not far enough yet. Which way do you round?":
        _updates(rounded=math.floor),
    "You round to the nearest number. Is it far enough after so many updates?": _updates(rounded=round),
    "One too many. The start is there before the first update.": _updates(rounded=lambda exact: math.ceil(exact) + 1),
    "At least so far: exactly there is far enough, but you go on.":
        _updates(rounded=lambda exact: math.floor(exact) + 1),
    "No update can be done in part. When is it far enough for the first time?": _updates(rounded=float),
    "There is a 2 too many: `curvature` is the second derivative already.":
        _updates(lambda offset, distance, bend: math.log(distance / offset) / math.log(1 + 2 * bend)),
    "Is there a half too many? What is the slope of ½cy²?":
        _updates(lambda offset, distance, bend: math.log(distance / offset) / math.log(1 + bend / 2)),
    "Your offset shrinks, as in a valley. What is the sign of the slope on a ridge?":
        _updates(lambda offset, distance, bend: math.log(distance / offset) / math.log(1 - bend)),
    "That is the law for steps without length. By which factor does one of yours change y?":
        _updates(lambda offset, distance, bend: math.log(distance / offset) / bend),
    "Your offset grows by the same amount every time. But the slope grows, too.":
        _updates(lambda offset, distance, bend: (distance / offset - 1) / bend),
    "You add ηc in each update. But the slope is c times y, and y grows.":
        _updates(lambda offset, distance, bend: (distance - offset) / bend),
    "The logarithm of a quotient isn't the quotient of the logarithms.":
        _updates(lambda offset, distance, bend: math.log(distance / offset / (1 + bend))),
    "An offset to the other side (here it is below 0) gives you no number. How far from the ridge is it?":
        lambda offset, *more: _updates()(offset, *more) if offset > 0 else math.nan,
    "A run exactly on the ridge can't leave it: where is the slope that would move it?":
        lambda offset, *more: _updates()(offset, *more) if offset else 0,
}, example=(1.0, 3.0, 1.0, 1.0))
def updates_to_leave(answer):
    for given in ((1e-3, 1.0, 3.0, 0.02), (2e-8, 0.75, 0.4, 0.2), (1e-6, 0.5, 2.0, 0.1), (1e-2, 1.0, 1.0, 0.1)):
        answer.on(*given, what=f"updates_to_leave{given}")
        yield f"updates_to_leave{given}: as many as the run needs"
    answer.on(1.0, 4.0, 1.0, 1.0, what="updates_to_leave(1.0, 4.0, 1.0, 1.0)")
    yield "from 1 over 2 to 4, and exactly there is far enough"
    answer.on(-1e-4, 0.3, 5.0, 0.3, what="the answer for an offset below 0")
    yield "to the other side it falls as fast"
    for offset in (0.9, -0.9, 0.5):
        there = as_numbers(answer(offset, 0.5, 2.0, 0.1), "what updates_to_leave returns")
        require(not np.any(there < 0), "A negative number of updates: a run may be far enough from the start.")
        answer.on(offset, 0.5, 2.0, 0.1, what="the answer for an offset beyond the distance")
    yield "a start that is far enough needs none"
    answer.on(0.0, 0.5, 2.0, 0.1, what="the answer for an offset of 0")
    yield "exactly on the ridge it stays for ever"


@exercise("annealed_rate(update)", lambda update: 0.2 * (1 - update / 2000))
def annealed_rate(answer):
    rates = np.array([one_rate(answer(update), update) for update in range(1, 2001)])
    yield "a rate for each of 2000 updates"
    how = {"steps": 2000, "batch_size": 1, "seed": range(200), "record_every": 2000}
    ends = descend(wave(), [4.0], lambda update: rates[update - 1], **how).theta[-1, :, 0]
    over_the_hill, at_the_bottom = np.mean(np.abs(ends - 2.01) < 1), np.mean(np.abs(ends - 2.01) < 0.05)
    if at_the_bottom < 0.7:
        told = f"Only {at_the_bottom:.1%} of the runs end at the bottom."
        over = f"{over_the_hill:.1%} got over the hill"
        warms = rates[:1000].mean() < rates[1000:].mean()
        require(not warms, f"{told} Your rate grows. When is noise of use, at the beginning or at the end?")
        settle = "and your rate ends small. Have they time to settle before it is too small to move them?"
        require(over_the_hill < 0.7 or rates[-1] >= 0.01, f"{told} {over}, {settle}")
        require(over_the_hill < 0.7, f"{told} {over}, but jitter. How should η end?")
        if rates.max() < 0.3:  # at which every run leaves the deep valley at some time, as the notebook shows
            raise Hint(f"{told} {over}. Does it get cold too soon, or was it never hot?")
        raise Hint(f"{told} {over}. Noise can carry you off as well: was it too hot, for too long?")
    yield f"{over_the_hill:.1%} of 200 runs get over the hill, and {at_the_bottom:.1%} come to rest at the bottom"


def one_rate(value, update):
    """The rate that a student's schedule returns, or a Hint."""
    rate = as_numbers(value, f"annealed_rate({update})", shape=())
    require(np.isfinite(rate), f"annealed_rate({update}) is {rate}. Is there a division by zero in it?")
    require(rate >= 0, f"annealed_rate({update}) is {rate:.3g}: a rate below 0 goes uphill.")
    return rate


def wave():
    """The first wave of the notebook."""
    return SineFit(*datasets.wave())
