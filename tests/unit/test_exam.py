"""The calculations of an exam: their numbers, their answers, and the hint that each mistake gets."""

import itertools
import math
import random
import re

import numpy as np
import pytest

from gdtools.descent import descend, minibatches
from gdtools.losses import Quadratic
from gdtools.optimizers import Momentum
from gdtools.quiz.answers import short
from gdtools.quiz.exam import KINDS, fresh, pick, pick_two

SEEDS = range(200)
ROUND = ("loss after k steps", "share of the loss one step removes")  # with one coefficient for x² and y²


@pytest.mark.parametrize("kind", KINDS)
def test_fresh_numbers_are_like_those_of_an_exam(kind):
    questions = set()
    for seed in SEEDS:
        problem = fresh(kind, random.Random(seed))
        questions.add(problem.question)
        value, told = (
            problem.value,
            problem.answer if isinstance(problem.answer, (int, tuple)) else float(problem.answer),
        )
        assert np.isfinite(value).all() and value.all()
        assert short(told) in problem.solution
        assert all(abs(v - float(f"{v:.6g}")) <= 1e-9 * abs(v) for v in value), "it takes more than six digits"
        assert "e-" not in problem.question + problem.solution and "-" not in re.sub(
            r"[a-z]-[a-z]", "", problem.question
        )
        assert problem.reply(short(told)).verdict == "right"
        for wrong, words in problem.hints.items():
            reply = problem.reply(" ".join(map(repr, map(float, np.atleast_1d(wrong)))))
            assert reply.verdict == "wrong"
            assert reply.words != "✗ Not yet. Try again." and words
            assert short(told) not in words
    assert len(questions) > 15


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_numbers(kind):
    assert fresh(kind, random.Random(7)) == fresh(kind, random.Random(7))


def asked(kind, seed):
    """A problem, and the numbers in its question in the order of reading, the coefficients 1 too."""
    problem = fresh(kind, random.Random(seed))
    text = re.sub(r"f\(x, y\)|above 0", "", problem.question)
    if kind in ROUND:
        text = re.sub(r"(\d?)\(?x² \+ y²\)?", lambda found: found[1] or "1", text)
    text = re.sub(r"(?<![\d.])(?=[xy]²)", "1", text)
    return problem, [float(n.replace("−", "-")) for n in re.findall(r"−?\d+(?:\.\d+)?", text)]


def right_step(a, b, x, y, rate):
    return descend(Quadratic([[2 * a, 0], [0, 2 * b]]), (x, y), rate, steps=1).theta[-1]


def right_epoch(n, size, epochs=1, drop_last=False):
    return len(list(minibatches(int(n), int(size), epochs=int(epochs), seed=0, drop_last=drop_last)))


def right_batch(w, size, *grads_and_rate):
    *grads, rate = grads_and_rate
    assert len(grads) == size
    return w - rate * np.mean(grads)


def right_limit(a, b):
    return Quadratic([[2 * a, 0], [0, 2 * b]]).largest_stable_rate


def right_loss(c, x, y, rate, k):
    return descend(Quadratic(2 * c * np.eye(2)), (x, y), rate, steps=int(k)).loss[-1]


def right_share(c, rate):
    start, end = descend(Quadratic(2 * c * np.eye(2)), (3, 4), rate, steps=1).loss
    return 100 * (1 - end / start)


def right_roll(a, mu, rate, x, v):
    return descend(Quadratic([[2 * a]]), (x,), rate, steps=2, optimizer=Momentum(mu)).theta[-1, 0]


# --- students who make one mistake, and what they are told


def step(a, b, x, y, rate):
    def land(slope=2, rate=rate, sign=-1):
        return x + sign * rate * slope * a * x, y + sign * rate * slope * b * y

    up = land(sign=1)
    return {
        "walks uphill": up,
        "derivative of x²": land(slope=1),
        "What has η to do": land(rate=1),
        "the step alone": (land()[0] - x, land()[1] - y),
        "η times the gradient": (up[0] - x, up[1] - y),
        "That is the gradient.": (2 * a * x, 2 * b * y),
        "where you were": (x, y),
    }


def batch(w, size, *grads_and_rate):
    *grads, rate = grads_and_rate
    return {
        "uses the sum": w - sum(rate * g for g in grads),
        "walks uphill": w + sum(rate * g for g in grads) / size,
        "What has η to do": w - np.mean(grads),
        "the first example alone": w - rate * grads[0],
        "the last example alone": w - rate * grads[-1],
        "the gradient of the batch": np.mean(grads),
        "before the update": w,
    }


def epoch(n, size):
    full = right_epoch(n, size, drop_last=True)
    return {"left out": full, "full-batch": 1, "one update for each example": n, "how many examples": size}


def some_epochs(n, size, epochs):
    return {
        "one epoch": right_epoch(n, size),
        "counts the epochs": epochs,
        "left out": right_epoch(n, size, epochs, drop_last=True),
        "Round up in each epoch": right_epoch(epochs * n, size),
        "B = 1": epochs * n,
    }


def limit(a, b):
    steep, flat = sorted([2 * a, 2 * b], reverse=True)
    return {
        "solved in one step": 1 / steep,
        "the limit of the flat direction": 2 / flat,
        "about the flat direction": 1 / flat,
        "not the coefficient": 2 / max(a, b),
        "mean curvature": 2 / np.mean([steep, flat]),
        "both directions shrink alike": 2 / (steep + flat),
    }


def lost(c, x, y, rate, k):
    losses = [right_loss(c, x, y, rate, steps) for steps in range(1, int(k) + 1)]
    start = c * (x**2 + y**2)

    def walk(slope, sign=-1):
        here = np.array([x, y])
        for _ in range(int(k)):
            here = here + sign * rate * slope * c * here
        return here

    return {
        "shrinks the loss like a coordinate": start * (walk(slope=2) / (x, y))[0],
        "the loss after one step": losses[0],
        "one step short": losses[-2],
        "of what is left": start - k * (start - losses[0]),
        "derivative of x²": c * np.sum(walk(slope=1) ** 2),
        "uphill": c * np.sum(walk(slope=2, sign=1) ** 2),
        "at the start": start,
    }


def removed(c, rate):
    x, _ = right_step(c, c, 1, 1, rate)
    return {
        "share that is left": 100 * x**2,
        "the share of the distance.": 100 * (1 - x),
        "the distance that is left": 100 * x,
        "Square what is left": 100 * (1 - x) ** 2,
        "derivative of x²": 100 * (1 - (1 - rate * c) ** 2),
    }


def roll(a, mu, rate, x, v):
    first = 2 * a * x
    there = x - rate * first
    second = 2 * a * there
    averaged = x - rate * (1 - mu) * first
    return {
        "forgotten the velocity": there - rate * second,
        "after the first step": there,
        "at the new place": there - rate * (mu * first + first),
        "only rolls on": there - rate * mu * first,
        "comes with a factor": there - rate * (first + second),
        "weighs g with 1 − μ": averaged - rate * (mu * (1 - mu) * first + (1 - mu) * 2 * a * averaged),
        "That is the velocity": mu * first + second,
    }


CALCULATIONS = {  # what the package answers, and what the students do
    "one step by hand": (right_step, step),
    "one mini-batch step": (right_batch, batch),
    "updates per epoch": (right_epoch, epoch),
    "updates in several epochs": (right_epoch, some_epochs),
    "largest stable rate": (right_limit, limit),
    "loss after k steps": (right_loss, lost),
    "share of the loss one step removes": (right_share, removed),
    "momentum's second step": (right_roll, roll),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_are_those_of_the_package(kind):
    """Read the numbers from the question, as a student does, and let the package calculate."""
    right, _ = CALCULATIONS[kind]
    for seed in SEEDS[:40]:
        problem, given = asked(kind, seed)
        np.testing.assert_allclose(problem.answer, right(*given), rtol=1e-13, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_each_mistake_gets_its_hint(kind):
    _, make = CALCULATIONS[kind]
    for seed in SEEDS[:40]:
        problem, given = asked(kind, seed)
        mistakes = make(*given)
        assert len(mistakes) == len(problem.hints)
        for words, wrong in mistakes.items():
            reply = problem.reply(" ".join(map(repr, map(float, np.atleast_1d(wrong)))))
            assert words in reply.words, (problem.question, wrong, reply.words)


@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_and_each_misconception_are_apart_when_rounded(kind):
    for seed in range(1000):
        problem = fresh(kind, random.Random(seed))
        numbers = [np.atleast_1d(value).tolist() for value in (problem.answer, *problem.hints)]
        margin = 0.015 if problem.slack else 1e-9
        for one, other in itertools.combinations(numbers, 2):
            same = [math.isclose(a, b, rel_tol=margin, abs_tol=1e-8) for a, b in zip(one, other, strict=True)]
            assert not all(same), (problem.question, one, other)


def test_the_numbers_are_those_of_pythons_own_stream():
    """`random()` gives the same numbers in all versions; the stored examples of the notebooks rest on that."""
    assert [pick(random.Random(0), range(1000)), *pick_two(random.Random(1), "abc")] == [844, "a", "c"]
    one = fresh("updates per epoch", random.Random(0))
    assert one.question.startswith("N = 45700 examples in mini-batches of B = 256")
