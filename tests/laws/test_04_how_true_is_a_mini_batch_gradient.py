"""Notebook 04: how true a mini-batch gradient is, as statistical tests with fixed seeds."""

import numpy as np
import pytest

from evidence.core import Draw
from gdtools.datasets import digits
from gdtools.descent import descend, minibatches
from gdtools.losses import Network

LINE = Draw(0).line()
N = LINE.n_examples
HERE = np.array([100.0, 150.0])
TRUE = LINE.grad(HERE)
EVERY = np.arange(N)[:, np.newaxis]
ONE_FLIGHT = np.mean(np.sum((LINE.grad(HERE, EVERY) - TRUE) ** 2, axis=-1))


def errors(batch_size, sampling, n_batches=1000):
    """Mini-batch gradients minus the true one, shape (n_batches, 2)."""
    batches = (next(minibatches(N, batch_size, seed=s, sampling=sampling)) for s in range(n_batches))
    return np.array([LINE.grad(HERE, batch) - TRUE for batch in batches])


def squared_error(batch_size, sampling, n_batches=1000):
    return np.mean(np.sum(errors(batch_size, sampling, n_batches) ** 2, axis=-1))


# --- the error against B


def test_the_true_gradient_is_the_mean_over_all_examples():
    np.testing.assert_allclose(LINE.grad(HERE, EVERY).mean(axis=0), TRUE, rtol=1e-12)


def test_with_replacement_the_squared_error_falls_as_1_over_b():
    sizes = np.array([1, 4, 16, 64, 256, 1024, 4096, N])
    measured = np.array([squared_error(size, "replace") for size in sizes])
    assert np.polyfit(np.log(sizes), np.log(measured), 1)[0] == pytest.approx(-1, abs=0.05)
    np.testing.assert_allclose(measured, ONE_FLIGHT / sizes, rtol=0.15)


@pytest.mark.parametrize("batch_size", [32, 2500, 5000, 7500])
def test_without_replacement_there_is_one_more_factor(batch_size):
    law = ONE_FLIGHT / batch_size * (N - batch_size) / (N - 1)
    assert squared_error(batch_size, "shuffle") == pytest.approx(law, rel=0.15)


def test_a_shuffled_batch_of_all_examples_is_exact():
    np.testing.assert_allclose(errors(N, "shuffle", n_batches=3), 0, atol=1e-10)


def test_n_draws_with_replacement_are_not():
    assert squared_error(N, "replace", n_batches=100) == pytest.approx(ONE_FLIGHT / N, rel=0.3)


@pytest.mark.parametrize("sampling", ["replace", "shuffle"])
@pytest.mark.parametrize("batch_size", [1, 16, 256])
def test_the_mean_over_batches_is_the_true_gradient(batch_size, sampling):
    away = errors(batch_size, sampling)
    standard_error = away.std(axis=0) / np.sqrt(len(away))
    assert (np.abs(away.mean(axis=0)) < 3.5 * standard_error).all()


def test_the_mean_over_one_shuffled_epoch_of_whole_batches_is_exact():
    grads = [LINE.grad(HERE, batch) for batch in minibatches(N, 16, seed=1)]
    np.testing.assert_allclose(np.mean(grads, axis=0), TRUE, rtol=1e-12)


def test_the_law_knows_nothing_of_lines():
    network = Network(*digits(), hidden=16)
    weights = network.start(seed=0)
    true, sizes, measured = network.grad(weights), [1, 4, 16, 64], []
    for size in sizes:
        batch = np.random.default_rng(size).integers(network.n_examples, size=(200, size))
        grads = network.grad(np.tile(weights, (200, 1)), batch)
        measured.append(np.mean(np.sum((grads - true) ** 2, axis=-1)))
    assert np.polyfit(np.log(sizes), np.log(measured), 1)[0] == pytest.approx(-1, abs=0.05)


def test_every_mini_batch_step_moves_all_parameters_of_the_line():
    run = descend(LINE, (0, 0), 0.01, batch_size=1, steps=200)
    assert (np.diff(run.theta, axis=0) != 0).all()


# --- the noise ball

CURVATURE, DIRECTION = np.linalg.eigh(LINE.hessian)
VARIANCE = np.mean((LINE.grad(LINE.minimiser, EVERY) @ DIRECTION) ** 2, axis=0)


def ball(rate, batch_size, sampling="replace"):
    """The variance along the flat and the steep direction, over 200 runs and the last 200 of 600 updates."""
    options = {"batch_size": batch_size, "sampling": sampling, "seed": range(200)}
    run = descend(LINE, LINE.minimiser, rate, steps=600, **options)
    return np.mean(((run.theta[-200:] - LINE.minimiser) @ DIRECTION) ** 2, axis=(0, 1))


@pytest.mark.parametrize(("rate", "batch_size"), [(0.1, 32), (0.05, 32), (0.1, 64), (0.2, 32)])
def test_the_ball_has_the_variance_of_the_law(rate, batch_size):
    law = rate * VARIANCE / (batch_size * CURVATURE * (2 - rate * CURVATURE))
    np.testing.assert_allclose(ball(rate, batch_size), law, rtol=0.15)


def test_half_the_rate_or_twice_the_batch_halves_the_ball():
    whole = ball(0.1, 32)
    np.testing.assert_allclose(ball(0.1, 64) / whole, 0.5, rtol=0.15)
    assert ball(0.05, 32)[0] / whole[0] == pytest.approx(0.5, rel=0.15)


def test_full_batch_descent_stays_at_the_minimum():
    np.testing.assert_allclose(descend(LINE, LINE.minimiser, 0.1, steps=100).theta[-1], LINE.minimiser)


def test_shuffled_epochs_make_a_smaller_ball():
    assert (ball(0.05, 32, "shuffle") < 0.85 * ball(0.05, 32))[0]
