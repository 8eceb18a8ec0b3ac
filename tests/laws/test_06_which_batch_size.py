"""Notebook 06: which batch sizes and rates train the network on the digits; fixed seeds and generous bounds."""

import numpy as np
import pytest

from gdtools.datasets import digits
from gdtools.descent import descend
from gdtools.losses import Network

BATCH_SIZES = [2, 16, 32, 64, 128, 256]
RATES = 2.4 / 2.0 ** np.arange(10, -1, -1)


@pytest.fixture(scope="module")
def split():
    pixels, labels = digits()
    order = np.random.default_rng(0).permutation(len(pixels))
    train, test = order[:1024], order[1024:]
    return Network(pixels[train], labels[train]), pixels[test], labels[test]


def sweep(split, **length):
    """The median accuracy of four runs, shape (batch sizes, rates)."""
    network, test_X, test_labels = split
    options = {"seed": range(4), "record_every": 10_000, **length}
    starts = network.start(range(4))
    runs = [descend(network, starts, RATES[:, None], batch_size=b, **options) for b in BATCH_SIZES]
    return np.median([network.accuracy(run.theta[-1], test_X, test_labels) for run in runs], axis=-1)


@pytest.fixture(scope="module")
def equal_epochs(split):
    return sweep(split, epochs=10)


@pytest.mark.parametrize("limit", [0.88, 0.9])
def test_at_equal_epochs_the_usable_rates_grow_fewer_with_b(equal_epochs, limit):
    n_usable = np.sum(equal_epochs >= limit, axis=1)
    assert (np.diff(n_usable) <= 0).all()
    assert n_usable[0] - n_usable[-1] >= 3
    assert n_usable[-1] >= 1


def test_both_edges_of_the_usable_rates_are_on_the_map(equal_epochs):
    usable = equal_epochs >= 0.9
    assert not usable[:, 0].any()
    assert not usable[:, -1].any()
    for row in usable:
        first, last = np.flatnonzero(row)[[0, -1]]
        assert row[first : last + 1].all()


def test_at_equal_updates_only_the_smallest_batch_has_no_usable_rate(split):
    n_usable = np.sum(sweep(split, steps=160) >= 0.9, axis=1)
    assert n_usable[0] == 0
    assert (n_usable[1:] >= 4).all()


def test_k_times_the_batch_and_k_times_the_rate_is_as_good_up_to_the_cliff(equal_epochs):
    for column in (5, 6, 7, 8):
        below_the_cliff = np.diagonal(equal_epochs[1:], column)[: 10 - column]
        assert np.ptp(below_the_cliff) < 0.05
        assert (below_the_cliff > 0.9).all()
    assert (equal_epochs[:, -1] < 0.8).all()


def test_updates_to_a_target_fall_and_level_off_and_examples_rise(split):
    network, sizes = split[0], np.array([1, 4, 16, 64, 256])
    updates = []
    for b, most in zip(sizes, [1200, 400, 200, 100, 80], strict=True):
        options = {"batch_size": int(b), "seed": range(4), "record_every": most // 40}
        run = descend(network, network.start(range(4)), [[0.15], [0.3], [1.2]], steps=most, **options)
        updates.append(np.median(run.updates_to(0.3), axis=-1).min())
    assert (np.diff(updates) < 0).all()
    assert updates[0] > 2 * updates[1]
    assert updates[-2] < 2 * updates[-1]
    assert (np.diff(updates * sizes)[1:] > 0).all()


@pytest.mark.parametrize(("batch_size", "rate", "good"), [(256, 2.4, True), (16, 2.4, False), (256, 4.8, False)])
def test_the_right_edge_is_noise_or_the_cliff(split, batch_size, rate, good):
    network, test_X, test_labels = split
    options = {"steps": 640, "record_every": 640, "seed": range(4), "batch_size": batch_size}
    run = descend(network, network.start(range(4)), rate, **options)
    assert (np.median(network.accuracy(run.theta[-1], test_X, test_labels)) > 0.9) == good


def test_two_numbers_tell_the_updates_of_each_batch_size(split):
    network, updates = split[0], {}
    for b, rate, most in [(1, 0.15, 1500), (4, 0.3, 400), (16, 1.2, 160), (64, 1.2, 80), (256, 1.2, 80)]:
        options = {"steps": most, "record_every": most // 80, "seed": range(8), "batch_size": b}
        updates[b] = np.median(descend(network, network.start(range(8)), rate, **options).updates_to(0.3))
    slope = (updates[4] - updates[64]) / (1 / 4 - 1 / 64)
    least = updates[64] - slope / 64
    for b in (1, 16, 256):
        assert least + slope / b == pytest.approx(updates[b], rel=0.2)
    assert 10 < slope / least < 35
