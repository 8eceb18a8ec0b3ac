"""Notebook 03: epochs counted by running, and what a reader finds with its explorer."""

import numpy as np
import pytest

from gdtools.datasets import flights
from gdtools.descent import descend, minibatches
from gdtools.losses import LeastSquares

# --- epochs


@pytest.mark.parametrize(("batch_size", "updates", "last"), [(10_000, 1, 10_000), (32, 313, 16), (1, 10_000, 1)])
def test_updates_per_epoch_counted_by_running(batch_size, updates, last):
    sizes = [len(batch) for batch in minibatches(10_000, batch_size)]
    assert (len(sizes), sizes[-1]) == (updates, last)
    distance, air_time = flights()
    standardised = (distance - distance.mean()) / distance.std()
    line = LeastSquares(np.column_stack([np.ones_like(distance), standardised]), air_time)
    run = descend(line, (0, 0), 0.01, epochs=1, batch_size=batch_size, record_every=10_000)
    assert run.updates[-1] == updates
    assert run.epochs[-1] == 1


def test_312_updates_if_the_short_batch_is_dropped():
    assert [len(batch) for batch in minibatches(10_000, 32, drop_last=True)] == [32] * 312


# --- the explorer


@pytest.fixture(scope="module")
def batches(shown_by):
    return shown_by("03_batch_stochastic_and_mini_batch.ipynb", "data", "explorer")


def test_about_eight_times_the_tuned_rate_is_first_below_1_and_does_not_stay_there(batches):
    size, again, *_ = batches.children[1].children
    size.value = 32
    first = []
    for _ in range(4):
        live = batches.live
        (median,) = (track for track in live.tracks if track.width == 2.5)
        below = [median.at(frame, len(live._updates) - 1)[1] < 1 for frame in range(len(live._labels))]
        arrivals = [np.argmax(one) if one.any() else np.inf for one in below]
        fastest = int(np.argmin(arrivals))
        first.append(64 * float(live._labels[fastest]))
        assert not below[fastest][arrivals[fastest] :].all()
        again.click()
    assert np.median(first) == pytest.approx(8, abs=0.1)
    assert min(first) > 5 and max(first) < 12


def test_sgd_diverges_at_the_right_end_and_two_epochs_of_the_full_batch_are_two_updates(batches):
    size, *_ = batches.children[1].children
    size.value = 1
    assert "8 of 8 diverge" in batches.live._words[-1]
    size.value = 10_000
    assert batches.live._updates == [0, 1, 2]
