"""Answers to the exercises of notebook 01."""

from fractions import Fraction

import numpy as np

from tests.answers import right, wrong

right("new_point", [-1, 2.5], (-1.0, 2.5), np.array([-1, 2.5], np.float32))
wrong("new_point", "goes uphill", [-3, 7.5])
wrong("new_point", "learning rate is missing", [2, -5])
wrong("new_point", "Did you use [x, y]", [-1.5, 3.75])
wrong("new_point", "That is the step. Where do you stand", [1, -2.5])
wrong("new_point", "y is right", [1, 2.5])
wrong("new_point", "it should be (2,)", [-1, 2.5, 7.25])
wrong("new_point", "single number", 7.25)
wrong("new_point", "isn't right yet", [-1, 3])


@right("gradient_step")
def with_numpy(theta, gradient, learning_rate):
    return theta - learning_rate * gradient


right("gradient_step", lambda theta, gradient, learning_rate: np.add(theta, -learning_rate * gradient))


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


@right("gradient_step")
def in_single_precision(theta, gradient, learning_rate):
    return (theta - learning_rate * gradient).astype(np.float32)


@wrong("gradient_step", "goes uphill")
def ascends(theta, gradient, learning_rate):
    return theta + learning_rate * gradient


@wrong("gradient_step", "learning rate is missing")
def forgets_the_rate(theta, gradient, learning_rate):
    return theta - gradient


@wrong("gradient_step", "learning rate is there twice")
def applies_the_rate_twice(theta, gradient, learning_rate):
    return theta - learning_rate * (learning_rate * gradient)


@wrong("gradient_step", "step alone")
def returns_the_step(theta, gradient, learning_rate):
    return -learning_rate * gradient


@wrong("gradient_step", "divide by the learning rate")
def divides_by_the_rate(theta, gradient, learning_rate):
    return theta - gradient / learning_rate


@wrong("gradient_step", "not the difference")
def misplaces_the_brackets(theta, gradient, learning_rate):
    return learning_rate * (theta - gradient)


@wrong("gradient_step", "changes its argument in place")
def changes_the_callers_array(theta, gradient, learning_rate):
    theta -= learning_rate * gradient
    return theta


@wrong("gradient_step", "should have shape (2,), but it is a single number")
def adds_up_the_parameters(theta, gradient, learning_rate):
    return np.sum(theta - learning_rate * gradient)


learning_rate = 0.1


@wrong("gradient_step", "uses learning_rate from outside the function")
def takes_the_rate_from_the_notebook(theta, gradient, rate):
    return theta - learning_rate * gradient


@right("numerical_gradient")
def with_rows_of_the_identity(f, theta, h):
    return [(f(theta + shift) - f(theta - shift)) / (2 * h) for shift in h * np.eye(len(theta))]


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


@wrong("numerical_gradient", "the two points are 2h apart")
def divides_by_h(f, theta, h):
    return [(f(theta + shift) - f(theta - shift)) / h for shift in h * np.eye(len(theta))]


@wrong("numerical_gradient", "Python divides first")
def forgets_the_brackets(f, theta, h):
    return [(f(theta + shift) - f(theta - shift)) / 2 * h for shift in h * np.eye(len(theta))]


@wrong("numerical_gradient", "one side only")
def steps_to_one_side(f, theta, h):
    return [(f(theta + shift) - f(theta)) / h for shift in h * np.eye(len(theta))]


@wrong("numerical_gradient", "Divide the difference")
def forgets_to_divide(f, theta, h):
    return [f(theta + shift) - f(theta - shift) for shift in h * np.eye(len(theta))]


@wrong("numerical_gradient", "the sign is turned")
def turns_the_difference(f, theta, h):
    return [(f(theta - shift) - f(theta + shift)) / (2 * h) for shift in h * np.eye(len(theta))]


@wrong("numerical_gradient", "That is one number")
def moves_all_at_once(f, theta, h):
    return (f(theta + h) - f(theta - h)) / (2 * h)


@wrong("numerical_gradient", "all the parameters at once")
def moves_all_at_once_for_each(f, theta, h):
    theta = np.asarray(theta)
    return [(f(theta + h) - f(theta - h)) / (2 * h) for _ in theta]


@wrong("numerical_gradient", "h is lost in it")
def adds_to_whole_numbers(f, theta, h):
    slopes = []
    for i in range(len(theta)):
        up, down = np.array(theta), np.array(theta)
        up[i] = up[i] + h
        down[i] = down[i] - h
        slopes.append((f(up) - f(down)) / (2 * h))
    return slopes


@wrong("numerical_gradient", "h is lost in it")
def adds_to_copies_of_whole_numbers(f, theta, h):
    slopes = np.zeros(len(theta))
    for i in range(len(theta)):
        up, down = theta.copy(), theta.copy()
        up[i] += h
        down[i] -= h
        slopes[i] = (f(up) - f(down)) / (2 * h)
    return slopes


@wrong("numerical_gradient", "Your slopes are kept in an array of whole numbers")
def keeps_the_slopes_in_whole_numbers(f, theta, h):
    slopes = np.zeros_like(theta)
    for i, shift in enumerate(h * np.eye(len(theta))):
        slopes[i] = (f(theta + shift) - f(theta - shift)) / (2 * h)
    return slopes


@wrong("numerical_gradient", "An array of whole numbers can't hold fractions")
def shifts_whole_numbers_in_place(f, theta, h):
    slopes = []
    for shift in h * np.eye(len(theta)):
        up, down = theta.copy(), theta.copy()
        up += shift
        down -= shift
        slopes.append((f(up) - f(down)) / (2 * h))
    return slopes


@wrong("numerical_gradient", "changes its argument in place")
def does_not_step_back(f, theta, h):
    slopes = []
    for i in range(len(theta)):
        theta[i] += h
        up = f(theta)
        theta[i] -= 2 * h
        slopes.append((up - f(theta)) / (2 * h))
    return slopes


@right("line_gradient")
def with_matrices(theta, X, y):
    return 2 / len(y) * X.T @ (X @ theta - y)


@right("line_gradient")
def as_a_mean_over_rows(theta, X, y):
    return 2 * np.mean((X @ theta - y)[:, None] * X, axis=0)


@right("line_gradient")
def in_a_loop(theta, X, y):
    total = 0
    for row, target in zip(X, y, strict=True):
        total = total + 2 * (row @ theta - target) * row
    return list(total / len(X))


@wrong("line_gradient", "That is the sum over the examples")
def sums(theta, X, y):
    return 2 * X.T @ (X @ theta - y)


@wrong("line_gradient", "A factor is missing")
def forgets_the_two(theta, X, y):
    return X.T @ (X @ theta - y) / len(X)


@wrong("line_gradient", "That is the sum, and without the factor")
def sums_and_forgets_the_two(theta, X, y):
    return X.T @ (X @ theta - y)


@wrong("line_gradient", "The sign is turned")
def turns_the_error(theta, X, y):
    return 2 / len(X) * X.T @ (y - X @ theta)


@wrong("line_gradient", "number of parameters")
def divides_by_the_parameters(theta, X, y):
    return 2 / len(theta) * X.T @ (X @ theta - y)


@wrong("line_gradient", "each error is multiplied by its x")
def forgets_the_x(theta, X, y):
    return np.full(len(theta), 2 * np.mean(X @ theta - y))


@wrong("line_gradient", "single number")
def returns_the_loss(theta, X, y):
    return np.mean((X @ theta - y) ** 2)


T = 100  # from some other cell; X.T is something else


@wrong("line_gradient", "isn't right yet")
def takes_a_three_for_the_two(theta, X, y):
    return 3 * X.T @ (X @ theta - y) / len(X)


right("bouncing_rate", 0.2, np.array(0.2), np.float32(0.2), Fraction(1, 5))
wrong("bouncing_rate", "lands in the middle", 0.1)
wrong("bouncing_rate", "rate for x² + y²", 1)
wrong("bouncing_rate", "is there a factor missing", 0.4)
wrong("bouncing_rate", "Not 1", 0)
wrong("bouncing_rate", "isn't right yet", 0.19)
wrong("bouncing_rate", "one number", [0.2, 0.2])
