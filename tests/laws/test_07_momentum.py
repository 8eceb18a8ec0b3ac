"""Notebook 07: where momentum is a trap, and where it pays; what a wave keeps; the cliffs; the noise ball."""

import numpy as np
import pytest

from gdtools.descent import descend
from gdtools.losses import LeastSquares, bowl
from gdtools.optimizers import GradientDescent, Momentum, Nesterov

TOY, LONG = bowl(1, 4), bowl(0.1, 10)


@pytest.mark.parametrize(
    ("optimizer", "rate", "steps"),
    [(GradientDescent(), 0.1, 38), (Momentum(0.9), 0.1, 133), (Momentum(1 / 9), 2 / 9, 11)],
    ids=["plain", "trap", "tuned"],
)
def test_momentum_is_a_trap_on_the_toy_bowl_unless_it_is_tuned(optimizer, rate, steps):
    run = descend(TOY, (4, 2), rate, steps=200, optimizer=optimizer)
    assert run.updates_to(1e-6) == steps
    assert run.loss[steps] < 1e-6 < run.loss[steps - 1]


@pytest.mark.parametrize("kappa", [100, 1000])
def test_momentum_pays_on_a_long_bowl(kappa):
    """Both at their best: the rate 2/(λmin + λmax), and Polyak's rate and momentum."""
    loss, root = bowl(0.5, kappa / 2), np.sqrt(kappa)
    plain = descend(loss, (1, 1), 2 / (1 + kappa), steps=20 * kappa)
    heavy = Momentum(((root - 1) / (root + 1)) ** 2)
    ball = descend(loss, (1, 1), 4 / (1 + root) ** 2, steps=20 * kappa, optimizer=heavy)
    assert ball.updates_to(1e-6) < plain.updates_to(1e-6) / 3 < np.inf


def kept(loss, rate, optimizer, steps=400):
    """The share of its distance that a run keeps per update, on average."""
    away = np.linalg.norm(descend(loss, (4, 2), rate, steps=steps, optimizer=optimizer).theta, axis=-1)
    return (away[-1] / away[steps // 2]) ** (2 / steps)


@pytest.mark.parametrize(("momentum", "rate"), [(0.9, 0.01), (0.9, 0.1), (0.9, 0.3), (0.5, 0.1), (0.5, 0.3)])
def test_what_swings_in_waves_keeps_the_root_of_the_momentum_whatever_the_rate(momentum, rate):
    assert kept(TOY, rate, Momentum(momentum)) == pytest.approx(momentum**0.5, rel=0.01)


def test_outside_of_that_range_it_keeps_more():
    assert kept(TOY, 0.0005, Momentum(0.9)) > 0.98
    assert kept(TOY, 3.9 / 8, Momentum(0.9)) > 1


def test_polyaks_pair_keeps_less_than_its_neighbours():
    low, high = np.sqrt(LONG.curvatures)
    mu, rate = ((high - low) / (high + low)) ** 2, 4 / (high + low) ** 2
    best = kept(LONG, rate, Momentum(mu), steps=600)
    assert best == pytest.approx(mu**0.5, rel=0.005)
    assert all(kept(LONG, rate, Momentum(other), steps=600) > best for other in (mu - 0.05, mu + 0.05))


def test_in_the_long_run_a_momentum_of_0_9_pays_from_a_condition_number_of_38_on():
    for kappa, sign in ((36, 1), (40, -1)):
        plain = kept(bowl(0.5, kappa / 2), 2 / (1 + kappa), None)
        assert np.sign(kept(bowl(0.5, kappa / 2), 1 / kappa, Momentum(0.9), steps=1000) - plain) == sign


def test_the_cliffs_of_plain_descent_momentum_and_nesterov():
    cliffs = {None: 2 / 8, Momentum(0.9): 2 * 1.9 / 8, Nesterov(0.9): 2 * 1.9 / (8 * 2.8)}
    for optimizer, cliff in cliffs.items():
        below, above = descend(TOY, (4, 2), [0.99 * cliff, 1.01 * cliff], steps=3000, optimizer=optimizer).loss[-1]
        assert below < 1e-3 and above > 1e3


@pytest.mark.parametrize(("momentum", "rate"), [(0.9, 0.02), (0.9, 0.002), (0.8, 0.004)])
def test_the_noise_ball_with_momentum_is_that_of_a_larger_rate(momentum, rate):
    mean = LeastSquares(np.ones((1000, 1)), np.random.default_rng(0).normal(size=1000))
    noise = {"steps": 2000, "batch_size": 1, "sampling": "replace", "seed": range(200)}
    run = descend(mean, mean.minimiser, rate, optimizer=Momentum(momentum), **noise)
    variance, curvature = np.mean(mean.grad(mean.minimiser, np.arange(1000)[:, None]) ** 2), mean.curvatures[0]
    law = rate * variance * (1 + momentum) / (curvature * (1 - momentum) * (2 * (1 + momentum) - rate * curvature))
    assert np.var(run.theta[500:]) == pytest.approx(law, rel=0.05)
    assert law == pytest.approx(rate / (1 - momentum) * variance / (2 * curvature), rel=0.02)
