"""Claims of notebook 06 and its exercises."""

import tracemalloc
from functools import lru_cache
from time import perf_counter

import numpy as np

from evidence.core import above, below, between, claim, rise, tuned
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Network

SIZES = [2, 16, 32, 64, 128, 256]
RATES = 2.4 / 2.0 ** np.arange(10, -1, -1)
TUNED = {1: 0.15, 4: 0.3, 16: 1.2, 64: 1.2, 256: 1.2, 1024: 1.2}  # as in the notebook


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


@claim("06", cell="edge-after", says="At η = 2.4, B = 16 fails where 256 does well.", holds=above(0.3))
def noise_sets_the_limit(draw):
    """Test accuracy of B = 256 less that of B = 16, at η = 2.4 after 640 updates"""
    return test_accuracy(draw, 256, 2.4, steps=640)[0] - test_accuracy(draw, 16, 2.4, steps=640)[0]


@claim("06", cell="handful-after", says="Runs of one cell differ by more than a percent.", holds=above(0.01))
def luck_is_a_percent(draw):
    """The range of the test accuracies of twenty runs, B = 64 at η = 0.6, ten epochs"""
    return np.ptp(network(draw)[1](train(draw, 64, 0.6, draw.seeds(20), epochs=10).theta[-1]))


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


@claim("06", cell="rule-after", says="Near the cliff, ten epochs are too few updates.", holds=above(0.1))
def the_rule_ends_near_the_cliff(draw):
    """Test accuracy at η = 2.4 after 640 updates less that after ten epochs: the smaller of B = 128 and 256"""
    late, early = (
        np.array([test_accuracy(draw, B, 2.4, **length)[0] for B in (128, 256)])
        for length in ({"steps": 640}, {"epochs": 10})
    )
    return np.min(late - early)


@claim("06", cell="speed-after", says="An update of 64 takes far less than 64 times as long.", holds=below(16))
def an_update_of_64_is_cheap(draw):
    """Seconds of an update with B = 64 over those with B = 1, the fastest of five"""

    def seconds(B):
        begin = perf_counter()
        train(draw, B, 0.1, draw.seeds(1), steps=30)
        return perf_counter() - begin

    one, many = (min(seconds(B) for _ in range(5)) for B in (1, 64))
    return many / one


@claim("06", cell="speed-after", says="The work of an update grows with B.", holds=above(8))
def memory_grows_with_the_batch(draw):
    """The memory that a gradient takes, B = 1024 over B = 64"""
    net, _ = network(draw)

    def peak(B):
        tracemalloc.start()
        net.grad(net.start(0), np.arange(B))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    return peak(1024) / peak(64)


@lru_cache
def updates_to(draw, batch_size, target=0.3):
    """Updates to a first touch of the target, median of eight runs, each batch size at the notebook's rate."""
    most = {1: 3000, 4: 800, 16: 250, 64: 160, 256: 120, 1024: 120}[batch_size]
    run = train(draw, batch_size, TUNED[batch_size], draw.seeds(8), steps=most, record_every=max(1, most // 200))
    return np.median(run.updates_to(target))


@claim(
    "06",
    cell="target-after",
    says="Twice or half the rate is not much faster.",
    holds=below(1.3),
    slow=True,
)
def the_rates_are_tuned(draw):
    """Updates to the target at the notebook's rates over those at the best of half, once and twice the rate (worst)"""
    ratios = []
    for B, rate in TUNED.items():
        most = {1: 2000, 4: 500, 16: 200, 64: 120, 256: 100, 1024: 100}[B]
        rates, every = rate * np.array([0.5, 1, 2]), max(1, most // 100)
        run = train(draw, B, rates, draw.tuning_seeds(8), steps=most, record_every=every)
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


@claim("06", cell="target-after", says="To stay below, single examples need far more.", holds=above(1.3))
def to_stay_costs_more(draw):
    """Updates of B = 1 until its loss stays below the target, over those to a first touch"""
    run = train(draw, 1, TUNED[1], draw.seeds(8), steps=3000, record_every=10)
    return np.median(run.stays_below(0.3)) / np.median(run.updates_to(0.3))


@claim("06", cell="target-after", says="The full batch stays below where it first gets.", holds=below(1.3))
def the_full_batch_stays(draw):
    """Updates of B = 1024 until its loss stays below the target, over those to a first touch"""
    run = train(draw, 1024, TUNED[1024], draw.seeds(8), steps=120, record_every=1)
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


@claim("06", cell="noise-scale-after", says="The noise of the gradients is near b.", holds=between(0.5, 2.5))
def the_noise_scale_is_near_b(draw):
    """The squared error of a single gradient over the true one squared, median on the way of B = 4, over b"""
    net, _ = network(draw)
    run = train(draw, 4, TUNED[4], draw.seeds(4), steps=800, record_every=10)
    scales = []
    for theta in run.theta[run.updates <= updates_to(draw, 4)][:, 0].reshape(-1, net.d):
        singles, true = net.grad(np.broadcast_to(theta, (1024, net.d)), np.arange(1024)[:, None]), net.grad(theta)
        scales.append(np.sum((singles - true) ** 2) / 1024 / np.sum(true**2))
    return np.median(scales) / critical({B: updates_to(draw, B) for B in (4, 64)})[1]


@claim("06", cell="noise-scale-after", says="A lower target has a larger critical batch.", holds=above(1.1))
def a_lower_target_a_larger_batch(draw):
    """b for a target of 0.15 over b for 0.6"""
    high, low = (critical({B: updates_to(draw, B, target) for B in (4, 64)})[1] for target in (0.6, 0.15))
    return low / high


@claim("06", cell="gap-after", says="After 640 updates, large batches are not behind.", holds=below(0.015), slow=True)
def large_batches_are_not_behind(draw):
    """Test accuracy of B = 16 less the least of B = 64, 256 and 1024, after 640 updates"""
    small, *large = (test_accuracy(draw, B, TUNED[B], steps=640)[0] for B in (16, 64, 256, 1024))
    return small - min(large)


def flights_1000(draw):
    """The class: the first thousand flights."""
    distance, air_time = draw.flights()
    x, y = distance[:1000] / 1000, air_time[:1000]
    return LeastSquares(np.stack([np.ones(1000), x], axis=1), y)


def _taught(draw, size):
    """Median above the lowest after 20 epochs, at the rate that is best on other seeds."""
    children = flights_1000(draw)

    def final(rates, seeds):
        length = {"epochs": 20, "batch_size": size, "record_every": 100_000}
        return descend(children, (0, 0), np.reshape(rates, (-1, 1)), seed=seeds, **length).loss[-1] - children.floor

    return np.median(tuned(final, 2.0 ** np.arange(-12, 0, 0.5), draw, n=16)[1])


@claim(
    "06",
    cell="class-after",
    says="At equal epochs, one child at a time and groups of 10 end equally close.",
    holds=between(1 / 3, 3),
    slow=True,
)
def class_groups_and_single_tie(draw):
    """Loss above the lowest after 20 epochs, B = 10 over B = 1, each at its own rate"""
    return _taught(draw, 10) / _taught(draw, 1)


@claim("06", cell="class-after", says="At equal epochs the hall is behind the groups.", holds=above(2))
def class_hall_is_behind_per_example(draw):
    """Loss above the lowest after 20 epochs, B = 1000 over B = 10, each at its own rate"""
    return _taught(draw, 1000) / _taught(draw, 10)


@claim("06", cell="gap-after", says="After ten epochs, there is a gap.", holds=above(0.1))
def a_gap_at_equal_epochs(draw):
    """Test accuracy of B = 16 less that of B = 1024 at the best of seven rates, after ten epochs"""
    full = test_accuracy(draw, 1024, 0.15 * 2.0 ** np.arange(7), epochs=10).max()
    return test_accuracy(draw, 16, TUNED[16], epochs=10)[0] - full
