"""The explorer of the heat map: every cell is a run of `descend`; the lists and a click choose one."""

import ipywidgets
import numpy as np
import pytest
from matplotlib.colors import to_hex

from gdtools import plots
from gdtools.descent import descend
from gdtools.explorers import explore_heat_map
from gdtools.losses import Network, SineFit

pytestmark = pytest.mark.filterwarnings("error")

RNG = np.random.default_rng(0)
SMALL = Network(RNG.normal(size=(12, 3)), np.arange(12) % 4, hidden=2)
WAVE = SineFit([0.5, 1, 2], [0, 1, 0])
TEST_X, TEST_LABELS = RNG.normal(size=(9, 3)), np.arange(9) % 4
SIZES, FEW_RATES = [1, 3, 12], [0.01, 0.1, 1, 10]


def explore(**changes):
    arguments = {
        "network": SMALL,
        "test_X": TEST_X,
        "test_labels": TEST_LABELS,
        "batch_sizes": SIZES,
        "learning_rates": FEW_RATES,
        "epochs": 5,
        "seeds": range(3),
        "usable": 0.4,
    }
    return explore_heat_map(**{**arguments, **changes})


@pytest.fixture(scope="module")
def drawn_once():
    yield explore()
    ipywidgets.Widget.close_all()


@pytest.fixture
def explorer(drawn_once):
    choose(drawn_once, 1, 2)
    return drawn_once


@pytest.fixture(scope="module")
def accuracy():
    """After each epoch, computed one run at a time: shape (epochs + 1, sizes, rates, seeds)."""
    table = np.empty((6, len(SIZES), len(FEW_RATES), 3))
    for row, b in enumerate(SIZES):
        for column, rate in enumerate(FEW_RATES):
            for seed in range(3):
                run = descend(SMALL, SMALL.start(seed), rate, epochs=5, batch_size=b, seed=seed)
                for epoch in range(6):
                    scores, _ = SMALL.scores(run.theta[epoch * 12 // b], TEST_X)
                    table[epoch, row, column, seed] = np.mean(scores.argmax(axis=-1) == TEST_LABELS)
    return table


def choose(explorer, row, column):
    for choice, index in zip(explorer.children[1].children, (row, column), strict=True):
        choice.value = index


def in_cells(explorer):
    return [track for track in explorer.live.tracks if track.ax is explorer.live.click]


def in_curve(explorer):
    return [track for track in explorer.live.tracks if track.ax is not explorer.live.click]


def click(explorer, x, y):
    live = explorer.live
    across, up = live.click.transData.transform([x, y])
    live._handle_custom_msg({"point": [across, live._size[1] - up]}, [])


def test_the_slider_has_a_position_for_each_epoch_and_begins_at_the_last(explorer):
    assert explorer.live._name == "epoch"
    assert explorer.live._labels == list("012345")
    assert explorer.live.frame == 5


def test_at_each_epoch_every_cell_is_drawn_once_in_the_colour_of_its_median(explorer, accuracy):
    median = np.median(accuracy, axis=-1)
    *colored, dots, _ = in_cells(explorer)
    for epoch in range(6):
        drawn = {}
        for track in colored:
            x, y = (points.reshape(-1, 3) for points in track.at(epoch, 0))
            for (left, right, _), (height, *_) in zip(x, y, strict=True):
                if not np.isnan(left):
                    assert right - left == pytest.approx(0.94)
                    assert (round(height), round((left + right) / 2)) not in drawn
                    drawn[round(height), round((left + right) / 2)] = track.color
        expected = {cell: to_hex(plots.SHARES(min(int(10 * s), 9))) for cell, s in np.ndenumerate(median[epoch])}
        assert drawn == expected
        x, y = dots.at(epoch, 0)
        marked = {(row, int(column)) for row, column in zip(y, x, strict=True) if not np.isnan(column)}
        assert marked == {cell for cell, share in np.ndenumerate(median[epoch]) if share >= 0.4}


def test_the_lines_of_the_cells_are_nearly_as_thick_as_a_row(explorer):
    rows = explorer.live.click.transData.transform([[0, 0], [0, 1]])[:, 1]
    *colored, _, _ = in_cells(explorer)
    assert {round(track.width / np.ptp(rows), 6) for track in colored} == {0.94}


@pytest.mark.parametrize(("row", "column"), [(0, 0), (1, 2), (2, 3)])
def test_the_lists_choose_the_cell_whose_runs_are_drawn(explorer, accuracy, row, column):
    choose(explorer, row, column)
    *runs, median, now = in_curve(explorer)
    chosen = accuracy[:, row, column]
    np.testing.assert_allclose([run.at(0, 0)[1] for run in runs], chosen.T)
    np.testing.assert_allclose(median.at(0, 0)[1], np.median(chosen, axis=-1))
    assert median.width > 2 * runs[0].width
    assert {track.color for track in (*runs, median)} == {plots.method_color(SIZES[row], 12)}
    for epoch in range(6):
        assert np.ravel(now.at(epoch, 0)).tolist() == [epoch, np.median(chosen[epoch])]
    frame = in_cells(explorer)[-1]
    assert [np.mean([points.min(), points.max()]) for points in frame.at(0, 0)] == [column, row]


@pytest.mark.parametrize(
    ("point", "cell"),
    [((0, 0), (0, 0)), ((2.4, 1.4), (1, 2)), ((2.6, 1.6), (2, 3)), ((-0.5, 2.5), (2, 0)), ((3.5, -0.5), (0, 3))],
)
def test_a_click_chooses_the_cell_under_it_in_the_lists_too(explorer, accuracy, point, cell):
    before = explorer.live._replays
    click(explorer, *point)
    assert tuple(choice.value for choice in explorer.children[1].children) == cell
    assert explorer.live._replays == before + 1
    *_, median, _ = in_curve(explorer)
    np.testing.assert_allclose(median.at(0, 0)[1], np.median(accuracy[:, cell[0], cell[1]], axis=-1))


def test_the_lists_still_work_after_a_click(explorer):
    click(explorer, 0, 0)
    before = explorer.live._replays
    explorer.children[1].children[1].value = 3
    assert explorer.live._replays == before + 1
    assert "B = 1 with η = 10 gets" in explorer.live._words[0]


def test_the_words_count_the_usable_rates_and_tell_of_the_chosen_cell(explorer, accuracy):
    median = np.median(accuracy, axis=-1)
    for epoch, words in enumerate(explorer.live._words):
        n = np.sum(median[epoch] >= 0.4, axis=-1)
        assert words.startswith(f"After {epoch} epoch{'s' * (epoch != 1)}, learning rates with at least 40% right: ")
        assert f"{n[0]} for B = 1, {n[1]} for B = 3, {n[2]} for B = 12. " in words
        assert words.endswith(f"B = 3 with η = 1 gets {median[epoch, 1, 2]:.0%} right.")


def test_the_stand_in_says_what_is_to_be_seen(explorer):
    html, alt = explorer.live.stand_in()
    assert "test accuracy" in alt
    assert "a line for each of 3 runs" in alt
    assert alt.endswith(explorer.live._words[5])
    assert "gdtools-stand-in" in html


def test_networks_that_diverge_are_drawn_without_a_warning(undrawn):
    diverged = explore(learning_rates=[1e30, 1e38], epochs=2)
    assert len(diverged.live._words) == 3


@pytest.mark.parametrize("seeds", [7, [7]])
def test_one_seed_is_enough(undrawn, seeds):
    assert len(in_curve(explore(seeds=seeds, epochs=1))) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": WAVE}, "network must be a Network"),
        ({"batch_sizes": [0, 1]}, "batch_sizes must be a whole number from 1 to 12"),
        ({"batch_sizes": [13]}, "batch_sizes must be a whole number from 1 to 12"),
        ({"batch_sizes": [2.5]}, "batch_sizes must be a whole number from 1 to 12"),
        ({"batch_sizes": []}, "batch_sizes must be at least one whole number"),
        ({"learning_rates": [0.1, -1]}, "learning_rates must be finite and at least 0"),
        ({"learning_rates": []}, "learning_rates must be finite"),
        ({"epochs": 0}, "epochs must be a whole number of at least 1"),
        ({"seeds": []}, "seed must be a whole number"),
        ({"seeds": range(0)}, "seed must be a whole number"),
        ({"seeds": [0.5]}, "seed must be a whole number"),
        ({"seeds": [-1]}, "seed must be a whole number"),
        ({"usable": "good"}, "usable must be finite number"),
        ({"test_X": np.ones((9, 2))}, r"X must be finite numbers, of shape \(..., 3\)"),
        ({"test_labels": [0, 1]}, "labels must be one class for each row"),
    ],
)
def test_nonsense_is_refused(undrawn, changes, message):
    with pytest.raises(ValueError, match=message):
        explore(**changes)
