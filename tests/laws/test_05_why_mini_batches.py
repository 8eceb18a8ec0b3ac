"""Notebook 05: valleys, what throws out of them, and saddles; fixed seeds and generous bounds."""

import numpy as np
import pytest

from evidence.core import Draw
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Surface


def saddle_height(w):
    return w[..., 0] ** 2 - w[..., 1] ** 2 + w[..., 1] ** 4


def saddle_slope(w):
    return np.stack([2 * w[..., 0], -2 * w[..., 1] + 4 * w[..., 1] ** 3], axis=-1)


WAVE, BEST = Draw(0).wave(), 2.01
SADDLE = Surface(saddle_height, saddle_slope, window=((-1.2, 1.2), (-1, 1)))
RNG = np.random.default_rng(0)

# --- many valleys


def ends(batch_size, *, start=4.0, rate=0.1, runs=200):
    options = {"steps": 2000, "record_every": 2000, "seed": range(runs)}
    return descend(WAVE, [start], rate, batch_size=batch_size, **options).theta[-1, :, 0]


def test_the_sine_fit_has_three_minima():
    omega = np.linspace(0, 8, 8001)
    loss = WAVE.value(omega[:, None])
    low = (loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])
    np.testing.assert_allclose(omega[1:-1][low], [2.02, 4.42, 6.53], atol=0.02)
    assert omega[loss.argmin()] == pytest.approx(BEST, abs=0.01)


@pytest.mark.parametrize(
    ("batch_size", "runs", "least", "most"),
    [(None, 1, 0, 0), (64, 50, 0, 0), (16, 200, 0, 0), (4, 200, 0.005, 0.25), (1, 200, 0.65, 0.95)],
)
def test_at_one_rate_small_batches_escape_from_the_shallow_valley(batch_size, runs, least, most):
    rate = np.mean(np.abs(ends(batch_size, runs=runs) - BEST) < 1)
    assert least <= rate <= most


@pytest.mark.parametrize(("batch_size", "rate"), [(1, 0.14), (4, 0.28), (16, 0.56)])
def test_each_at_its_own_rate_batches_escape_too_and_wander_as_well(batch_size, rate):
    there = ends(batch_size, rate=rate)
    assert np.mean(np.abs(there - BEST) < 1) > 0.6
    assert np.ptp(there) > 10


def test_the_same_ratio_of_rate_and_batch_size_escapes_as_often_from_as_many_examples():
    shares = []
    for batch_size in (1, 4):
        options = {"steps": 8192 // batch_size, "record_every": 8192, "seed": range(100), "batch_size": batch_size}
        shares.append(np.mean(np.abs(descend(WAVE, [4.0], 0.05 * batch_size, **options).theta[-1] - BEST) < 1))
    assert shares[0] == pytest.approx(shares[1], abs=0.15)
    assert 0.4 < shares[0] < 0.85


@pytest.mark.parametrize(("rate", "leave"), [(0.1, 0), (0.3, 200)])
def test_noise_throws_out_of_the_good_valley_too_if_the_rate_is_large(rate, leave):
    run = descend(WAVE, [2.0], rate, steps=2000, batch_size=1, seed=range(200))
    assert np.sum((np.abs(run.theta[..., 0] - BEST) > 1).any(axis=0)) == leave


@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_without_noise_the_good_valley_holds_at_both_rates(rate):
    end = descend(WAVE, [BEST + 0.05], rate, steps=2000).theta[-1, 0]
    assert end == pytest.approx(BEST, abs=0.01)


def test_the_noise_is_weaker_where_the_fit_is_good():
    good, bad = (np.std([WAVE.grad([omega], [i]) for i in range(256)]) for omega in (2.01, 4.42))
    assert good < 0.5 * bad


def test_a_convex_loss_has_nothing_to_escape_from():
    line = LeastSquares(np.stack([np.ones(256), WAVE.X], axis=1), WAVE.y)
    run = descend(line, 10 * RNG.normal(size=(50, 2)), 0.1, steps=500)
    np.testing.assert_allclose(run.theta[-1], np.tile(line.minimiser, (50, 1)), atol=1e-9)


@pytest.mark.parametrize("offset", [1e-12, 1e-9, 1e-6, 1e-3])
def test_a_tiny_offset_leaves_the_saddle_as_fast_as_the_law_says(offset):
    y = descend(SADDLE, (1, offset), 0.1, steps=300).theta[:, 1]
    assert np.argmax(y > 0.5) == pytest.approx(np.log(0.5 / offset) / np.log(1.2), abs=4)
    assert y[-1] == pytest.approx(np.sqrt(0.5))


def test_without_an_offset_descent_stays_on_the_saddle():
    np.testing.assert_allclose(descend(SADDLE, (1, 0), 0.1, steps=300).theta[-1], 0, atol=1e-9)
