"""The explorer of the heat map: every cell is its runs; the lists and a click choose one."""

import ipywidgets
import numpy as np
import pytest
from matplotlib.colors import to_hex

from gdtools import plots
from gdtools.explorers import explore_heat_map

pytestmark = pytest.mark.filterwarnings("error")

SIZES, RATES = [1, 3, 12], [0.01, 0.1, 1, 10]
ACCURACY = np.random.default_rng(0).random((6, len(SIZES), len(RATES), 3))  # after 0 to 5 epochs, three runs


def explore(**changes):
    arguments = {"accuracy": ACCURACY, "batch_sizes": SIZES, "learning_rates": RATES, "usable": 0.4}
    return explore_heat_map(**{**arguments, **changes})


@pytest.fixture(scope="module")
def drawn_once():
    yield explore()
    ipywidgets.Widget.close_all()


@pytest.fixture
def explorer(drawn_once):
    choose(drawn_once, 1, 2)
    return drawn_once


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


def test_at_each_epoch_every_cell_is_drawn_once_in_the_colour_of_its_median(explorer):
    median = np.median(ACCURACY, axis=-1)
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
def test_the_lists_choose_the_cell_whose_runs_are_drawn(explorer, row, column):
    choose(explorer, row, column)
    *runs, median, now = in_curve(explorer)
    chosen = ACCURACY[:, row, column]
    np.testing.assert_allclose([run.at(0, 0)[1] for run in runs], chosen.T)
    np.testing.assert_allclose(median.at(0, 0)[1], np.median(chosen, axis=-1))
    assert median.width > 2 * runs[0].width
    assert {track.color for track in (*runs, median)} == {plots.method_color(SIZES[row], None)}
    for epoch in range(6):
        assert np.ravel(now.at(epoch, 0)).tolist() == [epoch, np.median(chosen[epoch])]
    frame = in_cells(explorer)[-1]
    assert [np.mean([points.min(), points.max()]) for points in frame.at(0, 0)] == [column, row]


@pytest.mark.parametrize(
    ("point", "cell"),
    [((0, 0), (0, 0)), ((2.4, 1.4), (1, 2)), ((2.6, 1.6), (2, 3)), ((-0.5, 2.5), (2, 0)), ((3.5, -0.5), (0, 3))],
)
def test_a_click_chooses_the_cell_under_it_in_the_lists_too(explorer, point, cell):
    before = explorer.live._replays
    click(explorer, *point)
    assert tuple(choice.value for choice in explorer.children[1].children) == cell
    assert explorer.live._replays == before + 1
    *_, median, _ = in_curve(explorer)
    np.testing.assert_allclose(median.at(0, 0)[1], np.median(ACCURACY[:, cell[0], cell[1]], axis=-1))


def test_the_lists_still_work_after_a_click(explorer):
    click(explorer, 0, 0)
    before = explorer.live._replays
    explorer.children[1].children[1].value = 3
    assert explorer.live._replays == before + 1
    assert "B = 1 with η = 10 gets" in explorer.live._words[0]


def test_the_words_count_the_usable_rates_and_tell_of_the_chosen_cell(explorer):
    median = np.median(ACCURACY, axis=-1)
    for epoch, words in enumerate(explorer.live._words):
        n = np.sum(median[epoch] >= 0.4, axis=-1)
        assert words.startswith(f"After {epoch} epoch{'s' * (epoch != 1)}, learning rates with at least 40% right: ")
        assert f"{n[0]} for B = 1, {n[1]} for B = 3, {n[2]} for B = 12. " in words
        assert words.endswith(f"B = 3 with η = 1 gets {median[epoch, 1, 2]:.0%} right.")


def test_the_stand_in_says_what_is_to_be_seen(explorer):
    html, alt, _ = explorer.live.stand_in()
    assert "test accuracy" in alt
    assert "a line for each of 3 runs" in alt
    assert alt.endswith(explorer.live._words[5])
    assert "gdtools-stand-in" in html


@pytest.mark.parametrize("shape", [(2, 3, 4, 3), (6, 3, 4, 1)], ids=["one epoch", "one run"])
def test_the_least_is_enough(undrawn, shape):
    drawn = explore(accuracy=np.full(shape, 0.5))
    assert len(in_curve(drawn)) == shape[-1] + 2
    assert len(drawn.live._words) == shape[0]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"accuracy": ACCURACY[0]}, r"accuracy must be numbers of shape \(epochs \+ 1, 3, 4, runs\)"),
        ({"accuracy": ACCURACY[:, :2]}, "accuracy must be numbers of shape"),
        ({"accuracy": ACCURACY[..., :0]}, "accuracy must be finite numbers"),
        ({"accuracy": ACCURACY[:1]}, "accuracy must be numbers of shape"),
        ({"accuracy": np.full((6, 3, 4, 3), np.nan)}, "accuracy must be finite numbers"),
        ({"accuracy": np.full((6, 3, 4, 3), "good")}, "accuracy must be numbers of shape"),
        ({"batch_sizes": [0, 1, 2]}, "batch_sizes must be a whole number of at least 1"),
        ({"batch_sizes": [2.5, 1, 2]}, "batch_sizes must be a whole number of at least 1"),
        ({"batch_sizes": []}, "batch_sizes must be at least one whole number"),
        ({"learning_rates": [0.1, -1]}, "learning_rates must be finite and at least 0"),
        ({"learning_rates": []}, "learning_rates must be finite"),
        ({"usable": "good"}, "usable must be finite number"),
    ],
)
def test_nonsense_is_refused(undrawn, changes, message):
    with pytest.raises(ValueError, match=message):
        explore(**changes)
