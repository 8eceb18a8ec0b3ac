"""Every quick claim holds on seeds and data that are new to the notebook; some that only look true do not."""

import numpy as np
import pytest

from evidence.core import FRESH, Claim, above, below, between, claims, measure, replicate, tuned
from gdtools.descent import descend
from gdtools.losses import bowl
from gdtools.optimizers import RMSProp


@pytest.mark.parametrize("name", [name for name, claim in claims().items() if not claim.slow])
def test_a_quick_claim_holds_on_a_fresh_draw(name):
    effect = measure(claims()[name], FRESH[0])
    assert claims()[name].holds.test(effect), f"{effect:.3g}, and must be {claims()[name].holds.words}"


# --- Three sentences that are false, of the kinds that fool people. Each looks true the way it was first measured.


def planted(effect, holds):
    return replicate(Claim("03", "nowhere", "false", holds, effect))


def after_ten_updates(line, batch_size):
    def final(rates, seeds):
        run = descend(line, (0, 0), np.reshape(rates, (-1, 1)), seed=seeds, steps=10, batch_size=batch_size)
        return run.loss[-1] - line.floor

    return final


def test_a_rate_borrowed_from_another_goal_told_as_a_property_of_the_method_does_not_hold():
    """“After 10 updates, batch descent is far ahead of B = 32: each of its steps is better informed.”"""

    def at_the_rates_of_two_epochs(draw):
        "Loss above the lowest of B = 32 at η = 1/64, over that of full batch at η = 1/4"
        small, full = after_ten_updates(draw.line(), 32), after_ten_updates(draw.line(), None)
        return np.median(small(1 / 64, draw.seeds(32))) / np.median(full(1 / 4, draw.seeds(1)))

    def each_at_its_own(draw):
        "The same, each at the rate that is best for 10 updates"
        line, rates = draw.line(), 2.0 ** np.arange(-9, 1)
        small, full = (np.median(tuned(after_ten_updates(line, b), rates, draw)[1]) for b in (32, None))
        return small / full

    assert planted(at_the_rates_of_two_epochs, above(2)).holds
    assert planted(each_at_its_own, above(2)).times == 0


def test_a_floor_told_as_equality_does_not_hold():
    """“The height of the hill doesn't matter: with the same noise, as many runs leave either valley.”"""

    def leave(draw, spread):
        wave, rng = draw.wave(), draw.rng()
        omega = np.linspace(0, 8, 2001)
        slope = np.gradient(wave.value(omega[:, None]), omega)
        gone = []
        for valley in (2.0, 4.42):
            w = np.full(100, valley)
            out = np.zeros(100, dtype=bool)
            for _ in range(1000):
                w = w - 0.1 * (np.interp(w, omega, slope) + spread * rng.normal(size=100))
                out |= np.abs(w - valley) > 1
            gone.append(out.mean())
        return gone[1] - gone[0]

    def where_nobody_leaves(draw):
        "The share that leaves the shallow valley, less that of the deep one, at noise 0.3"
        return leave(draw, 0.3)

    def between_floor_and_ceiling(draw):
        "The largest difference at several strengths of noise"
        return max(leave(draw, spread) for spread in (0.3, 1.2, 2.4))

    assert planted(where_nobody_leaves, between(-0.1, 0.1)).holds
    assert planted(between_floor_and_ceiling, between(-0.1, 0.1)).times == 0


def test_a_first_touch_told_as_arrival_does_not_hold():
    """“RMSProp is there in fewer updates than plain descent.”"""

    def race(draw, clock):
        start = (4, 2) if draw.number == 0 else draw.rng().uniform(2, 5, size=2)
        valley = bowl(1, 4)
        plain = descend(valley, start, 0.2, steps=300)
        adaptive = descend(valley, start, 1, steps=300, optimizer=RMSProp())
        return getattr(adaptive, clock)(0.1) / getattr(plain, clock)(0.1)

    def to_touch(draw):
        "Updates to a first loss of 0.1, RMSProp over plain"
        return race(draw, "updates_to")

    def to_stay(draw):
        "Updates until the loss stays below 0.1, RMSProp over plain"
        return race(draw, "stays_below")

    assert planted(to_touch, below(1)).holds
    assert planted(to_stay, below(1)).times == 0
