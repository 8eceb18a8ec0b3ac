"""Answers to the exercises of notebook 07."""

import numpy as np

from gdtools.optimizers import Momentum
from tests.answers import right, wrong

right("momentum_places", [8, 5.4], (8.0, 5.4), np.array([8, 5.4], np.float32))
wrong("momentum_places", "goes uphill", [12, 15.4])
wrong("momentum_places", "The old velocity is lost", [8, 6.4])
wrong("momentum_places", "Is the derivative of w² complete? Or is that the convention with (1 − μ)", [9, 7.6])
wrong("momentum_places", "learning rate is missing", [-10, 0])
wrong("momentum_places", "not the new gradient", [9, 7.1])
wrong("momentum_places", "doesn't fade", [8, 4.4])
wrong("momentum_places", "gradient of the start twice", [8, 5])
wrong("momentum_places", "The old velocity is subtracted", [8, 7.4])
wrong("momentum_places", "Nesterov", [7, 4.4])
wrong("momentum_places", "two velocities", [20, 26])
wrong("momentum_places", "two steps", [-2, -2.6])
wrong("momentum_places", "should have shape (2,), but it is a single number", 5.4)
wrong("momentum_places", "it should be (2,)", [10, 8, 5.4])


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


@wrong("momentum_update", "convention with (1 − μ)")
def averages(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "η is in your velocity")
def has_the_rate_in_the_velocity(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + learning_rate * gradient
    return theta - velocity, velocity


@wrong("momentum_update", "Your velocity holds the minus and η")
def follows_another_book(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - learning_rate * gradient
    return theta + velocity, velocity


@wrong("momentum_update", "Your velocity points downhill")
def rolls_downhill(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity - gradient
    return theta + learning_rate * velocity, velocity


@wrong("momentum_update", "step with the old velocity")
def steps_first(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * velocity, momentum * velocity + gradient


@wrong("momentum_update", "return the velocity that you were given")
def forgets_to_keep_the_velocity(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * (momentum * velocity + gradient), velocity


@wrong("momentum_update", "not the new gradient")
def damps_the_gradient(theta, velocity, gradient, learning_rate, momentum):
    velocity = velocity + momentum * gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "not for the sum")
def damps_both(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * (velocity + gradient)
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "not 1 − μ")
def keeps_the_other_share(theta, velocity, gradient, learning_rate, momentum):
    velocity = (1 - momentum) * velocity + gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "doesn't fade")
def never_fades(theta, velocity, gradient, learning_rate, momentum):
    velocity = velocity + gradient
    return theta - learning_rate * velocity, velocity


@wrong("momentum_update", "you step with the gradient")
def steps_with_the_gradient(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * gradient, momentum * velocity + gradient


@wrong("momentum_update", "Nesterov")
def looks_ahead(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - learning_rate * (gradient + momentum * velocity), velocity


@wrong("momentum_update", "goes uphill")
def climbs(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta + learning_rate * velocity, velocity


@wrong("momentum_update", "learning rate is missing")
def forgets_the_rate(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return theta - velocity, velocity


@wrong("momentum_update", "wrong way round")
def returns_the_velocity_first(theta, velocity, gradient, learning_rate, momentum):
    velocity = momentum * velocity + gradient
    return velocity, theta - learning_rate * velocity


@wrong("momentum_update", "should be (theta, velocity), but it is one array. Return 2 things, with a comma.")
def returns_theta_alone(theta, velocity, gradient, learning_rate, momentum):
    return theta - learning_rate * (momentum * velocity + gradient)


@wrong("momentum_update", "changes its argument in place")
def updates_in_place(theta, velocity, gradient, learning_rate, momentum):
    velocity *= momentum
    velocity += gradient
    return theta - learning_rate * velocity, velocity


mu = 0.9


@wrong("momentum_update", "uses mu from outside the function")
def takes_the_momentum_from_the_notebook(theta, velocity, gradient, learning_rate, momentum):
    velocity = mu * velocity + gradient
    return theta - learning_rate * velocity, velocity


right("break_even_momentum", 0.49, 0.7**2, np.float32(0.489), np.array(0.4911))
wrong("break_even_momentum", "the root of μ", 0.7)
wrong("break_even_momentum", "the wrong way round", 0.8367)
wrong("break_even_momentum", "helps the most", 0.2046)
wrong("break_even_momentum", "the steep direction", 0.04)
wrong("break_even_momentum", "as in the notebook", 0.64)
wrong("break_even_momentum", "Where do they meet again", 0, 0.01)
wrong("break_even_momentum", "is a brake already", 0.9, 0.5)
wrong("break_even_momentum", "still helps", 0.3, 0.48)
wrong("break_even_momentum", "from 0 up to 1", 1, -0.49, [0.49, 0.5])
