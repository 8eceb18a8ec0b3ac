"""Claims of notebook 06 and its exercises."""

from functools import lru_cache

import numpy as np

from evidence.core import above, below, between, claim, rise
from gdtools.descent import descend
from gdtools.losses import Network

SIZES = [2, 16, 32, 64, 128, 256]
RATES = 2.4 / 2.0 ** np.arange(10, -1, -1)
TUNED = {1: 0.15, 4: 0.3, 16: 0.6, 64: 1.2, 256: 1.2, 1024: 1.2}  # as in the notebook


@lru_cache
def network(draw):
    """A network on 1024 digits, and a function: the share of the others that it gets right."""
    (X, labels), (test_X, test_labels) = draw.digits()
    net = Network(X, labels, hidden=16)
    return net, lambda theta: net.accuracy(theta, test_X, test_labels)


def train(draw, batch_size, rates, seeds, **length):
    net, _ = network(draw)
    options = {"record_every": 10_000, **length}
    rates = np.reshape(rates, (-1, 1))
    return descend(net, net.start(seeds), rates, batch_size=batch_size, seed=seeds, **options)


def test_accuracy(draw, batch_size, rates, **length):
    """The median of four runs, for each rate."""
    run = train(draw, batch_size, rates, draw.seeds(4), **length)
    return np.median(network(draw)[1](run.theta[-1]), axis=-1)


@lru_cache
def heat_map(draw, **length):
    """Test accuracy, median of four runs: (batch sizes, rates)."""
    return np.array([test_accuracy(draw, B, RATES, **length) for B in SIZES])


@claim(
    "06", cell="octaves-after", says="At equal epochs, a large batch leaves fewer rates.", holds=above(2.5), slow=True
)
def fewer_usable_rates(draw):
    """The number of usable rates of B = 2, less that of B = 256, after ten epochs"""
    usable = np.sum(heat_map(draw, epochs=10) >= 0.9, axis=1)
    return usable[0] - usable[-1]


@claim(
    "06", cell="updates-after", says="At equal updates, the smallest batch is the worst.", holds=above(2.5), slow=True
)
def at_equal_updates_the_smallest_is_the_worst(draw):
    """The least number of usable rates of B = 16 to 256, less that of B = 2, after 160 updates"""
    smallest, *others = np.sum(heat_map(draw, steps=160) >= 0.9, axis=1)
    return min(others) - smallest


@claim(
    "06",
    cell="updates-after",
    says="At equal updates, the left edge is the same for all.",
    holds=between(0.5, 2),
    slow=True,
)
def at_equal_updates_one_left_edge(draw):
    """The smallest usable rate of B = 256 over that of B = 16, after 160 updates"""
    usable = heat_map(draw, steps=160) >= 0.9
    return RATES[usable[-1].argmax()] / RATES[usable[1].argmax()]


@claim("06", cell="edge-after", says="With updates enough, B = 256 does well at 2.4.", holds=above(0.9))
def not_over_the_cliff(draw):
    """Test accuracy of B = 256 at η = 2.4 after 640 updates"""
    return test_accuracy(draw, 256, 2.4, steps=640)[0]


@claim("06", cell="edge-after", says="At 4.8, every batch size fails.", holds=below(0.6))
def over_the_cliff(draw):
    """The best test accuracy of B = 2, 16, 64 and 256 at η = 4.8 after 640 updates"""
    return max(test_accuracy(draw, B, 4.8, steps=640)[0] for B in (2, 16, 64, 256))


@claim(
    "06", cell="edge-after", says="With small batches, noise sets the limit much earlier.", holds=above(3), slow=True
)
def noise_sets_the_limit_of_small_batches(draw):
    """The largest usable rate of B = 256 over that of B = 2, with 640 and 5120 updates"""
    rates = 0.15 * 2.0 ** np.arange(6)
    small = test_accuracy(draw, 2, rates, steps=5120) >= 0.9
    large = test_accuracy(draw, 256, rates, steps=640) >= 0.9
    return rates[large].max() / rates[small].max()


@claim(
    "06", cell="scaling-after", says="Below the cliff, the accuracy depends on η/B alone.", holds=below(0.05), slow=True
)
def the_ratio_decides_the_accuracy(draw):
    """The largest difference in accuracy between B = 16 to 256 at equal η/B, rates up to 0.6"""
    accuracy = heat_map(draw, epochs=10)[1:]
    at_equal_ratio = [np.diagonal(accuracy, column)[: 9 - column] for column in range(4, 8)]
    return max(np.ptp(row) for row in at_equal_ratio)


@lru_cache
def updates_to(draw, batch_size, target=0.3):
    """Updates to a first touch of the target, median of eight runs, each batch size at the notebook's rate."""
    most = {1: 3000, 4: 800, 16: 250, 64: 160, 256: 120, 1024: 120}[batch_size]
    run = train(draw, batch_size, TUNED[batch_size], draw.seeds(8), steps=most, record_every=max(1, most // 200))
    return np.median(run.updates_to(target))


@claim(
    "06",
    cell="target-after",
    says="The rates are the best for the target, within an octave.",
    holds=below(1.15),
    slow=True,
)
def the_rates_are_tuned(draw):
    """Updates to the target at the notebook's rates over those at the best of half, once and twice the rate (worst)"""
    ratios = []
    for B, rate in TUNED.items():
        most = {1: 2000, 4: 500, 16: 200, 64: 120, 256: 100, 1024: 100}[B]
        rates, every = rate * np.array([0.5, 1, 2]), max(1, most // 100)
        run = train(draw, B, rates, draw.tuning_seeds(4), steps=most, record_every=every)
        middle = np.median(run.updates_to(0.3), axis=1)
        ratios.append(middle[1] / middle.min())
    return max(ratios)


@claim("06", cell="target-after", says="Updates to the target fall with B.", holds=above(1))
def updates_fall(draw):
    """The smallest factor by which updates fall when B goes from 1 to 4, 16, 64, 256"""
    return rise([updates_to(draw, B) for B in (256, 64, 16, 4, 1)])


@claim("06", cell="target-after", says="Beyond B = 64, more examples hardly help.", holds=below(1.6))
def updates_level_off(draw):
    """Updates of B = 64 over those of the full batch"""
    return updates_to(draw, 64) / updates_to(draw, 1024)


@claim("06", cell="target-after", says="A full batch uses many times the examples.", holds=above(20))
def examples_rise(draw):
    """Examples to the target of B = 1024 over those of B = 1"""
    return 1024 * updates_to(draw, 1024) / updates_to(draw, 1)


@claim("06", cell="target-limit", says="To stay below, single examples need far more.", holds=above(1.3))
def to_stay_costs_more(draw):
    """Updates of B = 1 until its loss stays below the target, over those to a first touch"""
    run = train(draw, 1, TUNED[1], draw.seeds(8), steps=3000, record_every=10)
    return np.median(run.stays_below(0.3)) / np.median(run.updates_to(0.3))


def critical(updates):
    """S_min and b of S = S_min (1 + b/B), from the updates of two batch sizes: {B: S}."""
    (B1, S1), (B2, S2) = updates.items()
    slope = (S1 - S2) / (1 / B1 - 1 / B2)
    s_min = S1 - slope / B1
    return s_min, slope / s_min


@claim("06", cell="critical-after", says="Two numbers predict the whole table.", holds=below(0.15))
def two_numbers_predict_the_others(draw):
    """The largest error of a prediction for B = 1, 16, 256, 1024 from those of B = 4 and 64"""
    s_min, b = critical({B: updates_to(draw, B) for B in (4, 64)})
    return max(abs(s_min * (1 + b / B) / updates_to(draw, B) - 1) for B in (1, 16, 256, 1024))


@claim("06", cell="critical-after", says="The critical batch is near 20.", holds=between(10, 30))
def the_critical_batch(draw):
    """b, from the updates of B = 4 and 64"""
    return critical({B: updates_to(draw, B) for B in (4, 64)})[1]


@claim("06", cell="critical-limit", says="A lower target has a larger critical batch.", holds=above(1.1))
def a_lower_target_a_larger_batch(draw):
    """b for a target of 0.15 over b for 0.6"""
    high, low = (critical({B: updates_to(draw, B, target) for B in (4, 64)})[1] for target in (0.6, 0.15))
    return low / high


@claim(
    "06", cell="gap-after", says="After 640 updates, the test set can't tell them apart.", holds=below(0.02), slow=True
)
def no_gap_at_equal_updates(draw):
    """The range of the median test accuracies of B = 16, 64, 256 and 1024 after 640 updates"""
    return np.ptp([test_accuracy(draw, B, TUNED[B], steps=640) for B in (16, 64, 256, 1024)])


@claim("06", cell="gap-after", says="After ten epochs, there is a gap.", holds=above(0.1))
def a_gap_at_equal_epochs(draw):
    """Test accuracy of B = 16 less that of B = 1024 at the best of seven rates, after ten epochs"""
    full = test_accuracy(draw, 1024, 0.15 * 2.0 ** np.arange(7), epochs=10).max()
    return test_accuracy(draw, 16, TUNED[16], epochs=10)[0] - full
