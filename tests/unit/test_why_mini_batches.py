"""Why mini-batches: what notebook 05 measures, with fixed seeds and generous bounds; the heat map and its explorer."""

import ipywidgets
import numpy as np
import pytest
from matplotlib.colors import to_hex, to_rgba

from gdtools import plots
from gdtools.datasets import digits
from gdtools.descent import descend
from gdtools.explorers import explore_heat_map
from gdtools.losses import LeastSquares, Network, SineFit, Surface

pytestmark = pytest.mark.filterwarnings("error")


def measured_wave():
    rng = np.random.default_rng(0)
    x = rng.uniform(-3, 3, size=256)
    return SineFit(x, np.sin(2 * x) + 0.3 * rng.normal(size=256))


def saddle_height(w):
    return w[..., 0] ** 2 - w[..., 1] ** 2 + w[..., 1] ** 4


def saddle_slope(w):
    return np.stack([2 * w[..., 0], -2 * w[..., 1] + 4 * w[..., 1] ** 3], axis=-1)


WAVE, BEST = measured_wave(), 2.01
SADDLE = Surface(saddle_height, saddle_slope, window=((-1.2, 1.2), (-1, 1)))
RNG = np.random.default_rng(0)
SMALL = Network(RNG.normal(size=(12, 3)), np.arange(12) % 4, hidden=2)


# --- gradients


def central_differences(loss, theta, h=1e-5):
    steps = h * np.eye(theta.shape[-1])
    return (loss.value(theta[..., None, :] + steps) - loss.value(theta[..., None, :] - steps)) / (2 * h)


@pytest.mark.parametrize("runs", [(), (3,), (2, 3)], ids=str)
@pytest.mark.parametrize(("loss", "d"), [(WAVE, 1), (SMALL, 20), (SADDLE, 2)], ids=["sine", "network", "saddle"])
def test_the_gradient_is_the_slope_of_the_value(loss, d, runs):
    theta = np.random.default_rng(1).normal(scale=2, size=(*runs, d))
    np.testing.assert_allclose(loss.grad(theta), central_differences(loss, theta), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("loss", "d"), [(WAVE, 1), (SMALL, 20)], ids=["sine", "network"])
def test_a_batch_gradient_is_the_mean_of_its_examples_gradients_in_every_run(loss, d):
    theta, batch = RNG.normal(size=(3, d)), RNG.integers(loss.n_examples, size=(3, 5))
    expected = [[loss.grad(theta[run], [i]) for i in batch[run]] for run in range(3)]
    np.testing.assert_allclose(loss.grad(theta, batch), np.mean(expected, axis=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(loss.grad(theta), loss.grad(theta, np.arange(loss.n_examples)), rtol=1e-9, atol=1e-12)


# --- many valleys


def ends(batch_size, *, start=4.0, rate=0.1, runs=200):
    options = {"steps": 2000, "record_every": 2000, "seed": range(runs)}
    return descend(WAVE, [start], rate, batch_size=batch_size, **options).theta[-1, :, 0]


def test_the_sine_fit_has_three_minima():
    omega = np.linspace(0, 8, 8001)
    loss = WAVE.value(omega[:, None])
    low = (loss[1:-1] < loss[:-2]) & (loss[1:-1] < loss[2:])
    np.testing.assert_allclose(omega[1:-1][low], [2.02, 4.42, 6.53], atol=0.02)
    assert omega[loss.argmin()] == pytest.approx(BEST, abs=0.01)


@pytest.mark.parametrize(
    ("batch_size", "runs", "least", "most"),
    [(None, 1, 0, 0), (64, 50, 0, 0), (16, 200, 0, 0), (4, 200, 0.005, 0.25), (1, 200, 0.65, 0.95)],
)
def test_small_batches_escape_from_the_shallow_valley(batch_size, runs, least, most):
    rate = np.mean(np.abs(ends(batch_size, runs=runs) - BEST) < 1)
    assert least <= rate <= most


def test_single_examples_wander_and_16_do_not():
    assert np.ptp(ends(1)) > 10
    assert np.ptp(ends(16)) < 1


@pytest.mark.parametrize(("rate", "leave"), [(0.1, 0), (0.3, 200)])
def test_noise_throws_out_of_the_good_valley_too_if_the_rate_is_large(rate, leave):
    run = descend(WAVE, [2.0], rate, steps=2000, batch_size=1, seed=range(200))
    assert np.sum((np.abs(run.theta[..., 0] - BEST) > 1).any(axis=0)) == leave


@pytest.mark.parametrize("rate", [0.1, 0.3])
def test_without_noise_the_good_valley_holds_at_both_rates(rate):
    end = descend(WAVE, [BEST + 0.05], rate, steps=2000).theta[-1, 0]
    assert end == pytest.approx(BEST, abs=0.01)


def test_the_noise_is_weaker_where_the_fit_is_good():
    good, bad = (np.std([WAVE.grad([omega], [i]) for i in range(256)]) for omega in (2.01, 4.42))
    assert good < 0.5 * bad


def test_a_convex_loss_has_nothing_to_escape_from():
    line = LeastSquares(np.stack([np.ones(256), WAVE.X], axis=1), WAVE.y)
    run = descend(line, 10 * RNG.normal(size=(50, 2)), 0.1, steps=500)
    np.testing.assert_allclose(run.theta[-1], np.tile(line.minimiser, (50, 1)), atol=1e-9)


@pytest.mark.parametrize("offset", [1e-12, 1e-9, 1e-6, 1e-3])
def test_a_tiny_offset_leaves_the_saddle_as_fast_as_the_law_says(offset):
    y = descend(SADDLE, (1, offset), 0.1, steps=300).theta[:, 1]
    assert np.argmax(y > 0.5) == pytest.approx(np.log(0.5 / offset) / np.log(1.2), abs=4)
    assert y[-1] == pytest.approx(np.sqrt(0.5))


def test_without_an_offset_descent_stays_on_the_saddle():
    np.testing.assert_allclose(descend(SADDLE, (1, 0), 0.1, steps=300).theta[-1], 0, atol=1e-9)


# --- the network on the digits

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


def test_a_start_depends_on_its_seed_alone(split):
    network = split[0]
    starts = network.start(range(3))
    assert starts.dtype == np.float32
    assert starts.shape == (3, network.d) == (3, 1210)
    np.testing.assert_array_equal(starts[2], network.start(2))
    assert not np.array_equal(starts[0], starts[1])


def test_a_trained_network_counts_right_answers():
    X = 4 * np.eye(3)
    network = Network(X, [0, 1, 2], hidden=8)
    theta = descend(network, network.start(range(2)), 0.5, steps=300).theta[-1]
    np.testing.assert_allclose(network.accuracy(theta, X, [0, 1, 2]), [1, 1])
    np.testing.assert_allclose(network.accuracy(theta, X, [0, 2, 1]), [1 / 3, 1 / 3])
    np.testing.assert_allclose(network.accuracy(np.full(network.d, np.inf), X, [1, 1, 2]), 0)


@pytest.mark.parametrize(("X", "labels"), [(np.eye(3), [0, 1]), (np.eye(3)[0], 0), (np.ones((2, 4)), [0, 1])])
def test_accuracy_refuses_what_does_not_fit(X, labels):
    with pytest.raises(ValueError, match="must be"):
        SMALL.accuracy(SMALL.start(0), X, labels)


# --- the heat map


def test_a_heat_map_has_a_colour_for_each_share_and_the_first_row_at_the_bottom():
    shares = np.array([[0.05, 0.55], [0.95, np.nan]])
    ax = plots.heat_map(shares, [2, 16], [0.1, 0.25], marked=shares > 0.9)
    ax.figure.canvas.draw()
    mesh = ax.collections[0]
    expected = [plots.SHARES(level) for level in (0, 5, 9)]
    np.testing.assert_allclose(mesh.to_rgba(shares.ravel()[:3]), expected)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["2", "16"]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["0.1", "0.25"]
    assert ax.get_ylim()[0] < ax.get_ylim()[1]
    (dots,) = ax.lines
    assert np.transpose(dots.get_data()).tolist() == [[0, 1]]


def test_the_colours_of_shares_grow_lighter():
    light = [np.dot(to_rgba(plots.SHARES(level))[:3], [0.2126, 0.7152, 0.0722]) for level in range(plots.SHARES.N)]
    assert (np.diff(light) > 0).all()


def test_a_heat_map_refuses_shares_and_marks_of_another_shape():
    with pytest.raises(ValueError, match=r"shares must be an array of shape \(2, 3\)"):
        plots.heat_map(np.ones((3, 2)), [1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match=r"marked must be an array of shape \(2, 3\), of True and False"):
        plots.heat_map(np.ones((2, 3)), [1, 2], [1, 2, 3], marked=[True, False])


# --- the explorer

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
