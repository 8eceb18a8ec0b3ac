"""Optimizers: pure updates, state in and state out."""

import numpy as np
import pytest

from gdtools.optimizers import GradientDescent

every_optimizer = pytest.mark.parametrize("optimizer", [GradientDescent()], ids=lambda o: type(o).__name__)


def test_gradient_descent_takes_the_gradient_times_the_rate_off_theta():
    theta, grad = np.array([3.0, 4.0]), np.array([6.0, 8.0])
    new, state = GradientDescent().update(theta, grad, 0.1, GradientDescent().init(theta))
    np.testing.assert_allclose(new, [2.4, 3.2])
    assert state is None


@every_optimizer
def test_an_update_changes_neither_theta_nor_gradient_nor_state(optimizer):
    theta, grad = np.array([3.0, 4.0]), np.array([6.0, 8.0])
    state = optimizer.init(theta)
    first, _ = optimizer.update(theta, grad, 0.1, state)
    again, _ = optimizer.update(theta, grad, 0.1, state)
    assert theta.tolist() == [3, 4]
    assert grad.tolist() == [6, 8]
    np.testing.assert_array_equal(first, again)
    assert not np.shares_memory(first, theta)


@every_optimizer
def test_each_run_has_its_own_rate(optimizer):
    theta, rates = np.random.default_rng(0).normal(size=(2, 3, 4)), np.array([0.1, 0.5, 0.0])
    together, _ = optimizer.update(theta, theta**2, rates[:, None], optimizer.init(theta))
    for run in np.ndindex(2, 3):
        alone, _ = optimizer.update(theta[run], theta[run] ** 2, rates[run[1]], optimizer.init(theta[run]))
        np.testing.assert_allclose(together[run], alone)


@every_optimizer
def test_a_rate_of_zero_goes_nowhere(optimizer):
    theta = np.array([3.0, 4.0])
    np.testing.assert_array_equal(optimizer.update(theta, theta, 0.0, optimizer.init(theta))[0], theta)
