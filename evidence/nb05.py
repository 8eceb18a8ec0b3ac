"""Claims of notebook 05 and its exercises."""

from functools import lru_cache

import numpy as np

from evidence.core import above, below, between, claim
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Surface

RATES = 0.1 * np.sqrt(2) ** np.arange(-1, 8)  # 0.07 to 1.1
DEEP = 2.0


def over_the_hill(wave, batch_size, rates, seeds, steps=2000):
    """The share of runs from ω = 4 that end in the deep valley, for each rate."""
    options = {"batch_size": batch_size, "seed": seeds, "record_every": steps}
    run = descend(wave, [4.0], np.reshape(rates, (-1, 1)), steps=steps, **options)
    return np.mean(np.abs(run.theta[-1, ..., 0] - DEEP) < 1, axis=1)


def ends(draw, batch_size, rate):
    """Where 100 runs from ω = 4 end."""
    options = {"batch_size": batch_size, "seed": draw.seeds(100), "record_every": 2000}
    return descend(draw.wave(), [4.0], rate, steps=2000, **options).theta[-1, :, 0]


@lru_cache
def tuned_share(draw, batch_size):
    """Each batch size at the rate with which most of 60 runs arrive, judged on 100 others, on other data."""
    tried = over_the_hill(draw.wave(), batch_size, RATES, draw.tuning_seeds(60))
    return over_the_hill(draw.wave(), batch_size, RATES[tried.argmax()], draw.seeds(100))[0]


@claim("05", cell="escape-after", says="At η = 0.1, single examples get over the hill, 16 don't.", holds=above(0.5))
def escape_at_one_rate(draw):
    """Share over the hill at η = 0.1, of B = 1 less that of B = 16"""
    one, sixteen = (over_the_hill(draw.wave(), B, 0.1, draw.seeds(100))[0] for B in (1, 16))
    return one - sixteen


@claim("05", cell="tuned-escape-after", says="At its own rate, B = 4 escapes like B = 1.", holds=between(0.8, 1.25))
def four_escape_like_one(draw):
    """Share over the hill of B = 4 over that of B = 1, each at its own rate"""
    return tuned_share(draw, 4) / tuned_share(draw, 1)


@claim("05", cell="tuned-escape-after", says="B = 16 escapes, too, on some data more than on other.", holds=above(0.15))
def sixteen_escape(draw):
    """Share over the hill of B = 16 at its own rate"""
    return tuned_share(draw, 16)


@claim("05", cell="tuned-escape-after", says="B = 64 hardly ever escapes, at any rate.", holds=below(0.25), slow=True)
def hardly_any_of_64_escape(draw):
    """The largest share over the hill of B = 64, at rates from 0.4 to 1.6"""
    return over_the_hill(draw.wave(), 64, 0.4 * np.sqrt(2) ** np.arange(5), draw.seeds(60)).max()


@claim("05", cell="tuned-escape-after", says="The full batch never does, up to η = 1.6.", holds=below(1e-9))
def full_batch_never_escapes(draw):
    """The largest share over the hill of the full batch, at rates from 0.025 to 1.6"""
    return over_the_hill(draw.wave(), None, 0.025 * 2.0 ** np.arange(7), [0]).max()


@claim("05", cell="tuned-escape-after", says="At η = 0.01, single examples don't escape.", holds=below(0.05))
def small_rates_do_not_escape(draw):
    """Share over the hill of B = 1 at η = 0.01"""
    return over_the_hill(draw.wave(), 1, 0.01, draw.seeds(100))[0]


@claim("05", cell="ratio-after", says="At equal examples, η/B decides.", holds=below(0.2))
def the_ratio_decides(draw):
    """The largest difference in the share over the hill between B = 1 and B = 4, at three ratios η/B"""
    ratios = np.array([0.0125, 0.025, 0.05])
    one, four = (over_the_hill(draw.wave(), B, ratios * B, draw.seeds(100), 8192 // B) for B in (1, 4))
    return np.abs(one - four).max()


@claim("05", cell="ratio-after", says="At equal examples, B = 16 meets its cliff first.", holds=above(0.3))
def large_batches_meet_the_cliff(draw):
    """The largest share over the hill of B = 1 less that of B = 16, from 8192 examples each"""
    ratios = 0.0125 * 2.0 ** np.arange(5)
    one, many = (over_the_hill(draw.wave(), B, ratios * B, draw.seeds(100), 8192 // B).max() for B in (1, 16))
    return one - many


def deviation(wave, omega):
    """The standard deviation of the gradients of single examples."""
    return np.std(wave.grad(np.full((256, 1), omega), np.arange(256)[:, None]))


@lru_cache
def valleys(draw):
    """The loss on a grid of ω, and where the deep valley, the top of the hill and the shallow valley are."""
    omega = np.linspace(0, 8, 8001)
    loss = draw.wave().value(omega[:, None])
    low = omega[1:-1][(loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])]
    deep, shallow = (low[np.abs(low - near).argmin()] for near in (2, 4.45))
    return omega, loss, deep, shallow


def hills(draw):
    """How high the hill is over which a run can leave either valley: the shallow one has two, and the lower counts."""
    omega, loss, deep, shallow = valleys(draw)
    left = loss[(omega > deep) & (omega < shallow)].max()
    right = loss[(omega > shallow) & (omega < shallow + 2)].max()
    return np.array([left, min(left, right)]) - np.interp([deep, shallow], omega, loss)


@claim("05", cell="sides-after", says="One example points left more often than 64 do.", holds=above(0.2))
def single_examples_point_left(draw):
    """The share of batches that point left at ω = 4, of B = 1 less that of B = 64"""
    rng, wave = draw.rng(), draw.wave()
    one, many = (np.mean(wave.grad([4.0], rng.integers(256, size=(1000, B))) > 0) for B in (1, 64))
    return one - many


@claim("05", cell="price-after", says="At the η with which it escapes, B = 16 wanders, too.", holds=above(5))
def hot_runs_wander(draw):
    """How far apart the ends of 100 runs lie, the least of B = 1 at η = 0.14 and B = 16 at 0.56"""
    return min(np.ptp(ends(draw, B, rate)) for B, rate in ((1, 0.14), (16, 0.56)))


@claim("05", cell="price-after", says="Most updates of an arrived run undo each other.", holds=above(10))
def updates_undo_each_other(draw):
    """How long the way of a run is, for each unit that it gets ahead: median of the runs that arrive"""
    run = descend(draw.wave(), [4.0], 0.1, steps=2000, batch_size=1, seed=draw.seeds(50)).theta[..., 0]
    arrived = run[:, np.abs(run[-1] - DEEP) < 1]
    return np.median(np.abs(np.diff(arrived, axis=0)).sum(axis=0) / np.abs(arrived[-1] - arrived[0]))


@claim("05", cell="convex-after", says="On a convex loss all starts have the same end.", holds=below(1e-6))
def one_valley_one_end(draw):
    """How far apart the ends of 50 starts lie, on a straight-line fit"""
    wave = draw.wave()
    line = LeastSquares(np.stack([np.ones(256), wave.X], axis=1), wave.y)
    return np.ptp(descend(line, 10 * draw.rng(1).normal(size=(50, 2)), 0.1, steps=500).theta[-1], axis=0).max()


def leave_the_deep_valley(draw, rate, batch_size):
    """The share of 100 runs from ω = 2 that leave the deep valley at some time."""
    run = descend(draw.wave(), [2.0], rate, steps=2000, batch_size=batch_size, seed=draw.seeds(100))
    return np.mean((np.abs(run.theta[..., 0] - DEEP) > 1).any(axis=0))


@claim("05", cell="undirected-after", says="At η = 0.3 noise throws out of the good valley.", holds=above(0.9))
def noise_leaves_good_valleys(draw):
    """The share that leaves the deep valley at η = 0.3, of B = 1 less that of the full batch"""
    return leave_the_deep_valley(draw, 0.3, 1) - leave_the_deep_valley(draw, 0.3, None)


@claim("05", cell="undirected-after", says="At η = 0.1 none leaves the deep valley.", holds=below(0.05))
def weak_kicks_stay(draw):
    """The share that leaves the deep valley with B = 1 at η = 0.1"""
    return leave_the_deep_valley(draw, 0.1, 1)


@claim("05", cell="undirected-after", says="At η = 0.2, nearly all leave, and come back.", holds=above(0.5))
def most_come_back(draw):
    """The share that leaves the deep valley at η = 0.2 at some time, less the share that ends outside"""
    run = descend(draw.wave(), [2.0], 0.2, steps=2000, batch_size=1, seed=draw.seeds(100))
    away = np.abs(run.theta[..., 0] - DEEP) > 1
    return np.mean(away.any(axis=0)) - np.mean(away[-1])


@claim("05", cell="noise-after", says="Where the fit is good, the noise is weaker.", holds=above(2))
def noise_is_weaker_where_the_fit_is_good(draw):
    """The standard deviation of the gradients in the shallow valley over that in the deep one"""
    _, _, deep, shallow = valleys(draw)
    return deviation(draw.wave(), shallow) / deviation(draw.wave(), deep)


@claim("05", cell="noise-after", says="From the deep valley, the hill is higher.", holds=above(2.5))
def the_hill_is_higher_from_the_deep_valley(draw):
    """The height of the hill seen from the deep valley over that from the shallow one"""
    deep, shallow = hills(draw)
    return deep / shallow


@lru_cache
def leave(draw, spreads, updates=2000):
    """The share that leaves each valley, when noise of the same strength is added to the exact gradient."""
    omega, loss, *both = valleys(draw)
    slope = np.gradient(loss, omega)
    rng, sigma = draw.rng(), np.reshape(spreads, (-1, 1, 1))
    start = w = np.broadcast_to(np.reshape(both, (2, 1)), (len(spreads), 2, 100))
    gone = np.zeros(w.shape, dtype=bool)
    for _ in range(updates):
        w = w - 0.1 * (np.interp(w, omega, slope) + sigma * rng.normal(size=w.shape))
        gone |= np.abs(w - start) > 1
    return gone.mean(axis=-1).T  # deep, shallow


@claim("05", cell="same-noise-after", says="At the same noise, the hill decides who leaves.", holds=above(0.5))
def at_the_same_noise_the_hill_decides(draw):
    """The largest difference between the shares that leave the two valleys, at noise of one strength"""
    deep, shallow = leave(draw, tuple(np.arange(0.6, 2.5, 0.2)))
    return np.max(shallow - deep)


@claim("05", cell="same-noise-after", says="Both valleys let go at much the same ησ²/hill.", holds=between(0.5, 2))
def the_hill_against_the_noise(draw):
    """The ησ² for each unit of hill at which half of the runs leave: the deep valley over the shallow one"""
    spreads = tuple(np.arange(0.4, 2.7, 0.1))
    half = [np.interp(0.5, share, spreads) for share in leave(draw, spreads)]
    deep, shallow = 0.1 * np.square(half) / hills(draw)
    return deep / shallow


@claim("05", cell="same-noise-after", says="With more updates, more runs leave.", holds=above(0.1))
def with_more_updates_more_leave(draw):
    """The largest growth of the share that leaves the deep valley, from 2000 to 6000 updates"""
    spreads = (1.2, 1.4, 1.6, 1.8)
    return np.max(leave(draw, spreads, 6000)[0] - leave(draw, spreads)[0])


@claim("05", cell="saddle-after", says="A tiny offset leaves the saddle as the law says.", holds=below(5))
def off_the_ridge_by_the_law(draw):
    """The largest difference, in updates, between the run and the law, for offsets of 1e-12 to 1e-3"""
    offsets = 10 ** draw.rng().uniform(-12, -3, size=10)
    saddle = Surface(
        lambda w: w[..., 0] ** 2 - w[..., 1] ** 2 + w[..., 1] ** 4,
        lambda w: np.stack([2 * w[..., 0], -2 * w[..., 1] + 4 * w[..., 1] ** 3], axis=-1),
        window=((-1, 1), (-1, 1)),
    )
    y = descend(saddle, np.stack([np.ones(10), offsets], axis=1), 0.1, steps=300).theta[..., 1]
    return np.abs((y > 0.5).argmax(axis=0) - np.log(0.5 / offsets) / np.log(1.2)).max()


def at_the_bottom(draw, rate):
    """The share of runs with single examples that end within 0.05 of the deep minimum."""
    options = {"batch_size": 1, "seed": draw.seeds(100), "record_every": 2000}
    run = descend(draw.wave(), [4.0], rate, steps=2000, **options)
    return np.mean(np.abs(run.theta[-1, :, 0] - valleys(draw)[2]) < 0.05)


@claim("05", cell="annealed-rate-why", says="Hot, then cold, ends at the bottom.", holds=above(0.3))
def hot_then_cold(draw):
    """The share that ends at the bottom: a line from 0.2 down to 0, less a constant 0.1"""
    return at_the_bottom(draw, lambda update: 0.2 * (1 - update / 2000)) - at_the_bottom(draw, 0.1)


@claim("05", cell="annealed-rate-why", says="Cooled too soon, runs stop where full batch does.", holds=below(0.1))
def cooled_too_soon(draw):
    """The share that ends at the bottom with η = 0.1 / update"""
    return at_the_bottom(draw, lambda update: 0.1 / update)


@claim("05", cell="annealed-rate-why", says="Too hot, most runs don't come back.", holds=below(0.5))
def too_hot(draw):
    """The share that ends at the bottom with a line from 0.5 down to 0"""
    return at_the_bottom(draw, lambda update: 0.5 * (1 - update / 2000))
