"""The exercises of notebook 04: how true a mini-batch gradient is."""

from itertools import combinations

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, require
from gdtools.descent import minibatches
from gdtools.losses import LeastSquares

PER_PARAMETER = "You divide by the number of parameters, too. Only the batches are averaged."
TOTAL = "That is the sum over the batches. Asked for is their mean."
NOT_SQUARED = "That is the mean distance. Asked for is the mean *squared* distance."
ROOT = "You take a root at the end. Asked for is the squared error itself."
FROM_ZERO = "That is how long the gradients are. How far are they from the true one?"
FROM_THEIR_MEAN = "You measure from the mean of the batches. But they may all be off: measure from the true gradient."


@exercise("larger_batches")
def larger_batches(answers):
    answers = as_numbers(answers, "larger_batches", shape=(3,))
    first = {
        "You divide by a square root. That is how the distance falls, not its square.": 300,
        "You divide by 36. But 900 is the error at B = 4, not at B = 1.": 25,
        "Does the error grow with the batch? Look at the line in the notebook.": 8100,
        "You square once too often: 900 is a squared distance already.": 900 / 81,
        "That is the distance. Asked for is the squared error.": 10,
    }
    second = {
        "That makes the *squared* error a tenth. And its root, the distance?": 40,
        "By that factor the batch has to grow. From which size?": 100,
        "That batch is smaller than before. Does a smaller batch bring you closer?": 0.4,
        "Which of the two falls as the root of the other: the distance, or the squared error?": 4 * np.sqrt(10),
        "That is the distance itself. Asked for is the batch size.": 3,
    }
    third = {
        "That is with replacement. What does it change that no example comes twice?": 100,
        "That is the change from shuffling alone. The batch is larger than 4, too.": 270,
        "Your factor grows with B. But the more examples you ask, the less is left to be wrong about.": 70,
        "Does your factor grow with B? The more examples you ask, the less is left to be wrong about.": 100 * 36 / 51,
        "Nearly. Try your factor at B = 1, where it makes no difference whether you shuffle.": 100 * 15 / 51,
        "That is the factor. What does it multiply?": 0.3,
    }
    questions = [
        ("the squared error of the larger batch", 100, first),
        ("the batch size for a tenth of the distance", 400, second),
        ("the squared error when no example comes twice", 30, third),
    ]
    for which, answer, (holds, right, hints) in zip(("First", "Second", "Third"), answers, questions, strict=True):
        mistakes = {f"{which} number. {hint}": wrong for hint, wrong in hints.items()}
        compare(answer, right, mistakes, what=f"the {which.lower()} number", rtol=1e-3)
        yield holds


@exercise("mean_squared_error(gradients, true)")
def mean_squared_error(function):
    rng = np.random.default_rng(4)
    for n_batches, d in ((5, 3), (4, 4), (1, 2), (200, 1)):
        gradients, true = 2 * rng.normal(size=(n_batches, d)), rng.normal(size=d)
        off = gradients - true
        squared_lengths = np.sum(off**2, axis=1)
        right = squared_lengths.mean()
        mistakes = {
            PER_PARAMETER: right / d,
            "You divide by the number of parameters. How many batches are there?": squared_lengths.sum() / d,
            TOTAL: squared_lengths.sum(),
            NOT_SQUARED: np.sqrt(squared_lengths).mean(),
            ROOT: np.sqrt(right),
            FROM_THEIR_MEAN: gradients.var(axis=0).sum(),
            "You average before you square. So the errors of the batches cancel.": np.sum(off.mean(axis=0) ** 2),
            "You add the parameters up before you square. So their errors cancel.": np.mean(off.sum(axis=1) ** 2),
            "Nothing is squared, so errors to both sides cancel.": off.sum(axis=1).mean(),
            "Those are absolute values. A length comes from squares.": np.abs(off).sum(axis=1).mean(),
            FROM_ZERO: np.mean(np.sum(gradients**2, axis=1)),
        }
        error = call(function, gradients, true)
        what = f"the error of gradients of shape {gradients.shape}"
        compare(error, right, mistakes, what=what, function=function)
        yield f"gradients of shape {gradients.shape}"
    compare(call(function, np.tile(true, (3, 1)), true), 0, what="the error where every batch is right")
    yield "where every batch is right, it is 0"


@exercise("measured_error(gradients, batch_size, n_batches, rng)")
def measured_error(function):
    ours, rng, n_batches = np.random.default_rng(348), np.random.default_rng(6), 2000
    for n_examples, batch_size in ((7, 3), (5, 2)):
        gradients = 3 * ours.normal(size=(n_examples, 3)) ** 3  # so uneven that each mistake is far from the others
        true = gradients.mean(axis=0)
        every_batch = [gradients[list(batch)] for batch in combinations(range(n_examples), batch_size)]
        means = np.mean(every_batch, axis=1)

        def squared_errors(means, true=true):
            return np.sum((means - true) ** 2, axis=1)

        errors, mean_distance = squared_errors(means), np.sqrt(squared_errors(means)).mean()
        right, one_example = errors.mean(), squared_errors(gradients).mean()
        sums = batch_size * means
        mistakes = {
            "Some examples come twice in a batch. Draw without replacement.": one_example / batch_size,
            "You take the sum over a batch. Its gradient is the mean.": squared_errors(sums).mean(),
            "You divide by N. How many examples does a batch have?": squared_errors(sums / n_examples).mean(),
            PER_PARAMETER: right / 3,
            TOTAL: right * n_batches,
            NOT_SQUARED: mean_distance,
            ROOT: np.sqrt(right),
            "You square the mean of the distances. Asked for is the mean of their squares.": mean_distance**2,
            FROM_ZERO: np.mean(np.sum(means**2, axis=1)),
            "That is the error of single examples. How many does a batch have?": one_example,
            "That is nearly 0. Do your batches hold all the examples? Or do errors cancel before you square them?": 0,
        }
        what = f"the error for N = {n_examples}, B = {batch_size}"
        value = as_numbers(call(function, gradients, batch_size, n_batches, rng), what)
        the_same = value.ndim == 0 and np.isclose(errors, value).any()
        require(not the_same, "That is the error of one and the same batch, again and again. Draw a new one each time.")
        rtol = 6 * errors.std() / np.sqrt(n_batches) / right  # six standard errors: no right answer is that unlucky
        compare(value, right, mistakes, what=what, rtol=rtol, atol=right / 100, function=function)
        yield f"N = {n_examples}, B = {batch_size}: {value:.3g} from {n_batches} batches, {right:.3g} by the law"
    compare(call(function, gradients, 5, 3, rng), 0, what="the error at B = N")
    yield "at B = N nothing is left"

    for n_examples, batch_size in ((4, 3), (30, 7)):  # from such gradients, each batch is equally far off
        error, right = call(function, np.eye(n_examples), batch_size, 1, rng), 1 / batch_size - 1 / n_examples
        compare(error, right, {FROM_THEIR_MEAN: 0}, what="the error of a single batch", function=function)
    yield "a single batch has an error, too"

    gradients, rng = ours.normal(size=(1000, 2)), np.random.default_rng(7)
    first, second, again = (call(function, gradients, 5, 3, one) for one in (rng, rng, np.random.default_rng(7)))
    require(first != second, "A second call draws the same batches. Draw from `rng`, without a generator of your own.")
    require(first == again, "The same seed gives another error. Draw from `rng` alone, so that you can repeat it.")
    yield "the batches come from rng: the same seed, the same error"


@exercise("accumulated_gradient(gradients, sizes)")
def accumulated_gradient(function):
    rng = np.random.default_rng(5)
    for sizes, d in (([6, 6, 2], 3), ([4, 4, 4, 4, 1], 2), ([3, 7], 1), ([9], 4)):
        sizes, n_parts = np.array(sizes), len(sizes)
        gradients = rng.normal(size=(n_parts, d))
        total, two_at_a_time = sizes @ gradients, gradients[0]
        for gradient in gradients[1:]:
            two_at_a_time = (two_at_a_time + gradient) / 2
        mistakes = {
            "Each part counts the same. Should one of 2 examples weigh as much as one of 6?": gradients.mean(axis=0),
            "That is the sum over all examples. Asked for is their mean.": total,
            "You divide by the number of parts. Over how many examples is the mean?": total / n_parts,
            "You take all parts to be as large as the first. How many examples are there?": total / n_parts / sizes[0],
            "That is the sum of the parts. Can a mean be larger than all that it is the mean of?": sum(gradients),
            "Each row is a mean already. You divide it once more.": sum(gradients) / sizes.sum(),
            "The last parts count most. The mean of a mean and one more isn't the mean of all.": two_at_a_time,
            "The smaller the part, the more it counts. Turn that round.": 1 / sizes @ gradients / sum(1 / sizes),
        }
        if d == n_parts:
            hint = "The sizes weight the columns, and these are parameters. Along which axis are the parts?"
            mistakes[hint] = np.sum(sizes * gradients, axis=0) / sizes.sum()
        got = call(function, gradients, sizes)
        what = f"the gradient from parts of sizes {sizes.tolist()}"
        compare(got, total / sizes.sum(), mistakes, what=what, function=function)
        yield f"parts of sizes {sizes.tolist()}, gradients of shape {gradients.shape}"
    loss, theta = LeastSquares(rng.normal(size=(50, 2)), rng.normal(size=50)), np.ones(2)
    parts = list(minibatches(50, 16))
    got = call(function, np.array([loss.grad(theta, part) for part in parts]), np.array([len(part) for part in parts]))
    compare(got, loss.grad(theta), what="the gradient of 50 examples in parts of 16")
    yield "50 examples in parts of 16: the gradient is that of all 50 at once"


@exercise("half_ball_rate")
def half_ball_rate(rate):
    rate = as_numbers(rate, "half_ball_rate", shape=())
    require(0 < rate < 1, "With that rate there is no ball: descent stands still, or never settles.")
    side = "more" if rate > 1 / 3 else "less"
    mistakes = {
        "Half the rate: that is right where ηλ is small. Here it isn't. Where else does η stand in the formula?": 0.25,
        "That is the rate for λ = 1. Look at the curvature once more.": 2 / 7,
        "That halves the distance. Asked for is half the variance.": 0.2,
        "Did you divide by √2? That would be right if V grew as η². Measure it: V isn't half yet.": 0.5 / np.sqrt(2),
        f"With that rate V is {side} than half of what it was. Compare with `measured_variance`.": rate,
    }
    compare(rate, 1 / 3, mistakes, what="half_ball_rate", rtol=0.03)

    def law(rate, curvature=2):  # without σ²/B, which stays the same
        return rate / (curvature * (2 - rate * curvature))

    yield f"V is {law(rate) / law(0.5):.2f} of what it was at η = 0.5"
