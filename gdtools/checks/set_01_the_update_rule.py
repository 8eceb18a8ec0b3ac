"""The exercises of notebook 01: one step, its gradient, and what many steps do."""

import numpy as np

from gdtools.checks.core import call, compare, exercise, require

UPHILL = "That goes uphill. The gradient points to where the loss grows: which sign takes you the other way?"


@exercise("new_point")
def new_point(point):
    start, gradient = np.array([-2, 5]), np.array([-4, 10])
    mistakes = {
        UPHILL: start + 0.25 * gradient,
        "The learning rate is missing: a step is η times the gradient.": start - gradient,
        "The gradient of x² + y² is [2x, 2y]. Did you use [x, y], the position?": start - 0.25 * start,
        "That is the step. Where do you stand after it?": -0.25 * gradient,
        "y is right. Did you start on the right side? Mind the sign of the start's x.": [1, 2.5],
    }
    compare(point, [-1, 2.5], mistakes, what="new_point", rtol=1e-3)
    yield "each coordinate is half of what it was"


@exercise("gradient_step(theta, gradient, learning_rate)")
def gradient_step(step):
    rng = np.random.default_rng(1)
    for shape in ((2,), (1,), (1000,), (3, 4)):
        theta, gradient = rng.normal(size=(2, *shape))
        rate = rng.uniform(0.1, 0.9)
        mistakes = {
            UPHILL: theta + rate * gradient,
            "The learning rate is missing: how far does a step go?": theta - gradient,
            "Uphill, and without the learning rate: look at the rule once more.": theta + gradient,
            "You divide by the learning rate. A larger rate is a longer step.": theta - gradient / rate,
            "That is the step alone. Where does it start?": -rate * gradient,
            "The learning rate is there twice.": theta - rate**2 * gradient,
            "The learning rate multiplies the gradient, not the place.": rate * theta - gradient,
            "The learning rate multiplies the gradient alone, not the difference.": rate * (theta - gradient),
        }
        new = call(step, theta, gradient, rate)
        compare(new, theta - rate * gradient, mistakes, what=f"the new theta, of shape {shape},", function=step)
        yield f"a step for parameters of shape {shape}"
    compare(call(step, theta, 0 * gradient, 0.5), theta, what="the new theta where the gradient is 0")
    yield "where the gradient is 0, it stays"


@exercise("numerical_gradient(f, theta, h)")
def numerical_gradient(function):
    def cubic(theta):
        return 0.3 * np.sum(np.asarray(theta) ** 3) + np.prod(theta)

    rng = np.random.default_rng(2)
    for d in (2, 1, 5):
        theta, h = rng.uniform(0.5, 2, size=d), 0.1
        there, back, one_sided = np.zeros((3, d))
        for i, shift in enumerate(h * np.eye(d)):
            there[i], back[i] = cubic(theta + shift), cubic(theta - shift)
            one_sided[i] = (there[i] - cubic(theta)) / h
        together = np.full(d, (cubic(theta + h) - cubic(theta - h)) / (2 * h))
        mistakes = {
            "You divide by h, but the two points are 2h apart.": (there - back) / h,
            "Python divides first and multiplies then: / 2 * h is not / (2 * h).": (there - back) / 2 * h,
            "You step to one side only. The error is much smaller if you step to both.": one_sided,
            "Divide the difference by the distance of the two points.": there - back,
            "Plus h minus minus h, not the other way round: the sign is turned.": (back - there) / (2 * h),
            "You move all the parameters at once. A partial derivative moves one and holds the others.": together,
            "That is one number. The gradient has one for each parameter.": together[0],
        }
        slopes = call(function, cubic, theta, h)
        compare(slopes, (there - back) / (2 * h), mistakes, what=f"the gradient of {d} parameters", function=function)
        yield f"a slope for each of {d} parameters"
    whole, h = np.array([1, 2]), 1e-5
    cut = np.array([cubic(whole) - cubic([0, 2]), cubic(whole) - cubic([1, 1])]) / (2 * h)
    mistakes = {
        "An array of whole numbers cuts the decimals off, so h is lost in it.": cut,
        "Your slopes are kept in an array of whole numbers, which cuts the decimals off.": [2, 4],
    }
    slopes, what = call(function, cubic, whole, h), "the gradient at [1, 2], given as whole numbers,"
    compare(slopes, [2.9, 4.6], mistakes, what=what, rtol=1e-3, function=function)
    yield "whole numbers are welcome"


@exercise("line_gradient(theta, X, y)")
def line_gradient(function):
    rng = np.random.default_rng(3)
    for n_examples, d in ((5, 3), (1, 2), (40, 2), (1, 4)):
        X, y, theta = rng.normal(size=(n_examples, d)), rng.normal(size=n_examples), rng.normal(size=d)
        error = X @ theta - y
        mistakes = {
            "That is the sum over the examples. The loss is their mean.": 2 * X.T @ error,
            "A factor is missing: what is the derivative of a square?": X.T @ error / n_examples,
            "That is the sum, and without the factor from the square.": X.T @ error,
            "The sign is turned. Is the error the prediction minus y, or y minus the prediction?": (
                -2 * X.T @ error / n_examples
            ),
            "You divide by the number of parameters. The mean is over the examples.": 2 * X.T @ error / d,
            "That is the mean error. In the gradient each error is multiplied by its x.": np.full(d, 2 * error.mean()),
        }
        right = 2 * X.T @ error / n_examples
        got = call(function, theta, X, y)
        compare(got, right, mistakes, what=f"the gradient for {n_examples} examples", function=function)
        yield f"the gradient of {d} parameters from {n_examples} {'example' if n_examples == 1 else 'examples'}"
    X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    at_minimum = call(function, np.array([1.0, 2.0]), X, X @ [1.0, 2.0])
    compare(at_minimum, [0, 0], what="the gradient where the line fits exactly")
    yield "where the line fits exactly, it is 0"


@exercise("bouncing_rate")
def bouncing_rate(rate):
    mistakes = {
        "With that rate the first step lands in the middle. You want to come out on the other side.": 0.1,
        "That is the rate for x² + y². This bowl is 5 times as steep everywhere.": 1,
        "The derivative of 5x² is 10x: is there a factor missing in yours?": 0.4,
        "Each step multiplies x by a factor. Which factor brings you to the same place after two steps? Not 1.": 0,
    }
    compare(rate, 0.2, mistakes, what="bouncing_rate", rtol=1e-3)
    path = [np.array([1.0, 2.0])]
    for _ in range(4):
        path.append(path[-1] - float(rate) * 10 * path[-1])
    require(np.allclose(path[2], path[0], rtol=0.01), "After two updates you are not back at the start.")
    yield f"(1, 2) → ({path[1][0]:.3g}, {path[1][1]:.3g}) → ({path[2][0]:.3g}, {path[2][1]:.3g}) → …"
