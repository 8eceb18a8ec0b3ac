"""The exercises of notebook 01: one step, its gradient, and what many steps do."""

import numpy as np

from gdtools.checks.core import exercise

UPHILL = "That goes uphill. The gradient points to where the loss grows: which sign takes you the other way?"


@exercise("new_point", [-1, 2.5], {
    UPHILL: [-3, 7.5],
    "The learning rate is missing: a step is η times the gradient.": [2, -5],
    "The gradient of x² + y² is [2x, 2y]. Did you use [x, y], the position?": [-1.5, 3.75],
    "That is the step. Where do you stand after it?": [1, -2.5],
    "y is right. Did you start on the right side? Mind the sign of the start's x.": [1, 2.5],
})
def new_point(answer):
    answer.entry("new_point", rtol=1e-3)
    yield "each coordinate is half of what it was"


@exercise("gradient_step(theta, gradient, learning_rate)", lambda theta, gradient, rate: theta - rate * gradient, {
    UPHILL: lambda theta, gradient, rate: theta + rate * gradient,
    "The learning rate is missing: how far does a step go?": lambda theta, gradient, rate: theta - gradient,
    "Uphill, and without the learning rate: look at the rule once more.": lambda theta, gradient, _: (theta + gradient),
    "You divide by the learning rate. A larger rate is a longer step.": lambda theta, g, rate: theta - g / rate,
    "That is the step alone. Where does it start?": lambda theta, gradient, rate: -rate * gradient,
    "The learning rate is there twice.": lambda theta, gradient, rate: theta - rate**2 * gradient,
    "The learning rate multiplies the gradient, not the place.": lambda theta, g, rate: rate * theta - g,
    "Where the gradient is small, you make no step. But small is not 0.":
        lambda theta, gradient, rate: theta - rate * gradient if np.linalg.norm(gradient) > 1e-6 else theta,
    "You cut long gradients off. The rule takes them as they are.":
        lambda theta, gradient, rate: theta - rate * gradient / max(1, np.linalg.norm(gradient) / 1e3),
    "The learning rate multiplies the gradient alone, not the difference.": lambda theta, g, rate: (rate * (theta - g)),
}, example=(np.array([1.0, 2.0]), np.array([10.0, -20.0]), 0.1))
def gradient_step(answer):
    rng = np.random.default_rng(1)
    for shape in ((2,), (1,), (1000,), (3, 4)):
        theta, gradient = rng.normal(size=(2, *shape))
        answer.on(theta, gradient, rng.uniform(0.1, 0.9), what=f"the new theta, of shape {shape},")
        yield f"a step for parameters of shape {shape}"
    for size in (1e-9, 1e9):
        what = f"the new theta where theta and gradient are about {size:.0e}"
        answer.on(size * theta, size * gradient, 0.5, what=what, atol=0)
    yield "however small or large they are"
    answer.on(theta, 0 * gradient, 0.5, what="the new theta where the gradient is 0")
    yield "where the gradient is 0, it stays"


def sum_of_squares(theta):
    return np.sum(np.square(theta))


def _slopes(slope):
    """One slope after the other, made of f above, f below, f here, and h."""
    return lambda f, theta, h: np.array(
        [slope(f(theta + shift), f(theta - shift), f(theta), h) for shift in h * np.eye(len(theta))]
    )


_both_sides = _slopes(lambda above, below, here, h: (above - below) / (2 * h))


@exercise("numerical_gradient(f, theta, h)", _both_sides, {
    "You divide by h, but the two points are 2h apart.": _slopes(lambda above, below, here, h: (above - below) / h),
    "Python divides first and multiplies then: / 2 * h is not / (2 * h).":
        _slopes(lambda above, below, here, h: (above - below) / 2 * h),
    "You step to one side only. The error is much smaller if you step to both.":
        _slopes(lambda above, below, here, h: (above - here) / h),
    "Divide the difference by the distance of the two points.": _slopes(lambda above, below, here, h: above - below),
    "Plus h minus minus h, not the other way round: the sign is turned.":
        _slopes(lambda above, below, here, h: (below - above) / (2 * h)),
    "You move all the parameters at once. A partial derivative moves one and holds the others.":
        lambda f, theta, h: np.full(len(theta), (f(theta + h) - f(theta - h)) / (2 * h)),
    "That is one number. The gradient has one for each parameter.":
        lambda f, theta, h: (f(theta + h) - f(theta - h)) / (2 * h),
    "An array of whole numbers cuts the decimals off, so h is lost in it.":
        lambda f, theta, h: _both_sides(lambda place: f(place.astype(theta.dtype)), theta, h),
    "Your slopes are kept in an array of whole numbers, which cuts the decimals off.":
        lambda f, theta, h: _both_sides(f, theta, h).astype(theta.dtype),
}, example=(sum_of_squares, np.array([1.0, 2.0]), 0.5))
def numerical_gradient(answer):
    def cubic(theta):
        return 0.3 * np.sum(np.asarray(theta) ** 3) + np.prod(theta)

    rng = np.random.default_rng(2)
    for d in (2, 1, 5):
        answer.on(cubic, rng.uniform(0.5, 2, size=d), 0.1, what=f"the gradient of {d} parameter{'s' * (d > 1)}")
        yield f"a slope for each of {d} parameter{'s' * (d > 1)}"
    answer.on(cubic, np.array([1, 2]), 1e-5, what="the gradient at [1, 2], given as whole numbers,", rtol=1e-3)
    yield "whole numbers are welcome"


def mean_gradient(theta, X, y):
    """That of the mean squared error."""
    return 2 / len(X) * X.T @ (X @ theta - y)


@exercise("line_gradient(theta, X, y)", mean_gradient, {
    "That is the sum over the examples. The loss is their mean.":
        lambda *given: (len(given[1]) * mean_gradient(*given)),
    "A factor is missing: what is the derivative of a square?": lambda *given: mean_gradient(*given) / 2,
    "That is the sum, and without the factor from the square.": lambda t, X, y: X.T @ (X @ t - y),
    "The sign is turned. Is the error the prediction minus y, or y minus the prediction?":
        lambda *given: -mean_gradient(*given),
    "You divide by the number of parameters. The mean is over the examples.":
        lambda theta, X, y: len(X) / len(theta) * mean_gradient(theta, X, y),
    "That is the mean error. In the gradient each error is multiplied by its x.":
        lambda theta, X, y: np.full(len(theta), 2 * np.mean(X @ theta - y)),
}, example=(np.array([1.0, 0.0]), np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([0.0, 3.0])))
def line_gradient(answer):
    rng = np.random.default_rng(8)
    for n_examples, d in ((5, 3), (1, 2), (40, 2), (1, 4)):
        X, y, theta = rng.normal(size=(n_examples, d)), rng.normal(size=n_examples), rng.normal(size=d)
        answer.on(theta, X, y, what=f"the gradient for {n_examples} examples")
        yield f"the gradient of {d} parameters from {n_examples} {'example' if n_examples == 1 else 'examples'}"
    X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    answer.on(np.array([1.0, 2.0]), X, X @ [1.0, 2.0], what="the gradient where the line fits exactly")
    yield "where the line fits exactly, it is 0"


@exercise("bouncing_rate", 0.2, {
    "With that rate the first step lands in the middle. You want to come out on the other side.": 0.1,
    "That is the rate for x² + y². This bowl is 5 times as steep everywhere.": 1,
    "The derivative of 5x² is 10x: is there a factor missing in yours?": 0.4,
    "Each step multiplies x by a factor. Which factor brings you to the same place after two steps? Not 1.": 0,
})
def bouncing_rate(answer):
    one, two = (1 - 10 * float(answer.made)) ** np.array([1, 2])
    path = f"(1, 2) → ({one:.3g}, {2 * one:.3g}) → ({two:.3g}, {2 * two:.3g})"
    answer.entry("bouncing_rate", rtol=1e-3, otherwise=lambda *_: f"It isn't right yet: {path}, and not back.")
    yield f"{path} → …"


@exercise("promise", [1, 0.99], {
    "That is the length of the step. Times the slope, it is the fall.": [0.1, 0.99],
    "The slope is missing its factor: what is the derivative of x²?": [0.25, 0.4975],
    "Those are heights. How far does it fall?": [24, 24.01],
    "A fall is a positive number here: how far down?": [-1, -0.99],
    "The parabola bends away from its tangent. Compute the height where you land.": [1, 1],
    "The two are the wrong way round.": [0.99, 1],
    "That is uphill: there f rises.": [1, -1.01],
})
def promise(answer):
    answer.entry("the promised fall", 0, rtol=1e-3)
    yield "what the tangent promises"
    answer.entry("the fall of f", 1, rtol=1e-3)
    yield "what f keeps of it"
