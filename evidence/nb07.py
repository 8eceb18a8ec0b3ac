"""Claims of notebook 07 and its exercises."""

from functools import lru_cache

import numpy as np

from evidence.core import above, below, between, claim, tuned
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Network, bowl
from gdtools.optimizers import Momentum, Nesterov

TOY, LONG = bowl(1, 4), bowl(0.1, 10)
BEST = 2 / LONG.curvatures.sum()  # in the long run
RATES = np.geomspace(0.0005, 1, 100)
TARGET = 1e-6


def start(draw):
    """(4, 2), or another place that is far from both axes."""
    return draw.rng().uniform(1, 4, size=2) if draw.number else np.array([4.0, 2.0])


def stays(draw, loss, rates, optimizer=None, steps=4000):
    """After how many updates the loss stays below the target, at the best of these rates."""
    return descend(loss, start(draw), rates, steps=steps, optimizer=optimizer).stays_below(TARGET).min()


def polyak(loss):
    low, high = np.sqrt(loss.curvatures[[0, -1]])
    return 4 / (high + low) ** 2, Momentum(((high - low) / (high + low)) ** 2)


@claim("07", cell="zigzag-after", says="Little of a zigzag's way leads along the valley.", holds=above(20))
def way_of_a_zigzag(draw):
    """The length of the way over the part along the valley"""
    steps = np.diff(descend(LONG, start(draw), BEST, steps=1000).theta, axis=0)
    return np.linalg.norm(steps, axis=1).sum() / np.abs(steps[:, 0]).sum()


@claim("07", cell="zigzag-after", says="Without zigzag, at η = 0.05, the long bowl takes longer.", holds=above(1.3))
def zigzag_is_the_price(draw):
    """Updates to stay below 1e-6 at η = 0.05, over those at the best rate"""
    return stays(draw, LONG, 0.05) / stays(draw, LONG, BEST)


@claim("07", cell="momentum-predict", says="A loss in waves touches a target before it stays below.", holds=above(1.1))
def touch_and_stay(draw):
    """Updates to stay over updates to touch, momentum at η = 0.05 on the long bowl, median of 20 starts"""
    starts = draw.rng().uniform(1, 4, size=(20, 2))
    run = descend(LONG, starts, 0.05, steps=1000, optimizer=Momentum(0.9))
    return np.median(run.stays_below(TARGET) / run.updates_to(TARGET))


@claim(
    "07", cell="trap-predict", says="On the long bowl momentum takes about half the updates.", holds=between(1.7, 2.7)
)
def momentum_on_a_long_bowl(draw):
    """Updates to stay below 1e-6, plain over μ = 0.9, each at the best of 100 rates"""
    return stays(draw, LONG, RATES) / stays(draw, LONG, RATES, Momentum(0.9))


@claim("07", cell="trap-after", says="On the toy bowl at η = 0.1, μ = 0.9 takes far longer than plain.", holds=above(3))
def momentum_is_a_trap(draw):
    """Updates to stay below 1e-6 at η = 0.1, μ = 0.9 over plain"""
    return stays(draw, TOY, 0.1, Momentum(0.9)) / stays(draw, TOY, 0.1)


@claim("07", cell="trap-after", says="Another η is no way out of the trap.", holds=above(5))
def trap_at_every_rate(draw):
    """Updates to stay below 1e-6 on the toy bowl, μ = 0.9 over plain, each at the best of 100 rates"""
    return stays(draw, TOY, RATES, Momentum(0.9)) / stays(draw, TOY, RATES)


@claim("07", cell="tuned-after", says="On the toy bowl Polyak's μ and η beat the best plain descent.", holds=below(0.9))
def polyak_on_the_toy_bowl(draw):
    """Updates to stay below 1e-6, Polyak's pair over plain descent at the best of 100 rates"""
    rate, optimizer = polyak(TOY)
    return stays(draw, TOY, rate, optimizer) / stays(draw, TOY, RATES)


def pays(draw, kappa):
    """Updates to stay below 1e-6, μ = 0.9 over plain, each at the best of 40 rates."""
    loss, rates = bowl(0.5, kappa / 2), np.geomspace(0.05, 4, 40) / kappa
    return stays(draw, loss, rates, Momentum(0.9)) / stays(draw, loss, rates)


@claim("07", cell="pays-after", says="Below κ = 38 μ = 0.9 costs more than it brings.", holds=above(1.2))
def pays_below_38(draw):
    """Updates at κ = 20, μ = 0.9 over plain, each at its best rate"""
    return pays(draw, 20)


@claim("07", cell="pays-after", says="Above κ = 38 μ = 0.9 pays.", holds=below(0.8))
def pays_above_38(draw):
    """Updates at κ = 100, μ = 0.9 over plain, each at its best rate"""
    return pays(draw, 100)


@claim("07", cell="pays-after", says="Polyak's count grows with √κ.", holds=between(0.4, 0.65))
def polyak_grows_with_the_root(draw):
    """The slope of Polyak's updates against κ, both logarithmic, from κ = 20 to 1000"""
    kappas = np.array([20, 50, 100, 200, 500, 1000])
    pairs = [(loss := bowl(0.5, kappa / 2), *polyak(loss)) for kappa in kappas]
    return np.polyfit(np.log(kappas), np.log([stays(draw, *pair, steps=1000) for pair in pairs]), 1)[0]


@claim("07", cell="pays-after", says="At κ = 1000 μ = 0.9 beats Polyak's pair to this target.", holds=below(1))
def polyak_is_for_the_long_run(draw):
    """Updates to stay below 1e-6 at κ = 1000, μ = 0.9 at the best of 40 rates over Polyak's pair"""
    loss = bowl(0.5, 500)
    rate, optimizer = polyak(loss)
    rates = np.geomspace(0.05, 4, 40) / 1000
    return stays(draw, loss, rates, Momentum(0.9), steps=1000) / stays(draw, loss, rate, optimizer, steps=1000)


@claim(
    "07",
    cell="nesterov-after",
    says="In the trap Nesterov takes less than half of momentum's updates.",
    holds=below(0.5),
)
def nesterov_in_the_trap(draw):
    """Updates to stay below 1e-6 on the toy bowl at η = 0.1, Nesterov over momentum"""
    return stays(draw, TOY, 0.1, Nesterov(0.9)) / stays(draw, TOY, 0.1, Momentum(0.9))


@claim("07", cell="nesterov-after", says="At its best rate, too, Nesterov is ahead of momentum.", holds=below(0.85))
def nesterov_at_its_best(draw):
    """Updates to stay below 1e-6, Nesterov over momentum, each at the best of 100 rates: the larger of two bowls"""
    return max(
        stays(draw, loss, RATES, Nesterov(0.9)) / stays(draw, loss, RATES, Momentum(0.9)) for loss in (TOY, LONG)
    )


@lru_cache
def ball(draw, rate, momentum):
    """The variance of the noise ball, B = 32."""
    line = draw.line()
    run = descend(
        line,
        line.minimiser,
        rate,
        steps=2000,
        batch_size=32,
        sampling="replace",
        seed=draw.seeds(100),
        optimizer=Momentum(momentum),
    )
    return np.mean((run.theta[-1000:] - line.minimiser) ** 2)


@claim("07", cell="ball-after", says="At the same η, μ = 0.9 makes the ball ten times as large.", holds=between(9, 12))
def ball_with_momentum(draw):
    """The variance with μ = 0.9 over that of plain descent, η = 0.02"""
    return ball(draw, 0.02, 0.9) / ball(draw, 0.02, 0)


@claim("07", cell="ball-after", says="A tenth of η takes it back.", holds=between(0.85, 1.15))
def ball_at_a_tenth(draw):
    """The variance with μ = 0.9 and η = 0.002 over that of plain descent at η = 0.02"""
    return ball(draw, 0.002, 0.9) / ball(draw, 0.02, 0)


@lru_cache
def on_the_digits(draw, batch_size, momentum):
    """The best of 13 rates for four epochs, and the median loss of 12 other seeds with it."""
    network = Network(*draw.digits()[0], hidden=16)

    def final(rates, seeds):
        run = descend(
            network,
            network.start(seeds),
            rates[:, None],
            epochs=4,
            batch_size=batch_size,
            seed=seeds,
            optimizer=Momentum(momentum),
            record_every=10_000,
        )
        return run.loss[-1]

    rate, losses = tuned(final, np.geomspace(0.01, 4, 13), draw, n=12)
    return rate, np.median(losses)


@claim(
    "07",
    cell="ball-digits-after",
    says="With B = 4 momentum ends about where plain descent ends.",
    holds=between(2 / 3, 3 / 2),
    slow=True,
)
def momentum_at_small_batches(draw):
    """The loss of plain descent over that of μ = 0.9, B = 4, each at its own rate"""
    return on_the_digits(draw, 4, 0)[1] / on_the_digits(draw, 4, 0.9)[1]


@claim("07", cell="ball-digits-after", says="With B = 128 momentum ends far lower.", holds=above(1.8), slow=True)
def momentum_at_large_batches(draw):
    """The loss of plain descent over that of μ = 0.9, B = 128, each at its own rate"""
    return on_the_digits(draw, 128, 0)[1] / on_the_digits(draw, 128, 0.9)[1]


@claim(
    "07",
    cell="ball-digits-after",
    says="With B = 4 momentum's best rate is about a tenth of that of plain descent.",
    holds=between(5, 20),
    slow=True,
)
def rate_at_small_batches(draw):
    """The best rate of plain descent over that of μ = 0.9, B = 4"""
    return on_the_digits(draw, 4, 0)[0] / on_the_digits(draw, 4, 0.9)[0]


@claim("07", cell="calm-why", says="μ = 0.8 at η/5 has the ball of plain descent at η.", holds=between(0.9, 1.1))
def variance_of_the_exercise(draw):
    """The variance with μ = 0.8 and η = 0.004 over that of plain descent at η = 0.02"""
    mean = LeastSquares(np.ones((1000, 1)), draw.rng().normal(size=1000))

    def variance(rate, momentum):
        settings = {"steps": 1000, "batch_size": 1, "sampling": "replace", "seed": draw.seeds(200)}
        run = descend(mean, mean.minimiser, rate, optimizer=Momentum(momentum), **settings)
        return np.var(run.theta[500:])

    return variance(0.004, 0.8) / variance(0.02, 0)
