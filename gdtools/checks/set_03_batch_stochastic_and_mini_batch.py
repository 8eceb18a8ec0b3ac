"""The exercises of notebook 03: batches, epochs, updates."""

from itertools import combinations

import numpy as np

from gdtools.checks.core import exercise
from gdtools.checks.set_01_the_update_rule import mean_gradient
from gdtools.checks.words import as_numbers, require

UPHILL = "That goes uphill: the gradient points to where the loss grows."
MEAN = "That is the sum over the batch. The loss of a batch is a mean."
TWO = "A factor is missing: what is the derivative of a square?"
SUM_WITHOUT_TWO = "That is the sum over the batch, and without the factor from the square."
NEIGHBOURS = "Each batch holds neighbours in the table. What do you shuffle: the batches, or the examples?"
UNEVEN = "Some orders come more often than others. Is it a whole shuffle, of all the examples, each time?"
BY_ALL = "You divide by the number of all examples. How many does this gradient use?"


@exercise("epoch_by_hand", [16, 40, 80], {
    "Those are the full batches. What about the examples that fill none?": [15, 64, 75],
    "An update is made or not made. What happens to the examples that don't fill a batch?": [15.625, 40, 78.125],
    "That is the answer for B = N. Here every batch brings an update.": [1, 40, 5],
    "That is the answer for B = 1. Here an update takes 64 examples at once.": [1000, 1, 5000],
    "You multiply N by B. How often does 64 go into 1000?": [64_000, 64, 320_000],
    "If the last batch were full, too, the batches would hold more than 1000 examples together.": [16, 64, 80],
    "So many are missing from a full batch. How many are in it?": [16, 24, 80],
    "You spread the examples evenly. All batches but the last are full.": [16, 62.5, 80],
    "That is a share of a batch. How many examples is it?": [16, 0.625, 80],
    "Is nobody left? Add up the full batches.": [16, 0, 80],
    "You count epochs. An update is one application of the rule.": [16, 40, 5],
    "That is one epoch. Here are five.": [16, 40, 16],
    "You leave the short batches out here. They are updates, too.": [16, 40, 75],
    "Your batches run on from one epoch into the next. Each epoch ends with its own short batch.": [16, 40, 79],
    "An update is made or not made. Which batch ends an epoch?": [16, 40, 78.125],
    "That is the number of examples used. How many updates were made with them?": [16, 40, 5000],
})
def epoch_by_hand(answer):
    answer.entry("the number of updates in an epoch", 0)
    yield "the updates in an epoch"
    answer.entry("the size of the last batch", 1)
    yield "the size of the last batch"
    answer.entry("the number of updates in 5 epochs", 2)
    yield "the updates in 5 epochs"


@exercise("batch_gradient(theta, X, y, batch)", lambda theta, X, y, batch: mean_gradient(theta, X[batch], y[batch]), {
    "That is the gradient over all the examples. Which of them are in the batch?":
        lambda theta, X, y, batch: mean_gradient(theta, X, y),
    MEAN: lambda theta, X, y, batch: len(batch) * mean_gradient(theta, X[batch], y[batch]),
    BY_ALL: lambda theta, X, y, batch: len(batch) / len(X) * mean_gradient(theta, X[batch], y[batch]),
    TWO: lambda theta, X, y, batch: mean_gradient(theta, X[batch], y[batch]) / 2,
    SUM_WITHOUT_TWO: lambda theta, X, y, batch: len(batch) / 2 * mean_gradient(theta, X[batch], y[batch]),
    "The sign is turned. Is the error the prediction minus y, or y minus the prediction?":
        lambda theta, X, y, batch: -mean_gradient(theta, X[batch], y[batch]),
    "You divide by the number of parameters. The mean is over the examples.":
        lambda theta, X, y, batch: len(batch) / len(theta) * mean_gradient(theta, X[batch], y[batch]),
    "You take the first rows of the table. The batch says which rows.":
        lambda theta, X, y, batch: mean_gradient(theta, X[: len(batch)], y[: len(batch)]),
    "The rows of X are those of the batch, but not the entries of y.":
        lambda theta, X, y, batch: mean_gradient(theta, X[batch], y[: len(batch)]),
    "Inside the mean, each error is multiplied by its x.":
        lambda theta, X, y, batch: np.full(len(theta), 2 * np.mean(X[batch] @ theta - y[batch])),
}, example=(np.array([1.0, 0.0]), np.array([[1.0, 1.0], [1.0, 2.0]]), np.array([0.0, 3.0]), np.array([1])))
def batch_gradient(answer):
    rng = np.random.default_rng(2)
    for n_examples, d, b in ((11, 3, 4), (7, 2, 1), (5, 1, 5)):
        X, y, theta = rng.normal(size=(n_examples, d)), rng.normal(size=n_examples), rng.normal(size=d)
        batch = rng.permutation(n_examples)[:b]
        answer.on(theta, X, y, batch, what=f"the gradient for the batch {batch.tolist()} of {n_examples} examples")
        yield f"{b} of {n_examples} examples, {d} parameter{'s' if d > 1 else ''}"
    X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 3.0]])
    given = np.array([1.0, 2.0]), X, np.array([9.0, 3.0, -4.0, 7.0]), np.array([3, 1])
    answer.on(*given, what="the gradient where the line fits the batch")
    yield "where the line fits the batch, it is 0, whatever the other examples say"


def an_epoch(batches, n_examples, batch_size):
    """The batches as arrays of indices, or a Hint that says why they are no epoch."""
    require(np.iterable(batches), "mini_batches should return a list of batches, or yield one batch after the other.")
    batches = list(batches)
    numbers = [as_numbers(batch, "a batch") for batch in batches]
    require(numbers, "There is no batch at all. Does the loop run?")
    one_by_one = (
        "These are single indices, not batches. Is the cutting missing, or is there a `return` inside the loop?"
    )
    require(all(batch.ndim for batch in numbers), one_by_one)
    require(all(batch.ndim == 1 for batch in numbers), "Each batch should be a list of indices, or an array of them.")
    require(all(batch.size for batch in numbers[:-1]), "An early batch is empty. Where does a slice begin, and end?")
    require(numbers[-1].size, "A batch is empty. What if B divides N?")
    batches = [np.asarray(batch) for batch in batches]
    whole = all(batch.dtype.kind in "iu" for batch in batches)
    require(whole, "A batch should hold indices: whole numbers (not 3.0, not True) that say which rows to take.")

    order, sizes = np.concatenate(batches), [len(batch) for batch in batches]
    seen = len(np.unique(order))
    require((order.min(), order.max()) != (1, n_examples), "You count from 1. The first row has the index 0.")
    outside = f"An index is out of range. Yours, for {n_examples} examples, run from {order.min()} to {order.max()}."
    require(order.min() >= 0 and order.max() < n_examples, outside)
    again = "Every example comes, but some come again. Is the last batch filled up, or does the loop not end in time?"
    require(seen < n_examples or len(order) == n_examples, again)
    replaced = "An example is twice in the same batch, others in none. Is that drawing with or without replacement?"
    require(all(len(np.unique(batch)) == len(batch) for batch in batches), replaced)
    require(seen == len(order), "Some examples are in several batches, others in none. How often do you shuffle?")
    left_out = "The examples that don't fill a batch are left out. They belong to the epoch, too."
    require(seen == n_examples or set(sizes) != {batch_size}, left_out)
    require(seen == n_examples, f"Of {n_examples} examples, {n_examples - seen} are in no batch.")
    number = (
        "You make batch_size batches. batch_size is how many examples are in a batch, not how many batches there are."
    )
    require(len(sizes) != batch_size or set(sizes[:-1]) <= {batch_size}, number)
    uneven = f"The sizes are {str(sizes[:4])[1:-1]}, … All but the last should be batch_size. Where does the rest go?"
    require(set(sizes[:-1]) <= {batch_size} and sizes[-1] <= batch_size, uneven)
    return batches


@exercise(
    "mini_batches(n_examples, batch_size, rng)",
    lambda n_examples, batch_size, rng: shuffled(n_examples, batch_size, 1, rng)[0],
)
def mini_batches(answer):
    def order(rng):
        return np.concatenate(an_epoch(answer(1000, 64, rng), 1000, 64))

    rng = np.random.default_rng(2)
    for n_examples, batch_size in ((1000, 64), (12, 4), (7, 7), (5, 1), (5, 8)):
        an_epoch(answer(n_examples, batch_size, rng), n_examples, batch_size)
        yield f"{n_examples} examples in batches of {batch_size}: each is seen once"
    batches = an_epoch(answer(1000, 64, rng), 1000, 64)
    in_order = np.array_equal(np.concatenate(batches), np.arange(1000))
    require(not in_order, "The examples come in the order of the table. Where is the shuffle?")
    which = np.empty(1000)  # the batch of each example
    for number, batch in enumerate(batches):
        which[batch] = number
    along = abs(np.corrcoef(which, np.arange(1000))[0, 1])
    together = np.mean(which[1:] == which[:-1])  # neighbours: 0.06 of them, give or take 0.01
    require(together < 0.5 or along < 0.9, "The order is nearly that of the table. Shuffle all of it.")
    require(together < 0.5, NEIGHBOURS)
    require(along < 0.2 and together < 0.15, UNEVEN)  # each is more than six standard deviations away
    yield "the order is a new one"
    once = (
        "Two epochs with one rng have the same order. Is it rng that shuffles, or a generator made anew in each call?"
    )
    require(not np.array_equal(order(rng), order(rng)), once)
    yield "and another one in the next epoch"
    elsewhere = "The same seed gives another order each time. Something is drawn from elsewhere: rng is all you need."
    require(np.array_equal(order(np.random.default_rng(3)), order(np.random.default_rng(3))), elsewhere)
    yield "the same seed gives the same order"
    firsts = [tuple(sorted(an_epoch(answer(4, 2, rng), 4, 2)[0])) for _ in range(600)]
    often = np.array([firsts.count(pair) for pair in combinations(range(4), 2)])  # each of them 100 times
    require(np.sum((often - 100) ** 2) / 100 < 50, UNEVEN)  # a right answer is that unlucky once in a billion
    yield "each order is as likely as any other"


def shuffled(n_examples, batch_size, epochs, rng):
    """The batches of a run, one after the other, an epoch with each row."""
    return [cut(rng.permutation(n_examples), batch_size) for _ in range(epochs)]


def cut(order, batch_size):
    return [order[first : first + batch_size] for first in range(0, len(order), batch_size)]


def trainer(
    batches=shuffled, gradient=lambda theta, X, y, n_examples, size: mean_gradient(theta, X, y), step=np.multiply
):
    """A training loop, in which one thing or the other is done in another way."""

    def train(X, y, theta, learning_rate, batch_size, epochs, rng):
        for batch in sum(batches(len(X), batch_size, epochs, rng), []):
            theta = theta - step(learning_rate, gradient(theta, X[batch], y[batch], len(X), batch_size))
        return theta

    return train


def _stale(every_epoch):
    """Takes the gradients at the beginning of each epoch, or at that of the run."""

    def train(X, y, theta, learning_rate, batch_size, epochs, rng):
        old = theta
        for epoch in shuffled(len(X), batch_size, epochs, rng):
            old = theta if every_epoch else old
            theta = theta - learning_rate * sum(mean_gradient(old, X[batch], y[batch]) for batch in epoch)
        return theta

    return train


@exercise("train(X, y, theta, learning_rate, batch_size, epochs, rng)", trainer(), {
    "You count epochs as updates: theta should move after every batch.":
        trainer(lambda *given: [epoch[:1] for epoch in shuffled(*given)]),
    "The last, short batch of an epoch makes no update.":
        trainer(lambda n, size, *more: [epoch[: n // size] for epoch in shuffled(n, size, *more)]),
    "Your batches run on from one epoch into the next.":
        trainer(lambda n, size, epochs, rng: [cut(np.concatenate(sum(shuffled(n, n, epochs, rng), [])), size)]),
    "Each example makes an update of its own. What is batch_size for?":
        trainer(lambda n, size, epochs, rng: shuffled(n, 1, epochs, rng)),
    "It is over after a single epoch. Is there a `return` inside the loop?":
        trainer(lambda *given: shuffled(*given)[:1]),
    "It is over after a single update. Is there a `return` inside the loop?":
        trainer(lambda *given: [shuffled(*given)[0][:1]]),
    "That is one epoch too many.": trainer(lambda n, size, epochs, rng: shuffled(n, size, epochs + 1, rng)),
    "That is one epoch too few.": trainer(lambda n, size, epochs, rng: shuffled(n, size, epochs - 1, rng)),
    "You take all gradients of an epoch at its beginning. Each batch needs the newest theta.": _stale(True),
    "You take all gradients at the start. Each batch needs the newest theta.": _stale(False),
    "On the short last batch you divide by batch_size. How many examples does it hold?":
        trainer(gradient=lambda theta, X, y, n, size: len(X) / size * mean_gradient(theta, X, y)),
    MEAN: trainer(gradient=lambda theta, X, y, n, size: len(X) * mean_gradient(theta, X, y)),
    BY_ALL: trainer(gradient=lambda theta, X, y, n, size: len(X) / n * mean_gradient(theta, X, y)),
    TWO: trainer(gradient=lambda theta, X, y, n, size: mean_gradient(theta, X, y) / 2),
    SUM_WITHOUT_TWO: trainer(gradient=lambda theta, X, y, n, size: len(X) / 2 * mean_gradient(theta, X, y)),
    UPHILL: trainer(step=lambda rate, gradient: -rate * gradient),
    "The learning rate is there twice.": trainer(step=lambda rate, gradient: rate**2 * gradient),
    "The learning rate is missing.": trainer(step=lambda rate, gradient: gradient),
    "theta is where it was. Do you keep what an update makes?": lambda X, y, theta, *more: theta,
    "You stop where the loss is small. There are still updates to make: as many as the epochs have.":
        lambda X, y, theta, *how: theta if np.mean((X @ theta - y) ** 2) < 1e-9 else trainer()(X, y, theta, *how),
    "That is the best theta on the way. Asked for is the last one, also where the loss has grown.":
        lambda X, y, theta, *how: min(theta, trainer()(X, y, theta, *how), key=lambda t: np.mean((X @ t - y) ** 2)),
})
def train(answer):
    rng = np.random.default_rng(4)
    X, theta = rng.normal(size=(10, 3)), rng.normal(size=3)
    moves = (
        "theta moves, though it fits every example. Does it start where it is told? Does each row of X keep its own y?"
    )
    answer.on(X, X @ theta, theta, 0.1, 4, 5, rng, what="the final theta", rtol=1e-3, otherwise=same_shape(moves))
    yield "where every example fits, theta stays"

    # Ten times the same example: every update multiplies its error by 0.93, in whatever order they come.
    given = np.tile([1.0, 2.0], (10, 1)), np.ones(10), np.array([0.5, 3.0]), 0.007, 4, 4, rng
    answer.on(*given, what="theta after 4 epochs with 10 equal examples and batches of 4")
    yield "4 epochs with 10 equal examples, in batches of 4"
    X, y, theta, _, size, *how = given
    answer.on(X, 0 * y, 1e-8 * theta, 0.007, size, *how, what="theta from a start with a tiny loss", atol=0)
    answer.on(X, 0 * y, theta, 0.25, size, *how, what="theta with a rate that is too large")
    answer.on(X, y, theta, 0.007, 16, *how, what="theta with batches larger than the table")
    yield "all the updates, whatever the loss does; and one each epoch where B > N"

    n_short = short_batches(answer, rng)
    yield "in an epoch, each of 42 examples is used once"
    by_position = "The last rows of the table are in the last batch of every epoch. Where is the shuffle?"
    require(n_short[:-2].any(), by_position)
    for_ever = "The same examples are in the last batch of every epoch. How often do you shuffle?"
    require(n_short.max() < 5, for_ever)
    often = short_batches(answer, rng, epochs=30)  # on average 30/21; chi squared is 41, give or take 9
    unevenness = np.sum((often - 30 / 21) ** 2) / (30 / 21)
    require(8 < unevenness < 200, f"The last batches of 30 epochs are no chance: one epoch tells the next. {UNEVEN}")
    # One epoch, a batch of 60 and one of 40: shuffled, about 48 rows are in another batch than the row before.
    theta = as_numbers(answer(np.eye(100), np.zeros(100), np.ones(100), 0.5, 60, 1, rng), "the final theta")
    in_the_short = theta < 1 - 1 / 50
    changes, place = np.sum(in_the_short != np.roll(in_the_short, 1)), np.flatnonzero(in_the_short).mean()
    require(changes > 18 or abs(place - 50) < 25, "The order is nearly that of the table. Shuffle all of it.")
    require(changes > 18, NEIGHBOURS)
    yield "each epoch has its own order"
    anew = "Called twice with one rng, it shuffles the same way. Is it rng that shuffles, or a generator made anew?"
    require(not np.array_equal(n_short, short_batches(answer, rng)), anew)
    same = (short_batches(answer, np.random.default_rng(5)) for _ in range(2))
    elsewhere = "The same seed gives another result each time. Something is drawn from elsewhere: rng is all you need."
    require(np.array_equal(*same), elsewhere)
    yield "and the order comes from rng"

    X, y = rng.normal(size=(6, 2)), rng.normal(size=6)
    answer.on(X, y, np.zeros(2), 0.1, 6, 3, rng, what="theta after 3 epochs with B = N")
    yield "with B = N, it is batch gradient descent"


def same_shape(hint):
    """A hint for whatever has at least the right shape."""
    return lambda what, value, right: hint if value.shape == right.shape and np.isfinite(value).all() else None


def short_batches(answer, rng, epochs=5):
    """How often each of 42 examples was in the short last batch, in some epochs with batches of 4.

    Each example has a parameter of its own, which a batch of b multiplies by 1 − 1/b: by 3/4, in the short one by 1/2.
    """
    theta = as_numbers(answer(np.eye(42), np.zeros(42), np.ones(42), 0.5, 4, epochs, rng), "the final theta")
    require(theta.shape == (42,), f"With 42 parameters, the final theta has shape {theta.shape}.")
    whole = "Every update uses all the examples. An update takes the gradient of its own batch."
    require(not np.allclose(theta, (1 - 1 / 42) ** (11 * epochs), rtol=1e-3), whole)
    n_short = np.arange(epochs + 1)
    left = 0.75 ** (epochs - n_short) * 0.5**n_short
    used = np.isclose(theta[:, None], left, rtol=1e-3, atol=0)
    filled = "Some examples come again within an epoch. Is the last batch filled up?"
    twice = "In an epoch, some examples are used twice and others never. When do you shuffle?"
    require(used.any(axis=1).all(), filled if theta.max() <= 1.001 * left[0] else twice)
    return used.argmax(axis=1)


@exercise("examples_read", [290_000, 15_700], {
    "That is the number of updates. How many examples does one of them read?": [29, 490],
    "With B = N, an update reads more than 32 examples.": [29 * 32, 490 * 32],
    "One update too few. Row 0 of the run is the start.": [280_000, 15_680],
    "One update too many. Which is the first that is near enough?": [300_000, 15_680],
    "That is in epochs. How many examples are there in an epoch?": [290_000, 1.57],
    "An update of mini-batch descent doesn't read all the examples.": [290_000, 4_900_000],
    "Those are the updates of batch descent, 32 examples each. Run mini-batch descent, too, at its own rate.":
        [290_000, 928],
})
def examples_read(answer):
    never = "inf: the run ends before it gets there. Is it long enough? And is your target 1 above the *lowest* loss?"
    require(not np.isinf(answer.made).any(), never)
    require(not np.isclose(answer.made[0], 15_700, rtol=0.2), "The two are exchanged: batch descent comes first.")
    answer.entry("the number for batch descent", 0, rtol=1e-3)
    yield "batch descent"
    # From seed to seed, the standard deviation is 3.4 %: any one will do.
    answer.entry("the number for mini-batch descent", 1, rtol=0.2)
    yield "mini-batch descent, as near as a single run can tell"
    yield f"batch descent reads {answer.made[0] / answer.made[1]:.0f} times as many"


def standing(curves):
    """How many runs, from the smallest rate on, end below their start: up to the first that doesn't."""
    return np.cumprod(curves[:, -1] < curves[:, 0]).sum()


@exercise("rate_to_take(rates, curves)", lambda rates, curves: rates[standing(curves) - 1] / 2, {
    "That is the largest rate that stands. How far below the cliff does the recipe stay?":
        lambda rates, curves: rates[standing(curves) - 1],
    "That is an index. Which rate stands there?": lambda rates, curves: standing(curves) - 1,
    "That is the rate with the lowest loss after a short run. The recipe looks for the cliff.":
        lambda rates, curves: rates[np.nanargmin(curves[:, -1])],
    "That is half of the rate with the lowest loss after a short run. The recipe looks for the cliff.":
        lambda rates, curves: rates[np.nanargmin(curves[:, -1])] / 2,
    "That is half of the first rate that fails. The largest that stands is one before.":
        lambda rates, curves: rates[min(standing(curves), len(rates) - 1)] / 2,
    "A run that ends at nan doesn't stand. What does a comparison with nan say?":
        lambda rates, curves: rates[np.cumprod(~(curves[:, -1] >= curves[:, 0])).sum() - 1] / 2,
    "That comes from a rate that fails: its last loss is finite, but above the first.":
        lambda rates, curves: rates[np.isfinite(curves[:, -1])][-1] / 2,
    "Beyond the first rate that fails, another one ends low by luck. The cliff is at the first.":
        lambda rates, curves: rates[curves[:, -1] < curves[:, 0]][-1] / 2,
}, example=(np.array([0.1, 0.2, 0.4]), np.array([[9.0, 5.0], [9.0, 3.0], [9.0, 20.0]])))
def rate_to_take(answer):
    swings = np.tile(100 + 60 * np.sin(np.arange(1, 20)), (7, 1))  # on the way a loss is above its start, then below
    for case, ends in {
        "a cliff in the middle": [95, 70, 8, 30, 60, 1e9, 1e30],
        "a run that ends at inf": [95, 8, 30, 60, np.inf, np.inf, np.inf],
        "a run that ends at nan": [95, 70, 8, 60, 40, 30, np.nan],
        "a run that by luck ends low beyond the cliff": [95, 8, 70, 1e6, 60, 1e9, np.nan],
        "no cliff at all": [99, 95, 90, 80, 70, 8, 30],
    }.items():
        curves = np.column_stack([np.full(7, 100.0), swings, ends])
        answer.on(3.0 ** np.arange(-6, 1), curves, what=f"the rate to take, with {case}")
        yield case
