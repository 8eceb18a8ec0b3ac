"""Claims of notebook 08 and its exercises."""

from functools import lru_cache

import numpy as np

from evidence.core import above, below, between, claim, tuned
from evidence.nb07 import LONG, TARGET, TOY, start, stays
from gdtools.descent import descend
from gdtools.losses import LeastSquares, Network, Quadratic
from gdtools.optimizers import L2, AdaGrad, Adam, AdamW, Momentum, Nesterov, RMSProp

TURN = np.array([[np.cos(np.pi / 6), -np.sin(np.pi / 6)], [np.sin(np.pi / 6), np.cos(np.pi / 6)]])
TURNED = Quadratic(TURN @ LONG.hessian @ TURN.T)
RATES = np.geomspace(0.001, 10, 200)


def turned(draw, optimizer):
    """Updates until the loss stays below 1e-6 on the turned bowl, at the best of 200 rates, at most 1000."""
    return descend(TURNED, TURN @ start(draw), RATES, steps=1000, optimizer=optimizer).stays_below(TARGET).min()


def straight(draw, optimizer):
    """The same on the straight one."""
    return stays(draw, LONG, RATES, optimizer, steps=1000)


@claim(
    "08",
    cell="directions-rates-after",
    says="On the turned bowl a rate for each parameter is not much better than one rate for all.",
    holds=between(0.5, 1),
)
def own_rates_on_a_turned_bowl(draw):
    """Updates to stay below 1e-6 with a rate for each parameter, over those with the best one for all"""
    theta, n = TURN @ start(draw), 0
    while TURNED.value(theta) >= TARGET:
        theta, n = theta - TURNED.grad(theta) / np.diag(TURNED.hessian), n + 1
    one = descend(TURNED, TURN @ start(draw), 2 / TURNED.curvatures.sum(), steps=1000)
    return n / one.stays_below(TARGET)


# --- A dense and a sparse feature


@lru_cache
def rare(draw):
    """1000 examples with a dense feature and one that 20 of them have."""
    rng = draw.rng()
    dense = rng.choice([-1, 1], 1000)
    sparse = np.where(np.arange(1000) < 20, rng.choice([-1, 1], 1000), 0)
    y = 3 * dense + 3 * sparse + 0.5 * rng.normal(size=1000)
    return LeastSquares(np.stack([dense, sparse], axis=1), y)


def ends(draw, rates, seeds, optimizer=None):
    """How far the weights (dense, sparse) end from the best, after an epoch of single examples."""
    loss = rare(draw)
    run = descend(loss, (0, 0), rates, epochs=1, batch_size=1, seed=seeds, optimizer=optimizer, record_every=1000)
    return np.abs(run.theta[-1] - loss.minimiser)


@lru_cache
def at_the_sparse_rate(draw, optimizer):
    """The median distances of both weights, at the rate that is best for the sparse one."""

    def final(rates, seeds):
        return ends(draw, rates[:, None], seeds, optimizer)[..., 1]

    rate, _ = tuned(final, np.array([0.01, 0.03, 0.1, 0.3, 1, 3, 10]), draw)
    return np.median(ends(draw, rate, draw.seeds(32), optimizer), axis=0)


@claim(
    "08", cell="sparse-after", says="At η = 0.01 the sparse weight gets less than half of its way.", holds=below(0.5)
)
def sparse_weight_lags(draw):
    """The share of its way that the sparse weight covers"""
    return 1 - np.median(ends(draw, 0.01, draw.seeds(32))[:, 1]) / rare(draw).minimiser[1]


@claim("08", cell="adagrad-intro", says="The sparse weight wants a larger rate than the dense one.", holds=above(5))
def dense_and_sparse_want_other_rates(draw):
    """The best rate for the sparse weight over the best for the dense one"""
    rates = np.geomspace(0.0003, 1, 15)
    away = np.median(ends(draw, rates[:, None], draw.seeds(32)), axis=1)
    dense, sparse = rates[away.argmin(axis=0)]
    return sparse / dense


@claim(
    "08", cell="adagrad-after", says="With AdaGrad the dense weight ends at about half the distance.", holds=below(0.8)
)
def adagrad_helps_the_dense_weight(draw):
    """The distance of the dense weight, AdaGrad over plain, each at the rate that suits the sparse one"""
    return at_the_sparse_rate(draw, AdaGrad())[0] / at_the_sparse_rate(draw, None)[0]


@claim("08", cell="adagrad-after", says="The sparse weight ends alike.", holds=between(0.5, 2))
def adagrad_keeps_the_sparse_weight(draw):
    """The distance of the sparse weight, AdaGrad over plain, each at its own rate"""
    return at_the_sparse_rate(draw, AdaGrad())[1] / at_the_sparse_rate(draw, None)[1]


@claim("08", cell="adagrad-limit-after", says="AdaGrad wants a large η.", holds=above(20))
def adagrad_wants_a_large_rate(draw):
    """Updates to stay below 1e-6 on the toy bowl, η = 0.1 over η = 2"""
    return stays(draw, TOY, 0.1, AdaGrad(), steps=9000) / stays(draw, TOY, 2, AdaGrad())


# --- RMSProp


@claim("08", cell="rmsprop-after", says="RMSProp touches a millionth and never stays there.", holds=below(1))
def rmsprop_touches_and_never_stays(draw):
    """At how many of 200 rates, 0.001 to 10, it stays there for the last 100 of 3000 updates, on three bowls"""
    bowls = (TOY, start(draw)), (LONG, start(draw)), (TURNED, TURN @ start(draw))
    runs = [descend(loss, place, RATES, steps=3000, optimizer=RMSProp()) for loss, place in bowls]
    return sum(np.sum(run.stays_below(TARGET) <= 2900) for run in runs)


@claim("08", cell="rmsprop-after", says="Without noise it ends half of η away.", holds=between(0.45, 0.55))
def rmsprop_ends_half_a_step_away(draw):
    """The distance of each parameter at the end, over η, at the most"""
    run = descend(TOY, start(draw), 0.1, steps=1000, optimizer=RMSProp())
    return np.abs(run.theta[-1]).max() / 0.1


@claim("08", cell="rmsprop-limit", says="With noise a tenth of η is in units of η farther away.", holds=above(1.5))
def rmsprop_with_noise(draw):
    """The distance over η at η = 0.01, over the same at η = 0.1, dense weight, B = 16"""

    def away(rate):
        loss = rare(draw)
        run = descend(loss, loss.minimiser, rate, steps=1000, batch_size=16, seed=draw.seeds(32), optimizer=RMSProp())
        return np.median(np.abs(run.theta[-300:, :, 0] - loss.minimiser[0])) / rate

    return away(0.01) / away(0.1)


# --- The bowls, straight and turned


@claim("08", cell="turned-after", says="On the straight bowl AdaGrad wins by far.", holds=below(0.5))
def adagrad_on_the_straight_bowl(draw):
    """Updates of AdaGrad over those of the best rival, each at the best of 200 rates"""
    return straight(draw, AdaGrad()) / min(straight(draw, one) for one in (None, Momentum(), Nesterov(), Adam()))


@claim("08", cell="turned-after", says="The turned bowl takes AdaGrad many times as long.", holds=above(10))
def adagrad_on_the_turned_bowl(draw):
    """Updates of AdaGrad, turned over straight (1000 for never)"""
    return min(turned(draw, AdaGrad()), 1000) / straight(draw, AdaGrad())


@claim("08", cell="turned-after", says="Plain, momentum and Nesterov need as many as before.", holds=below(2))
def turning_does_not_matter_to_momentum(draw):
    """The largest difference of their updates, turned and straight"""
    return max(abs(turned(draw, one) - straight(draw, one)) for one in (None, Momentum(), Nesterov()))


@claim("08", cell="turned-after", says="Adam loses little on the turned bowl.", holds=between(0.7, 1.5))
def adam_on_the_turned_bowl(draw):
    """Updates of Adam, turned over straight"""
    return turned(draw, Adam()) / straight(draw, Adam())


# --- The digits


@lru_cache
def network(draw):
    return Network(*draw.digits()[0], hidden=16)


def train(draw, optimizer, rates, seeds, epochs=5, batch_size=32):
    """Where the runs end, shape (rates, seeds, d)."""
    return descend(
        network(draw),
        network(draw).start(seeds),
        rates[:, None],
        epochs=epochs,
        batch_size=batch_size,
        seed=seeds,
        optimizer=optimizer,
        record_every=10_000,
    ).theta[-1]


@lru_cache
def losses(draw, optimizer):
    """The rates, and the median loss after five epochs, four times as fine as in the notebook."""
    rates = np.geomspace(0.001, 10, 49)
    return rates, np.median(network(draw).value(train(draw, optimizer, rates, draw.seeds(6))), axis=1)


@lru_cache
def tuned_loss(draw, optimizer):
    rates = np.geomspace(0.001, 10, 25)

    def final(rates, seeds):
        return network(draw).value(train(draw, optimizer, rates, seeds))

    return np.median(tuned(final, rates, draw, n=6)[1])


def octaves(draw, optimizer):
    """How wide the range of rates is that end below 0.19, in factors of 2."""
    rates, middle = losses(draw, optimizer)
    return np.sum(middle < 0.19) * np.log2(rates[1] / rates[0])


@claim(
    "08", cell="digits-after", says="At its best rate Adam ends lower than plain descent.", holds=below(0.85), slow=True
)
def adam_beats_plain_on_the_digits(draw):
    """The loss of Adam over that of plain descent, each at its own rate"""
    return tuned_loss(draw, Adam()) / tuned_loss(draw, None)


@claim("08", cell="digits-after", says="So does Nesterov.", holds=below(0.85), slow=True)
def nesterov_beats_plain_on_the_digits(draw):
    """The loss of Nesterov over that of plain descent, each at its own rate"""
    return tuned_loss(draw, Nesterov()) / tuned_loss(draw, None)


@claim(
    "08",
    cell="digits-after",
    says="Below 0.19 Adam's valley is wider than plain descent's.",
    holds=above(1.5),
    slow=True,
)
def adam_is_wider_at_a_common_target(draw):
    """The width of Adam's valley over that of plain descent, in octaves of η, at a loss of 0.19"""
    return octaves(draw, Adam()) / octaves(draw, None)


@claim("08", cell="digits-after", says="So is Nesterov's.", holds=above(1.5), slow=True)
def nesterov_is_wider_at_a_common_target(draw):
    """The width of Nesterov's valley over that of plain descent, in octaves of η, at a loss of 0.19"""
    return octaves(draw, Nesterov()) / octaves(draw, None)


@claim("08", cell="digits-after", says="The best rates lie far apart.", holds=above(10), slow=True)
def best_rates_lie_elsewhere(draw):
    """The best rate of plain descent over that of RMSProp"""
    (rates, plain), (_, rmsprop) = losses(draw, None), losses(draw, RMSProp())
    return rates[plain.argmin()] / rates[rmsprop.argmin()]


def scaled(draw, optimizer):
    """With the best rate for B = 4: the median loss with B = 64 at 4 times and at 16 times that rate."""

    def final(rates, seeds, batch_size=4):
        return network(draw).value(train(draw, optimizer, rates, seeds, epochs=4, batch_size=batch_size))

    rate, _ = tuned(final, np.geomspace(0.002, 0.2, 9), draw, n=6)
    return np.median(final(rate * np.array([4, 16]), draw.seeds(6), batch_size=64), axis=1)


@claim(
    "08", cell="scaling-after", says="For momentum 16 times the batch wants 16 η, not 4 η.", holds=above(1), slow=True
)
def momentum_scales_linearly(draw):
    """Momentum's loss with B = 64 at 4 η over that at 16 η, η being best for B = 4"""
    four, sixteen = scaled(draw, Momentum())
    return four / sixteen


@claim("08", cell="scaling-after", says="For Adam it wants 4 η, not 16 η.", holds=below(0.8), slow=True)
def adam_scales_with_the_root(draw):
    """Adam's loss with B = 64 at 4 η over that at 16 η, η being best for B = 4"""
    four, sixteen = scaled(draw, Adam())
    return four / sixteen


# --- Weight decay


@lru_cache
def sizes(draw, optimizer):
    """The mean size of each pixel's weights after five epochs at η = 0.01, over that at the start."""
    seeds = draw.seeds(6)
    start, end = network(draw).start(seeds), train(draw, optimizer, np.array([0.01]), seeds)[0]
    before, after = (np.abs(network(draw).layers(theta)[0]).mean(axis=(0, 2)) for theta in (start, end))
    return after / before


@claim(
    "08",
    cell="decay-after",
    says="L2 inside Adam erases the weights of black pixels, whatever δ is.",
    holds=below(0.05),
)
def l2_inside_adam_forgets_the_strength(draw):
    """The largest share of them that is left, δ = 0.0001, 0.01, 1"""
    black = (network(draw).X == 0).all(axis=0)
    return max(sizes(draw, L2(Adam(), decay))[black].max() for decay in (0.0001, 0.01, 1))


@claim("08", cell="decay-after", says="With AdamW they lose the share ηδ per update.", holds=below(0.01))
def adamw_decays_by_the_law(draw):
    """The largest difference to (1 − ηδ)¹⁶⁰, δ = 0.0001, 0.01, 1"""
    black = (network(draw).X == 0).all(axis=0)
    decays = (0.0001, 0.01, 1)
    return max(np.abs(sizes(draw, AdamW(weight_decay=d))[black] - (1 - 0.01 * d) ** 160).max() for d in decays)


@claim("08", cell="decay-after", says="The louder a weight's gradients, the less it decays.", holds=above(1.2))
def loud_weights_decay_less(draw):
    """What δ = 0.01 inside Adam leaves of the weights, pixels that vary much over pixels that vary little"""
    left = sizes(draw, L2(Adam(), 0.01)) / sizes(draw, Adam())
    spread = network(draw).X.std(axis=0)
    order = np.argsort(spread)[np.sum(spread == 0) :]  # without the black ones
    return left[order[-15:]].mean() / left[order[:15]].mean()


@claim(
    "08",
    cell="decay-after",
    says="With η and δ tuned, L2 inside Adam and AdamW read the test digits equally well.",
    holds=between(-0.012, 0.012),
    slow=True,
)
def adamw_and_l2_on_the_test(draw):
    """The test accuracy of AdamW less that of L2 inside Adam, each at its own η and δ"""

    def accuracy(make, decays):
        def wrong(rates, seeds):
            return 1 - network(draw).accuracy(train(draw, make(decay), rates, seeds, epochs=10), *draw.digits()[1])

        rates = np.array([0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2])
        found = []
        for decay in decays:
            tried = np.median(wrong(rates, draw.tuning_seeds(6)), axis=1)
            found.append((tried.min(), decay, rates[tried.argmin()]))
        _, decay, rate = min(found)
        return 1 - np.median(wrong(np.array([rate]), draw.seeds(12)))

    return accuracy(lambda d: AdamW(weight_decay=d), (0.001, 0.01, 0.1, 0.3)) - accuracy(
        lambda d: L2(Adam(), d), (0.00001, 0.0001, 0.001, 0.003)
    )
