"""Calculations in the style of an exam: each of `KINDS` draws numbers from `rng` and makes the arguments of a `Number`.

The solution and the misconceptions are computed from the same numbers as the answer. `rng` is one of Python's
`random.Random`, and of its methods only `random()` is used, whose numbers are the same in all versions.
"""

import itertools
import math

from gdtools.descent import updates_per_epoch
from gdtools.quiz.answers import Number, short


def pick(rng, options):
    """One of the options."""
    return options[int(rng.random() * len(options))]


def pick_two(rng, options):
    """Two different options."""
    first = pick(rng, options)
    return first, pick(rng, [option for option in options if option != first])


def factor(value):
    """A number after a sign: negative ones in brackets."""
    return f"({short(value)})" if value < 0 else short(value)


def _term(coefficient, power):
    return power if coefficient == 1 else f"{coefficient}{power}"


def _bowl(a, b):
    return f"{_term(a, 'x²')} + {_term(b, 'y²')}"


def one_step_by_hand(rng):
    a, b = pick(rng, [1, 2, 3]), pick(rng, [1, 2, 3])
    x, y = pick_two(rng, [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])
    rate = pick(rng, [0.05, 0.1, 0.2])
    gx, gy = 2 * a * x, 2 * b * y
    new = (x - rate * gx, y - rate * gy)
    return {
        "question": f"f(x, y) = {_bowl(a, b)}. You stand at {short((x, y))} and take one step of gradient descent with "
        f"η = {rate:g}. Where do you land? Type two numbers.",
        "answer": new,
        "solution": f"∇f = [{2 * a}x, {2 * b}y] = [{short(gx)}, {short(gy)}]\n"
        f"x: {short(x)} − {rate:g} · {factor(gx)} = {short(new[0])}\n"
        f"y: {short(y)} − {rate:g} · {factor(gy)} = {short(new[1])}\n"
        f"So you land at {short(new)}.",
        "hints": [
            ((x + rate * gx, y + rate * gy), "That walks uphill. Mind the minus of the update rule."),
            ((x - rate * a * x, y - rate * b * y), "Look at the gradient again: what is the derivative of x²?"),
            ((x - gx, y - gy), "That subtracts all of the gradient. What has η to do?"),
            ((-rate * gx, -rate * gy), "That is the step alone. Where does it start from?"),
            ((rate * gx, rate * gy), "That is η times the gradient. What does the update rule do with it?"),
            ((gx, gy), "That is the gradient. The question is where the step ends."),
            ((x, y), "That is where you were."),
        ],
    }


def one_mini_batch_step(rng):
    size = pick(rng, [2, 4, 5])
    grads = [pick(rng, range(-6, 10)) for _ in range(size)]
    w, rate = pick(rng, range(1, 9)), pick(rng, [0.1, 0.2, 0.5])
    total, mean = sum(grads), sum(grads) / size
    return {
        "question": f"One weight, w = {w}, and a mini-batch of {size} examples. At this w, the gradients of their "
        f"losses are {', '.join(map(short, grads))}. What is w after one update with η = {rate:g}?",
        "answer": w - rate * mean,
        "solution": f"g = the mean of the {size} gradients = {short(total)} / {size} = {short(mean)}\n"
        f"w − ηg = {w} − {rate:g} · {factor(mean)} = {short(w - rate * mean)}",
        "hints": [
            (w - rate * total, "That uses the sum of the gradients. The loss of a batch is a mean."),
            (w + rate * mean, "That walks uphill. Mind the minus of the update rule."),
            (w - mean, "That subtracts all of the gradient. What has η to do?"),
            (
                w - rate * grads[0],
                "That uses the first example alone. A batch makes one update of all its examples.",
            ),
            (
                w - rate * grads[-1],
                "That uses the last example alone. A batch makes one update of all its examples.",
            ),
            (mean, "That is the gradient of the batch. The question is w after the update."),
            (w, "That is w before the update."),
        ],
    }


def _examples_and_batch(rng):
    """N and B, such that B doesn't divide N."""
    size = pick(rng, [16, 32, 64, 128, 256])
    n = 100 * pick(rng, range(10, 600))
    return (n, size) if n % size else (n + 100, size)


def one_epoch(rng):
    n, size = _examples_and_batch(rng)
    whole, rest = divmod(n, size)
    return {
        "question": f"N = {n} examples in mini-batches of B = {size}, none left out. How many updates does one epoch "
        "have?",
        "answer": updates_per_epoch(n, size),
        "unit": "updates",
        "solution": f"{n} = {whole} · {size} + {rest}\n"
        f"{whole} full batches and a last one of {rest}: {whole + 1} updates.",
        "hints": [
            (whole, "Some examples are left out. What happens to those after the last full batch?"),
            (1, "That is full-batch descent. Here, each mini-batch makes an update."),
            (n, "That is one update for each example: B = 1."),
            (size, "That is how many examples each update sees."),
        ],
    }


def several_epochs(rng):
    n, size = _examples_and_batch(rng)
    epochs = pick(rng, range(3, 21))
    each = updates_per_epoch(n, size)
    whole, across = epochs * (n // size), math.ceil(epochs * n / size)
    return {
        "question": f"N = {n} examples in mini-batches of B = {size}, none left out, reshuffled before each epoch. How "
        f"many updates do {epochs} epochs have?",
        "answer": epochs * each,
        "unit": "updates",
        "solution": f"One epoch: {n} = {n // size} · {size} + {n % size}, so {each} updates.\n"
        f"{epochs} epochs: {epochs} · {each} = {epochs * each} updates.",
        "hints": [
            (each, "That is one epoch."),
            (epochs, "That counts the epochs. An epoch has many updates."),
            (whole, "In each epoch some examples are left out. What happens to those after the last full batch?"),
            (across, "Round up in each epoch: its last batch is small, and the next epoch begins anew."),
            (epochs * n, "That is one update for each example: B = 1."),
        ],
    }


def largest_stable_rate(rng):
    a, b = pick_two(rng, [1, 2, 4, 5, 8, 10, 20])
    high, low = 2 * max(a, b), 2 * min(a, b)
    return {
        "question": f"f(x, y) = {_bowl(a, b)}. Gradient descent converges for all learning rates η above 0 and below "
        "which number?",
        "answer": 2 / high,
        "solution": f"The curvatures are λ = {2 * a} along x and {2 * b} along y; the larger is {high}.\n"
        f"Each update multiplies by 1 − ηλ, which must stay above −1: η < 2 / {high} = {short(2 / high)}.",
        "hints": [
            (1 / high, "At this η, the steep direction is solved in one step. How far beyond it can η still go?"),
            (2 / low, "That is the limit of the flat direction. Which of the two diverges first?"),
            (1 / low, "That is about the flat direction. Which of the two diverges first?"),
            (4 / high, "Take the curvature: the second derivative, not the coefficient."),
            (
                4 / (high + low),
                "That is 2 / mean curvature. A mean doesn't save the direction that diverges first.",
            ),
            (2 / (high + low), "That is the rate at which both directions shrink alike. It can still grow."),
        ],
    }


def _round_bowl(rng):
    """The bowl c(x² + y²) in words, its c, a learning rate, and what each step keeps of a coordinate."""
    c, keep = pick(rng, [1, 2, 5]), pick(rng, [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.2, -0.2, -0.5])
    return "x² + y²" if c == 1 else f"{c}(x² + y²)", c, round((1 - keep) / (2 * c), 9), keep


def loss_after_steps(rng):
    bowl, c, rate, keep = _round_bowl(rng)
    x, y = pick(rng, [(3, 4), (6, 8), (4, 2), (5, 5), (1, 3), (2, 6)])
    k = pick(rng, range(2, 5))
    before = c * (x * x + y * y)
    after = before * keep ** (2 * k)
    return {
        "question": f"f(x, y) = {bowl}. Gradient descent starts at ({x}, {y}) with η = {rate:g}. What is the loss "
        f"after {k} steps? Three digits are enough.",
        "answer": after,
        "solution": f"The loss at the start: {before}\n"
        f"Each step multiplies both coordinates by 1 − {2 * c} · {rate:g} = {short(keep)}, "
        f"and the loss by {factor(keep)}² = {short(keep**2)}.\n"
        f"After {k} steps: {before} · {short(keep**2)}{'⁰¹²³⁴'[k]} = {short(after)}",
        "hints": [
            (before * keep**k, "That shrinks the loss like a coordinate. The loss is made of squares."),
            (before * keep**2, "That is the loss after one step."),
            (before * keep ** (2 * k - 2), "That is one step short."),
            (before * (1 - k * (1 - keep**2)), "Each step removes a share of what is left, not of the first loss."),
            (before * (1 - c * rate) ** (2 * k), "Look at the gradient again: what is the derivative of x²?"),
            (before * (2 - keep) ** (2 * k), "That walks uphill. Mind the minus of the update rule."),
            (before, "That is the loss at the start."),
        ],
    }


def share_of_one_step(rng):
    bowl, c, rate, keep = _round_bowl(rng)
    return {
        "question": f"f(x, y) = {bowl}, η = {rate:g}. Which share of the loss does one step of gradient descent "
        "remove?",
        "answer": 100 * (1 - keep**2),
        "unit": "%",
        "solution": f"One step multiplies both coordinates by 1 − {2 * c} · {rate:g} = {short(keep)}.\n"
        f"So it multiplies the loss by {factor(keep)}² = {short(keep**2)}, and removes "
        f"1 − {short(keep**2)} = {short(1 - keep**2)}: {short(100 * (1 - keep**2))} %.",
        "hints": [
            (100 * keep**2, "That is the share that is left."),
            (100 * (1 - keep), "That is the share of the distance. The loss is made of squares."),
            (100 * keep, "That is the share of the distance that is left."),
            (100 * (1 - keep) ** 2, "Square what is left, not what is removed."),
            (100 * (1 - (1 - c * rate) ** 2), "Look at the gradient again: what is the derivative of x²?"),
        ],
    }


def momentum_second_step(rng):
    a, x0 = pick(rng, [1, 2]), pick(rng, [-10, -5, -2, 1, 2, 4, 5, 10])
    rate, mu = pick(rng, [0.05, 0.1, 0.2]), pick(rng, [0.5, 0.8, 0.9])
    slope = 2 * a
    v1 = slope * x0
    x1 = x0 - rate * v1
    g2 = slope * x1
    v2 = mu * v1 + g2
    x2 = x1 - rate * v2
    mixed = x0 - rate * (1 - mu) * v1
    return {
        "question": f"f(x) = {_term(a, 'x²')}. Momentum with μ = {mu:g} and η = {rate:g}: v ← μv + g, then x ← x − ηv. "
        f"It starts at x = {short(x0)} with v = 0. Where is x after the second step?",
        "answer": x2,
        "solution": f"Step 1: g = {slope} · {factor(x0)} = {short(v1)}, v = {short(v1)}, "
        f"x = {short(x0)} − {rate:g} · {factor(v1)} = {short(x1)}\n"
        f"Step 2: g = {slope} · {factor(x1)} = {short(g2)}, v = {mu:g} · {factor(v1)} + {factor(g2)} = {short(v2)}, "
        f"x = {short(x1)} − {rate:g} · {factor(v2)} = {short(x2)}",
        "hints": [
            (x1 - rate * g2, "That is plain gradient descent: the second step has forgotten the velocity."),
            (x1, "That is x after the first step."),
            (x1 - rate * (mu * v1 + v1), "The gradient of the second step is taken at the new place."),
            (x1 - rate * mu * v1, "That only rolls on. The second step sees a gradient, too."),
            (x1 - rate * (v1 + g2), "The old velocity comes with a factor."),
            (mixed - rate * (1 - mu) * (mu * v1 + slope * mixed), "That weighs g with 1 − μ. Here, v ← μv + g."),
            (v2, "That is the velocity. The question is x."),
        ],
    }


KINDS = {
    "one step by hand": one_step_by_hand,
    "one mini-batch step": one_mini_batch_step,
    "updates per epoch": one_epoch,
    "updates in several epochs": several_epochs,
    "largest stable rate": largest_stable_rate,
    "loss after k steps": loss_after_steps,
    "share of the loss one step removes": share_of_one_step,
    "momentum's second step": momentum_second_step,
}


def fresh(kind, rng):
    """A `Number` of this kind with numbers from `rng`: short, not 0, and each misconception leads elsewhere.

    >>> import random
    >>> fresh("updates per epoch", random.Random(0)).unit
    'updates'
    """
    while True:
        arguments = KINDS[kind](rng)
        problem = Number(**arguments | {"hints": {}})
        numbers = [problem.answer, *(wrong for wrong, _ in arguments["hints"])]
        brief = all(abs(value - float(f"{value:.6g}")) < 1e-9 * abs(value) for value in problem.value)
        if brief and all(problem.apart(one, other) for one, other in itertools.combinations(numbers, 2)):
            return Number(**arguments | {"hints": dict(arguments["hints"])})
