"""Claims of notebook 02 and its exercises."""

import numpy as np

from evidence.core import above, below, between, claim
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Quadratic, bowl


def long_bowl(draw):
    """The toy bowl, and bowls of other curvatures, turned by any angle; with a start that is on no axis."""
    if not draw.number:
        return bowl(1, 4), np.array([4.0, 2.0])
    rng = draw.rng()
    curvatures, angle = rng.uniform(0.5, 2) * np.array([1, rng.uniform(3, 30)]), rng.uniform(0, np.pi)
    axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    hessian = axes.T @ np.diag(curvatures) @ axes
    return Quadratic((hessian + hessian.T) / 2), axes.T @ np.array([4.0, 2.0])


def best_rate(loss, start):
    """The rate that needs the fewest updates to a millionth of the first loss, of 400 up to the cliff."""
    rates = loss.largest_stable_rate * np.linspace(0.0025, 0.9975, 400)
    updates = descend(loss, start, rates, steps=3000).updates_to(1e-6 * loss.value(start))
    return rates[updates == updates.min()].mean()


@claim("02", cell="limit-after", says="The largest curvature sets the limit.", holds=between(0.99, 1.01))
def the_largest_curvature_sets_the_limit(draw):
    """The largest rate that converges, found by bisection, over 2/λmax"""
    loss, start = long_bowl(draw)
    low, high = 0.01 * loss.largest_stable_rate, 4 * loss.largest_stable_rate
    for _ in range(30):
        middle = (low + high) / 2
        run = descend(loss, start, middle, steps=2000, record_every=2000)
        low, high = (middle, high) if run.loss[-1] < run.loss[0] else (low, middle)
    return middle / loss.largest_stable_rate


@claim(
    "02",
    cell="race-after",
    says="The best rate is that at which both directions shrink alike.",
    holds=between(0.9, 1.1),
)
def the_best_rate_is_the_balance(draw):
    """The rate with the fewest updates over 2/(λmin + λmax)"""
    loss, start = long_bowl(draw)
    return best_rate(loss, start) / (2 / loss.curvatures.sum())


@claim(
    "02",
    cell="race-figure-after",
    says="Below the cliff the loss never rises, though theta changes sides.",
    holds=below(1),
)
def below_the_cliff_the_loss_never_rises(draw):
    """The largest ratio of a loss to the one before it, 50 rates below the cliff"""
    loss, start = long_bowl(draw)
    run = descend(loss, start, loss.largest_stable_rate * np.linspace(0.02, 0.99, 50), steps=60)
    return np.max(run.loss[1:] / run.loss[:-1])


@claim("02", cell="sweep-after", says="Twice the best rate costs everything: it diverges.", holds=above(1e3))
def twice_the_best_rate_diverges(draw):
    """The loss after 200 updates at twice the best rate, over the first"""
    loss, start = long_bowl(draw)
    run = descend(loss, start, 2 * best_rate(loss, start), steps=200, record_every=200)
    return run.loss[-1] / run.loss[0]


@claim("02", cell="sweep-after", says="On a long bowl the best rate lies just below the cliff.", holds=between(0.85, 1))
def on_long_bowls_the_best_rate_is_near_the_cliff(draw):
    """The best rate over the limit, κ = 50"""
    start = draw.rng(3).normal(size=2) if draw.number else np.array([4.0, 2.0])
    loss = bowl(0.1, 5)
    return best_rate(loss, start) / loss.largest_stable_rate


@claim(
    "02",
    cell="scalings-race-after",
    says="The unit decides between a few updates and more than 10 000.",
    holds=above(1000),
)
def the_unit_decides(draw):
    """Updates to within 1 % of the lowest loss in miles (10 001 if never) over those with standardised miles"""
    distance, air_time = draw.flights()
    needed = []
    for x in (distance, (distance - distance.mean()) / distance.std()):
        loss = LeastSquares(np.stack([np.ones_like(x), x], axis=1), air_time)
        run = descend(loss, (0, 0), loss.largest_stable_rate / 2, steps=10_000)
        needed.append(min(run.updates_to(1.01 * loss.floor), 10_001))
    return needed[0] / needed[1]


@claim(
    "02",
    cell="features-after",
    says="Two standardised features that are nearly twins make a long bowl.",
    holds=between(0.8, 1.25),
)
def correlation_makes_the_bowl_long(draw):
    """κ of two standardised features drawn with ρ = 0.99, over (1 + r)/(1 − r) of their measured correlation r"""
    rng = draw.rng()
    first, other = rng.normal(size=(2, 1000))
    X = np.stack([first, 0.99 * first + np.sqrt(1 - 0.99**2) * other], axis=1)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    r = np.mean(X[:, 0] * X[:, 1])
    return LeastSquares(X, np.zeros(1000)).condition_number / ((1 + r) / (1 - r))


@claim(
    "02", cell="reuse-after", says="New data need the training set's mean and deviation, not their own.", holds=above(5)
)
def new_data_need_the_training_sets_mean(draw):
    """The error on long flights with their own mean and deviation over that with those of the training set"""
    distance, air_time = draw.flights()
    mean, deviation = distance.mean(), distance.std()
    x = (distance - mean) / deviation
    intercept, slope = LeastSquares(np.stack([np.ones_like(x), x], axis=1), air_time).minimiser
    long = distance > np.quantile(distance, 0.95)
    new, took = distance[long], air_time[long]
    off = [intercept + slope * (new - m) / s - took for m, s in ((mean, deviation), (new.mean(), new.std()))]
    return np.sqrt(np.mean(off[1] ** 2) / np.mean(off[0] ** 2))
