"""Answers to the exercises of notebook 07."""

import numpy as np

from gdtools.optimizers import Momentum
from tests.answers import right, slips, wrong

right("momentum_places", [8, 5.4], (8.0, 5.4), np.array([8, 5.4], np.float32))
wrong("momentum_places", "should be two numbers, but it", 5.4, [10, 8, 5.4])


@right("momentum_update")
def as_in_the_notebook(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - learning_rate * velocity, velocity


@right("momentum_update")
def one_by_one(theta, velocity, gradient, learning_rate, momentum):
    new_theta, new_velocity = np.empty(theta.shape), np.empty(theta.shape)
    for i in np.ndindex(theta.shape):
        new_velocity[i] = momentum * velocity[i] + gradient[i]
        new_theta[i] = theta[i] - learning_rate * new_velocity[i]
    return [new_theta.tolist(), new_velocity.tolist()]


@right("momentum_update")
def in_one_array(theta, velocity, gradient, learning_rate, momentum):
    new = np.stack([theta, momentum * velocity])
    new[1] += gradient
    new[0] -= learning_rate * new[1]
    return new.astype(np.float32)


@right("momentum_update")
def with_the_package(theta, velocity, gradient, learning_rate, momentum):
    return Momentum(momentum).update(theta, gradient, learning_rate, velocity)


mu = 0.9
returned = "return theta - learning_rate * velocity, velocity"
slips(
    "momentum_update",
    as_in_the_notebook,
    (
        "should be (theta, velocity), but it is one array. Return 2",
        returned,
        returned.removesuffix(", velocity"),
    ),
    ("changes its argument in place", "velocity = momentum * velocity + gradient", "velocity *= momentum"),
    ("uses mu from outside the function", "momentum * velocity", "mu * velocity"),
)

right("break_even_momentum", 0.49, 0.7**2, np.float32(0.489), np.array(0.4911))
wrong("break_even_momentum", "Where do they meet again", 0, 0.01)
wrong("break_even_momentum", "is a brake already", 0.9, 0.5)
wrong("break_even_momentum", "still helps", 0.3, 0.48)
wrong("break_even_momentum", "from 0 up to 1", 1, -0.49)
wrong("break_even_momentum", "should be one number", [0.49, 0.5])

right("calm_momentum", [5, 0.004], (1 / (1 - 0.8), 0.02 * (1 - 0.8)), np.array([4.95, 0.00403], np.float32))
wrong("calm_momentum", "should be two numbers", 5, [5, 0.004, 0.02])
wrong("calm_momentum", "the growth of the variance isn't right yet", [7, 0.004])
wrong("calm_momentum", "the η that takes it back isn't right yet", [5, 0.003])


wrong("calm_momentum", "right numbers, in another order", [0.004, 5])
