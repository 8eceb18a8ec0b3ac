"""The exercises of notebook 04: how true a mini-batch gradient is."""

from itertools import combinations, product

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.words import Hint, as_numbers, difference, require
from gdtools.descent import minibatches
from gdtools.losses import LeastSquares

PER_PARAMETER = "You divide by the number of parameters, too. Only the batches are averaged."
TOTAL = "That is the sum over the batches. Asked for is their mean."
NOT_SQUARED = "That is the mean distance. Asked for is the mean *squared* distance."
ROOT = "You take a root at the end. Asked for is the squared error itself."
FROM_ZERO = "That is how long the gradients are. How far are they from the true one?"
FROM_NONE = (
    "From one batch alone your error is 0. Do you measure from the mean of the batches, not from the true gradient? Or "
    "do you draw none?"
)
FROM_THEIR_MEAN = "You measure from the mean of the batches. But they may all be off: measure from the true gradient."


@exercise("larger_batches", [100, 400, 30], {
    "First number. You divide by a square root. That is how the distance falls, not its square.": [300, 400, 30],
    "First number. You divide by 36. But 900 is the error at B = 4, not at B = 1.": [25, 400, 30],
    "First number. Does the error grow with the batch? Look at the line in the notebook.": [8100, 400, 30],
    "First number. You square once too often: 900 is a squared distance already.": [900 / 81, 400, 30],
    "First number. That is the distance. Asked for is the squared error.": [10, 400, 30],
    "Second number. That makes the *squared* error a tenth. And its root, the distance?": [100, 40, 30],
    "Second number. By that factor the batch has to grow. From which size?": [100, 100, 30],
    "Second number. That batch is smaller than before. Does a smaller batch bring you closer?": [100, 0.4, 30],
    "Second number. Which of the two falls as the root of the other: the distance, or the squared error?":
        [100, 160**0.5, 30],
    "Second number. That is the distance itself. Asked for is the batch size.": [100, 3, 30],
    "Third number. That is with replacement. What does it change that no example comes twice?": [100, 400, 100],
    "Third number. That is the change from shuffling alone. The batch is larger than 4, too.": [100, 400, 270],
    "Third number. Your factor grows with B. But the more examples you ask, the less is left to be wrong about.":
        [100, 400, 70],
    "Third number. Does your factor grow with B? The more examples you ask, the less is left to be wrong about.":
        [100, 400, 100 * 36 / 51],
    "Third number. Nearly. Try your factor at B = 1, where it makes no difference whether you shuffle.":
        [100, 400, 100 * 15 / 51],
    "Third number. That is the factor. What does it multiply?": [100, 400, 0.3],
})
def larger_batches(answer):
    answer.entry("the first number", 0, rtol=1e-3)
    yield "the squared error of the larger batch"
    answer.entry("the second number", 1, rtol=1e-3)
    yield "the batch size for a tenth of the distance"
    answer.entry("the third number", 2, rtol=1e-3)
    yield "the squared error when no example comes twice"


def _squared(off):
    """The squared lengths."""
    return np.sum(off**2, axis=-1)


@exercise("mean_squared_error(gradients, true)", lambda gradients, true: _squared(gradients - true).mean(), {
    PER_PARAMETER: lambda gradients, true: np.mean((gradients - true) ** 2),
    "You divide by the number of parameters. How many batches are there?":
        lambda gradients, true: np.sum((gradients - true) ** 2, axis=0).mean(),
    TOTAL: lambda gradients, true: _squared(gradients - true).sum(),
    NOT_SQUARED: lambda gradients, true: np.sqrt(_squared(gradients - true)).mean(),
    ROOT: lambda gradients, true: np.sqrt(_squared(gradients - true).mean()),
    FROM_THEIR_MEAN: lambda gradients, true: gradients.var(axis=0).sum(),
    "You average before you square. So the errors of the batches cancel.":
        lambda gradients, true: _squared(gradients.mean(axis=0) - true),
    "You add the parameters up before you square. So their errors cancel.":
        lambda gradients, true: np.mean(np.sum(gradients - true, axis=1) ** 2),
    "Nothing is squared, so errors to both sides cancel.":
        lambda gradients, true: np.sum(gradients - true, axis=1).mean(),
    "Those are absolute values. A length comes from squares.":
        lambda gradients, true: np.abs(gradients - true).sum(axis=1).mean(),
    FROM_ZERO: lambda gradients, true: _squared(gradients).mean(),
}, example=(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 1.0])))
def mean_squared_error(answer):
    rng = np.random.default_rng(4)
    for n_batches, d in ((5, 3), (4, 4), (1, 2), (200, 1)):
        gradients, true = 2 * rng.normal(size=(n_batches, d)), rng.normal(size=d)
        answer.on(gradients, true, what=f"the error of gradients of shape {gradients.shape}")
        yield f"gradients of shape {gradients.shape}"
    answer.on(np.tile(true, (3, 1)), true, what="the error where every batch is right")
    yield "where every batch is right, it is 0"


def _measuring(error, replace=False, size=lambda batch_size: batch_size):
    """The function that draws batches, of another size maybe, and makes a number of their examples' gradients."""

    def measure(gradients, batch_size, n_batches, rng):
        batches = [gradients[rng.choice(len(gradients), size(batch_size), replace)] for _ in range(n_batches)]
        return error(np.array(batches), gradients)

    measure.error, measure.replace, measure.size = error, replace, size
    return measure


def _expected(measure, gradients, batch_size, n_batches):
    """The number that it makes if every possible batch comes equally often."""
    each = range(len(gradients)), measure.size(batch_size)
    every = list(product(each[0], repeat=each[1]) if measure.replace else combinations(*each))
    return measure.error(gradients[np.array(every * (n_batches // len(every)))], gradients)


def _errors(batches, gradients):
    """The squared errors of the batches, shape (n_batches,)."""
    return _squared(batches.mean(axis=1) - gradients.mean(axis=0))


@exercise("measured_error(gradients, batch_size, n_batches, rng)", _measuring(lambda *drawn: _errors(*drawn).mean()), {
    "Some examples come twice in a batch. Draw without replacement.":
        _measuring(lambda *drawn: _errors(*drawn).mean(), replace=True),
    "You take the sum over a batch. Its gradient is the mean.":
        _measuring(lambda batches, g: _squared(batches.sum(axis=1) - g.mean(axis=0)).mean()),
    "You divide by N. How many examples does a batch have?":
        _measuring(lambda batches, g: _squared(batches.sum(axis=1) / len(g) - g.mean(axis=0)).mean()),
    PER_PARAMETER: _measuring(lambda batches, g: _errors(batches, g).mean() / g.shape[1]),
    TOTAL: _measuring(lambda *drawn: _errors(*drawn).sum()),
    NOT_SQUARED: _measuring(lambda *drawn: np.sqrt(_errors(*drawn)).mean()),
    ROOT: _measuring(lambda *drawn: np.sqrt(_errors(*drawn).mean())),
    "You square the mean of the distances. Asked for is the mean of their squares.":
        _measuring(lambda *drawn: np.sqrt(_errors(*drawn)).mean() ** 2),
    FROM_ZERO: _measuring(lambda batches, gradients: _squared(batches.mean(axis=1)).mean()),
    FROM_NONE: _measuring(lambda batches, gradients: batches.mean(axis=1).var(axis=0).sum()),
    "That is the error of single examples. How many does a batch have?":
        _measuring(lambda *drawn: _errors(*drawn).mean(), size=lambda batch_size: 1),
    "Your batches hold more, or fewer, examples than batch_size.":
        _measuring(lambda *drawn: _errors(*drawn).mean(), size=lambda batch_size: batch_size + 1),
    "That is nearly 0. Do your batches hold all the examples? Or do errors cancel before you square them?":
        _measuring(lambda batches, gradients: _squared(batches.mean(axis=(0, 1)) - gradients.mean(axis=0))),
})
def measured_error(answer):
    ours, rng, n_batches = np.random.default_rng(348), np.random.default_rng(6), 4200
    for n_examples, batch_size in ((7, 3), (5, 2)):
        gradients = 3 * ours.normal(size=(n_examples, 3)) ** 3  # so uneven that each mistake is far from the others
        given = gradients, batch_size, n_batches
        what = f"the error for N = {n_examples}, B = {batch_size}"
        errors = _expected(_measuring(_errors), *given)
        value, right = as_numbers(answer(*given, rng), what, shape=()), errors.mean()
        again = "That is the error of one and the same batch, again and again. Draw a new one each time."
        require(not np.isclose(errors, value).any(), again)
        width = 6 * errors.std() / np.sqrt(n_batches) / right  # six standard errors: no right answer is that unlucky
        if not np.isclose(value, right, rtol=width):
            means = {hint: _expected(wrong, *given) for hint, wrong in answer.exercise.mistakes.items()}
            hint = min(means, key=lambda hint: abs(value - means[hint]) / (means[hint] + right / 100))
            require(not np.isclose(value, means[hint], rtol=width / 2, atol=right / 100), hint)
            _drawn(answer, 7, rng)
            raise Hint(difference(what, value, right, answer.made))
        yield f"N = {n_examples}, B = {batch_size}: {value:.3g} from {n_batches} batches, {right:.3g} by the law"
    answer.on(gradients, 5, 3, rng, what="the error at B = N")
    yield "at B = N nothing is left"

    for n_examples, batch_size in ((4, 3), (30, 7)):  # from such gradients, each batch is equally far off
        answer.on(np.eye(n_examples), batch_size, 1, rng, what="the error of a single batch")
    yield "a single batch has an error, too"

    gradients, rng = ours.normal(size=(1000, 2)), np.random.default_rng(7)
    first, second, again = (answer(gradients, 5, 3, one) for one in (rng, rng, np.random.default_rng(7)))
    require(first != second, "A second call draws the same batches. Draw from `rng`, without a generator of your own.")
    require(first == again, "The same seed gives another error. Draw from `rng` alone, so that you can repeat it.")
    yield "the batches come from rng: the same seed, the same error"

    drawn = [_drawn(answer, n_batches, rng) for n_batches in [7] + 12 * [6]]
    require(any(np.any(times % 2) for times in drawn[1:]), "You count each batch twice. Draw n_batches of them.")
    altogether = np.sum(drawn, axis=0)
    even = np.sum((altogether - altogether.mean()) ** 2) / altogether.mean() < 50  # else once in a billion
    require(even, "Some examples come into the batches more often than others. Is that the whole table, shuffled?")
    yield "it is the mean of as many batches as asked for"


def _drawn(answer, n_batches, rng):
    """How often each of four examples was drawn, one at a time, told from the mean of their errors.

    The error of example k is proportional to 256ᵏ, but for a constant: their sum is a number with the digits wanted.
    """
    squares = 256.0 ** np.arange(4)
    error = as_numbers(answer(np.diag(np.sqrt(squares)), 1, n_batches, rng), "the error at B = 1", shape=())
    for n in (n_batches, *range(1, 256)):
        total = 2 * n * (error - squares.sum() / 16)
        digits = np.floor(np.round(total) / squares) % 256
        if abs(total - digits @ squares) < 1e-3 and digits.sum() == n:
            require(n == n_batches, f"That is the mean over {n} batches, where n_batches is {n_batches}.")
            return digits
    return np.arange(4) % 2  # not to be told: it was computed with few digits


def _two_at_a_time(gradients, sizes):
    mean = gradients[0]
    for gradient in gradients[1:]:
        mean = (mean + gradient) / 2
    return mean


@exercise("accumulated_gradient(gradients, sizes)", lambda gradients, sizes: sizes @ gradients / sizes.sum(), {
    "Each part counts the same. Should one of 2 examples weigh as much as one of 6?":
        lambda gradients, sizes: gradients.mean(axis=0),
    "That is the sum over all examples. Asked for is their mean.": lambda gradients, sizes: sizes @ gradients,
    "You divide by the number of parts. Over how many examples is the mean?":
        lambda gradients, sizes: sizes @ gradients / len(sizes),
    "You take all parts to be as large as the first. How many examples are there?":
        lambda gradients, sizes: sizes @ gradients / len(sizes) / sizes[0],
    "That is the sum of the parts. Can a mean be larger than all that it is the mean of?":
        lambda gradients, sizes: gradients.sum(axis=0),
    "Each row is a mean already. You divide it once more.": lambda gradients, s: gradients.sum(axis=0) / s.sum(),
    "The last parts count most. The mean of a mean and one more isn't the mean of all.": _two_at_a_time,
    "The smaller the part, the more it counts. Turn that round.":
        lambda gradients, sizes: 1 / sizes @ gradients / sum(1 / sizes),
    "The sizes weight the columns, and these are parameters. Along which axis are the parts?":
        lambda gradients, sizes: np.sum(sizes * gradients, axis=0) / sizes.sum(),
}, example=(np.array([[1.0], [4.0]]), np.array([1, 2])))
def accumulated_gradient(answer):
    rng = np.random.default_rng(5)
    for sizes, d in (([6, 6, 2], 3), ([4, 4, 4, 4, 1], 2), ([3, 7], 1), ([9], 4)):
        gradients = rng.normal(size=(len(sizes), d))
        answer.on(gradients, np.array(sizes), what=f"the gradient from parts of sizes {sizes}")
        yield f"parts of sizes {sizes}, gradients of shape {gradients.shape}"
    loss, theta = LeastSquares(rng.normal(size=(50, 2)), rng.normal(size=50)), np.ones(2)
    parts = list(minibatches(50, 16))
    gradients, sizes = np.array([loss.grad(theta, part) for part in parts]), np.array([len(part) for part in parts])
    answer.on(gradients, sizes, what="the gradient of 50 examples in parts of 16")
    yield "50 examples in parts of 16: the gradient is that of all 50 at once"


@exercise("half_ball_rate", 1 / 3, {
    "Half the rate: that is right where ηλ is small. Here it isn't. Where else does η stand in the formula?": 0.25,
    "That is the rate for λ = 1. Look at the curvature once more.": 2 / 7,
    "That halves the distance. Asked for is half the variance.": 0.2,
    "Did you divide by √2? That would be right if V grew as η². Measure it: V isn't half yet.": 0.5 / 2**0.5,
})
def half_ball_rate(answer):
    def law(rate, curvature=2):  # without σ²/B, which stays the same
        return rate / (curvature * (2 - rate * curvature))

    def otherwise(what, rate, right):
        side = "more" if rate > right else "less"
        return f"With that rate V is {side} than half of what it was. Compare with `measured_variance`."

    require(0 < answer.made < 1, "With that rate there is no ball: descent stands still, or never settles.")
    answer.entry("half_ball_rate", rtol=0.03, otherwise=otherwise)
    yield f"V is {law(answer.made) / law(0.5):.2f} of what it was at η = 0.5"
