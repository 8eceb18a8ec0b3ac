"""The explorer of batch sizes: every frame is a run of `descend`; the list, the button and the start make new ones."""

import ipywidgets
import numpy as np
import pytest

from gdtools import plots
from gdtools.descent import descend
from gdtools.explorers import batches, explore_batches
from gdtools.losses import LeastSquares, bowl

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
X = np.stack([np.ones(60), RNG.normal(size=60)], axis=1)
LINE = LeastSquares(X, X @ [1, 2] + 0.1 * RNG.normal(size=60))
RATES = [0.01, 0.1, 5]
RIGHT = {"loss": LINE, "start": (0, 0), "learning_rates": RATES, "batch_sizes": [1, 7, 60], "runs": 4}


@pytest.fixture
def explorer():
    yield explore_batches(**RIGHT, batch_size=7)
    ipywidgets.Widget.close_all()


def controls(explorer):
    size, again, *boxes = explorer.children[1].children
    return size, again, boxes


def run_of(batch_size, start=(0, 0), seeds=range(4), **options):
    return descend(LINE, start, np.array(RATES)[:, None], epochs=2, batch_size=batch_size, seed=seeds, **options)


@pytest.mark.parametrize("batch_size", [1, 7, 60])
def test_each_frame_is_the_run_of_descend_with_its_rate(explorer, batch_size):
    controls(explorer)[0].value = batch_size
    run = run_of(batch_size)
    for frame in range(len(RATES)):
        x, y = explorer.live.tracks[0].at(frame, len(run.updates) - 1)
        np.testing.assert_allclose(np.stack([x, y], axis=1), run.theta[:, frame, 0])
    assert explorer.live._updates == run.updates.tolist()
    assert explorer.live.tracks[0].color == plots.method_color(batch_size, 60)


def test_the_curves_are_the_losses_of_all_runs_and_their_median(explorer):
    *curves, median = (track for track in explorer.live.tracks if track.ax.get_xlabel() == "examples")
    excess = run_of(7).loss - LINE.floor
    assert len(curves) == 4
    for i, curve in enumerate(curves):
        np.testing.assert_allclose(curve.at(1, 18)[1], excess[:, 1, i])
    np.testing.assert_allclose(median.at(1, 18)[1], np.median(excess[:, 1], axis=-1))


def test_new_seeds_are_the_next_ones_and_a_new_start_keeps_them(explorer):
    _, again, boxes = controls(explorer)
    again.click()
    boxes[0].value = -1
    x, _ = explorer.live.tracks[0].at(1, 18)
    np.testing.assert_allclose(x, run_of(7, start=(-1, 0), seeds=range(4, 8)).theta[:, 1, 0, 0])


def test_the_words_count_updates_and_tell_who_diverges(explorer):
    tame, _, wild = explorer.live._words
    final = (run_of(7).loss - LINE.floor)[-1, 0]
    assert "4 runs with B = 7, 18 updates in 2 epochs" in tame
    assert f"{final.min():.2g} to {final.max():.2g} above" in tame
    assert "4 of 4 diverge" in wild
    far = batches._spread(np.array([15_340.0, 120.4]), 1e6, 7, 18, 2)
    assert far.endswith("in 2 epochs: they end 120 to 15000 above the lowest loss.")


def test_many_updates_are_thinned_to_about_200_rows():
    long = explore_batches(LINE, (0, 0), [0.01], [1], epochs=10, runs=2).live
    assert 200 <= len(long._updates) <= 202
    assert long._updates[-1] == 600


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"loss": bowl(1, 4)}, "loss must be a LeastSquares"),
        ({"batch_sizes": [0]}, "batch_sizes must be a whole number from 1 to 60, but it is 0"),
        ({"batch_sizes": [61]}, "batch_sizes must be"),
        ({"batch_sizes": []}, "batch_sizes must be at least one"),
        ({"batch_size": 8}, "batch_size must be one of"),
        ({"runs": 0}, "runs must be a whole number of at least 1"),
        ({"epochs": 0.5}, "epochs must be a whole number of at least 1"),
        ({"learning_rates": [-1]}, "learning_rates must be"),
        ({"start": (0, 0, 0)}, "start must be"),
    ],
)
def test_nonsense_is_refused_by_name(change, complaint):
    with pytest.raises(ValueError, match=complaint):
        explore_batches(**RIGHT | change)
