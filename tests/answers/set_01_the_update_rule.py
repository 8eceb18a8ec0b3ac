"""Answers to the exercises of notebook 01."""

from fractions import Fraction

import numpy as np

from tests.answers import right, slips, wrong

right("new_point", [-1, 2.5], (-1.0, 2.5), np.array([-1, 2.5], np.float32))
wrong("new_point", "should be two numbers, but it", [-1, 2.5, 7.25], 7.25)
wrong("new_point", "isn't right yet", [-1, 3])

right("gradient_step", lambda theta, gradient, learning_rate: np.add(theta, -learning_rate * gradient))
right("gradient_step", lambda theta, gradient, learning_rate: (theta - learning_rate * gradient).astype(np.float32))


@right("gradient_step")
def on_a_copy_in_place(theta, gradient, learning_rate):
    theta = theta.copy()
    theta -= learning_rate * gradient
    return theta


@right("gradient_step")
def one_by_one(theta, gradient, learning_rate):
    new = np.empty(theta.shape)
    for place in np.ndindex(theta.shape):
        new[place] = theta[place] - learning_rate * gradient[place]
    return new.tolist()


rate = 0.1
slips(
    "gradient_step",
    on_a_copy_in_place,
    ("changes its argument in place", "theta = theta.copy()", "pass"),
    ("should have shape (2,), but it is a single number", "return theta", "return theta.sum()"),
    ("uses rate from outside the function", "theta -= learning_rate", "theta -= rate"),
)


@right("numerical_gradient")
def with_copies(f, theta, h):
    slopes = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = np.array(theta, dtype=float), np.array(theta, dtype=float)
        up[i] += h
        down[i] -= h
        slopes[i] = (f(up) - f(down)) / 2 / h
    return slopes


@right("numerical_gradient")
def with_lists(f, theta, h):
    slopes = []
    for i, place in enumerate(theta):
        up = [*theta[:i], place + h, *theta[i + 1 :]]
        down = [*theta[:i], place - h, *theta[i + 1 :]]
        slopes.append((f(up) - f(down)) / (2 * h))
    return tuple(slopes)


@right("numerical_gradient")
def with_floats_of_its_own(f, theta, h):
    theta = theta.astype(float)
    return np.array([(f(theta + shift) - f(theta - shift)) / (2 * h) for shift in h * np.eye(theta.size)])


slips(
    "numerical_gradient",
    with_copies,
    ("h is lost in it", "dtype=float", ""),
    ("Your slopes are kept in an array of whole numbers", "np.zeros(len(theta))", "np.zeros_like(theta)"),
    ("can't hold fractions", "up[i] += h", "up = theta.copy(); up += h * np.eye(len(theta))[i]"),
    ("changes its argument in place", "np.array(theta, dtype=float), np", "theta, np"),
)

right("line_gradient", lambda theta, X, y: 2 * np.mean((X @ theta - y)[:, None] * X, axis=0))


@right("line_gradient")
def in_a_loop(theta, X, y):
    total = 0
    for row, target in zip(X, y, strict=True):
        total = total + 2 * (row @ theta - target) * row
    return list(total / len(X))


wrong("line_gradient", "single number", lambda theta, X, y: np.mean((X @ theta - y) ** 2))
T = 100  # from some other cell; X.T is something else
wrong("line_gradient", "isn't right yet", lambda theta, X, y: 3 * X.T @ (X @ theta - y) / len(X))

right("bouncing_rate", 0.2, np.array(0.2), np.float32(0.2), Fraction(1, 5))
wrong("bouncing_rate", "isn't right yet", 0.19)
wrong("bouncing_rate", "one number", [0.2, 0.2])

right("promise", [1, 0.99], (0.01 * 10**2, 25 - 4.9**2), np.array([1, 0.99], np.float32))
wrong("promise", "the promised fall isn't right yet", [3, 0.99])
wrong("promise", "should be two numbers", 1, [1])
