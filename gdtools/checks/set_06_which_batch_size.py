"""The exercises of notebook 06: which batch size."""

import numpy as np

from gdtools.checks.core import as_numbers, call, compare, exercise, require


@exercise("scaled_run")
def scaled_run(run):
    rate, updates = as_numbers(run, "scaled_run", shape=(2,))
    mistakes = {
        "You keep the rate. There are fewer updates in an epoch now: how far would it take you?": 0.02,
        "You make the steps shorter, and there are fewer of them. How far does an epoch take you then?": 0.00125,
        "That grows like the square root of the batch. Is that what the staircase of the map does?": 0.08,
        "You multiply by the new batch size. What would you get if the batch had not changed at all?": 12.8,
        "That is η/B, which the rule keeps the same. Which is the new η?": 0.0005,
        "The rate comes first, then the number of updates.": 10,
    }
    compare(rate, 0.32, mistakes, what="the rate", rtol=1e-3)
    yield "the rate grows with the batch"
    mistakes = {
        "That is an epoch with the old batch size.": 150,
        "Larger batches, more updates? An epoch is one pass over the same examples.": 2400,
        "An update can't be done in part. What happens to the examples that don't fill a batch?": 9.375,
        "Some examples are left over: their batch is short, but it is a batch.": 9,
        "That is an update for each example. How many examples does one update use here?": 6000,
    }
    compare(updates, 10, mistakes, what="the number of updates")
    yield "an epoch, the short batch at its end included"


@exercise("matched_run")
def matched_run(run):
    epochs, ratio = as_numbers(run, "matched_run", shape=(2,))
    mistakes = {
        "Equal epochs are not equal updates. How many updates are in one epoch, for each of you?": 12,
        "That is the number of updates. How many of your epochs do they fill?": 1500,
        "That is how many updates one of your epochs has. How many do you need in all?": 10,
        "The ratio is upside down: do larger batches make more updates of an epoch, or fewer?": 0.96,
        "That is how many updates you make in as many epochs as the colleague. The updates should be equal.": 120,
        "The epochs come first, then the ratio.": 12.5,
    }
    compare(epochs, 150, mistakes, what="the number of epochs", rtol=1e-3)
    yield "as many updates as the colleague makes"
    mistakes = {
        "Each of your updates uses a larger batch, so equal updates are not equal examples.": 1,
        "The ratio is upside down: who of you uses more examples?": 0.08,
        "That is your number of examples. How many times the colleague's is it?": 300_000,
        "That is the colleague's number of examples. How many times that do you use?": 24_000,
        "That is the difference. How many times as many is it?": 276_000,
        "That compares the batch with an epoch. Compare what the two of you use in all.": 200 / 2000,
    }
    compare(ratio, 12.5, mistakes, what="the ratio of the examples", rtol=1e-3)
    yield "and what they cost in examples"


@exercise("steps_and_examples(losses, target, batch_size)")
def steps_and_examples(function):
    rng, returned = np.random.default_rng(51), "what steps_and_examples returns"
    for batch_size, length in ((8, 60), (3, 200), (64, 45)):
        losses, target = rng.uniform(0.4, 2, size=length), 0.3
        first, below, lowest, last = places = np.cumsum(rng.integers(5, length // 5, size=4))
        losses[places] = target * np.array([1, 0.9, 0.7, 0.8])  # it's noisy: in between, it comes back
        mistakes = {
            "One too many. losses[0] is from before the first update: how many updates led to losses[1]?": first + 1,
            "One too few: the loss is still above the target then.": first - 1,
            "At the target is good enough, but you wait until the loss is below it.": below,
            "That is where the loss is lowest. When is it good enough for the first time?": lowest,
            "That is the last time. The loss is noisy and comes back: when is it there for the first time?": last,
            "You count all the losses above the target, also those after it was reached.": np.sum(losses > target),
            "You count how often the target is reached. How many updates before the first time?": len(places),
            "The updates come first, then the examples.": first * batch_size,
            "You go on to the end. When could you have stopped?": length - 1,
        }
        updates, examples = as_numbers(call(function, losses, target, batch_size), returned, shape=(2,))
        compare(updates, first, mistakes, what="the number of updates", function=function)
        mistakes = {
            "Those are the updates once more. How many examples does each of them use?": first,
            "You divide by the batch size. Does each update of a larger batch use fewer examples?": first / batch_size,
            "Those are the examples of one update too many: losses[0] has cost nothing yet.": (first + 1) * batch_size,
            "Those are the examples of all the updates. Which did you need?": (length - 1) * batch_size,
        }
        compare(examples, first * batch_size, mistakes, what="the number of examples", function=function)
        yield f"the first time at the target, and its price, for B = {batch_size}"
    at_once = as_numbers(call(function, np.array([0.2, 0.5, 0.1]), 0.3, 8), returned, shape=(2,))
    mistakes = {
        "The start is good enough, but you say never. Is 0 True or False in Python?": [np.inf, np.inf],
        "You begin to look after the first update. What if losses[0] is good enough?": [2, 16],
    }
    compare(at_once, [0, 0], mistakes, what=f"{returned} for a start that is good enough")
    yield "a start that is good enough costs nothing"
    for losses in (np.linspace(2, 1, 30), np.array([1, 5, np.inf, np.inf])):
        never = as_numbers(call(function, losses, 0.3, 8), returned, shape=(2,))
        last = len(losses) - 1
        mistakes = {
            "The target is never reached, but you say at once: np.argmax finds no True, and returns 0.": [0, 0],
            "The target is never reached, but you say with the last update.": [last, 8 * last],
            "The target is never reached, but you say after the end of the run.": [last + 1, 8 * (last + 1)],
            "If the updates are infinite, so are the examples.": [np.inf, 8 * last],
        }
        compare(never, [np.inf, np.inf], mistakes, what=f"{returned} for a target that is never reached")
    yield "never is infinite"


@exercise("usable_rates(accuracy, threshold)")
def usable_rates(function):
    rng = np.random.default_rng(52)
    for shape, threshold in (((6, 11, 4), 0.875), ((5, 5, 5), 0.5), ((1, 40, 3), 0.75)):
        accuracy = rng.uniform(threshold - 0.1, threshold + 0.1, size=shape)
        accuracy[rng.random(size=shape) < 0.2] = 0.1  # a run that has diverged
        accuracy[:, ::4] = threshold  # a cell that is just good enough
        good, middle, n_runs = accuracy >= threshold, np.median(accuracy, axis=-1), shape[-1]
        right = (middle >= threshold).sum(axis=1)
        cells = {
            "You go by the mean of the runs, and one broken run can spoil it. The task asks for another number.": (
                accuracy.mean(axis=-1) >= threshold
            ),
            "Just at the threshold is good enough, but you ask for more than that.": middle > threshold,
            "One good run is enough for you. That is the best of them, not the median.": good.any(axis=-1),
            "You want all the runs to be good. That is the worst of them, not the median.": good.all(axis=-1),
            "You ask whether most runs are good. The median of an even number of runs is another question.": (
                good.sum(axis=-1) > n_runs / 2
            ),
            "You use 0.9, as in the notebook. The threshold is an argument.": middle >= 0.9,
            "Those are the rates that don't work.": middle < threshold,
        }
        mistakes = {
            "You count good runs, not rates. Which one number do the runs of a rate make together?": good.sum((1, 2)),
            "That is a share. How many rates is it?": right / shape[1],
            **{hint: cell.sum(axis=1) for hint, cell in cells.items()},
        }
        counts = as_numbers(call(function, accuracy, threshold), "what usable_rates returns")
        by_rate = counts.shape == (shape[1],) != right.shape
        require(not by_rate, "You return a number for each rate. It should be one for each batch size.")
        what = f"the number of usable rates at threshold {threshold}"
        compare(counts, right, mistakes, what=what, function=function)
        yield f"{shape[0]} batch {'size' if shape[0] == 1 else 'sizes'}, {shape[1]} rates, {n_runs} runs of each"
