"""Answers to the exercises of notebook 06."""

import itertools
import math

import numpy as np

from tests.answers import right, wrong

right("scaled_run", [0.32, 10], (0.02 * 16, math.ceil(6000 / 640)), np.array([0.32, 10], np.float32))
wrong("scaled_run", "You keep the rate", [0.02, 10])
wrong("scaled_run", "You make the steps shorter", [0.00125, 10])
wrong("scaled_run", "square root of the batch", [0.08, 10])
wrong("scaled_run", "multiply by the new batch size", [12.8, 10])
wrong("scaled_run", "That is η/B", [0.0005, 10])
wrong("scaled_run", "The rate comes first", [10, 0.32])
wrong("scaled_run", "an epoch with the old batch size", [0.32, 150])
wrong("scaled_run", "Larger batches, more updates?", [0.32, 2400])
wrong("scaled_run", "can't be done in part", [0.32, 9.375])
wrong("scaled_run", "their batch is short", [0.32, 9])
wrong("scaled_run", "an update for each example", [0.32, 6000])
wrong("scaled_run", "should be two numbers", 0.32)

right("matched_run", [150, 12.5], (150.0, 12.5), np.array([150, 12.5], np.float32), [12 * 200 / 16, 200 / 16])
wrong("matched_run", "Equal epochs are not equal updates", [12, 12.5])
wrong("matched_run", "That is the number of updates", [1500, 12.5])
wrong("matched_run", "one of your epochs has", [10, 12.5])
wrong("matched_run", "do larger batches make more updates", [0.96, 12.5])
wrong("matched_run", "as many epochs as the colleague", [120, 12.5])
wrong("matched_run", "equal updates are not equal examples", [150, 1])
wrong("matched_run", "who of you uses more", [150, 0.08])
wrong("matched_run", "your number of examples", [150, 300_000])
wrong("matched_run", "the difference", [150, 276_000])
wrong("matched_run", "The epochs come first", [12.5, 150])
wrong("matched_run", "the colleague's number of examples", [150, 24_000])
wrong("matched_run", "compares the batch with an epoch", [150, 0.1])
wrong("matched_run", "should be two numbers", [150, 24_000, 300_000])


@right("steps_and_examples")
def in_a_loop(losses, target, batch_size):
    for update, loss in enumerate(losses):
        if loss <= target:
            return update, update * batch_size
    return np.inf, np.inf


@right("steps_and_examples")
def with_argmax(losses, target, batch_size):
    hit = losses <= target
    update = hit.argmax() if hit.any() else np.inf
    return [update, update * batch_size]


@right("steps_and_examples")
def with_flatnonzero(losses, target, batch_size):
    return np.append(np.flatnonzero(losses <= target), np.inf)[0] * np.array([1, batch_size])


@right("steps_and_examples")
def with_next(losses, target, batch_size):
    update = next((i for i in range(len(losses)) if losses[i] <= target), math.inf)
    return update, batch_size * update


@right("steps_and_examples")
def with_takewhile_in_single_precision(losses, target, batch_size):
    updates = len(list(itertools.takewhile(lambda loss: loss > target, losses)))
    updates = np.inf if updates == len(losses) else updates
    return np.array([updates, updates * batch_size], np.float32)


def reached(losses, target):
    return np.append(np.flatnonzero(losses <= target), np.inf)


@wrong("steps_and_examples", "One too many. losses[0]")
def counts_from_one(losses, target, batch_size):
    update = reached(losses, target)[0] + 1
    return update, update * batch_size


@wrong("steps_and_examples", "One too few")
def starts_at_the_second(losses, target, batch_size):
    update = reached(losses[1:], target)[0]
    return update, update * batch_size


@wrong("steps_and_examples", "wait until the loss is below")
def waits_until_below(losses, target, batch_size):
    for update, loss in enumerate(losses):
        if loss < target:
            return update, update * batch_size
    return np.inf, np.inf


@wrong("steps_and_examples", "where the loss is lowest")
def takes_the_lowest(losses, target, batch_size):
    update = np.argmin(losses)
    return update, update * batch_size


@wrong("steps_and_examples", "That is the last time")
def takes_the_last(losses, target, batch_size):
    updates = math.inf
    for update, loss in enumerate(losses):
        if loss <= target:
            updates = update
    return updates, updates * batch_size


@wrong("steps_and_examples", "also those after it was reached")
def counts_all_above(losses, target, batch_size):
    updates = np.sum(losses > target)
    return updates, updates * batch_size


@wrong("steps_and_examples", "how often the target is reached")
def counts_all_below(losses, target, batch_size):
    updates = np.sum(losses <= target)
    return updates, updates * batch_size


@wrong("steps_and_examples", "The updates come first")
def turns_them_round(losses, target, batch_size):
    update = reached(losses, target)[0]
    return update * batch_size, update


@wrong("steps_and_examples", "You go on to the end")
def never_stops(losses, target, batch_size):
    for update, loss in enumerate(losses):
        if loss <= target:
            updates, examples = update, update * batch_size
        updates, examples = update, update * batch_size
    return updates, examples


@wrong("steps_and_examples", "updates once more")
def forgets_the_batch(losses, target, batch_size):
    update = reached(losses, target)[0]
    return update, update


@wrong("steps_and_examples", "divide by the batch size")
def divides_by_the_batch(losses, target, batch_size):
    update = reached(losses, target)[0]
    return update, update / batch_size


@wrong("steps_and_examples", "examples of one update too many")
def pays_for_the_start(losses, target, batch_size):
    examples = 0
    for update, loss in enumerate(losses):
        examples += batch_size
        if loss <= target:
            return update, examples
    return np.inf, np.inf


@wrong("steps_and_examples", "examples of all the updates")
def pays_for_the_whole_run(losses, target, batch_size):
    return reached(losses, target)[0], (len(losses) - 1) * batch_size


@wrong("steps_and_examples", "so are the examples")
def pays_for_the_whole_run_that_never_arrives(losses, target, batch_size):
    update = reached(losses, target)[0]
    return update, min(update, len(losses) - 1) * batch_size


@wrong("steps_and_examples", "should be two numbers")
def returns_the_updates_alone(losses, target, batch_size):
    return reached(losses, target)[0]


@wrong("steps_and_examples", "Is 0 True or False")
def takes_zero_for_never(losses, target, batch_size):
    update = next((i for i, loss in enumerate(losses) if loss <= target), 0) or np.inf
    return update, update * batch_size


@wrong("steps_and_examples", "What if losses[0] is good enough?")
def begins_after_the_first_update(losses, target, batch_size):
    for update in range(1, len(losses)):
        if losses[update] <= target:
            return update, update * batch_size
    return np.inf, np.inf


@wrong("steps_and_examples", "you say at once")
def trusts_argmax(losses, target, batch_size):
    update = np.argmax(losses <= target)
    return update, update * batch_size


@wrong("steps_and_examples", "with the last update")
def returns_the_last_update(losses, target, batch_size):
    for update in range(len(losses)):
        if losses[update] <= target:
            break
    return update, update * batch_size


@wrong("steps_and_examples", "after the end of the run")
def counts_while_above(losses, target, batch_size):
    update = 0
    while update < len(losses) and losses[update] > target:
        update += 1
    return update, update * batch_size


@wrong("steps_and_examples", "returns nothing")
def forgets_never(losses, target, batch_size):
    for update, loss in enumerate(losses):
        if loss <= target:
            return update, update * batch_size


@wrong("steps_and_examples", "fails with IndexError")
def takes_the_first_of_none(losses, target, batch_size):
    update = np.flatnonzero(losses <= target)[0]
    return update, update * batch_size


@right("usable_rates")
def with_numpy(accuracy, threshold):
    return (np.median(accuracy, axis=-1) >= threshold).sum(axis=1)


@right("usable_rates")
def in_two_loops(accuracy, threshold):
    counts = []
    for rates in accuracy:
        counts.append(0)
        for runs in rates:
            if np.median(runs) >= threshold:
                counts[-1] += 1
    return counts


@right("usable_rates")
def with_sorted_runs(accuracy, threshold):
    runs = np.sort(accuracy, axis=2)
    n_runs = accuracy.shape[2]
    middle = (runs[..., (n_runs - 1) // 2] + runs[..., n_runs // 2]) / 2
    return np.count_nonzero(middle >= threshold, axis=1).astype(np.float32)


@right("usable_rates")
def with_percentiles(accuracy, threshold):
    return tuple(len(row[row >= threshold]) for row in np.percentile(accuracy, 50, axis=2))


@wrong("usable_rates", "You count good runs, not rates")
def counts_runs(accuracy, threshold):
    return (accuracy >= threshold).sum(axis=(1, 2))


@wrong("usable_rates", "You go by the mean")
def takes_the_mean(accuracy, threshold):
    return (accuracy.mean(axis=-1) >= threshold).sum(axis=1)


@wrong("usable_rates", "you ask for more than that")
def wants_more(accuracy, threshold):
    return (np.median(accuracy, axis=-1) > threshold).sum(axis=1)


@wrong("usable_rates", "the best of them")
def takes_the_best(accuracy, threshold):
    return (accuracy.max(axis=-1) >= threshold).sum(axis=1)


@wrong("usable_rates", "the worst of them")
def takes_the_worst(accuracy, threshold):
    return (accuracy.min(axis=-1) >= threshold).sum(axis=1)


@wrong("usable_rates", "whether most runs are good")
def counts_votes(accuracy, threshold):
    return ((accuracy >= threshold).mean(axis=-1) > 0.5).sum(axis=1)


@wrong("usable_rates", "You use 0.9")
def keeps_the_threshold_of_the_notebook(accuracy, threshold):
    return (np.median(accuracy, axis=-1) >= 0.9).sum(axis=1)


@wrong("usable_rates", "That is a share")
def takes_a_share(accuracy, threshold):
    return (np.median(accuracy, axis=-1) >= threshold).mean(axis=1)


@wrong("usable_rates", "rates that don't work")
def counts_the_others(accuracy, threshold):
    return (np.median(accuracy, axis=-1) < threshold).sum(axis=1)


@wrong("usable_rates", "a number for each rate")
def counts_along_the_other_axis(accuracy, threshold):
    return (np.median(accuracy, axis=-1) >= threshold).sum(axis=0)


@wrong("usable_rates", "single number")
def counts_all(accuracy, threshold):
    return (np.median(accuracy, axis=-1) >= threshold).sum()


@wrong("usable_rates", "has shape (6, 11); it should be (6,)")
def returns_the_dots(accuracy, threshold):
    return np.median(accuracy, axis=-1) >= threshold
