"""The exercises of notebook 06: which batch size."""

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.words import as_numbers


@exercise("scaled_run", [0.32, 10], {
    "You keep the rate. There are fewer updates in an epoch now: how far would it take you?": [0.02, 10],
    "You make the steps shorter, and there are fewer of them. How far does an epoch take you then?": [0.00125, 10],
    "That grows like the square root of the batch. Is that how the left edge of the map climbs?": [0.08, 10],
    "You multiply by the new batch size. What would you get if the batch had not changed at all?": [12.8, 10],
    "That is η/B, which the rule keeps the same. Which is the new η?": [0.0005, 10],
    "The rate comes first, then the number of updates.": [10, 0.32],
    "That is an epoch with the old batch size.": [0.32, 150],
    "Larger batches, more updates? An epoch is one pass over the same examples.": [0.32, 2400],
    "An update can't be done in part. What happens to the examples that don't fill a batch?": [0.32, 9.375],
    "Some examples are left over: their batch is short, but it is a batch.": [0.32, 9],
    "That is an update for each example. How many examples does one update use here?": [0.32, 6000],
})
def scaled_run(answer):
    answer.entry("the rate", 0, rtol=1e-3)
    yield "the rate grows with the batch"
    answer.entry("the number of updates", 1)
    yield "an epoch, the short batch at its end included"


@exercise("matched_run", [150, 12.5], {
    "Equal epochs are not equal updates. How many updates are in one epoch, for each of you?": [12, 12.5],
    "That is the number of updates. How many of your epochs do they fill?": [1500, 12.5],
    "That is how many updates one of your epochs has. How many do you need in all?": [10, 12.5],
    "The ratio is upside down: do larger batches make more updates of an epoch, or fewer?": [0.96, 12.5],
    "That is how many updates you make in as many epochs as the colleague. The updates should be equal.": [120, 12.5],
    "The epochs come first, then the ratio.": [12.5, 150],
    "Each of your updates uses a larger batch, so equal updates are not equal examples.": [150, 1],
    "The ratio is upside down: who of you uses more examples?": [150, 0.08],
    "That is your number of examples. How many times the colleague's is it?": [150, 300_000],
    "That is the colleague's number of examples. How many times that do you use?": [150, 24_000],
    "That is the difference. How many times as many is it?": [150, 276_000],
    "That compares the batch with an epoch. Compare what the two of you use in all.": [150, 200 / 2000],
})
def matched_run(answer):
    answer.entry("the number of epochs", 0, rtol=1e-3)
    yield "as many updates as the colleague makes"
    answer.entry("the ratio of the examples", 1, rtol=1e-3)
    yield "and what they cost in examples"


def _first(hits):
    """Where it is True for the first time."""
    return np.append(np.flatnonzero(hits), np.inf)[0]


def _priced(updates, price=lambda updates, size, losses: updates * size):
    """Both numbers, by a way to count the updates, and a way to count their examples."""

    def both(losses, target, batch_size):
        n = updates(losses, target)
        return n, price(n, batch_size, losses)

    return both


def _reached(losses, target):
    return _first(losses <= target)


@exercise("steps_and_examples(losses, target, batch_size)", _priced(_reached), {
    "One too many. losses[0] is from before the first update: how many updates led to losses[1]?":
        _priced(lambda losses, target: _reached(losses, target) + 1),
    "One too few: the loss is still above the target then.":
        _priced(lambda losses, target: _reached(losses[1:], target)),
    "At the target is good enough, but you wait until the loss is below it.":
        _priced(lambda losses, target: _first(losses < target)),
    "That is where the loss is lowest. When is it good enough for the first time?":
        _priced(lambda losses, target: np.argmin(losses)),
    "That is the last time. The loss is noisy and comes back: when is it there for the first time?":
        _priced(lambda losses, target: len(losses) - 1 - _reached(losses[::-1], target)),
    "You wait until the loss stays at the target. When is it there for the first time?":
        _priced(lambda losses, target: _reached(np.maximum.accumulate(losses[::-1])[::-1], target)),
    "That is the loss nearest to the target. Which is the first that is at it, or below?":
        _priced(lambda losses, target: np.argmin(np.abs(losses - target))),
    "The loss is still above the target then, if only a little.":
        _priced(lambda losses, target: _reached(losses, 1.01 * target)),
    "You don't look at the last loss. It may be the one.":
        _priced(lambda losses, target: _reached(losses[:-1], target)),
    "You count all the losses above the target, also those after it was reached.":
        _priced(lambda losses, target: np.sum(losses > target)),
    "You count how often the target is reached. How many updates before the first time?":
        _priced(lambda losses, target: np.sum(losses <= target)),
    "The updates come first, then the examples.": lambda *given: _priced(_reached)(*given)[::-1],
    "You go on to the end. When could you have stopped?": _priced(lambda losses, target: len(losses) - 1),
    "Those are the updates once more. How many examples does each of them use?":
        _priced(_reached, lambda updates, size, losses: updates),
    "You divide by the batch size. Does each update of a larger batch use fewer examples?":
        _priced(_reached, lambda updates, size, losses: updates / size),
    "Those are the examples of one update too many: losses[0] has cost nothing yet.":
        _priced(_reached, lambda updates, size, losses: (updates + 1) * size),
    "Those are the examples of all the updates. Which did you need?":
        _priced(_reached, lambda updates, size, losses: (len(losses) - 1) * size),
    "The start is good enough, but you say never. Is 0 True or False in Python?":
        _priced(lambda losses, target: _reached(losses, target) or np.inf),
    "You begin to look after the first update. What if losses[0] is good enough?":
        _priced(lambda losses, target: 1 + _reached(losses[1:], target)),
    "The target is never reached, but you say at once: np.argmax finds no True, and returns 0.":
        _priced(lambda losses, target: np.argmax(losses <= target)),
    "The target is never reached, but you say with the last update.":
        _priced(lambda losses, target: min(_reached(losses, target), len(losses) - 1)),
    "The target is never reached, but you say after the end of the run.":
        _priced(lambda losses, target: min(_reached(losses, target), len(losses))),
    "If the updates are infinite, so are the examples.":
        _priced(_reached, lambda updates, size, losses: min(updates, len(losses) - 1) * size),
}, example=(np.array([5.0, 3.0, 1.0, 2.0]), 3.0, 10))
def steps_and_examples(answer):
    rng, returned = np.random.default_rng(51), "what steps_and_examples returns"

    def try_it(losses, batch_size, where=""):
        def both(result):
            updates, examples = as_numbers(result, returned, shape=(2,))
            return {f"the number of updates{where}": updates, f"the number of examples{where}": examples}

        answer.on(losses, 0.3, batch_size, parts=both)

    for batch_size, length in ((8, 60), (3, 200), (64, 45)):
        losses = rng.uniform(0.4, 2, size=length)
        # It's noisy: in between, it comes back.
        losses[np.cumsum(rng.integers(5, length // 5, size=4))] = 0.3 * np.array([1, 0.9, 0.7, 0.8])
        try_it(losses, batch_size)
        yield f"the first time at the target, and its price, for B = {batch_size}"
    try_it(np.array([1, 0.301, 0.9, 0.2, 0.7, 0.3]), 8)
    yield "near the target is not yet there"
    try_it(np.array([2, 1, 0.4, 0.3]), 8, " where the last loss is the first at the target")
    yield "the last loss counts"
    try_it(np.array([0.2, 0.5, 0.1]), 8, " for a start that is good enough")
    yield "a start that is good enough costs nothing"
    for losses in (np.linspace(2, 1, 30), np.array([1, 5, np.inf, np.inf])):
        try_it(losses, 8, " for a target that is never reached")
    yield "never is infinite"


def _counted(usable):
    """The number of rates that `usable` says yes to, from the accuracies and the threshold."""
    return lambda accuracy, threshold: usable(accuracy, threshold).sum(axis=1)


@exercise("usable_rates(accuracy, threshold)",
    _counted(lambda accuracy, threshold: np.median(accuracy, axis=-1) >= threshold), {
    "You go by the mean of the runs, and one broken run can spoil it. The task asks for another number.":
        _counted(lambda accuracy, threshold: accuracy.mean(axis=-1) >= threshold),
    "Just at the threshold is good enough, but you ask for more than that.":
        _counted(lambda accuracy, threshold: np.median(accuracy, axis=-1) > threshold),
    "One good run is enough for you. That is the best of them, not the median.":
        _counted(lambda accuracy, threshold: accuracy.max(axis=-1) >= threshold),
    "You want all the runs to be good. That is the worst of them, not the median.":
        _counted(lambda accuracy, threshold: accuracy.min(axis=-1) >= threshold),
    "You ask whether most runs are good. The median of an even number of runs is another question.":
        _counted(lambda accuracy, threshold: (accuracy >= threshold).mean(axis=-1) > 0.5),
    "You use 0.9, as in the notebook. The threshold is an argument.":
        _counted(lambda accuracy, threshold: np.median(accuracy, axis=-1) >= 0.9),
    "You round before you compare. Nearly at the threshold is not at it.":
        _counted(lambda accuracy, threshold: np.round(np.median(accuracy, axis=-1), 3) >= threshold),
    "Those are the rates that don't work.":
        _counted(lambda accuracy, threshold: np.median(accuracy, axis=-1) < threshold),
    "You count good runs, not rates. Which one number do the runs of a rate make together?":
        _counted(lambda accuracy, threshold: (accuracy >= threshold).sum(axis=-1)),
    "That is a share. How many rates is it?":
        lambda accuracy, threshold: (np.median(accuracy, axis=-1) >= threshold).mean(axis=1),
    "You return a number for each rate. It should be one for each batch size.":
        lambda accuracy, threshold: (np.median(accuracy, axis=-1) >= threshold).sum(axis=0),
}, example=(np.array([[[0.9, 0.8, 0.1], [0.9, 0.2, 0.1]]]), 0.5))
def usable_rates(answer):
    rng = np.random.default_rng(52)
    for shape, threshold in (((6, 11, 4), 0.875), ((5, 5, 5), 0.5), ((1, 40, 3), 0.75)):
        accuracy = rng.uniform(threshold - 0.1, threshold + 0.1, size=shape)
        accuracy[rng.random(size=shape) < 0.2] = 0.1  # a run that has diverged
        accuracy[:, ::4], accuracy[:, 1::4] = threshold, threshold - 1e-5  # just good enough, or just not
        answer.on(accuracy, threshold, what=f"the number of usable rates at threshold {threshold}")
        yield f"{shape[0]} batch {'size' if shape[0] == 1 else 'sizes'}, {shape[1]} rates, {shape[2]} runs of each"


def _through(B1, S1, B2, S2, of=lambda B: 1 / B):
    """Slope and intercept of the straight line S = intercept + slope · of(B) through two measurements."""
    slope = (S1 - S2) / (of(B1) - of(B2))
    return slope, S1 - slope * of(B1)


def _critical(*measured):
    slope, s_min = _through(*measured)
    return s_min, slope / s_min


@exercise("critical_batch(B1, S1, B2, S2)", _critical, {
    "The other way round: S_min comes first, then b.": lambda *measured: _critical(*measured)[::-1],
    "That is S_min times b. What is left of it for b?": lambda *measured: _through(*measured)[::-1],
    "You draw a straight line in B. Look at the formula: in what is S a straight line?":
        lambda *measured: (lambda slope, start: (start, slope / start))(*_through(*measured, of=lambda B: B)),
    "S_min is what even a batch without end needs. The larger batch needs more than that.":
        lambda B1, S1, B2, S2: (min(S1, S2), _critical(B1, S1, B2, S2)[1]),
    "S_min is right, but b is upside down.": lambda *measured: (lambda s_min, b: (s_min, 1 / b))(*_critical(*measured)),
    "b has no updates in it: it is a number of examples. What did you forget to divide by?":
        lambda B1, S1, B2, S2: (_critical(B1, S1, B2, S2)[0], (S1 - S2) / (1 / B1 - 1 / B2) / S1),
}, example=(10, 30.0, 20, 20.0))
def critical_batch(answer):
    for measured in ((8, 900.0, 32, 300.0), (64, 47.5, 4, 205.0), (1, 1300.0, 16, 175.0)):
        answer.on(*measured, what=f"critical_batch{measured}")
        yield f"the line through B = {measured[0]} and B = {measured[2]}"


@exercise("fastest_batch(b, fixed, per_example)", lambda b, fixed, each: np.sqrt(b * fixed / each), {
    "That is b. It counts updates; but how long does each of them take?": lambda b, fixed, each: b,
    "That is where the examples of an update cost as much as its call. Where does b come in?":
        lambda b, fixed, each: fixed / each,
    "Nearly. Try a few batch sizes near it and far below: where is the product of updates and seconds smallest?":
        lambda b, fixed, each: b * fixed / each,
    "Is an expensive call a reason for small batches, or for large ones?":
        lambda b, fixed, each: np.sqrt(b * each / fixed),
    "You go by the seconds of an update alone. How many updates are there?":
        lambda b, fixed, each: np.sqrt(fixed / each),
    "Single examples use the fewest examples. How often do they pay for a call?": lambda b, fixed, each: 1,
}, example=(9, 4.0, 1.0))
def fastest_batch(answer):
    for b, fixed, each in ((20, 5e-5, 4e-7), (30, 1e-3, 3e-4), (8, 2e-4, 2.5e-5), (100, 0.04, 1e-4)):
        answer.on(b, fixed, each, what=f"fastest_batch({b}, {fixed}, {each})", rtol=1e-3)
        yield f"{b}, {fixed}, {each}: no other batch size is faster"
