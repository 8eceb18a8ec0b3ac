"""Notebook 01: the update rule, and that a step goes steepest downhill."""

import numpy as np
import pytest

from gdtools.descent import descend
from gdtools.losses import bowl

HILL, TOY = bowl(1, 1), bowl(1, 4)


def test_one_step_by_hand():
    assert HILL.value([3, 4]) == 25
    assert HILL.grad([3, 4]).tolist() == [6, 8]
    run = descend(HILL, (3, 4), 0.1, steps=1)
    np.testing.assert_allclose(run.theta[1], [2.4, 3.2], rtol=1e-15)
    np.testing.assert_allclose(run.loss, [25, 16], rtol=1e-15)


def test_every_step_keeps_80_percent_of_each_coordinate_and_64_percent_of_the_loss():
    run = descend(HILL, (3, 4), 0.1, steps=50)
    np.testing.assert_allclose(run.theta[1:] / run.theta[:-1], 0.8)
    np.testing.assert_allclose(run.loss[1:] / run.loss[:-1], 1 - 0.36)


@pytest.mark.parametrize("loss", [HILL, TOY], ids=["hill", "toy bowl"])
def test_a_small_gradient_step_beats_every_direction_of_the_same_length(loss):
    start = np.array([3.0, 4.0])
    step = -0.01 * loss.grad(start)
    angle = np.linspace(0, 2 * np.pi, 10_000)
    ways = np.hypot(*step) * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    values = loss.value(start + ways)
    assert loss.value(start + step) <= values.min() + 1e-2 * np.ptp(values)
    assert loss.value(start - step) >= values.max() - 1e-2 * np.ptp(values)


def test_the_step_of_length_one_beats_100_random_directions():
    ways = np.random.default_rng(0).normal(size=(100, 2))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    assert np.linalg.norm(0.1 * HILL.grad([3, 4])) == pytest.approx(1)
    assert (HILL.value([3, 4] + ways) > 16).all()
