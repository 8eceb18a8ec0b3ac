"""Claims of notebook 03 and its exercises: the flights from (0, 0), in thousands of miles."""

from functools import cache

import numpy as np

from evidence.core import above, below, between, claim, rise, tuned
from gdtools.descent import descend, minibatches

START = (0, 0)
RATES = tuple(2.0 ** np.arange(-15, 1))
SMALL = RATES[:10]  # up to 1/64


def runs(line, batch_size, rates, seeds, **length):
    """Runs from (0, 0) for each rate and seed; only start and end are kept."""
    length = {"record_every": 10**9, **length}
    return descend(line, START, np.reshape(rates, (-1, 1)), batch_size=batch_size, seed=seeds, **length)


def excess(line, batch_size, **length):
    """A function of rates and seeds: how far above the lowest loss the runs end, shape (rates, seeds)."""
    return lambda rates, seeds: runs(line, batch_size, rates, seeds, **length).loss[-1] - line.floor


@cache
def tuning(draw, batch_size, n, rates=RATES, **length):
    return tuned(excess(draw.line(), batch_size, **length), rates, draw, n)


def best_rate(draw, batch_size, n=32, **length):
    return tuning(draw, batch_size, n, **length)[0]


def tuned_excess(draw, batch_size, n=32, **length):
    """The median above the lowest, at the rate that is best for this length on other seeds."""
    return np.median(tuning(draw, batch_size, n, **length)[1])


def shared_excess(draw, batch_size, rate, n=32, **length):
    return np.median(excess(draw.line(), batch_size, **length)(rate, draw.seeds(n)))


# --- A mean can be sampled


def from_32(draw):
    """The gradients of 1000 batches of 32 flights at (0, 0), and the true one."""
    line = draw.line()
    batches = draw.rng(1).integers(line.n_examples, size=(1000, 32))
    return line.grad(START, batches), line.grad(START)


@claim("03", cell="batch", says="A gradient from 32 flights is off by a tenth or two.", holds=between(0.1, 0.25))
def off_with_32_flights(draw):
    """Median distance from the true gradient at (0, 0), as a share of its length"""
    g, true = from_32(draw)
    return np.median(np.linalg.norm(g - true, axis=-1)) / np.linalg.norm(true)


@claim("03", cell="batch", says="Far from the minimum it points nearly the same way.", holds=below(10))
def angle_with_32_flights(draw):
    """90 % quantile of the angle to the true gradient at (0, 0), degrees"""
    g, true = from_32(draw)
    cosine = g @ true / np.linalg.norm(g, axis=-1) / np.linalg.norm(true)
    return np.degrees(np.quantile(np.arccos(cosine), 0.9))


@claim("03", cell="batch", says="At the minimum it may point anywhere.", holds=between(0.4, 0.6))
def sides_at_the_minimum(draw):
    """Share of batches of 32 whose gradient at the minimum points to larger slopes"""
    line = draw.line()
    batches = draw.rng(1).integers(line.n_examples, size=(1000, 32))
    return np.mean(line.grad(line.minimiser, batches)[:, 1] < 0)


# --- The algorithm


@claim(
    "03",
    cell="unseen-after",
    says="With a shuffle before each update, more than a third stays unseen.",
    holds=between(0.34, 0.4),
)
def unseen_after_an_epoch(draw):
    """Share of 10 000 examples that 313 batches of 32 leave out"""
    rng, seen = draw.rng(), np.zeros(10_000, dtype=bool)
    for _ in range(313):
        seen[rng.permutation(10_000)[:32]] = True
    return np.mean(~seen)


@claim(
    "03",
    cell="unseen-noise-after",
    says="Drawn with replacement, two epochs end a little further from the lowest.",
    holds=between(1.05, 1.5),
)
def replacement_is_a_little_noisier(draw):
    """Median above the lowest, with replacement over shuffled, B = 32 and η = 1/64"""
    ends = [shared_excess(draw, 32, 1 / 64, n=400, epochs=2, sampling=s) for s in ("replace", "shuffle")]
    return ends[0] / ends[1]


# --- An honest race


@claim(
    "03",
    cell="tune-after",
    says="For two epochs the best rate of SGD is hundreds of times smaller than that of batch.",
    holds=above(100),
    slow=True,
)
def best_rate_of_batch_over_sgd(draw):
    """Best rate of full batch over that of B = 1, after two epochs"""
    return best_rate(draw, None, n=1, epochs=2) / best_rate(draw, 1, n=16, epochs=2)


def cliff(draw, batch_size):
    """The largest rate, in steps of 2 %, after which 300 updates end below the start (median), over 2/λmax."""
    line = draw.line()
    rates = line.largest_stable_rate * 1.02 ** np.arange(-25, 10)
    ends = np.median(runs(line, batch_size, rates, draw.seeds(16), steps=300).loss[-1], axis=-1)
    return rates[np.flatnonzero(ends < line.value(START))[-1]] / line.largest_stable_rate


@claim(
    "03",
    cell="tune-after",
    says="All fall off nearly the same cliff: B = 32 where batch does.",
    holds=between(0.9, 1.1),
)
def cliff_of_32_over_batch(draw):
    """Largest rate that stands, B = 32 over full batch (2/λmax)"""
    return cliff(draw, 32)


@claim(
    "03", cell="tune-after", says="All fall off nearly the same cliff: B = 1 a little before.", holds=between(0.7, 1)
)
def cliff_of_1_over_batch(draw):
    """Largest rate that stands, B = 1 over full batch (2/λmax)"""
    return cliff(draw, 1)


@claim(
    "03",
    cell="equal-after",
    says="After equally many updates B = 1 and B = 32 have much the same best rate (626).",
    holds=between(0.5, 2),
)
def best_rate_after_626_updates(draw):
    """Best rate of B = 32 over that of B = 1"""
    return best_rate(draw, 32, steps=626) / best_rate(draw, 1, steps=626)


@claim(
    "03",
    cell="equal-after",
    says="After equally many updates B = 1 and B = 32 have much the same best rate (20 000).",
    holds=between(0.5, 2),
    slow=True,
)
def best_rate_after_20000_updates(draw):
    """Best rate of B = 32 over that of B = 1"""
    return best_rate(draw, 32, n=16, rates=SMALL, steps=20_000) / best_rate(draw, 1, n=16, rates=SMALL, steps=20_000)


@claim(
    "03", cell="equal-after", says="32 times as many updates want a rate many times smaller.", holds=above(7), slow=True
)
def more_updates_want_smaller_rates(draw):
    """Best rate of B = 1 after 626 updates over that after 20 000"""
    return best_rate(draw, 1, steps=626) / best_rate(draw, 1, n=16, rates=SMALL, steps=20_000)


@claim("03", cell="race-after", says="By examples, batch is last by far.", holds=above(100))
def batch_is_last_by_examples(draw):
    """Median above the lowest after two epochs, full batch over B = 32, each at its best rate"""
    return tuned_excess(draw, None, n=1, epochs=2) / tuned_excess(draw, 32, epochs=2)


@claim("03", cell="race-after", says="By examples, SGD and mini-batch are alike.", holds=between(0.33, 3), slow=True)
def sgd_and_mini_batch_tie_by_examples(draw):
    """Median above the lowest after two epochs, B = 1 over B = 32, each at its best rate"""
    return tuned_excess(draw, 1, n=16, epochs=2) / tuned_excess(draw, 32, epochs=2)


@claim("03", cell="race-after", says="By updates, batch is first in the race.", holds=above(20))
def batch_leads_by_updates_in_the_race(draw):
    """Median above the lowest after 10 updates, B = 32 at 1/64 over full batch at 1/4"""
    return shared_excess(draw, 32, 1 / 64, steps=10) / shared_excess(draw, None, 1 / 4, n=1, steps=10)


@claim(
    "03", cell="ten-after", says="At its best rate for ten updates B = 32 is hardly behind batch.", holds=between(1, 2)
)
def tuned_for_ten_updates_32_is_close(draw):
    """Median above the lowest after 10 updates, B = 32 over full batch, each at its best rate"""
    return tuned_excess(draw, 32, steps=10) / tuned_excess(draw, None, n=1, steps=10)


@claim("03", cell="ten-after", says="A single example is behind even at its own rate.", holds=above(3))
def tuned_for_ten_updates_one_is_behind(draw):
    """Median above the lowest after 10 updates, B = 1 over full batch, each at its best rate"""
    return tuned_excess(draw, 1, steps=10) / tuned_excess(draw, None, n=1, steps=10)


@claim(
    "03", cell="shared-after", says="At η = 1/512 and after equal epochs, the more updates, the lower.", holds=above(5)
)
def more_updates_win_in_borrowed_shoes(draw):
    """Median above the lowest after an epoch, the smallest factor between batch, B = 32 and B = 1"""
    return rise([shared_excess(draw, b, 1 / 512, n=16, epochs=1) for b in (1, 32, None)])


@claim(
    "03",
    cell="shared-after",
    says="After equally many updates at η = 1/512 all are equally far.",
    holds=between(0.9, 1.1),
)
def borrowed_shoes_at_equal_updates(draw):
    """Median above the lowest after 60 updates, B = 1 over full batch, both at η = 1/512"""
    return shared_excess(draw, 1, 1 / 512, n=200, steps=60) / shared_excess(draw, None, 1 / 512, n=1, steps=60)


# --- Three ways to the same place


def spread(run, after):
    """How widely the slope scatters in the late rows."""
    return run.theta[run.updates > after][..., 1].std()


@claim(
    "03",
    cell="tremble-after",
    says="At the same rate B = 1 trembles about √32 times as wide as B = 32.",
    holds=between(4.5, 7),
)
def tremble_at_the_same_rate(draw):
    """Spread of the slope, B = 1 over B = 32, both at η = 1/512"""
    line, length = draw.line(), {"steps": 10_000, "sampling": "replace", "record_every": 10}
    wide, narrow = (
        spread(descend(line, line.minimiser, 1 / 512, batch_size=b, seed=draw.seeds(50), **length), 2000)
        for b in (1, 32)
    )
    return wide / narrow


@claim(
    "03",
    cell="rest-after",
    says="Each at its own rate, SGD and mini-batch tremble alike.",
    holds=between(0.5, 2),
    slow=True,
)
def tremble_at_their_own_rates(draw):
    """Spread of the slope at the end of three epochs, B = 1 at η = 1/2048 over B = 32 at η = 1/64"""
    line = draw.line()
    one = descend(line, START, 1 / 2048, epochs=3, batch_size=1, seed=draw.seeds(32), record_every=32)
    many = descend(line, START, 1 / 64, epochs=3, batch_size=32, seed=draw.seeds(32))
    return spread(one, 27_000) / spread(many, 845)


@claim(
    "03",
    cell="rest-after",
    says="At its best rate for two updates the full batch turns sharply: its path isn't smooth.",
    holds=above(90),
)
def batch_turns_sharply_at_a_quarter(draw):
    """Sharpest corner of full batch at η = 1/4, degrees"""
    steps = np.diff(descend(draw.line(), START, 1 / 4, steps=10).theta, axis=0)
    steps /= np.linalg.norm(steps, axis=-1, keepdims=True)
    return np.degrees(np.arccos(np.sum(steps[1:] * steps[:-1], axis=-1).clip(-1, 1)).max())


# --- Reading a loss curve


def batch_losses(draw, rate, seed=0):
    """What a job prints: the loss of each batch of 32, before its update."""
    line, losses, theta = draw.line(), [], np.zeros(2)
    for batch in minibatches(line.n_examples, 32, epochs=2, seed=draw.seeds(seed + 1)[seed]):
        losses.append(line.value(theta, batch))
        theta = theta - rate * line.grad(theta, batch)
    return np.array(losses), theta


@claim(
    "03",
    cell="curve-after",
    says="In a run that goes well, the loss of every second batch is higher than the one before.",
    holds=between(0.42, 0.55),
)
def every_second_batch_loss_rises(draw):
    """Share of the batches with a higher loss than the batch before, η = 1/64"""
    return np.mean(np.diff(batch_losses(draw, 1 / 64)[0]) > 0)


@claim(
    "03",
    cell="curve-after",
    says="Nobody moves at the minimum, and still the loss of a batch of 32 scatters by a third of its mean.",
    holds=between(0.2, 0.5),
)
def batch_loss_scatters_at_the_minimum(draw):
    """Standard deviation of the loss of a batch of 32 at the minimum, over its mean"""
    line = draw.line()
    batches = draw.rng(1).integers(line.n_examples, size=(3000, 32))
    losses = line.value(line.minimiser, batches)
    return losses.std() / losses.mean()


@claim("03", cell="four-after", says="Close to the cliff the loss falls, but stays high.", holds=above(1.3))
def near_the_cliff_the_curve_stays_high(draw):
    """Mean loss of the last 100 batches, at 0.97 of 2/λmax over η = 1/64; median of 8 runs"""

    def level(rate):
        return np.median([batch_losses(draw, rate, seed)[0][-100:].mean() for seed in range(8)])

    return level(0.97 * draw.line().largest_stable_rate) / level(1 / 64)


@claim(
    "03",
    cell="recipe-after",
    says="The recipe's rate, half of the largest that stands, ends close to the lowest loss.",
    holds=below(1.05),
)
def recipe_ends_close_to_the_lowest(draw):
    """Median loss after two epochs over the lowest one, B = 32"""
    line, rates = draw.line(), 2.0 ** np.arange(-10, 2)
    short = np.median(runs(line, 32, rates, draw.tuning_seeds(1), steps=100).loss[-1], axis=-1)
    stands = rates[np.flatnonzero(short < line.value(START))[-1]]
    return np.median(runs(line, 32, stands / 2, draw.seeds(32), epochs=2).loss[-1]) / line.floor


@claim("03", cell="recipe-after", says="It does not end at the lowest: a smaller rate ends nearer.", holds=above(2))
def recipe_is_not_the_lowest(draw):
    """Median above the lowest after two epochs, at η = 1/8 over the best rate"""
    return shared_excess(draw, 32, 1 / 8, epochs=2) / tuned_excess(draw, 32, epochs=2)


# --- The explorer and the exercises


@claim(
    "03",
    cell="explorer-after",
    says="To be first below 1 takes about eight times the rate that ends lowest.",
    holds=between(4, 16),
)
def first_below_1_takes_a_larger_rate(draw):
    """The rate whose median is first within 1 of the lowest, over 1/64; B = 32, 32 runs"""
    line, rates = draw.line(), 2.0 ** np.arange(-13, -0.5, 0.5)
    median = np.median(runs(line, 32, rates, draw.seeds(32), epochs=2, record_every=1).loss, axis=-1) - line.floor
    below_1 = median < 1
    first = np.where(below_1.any(axis=0), below_1.argmax(axis=0), 10**9)
    return rates[first.argmin()] * 64


@claim(
    "03",
    cell="explorer-after",
    says="With B = 1, the larger η, the higher the level at which the curve stays.",
    holds=above(1.2),
)
def a_larger_rate_trembles_higher(draw):
    """Median above the lowest after two epochs, the smallest factor between η = 1/256, 1/64, 1/16 and 1/4"""
    line = draw.line()
    return rise([np.median(excess(line, 1, epochs=2)(rate, draw.seeds(32))) for rate in 4.0 ** np.arange(-4, 0)])


def touches(draw, rate):
    """The first update of B = 32 within 1 of the lowest, median."""
    line = draw.line()
    return np.median(runs(line, 32, rate, draw.seeds(32), steps=1000, record_every=1).updates_to(line.floor + 1))


def batch_touches(draw):
    line = draw.line()
    return descend(line, START, 1 / 4, steps=100).updates_to(line.floor + 1)


@claim(
    "03",
    cell="examples-read-why",
    says="At η = 1/64, B = 32 reads about an 18th of what batch reads.",
    holds=between(14, 23),
)
def reads_an_18th(draw):
    """Examples read by batch at η = 1/4 over those of B = 32 at η = 1/64, to the first loss within 1 of the lowest"""
    return 10_000 * batch_touches(draw) / (32 * touches(draw, 1 / 64))


@claim("03", cell="examples-read-why", says="At the batch's own rate it reads about a 270th.", holds=between(220, 320))
def reads_a_270th_at_the_same_rate(draw):
    """The same, with B = 32 at η = 1/4, too"""
    return 10_000 * batch_touches(draw) / (32 * touches(draw, 1 / 4))


@claim(
    "03",
    cell="examples-read-why",
    says="But at that rate it touches the target, and doesn't stay there.",
    holds=between(0, 0.2),
)
def at_a_quarter_it_does_not_stay(draw):
    """Share of 100 runs of B = 32 at η = 1/4 that are within 1 of the lowest in all of updates 900 to 1000"""
    line = draw.line()
    run = runs(line, 32, 1 / 4, draw.seeds(100), steps=1000, record_every=1)
    return np.mean(np.all(run.loss[900:] <= line.floor + 1, axis=0))
