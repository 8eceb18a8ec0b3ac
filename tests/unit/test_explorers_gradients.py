"""The explorer of mini-batch gradients: its steps are those of its batches, and its words tell what is measured."""

import numpy as np
import pytest

from evidence.core import Draw
from gdtools import plots
from gdtools.explorers import explore_gradients
from gdtools.losses import LeastSquares, bowl

LINE = Draw(0).line()
N = LINE.n_examples
HERE = np.array([100.0, 150.0])
TRUE = LINE.grad(HERE)
ONE_FLIGHT = np.mean(np.sum((LINE.grad(HERE, np.arange(N)[:, np.newaxis]) - TRUE) ** 2, axis=-1))
FEW = LeastSquares([[1, 0], [1, 1], [1, 2], [1, 4]], [1, 3, 6, 7])


def thin_and_thick(explorer, frame):
    """The tips of the mini-batch steps that can be seen at a frame, and those of the thick line."""
    dots = [np.column_stack(track.at(frame, 0)) for track in explorer.live.tracks if track.dot == 2.5]
    (thick,) = [np.column_stack(track.at(frame, 0)) for track in explorer.live.tracks if track.width == 4]
    seen = [tips for tips in dots if not np.isnan(tips).any()]
    return seen, thick


def test_at_each_batch_size_there_are_its_steps_and_the_true_one(undrawn):
    theta, rate = np.array([0.5, 1.0]), FEW.largest_stable_rate / 2
    explorer = explore_gradients(FEW, theta, [1, 2, 4], n_batches=7)
    assert explorer.live._labels == ["1", "2", "4"]
    subsets = {1: [[i] for i in range(4)], 2: [[i, j] for i in range(4) for j in range(i)], 4: [range(4)]}
    for frame, size in enumerate([1, 2, 4]):
        (tips,), thick = thin_and_thick(explorer, frame)
        possible = theta - rate * np.array([FEW.grad(theta, list(batch)) for batch in subsets[size]])
        distance = np.linalg.norm(tips[:, None] - possible, axis=-1)
        assert tips.shape == (7, 2)
        np.testing.assert_allclose(distance.min(axis=1), 0, atol=1e-12)
        np.testing.assert_allclose(thick, [theta, theta - rate * FEW.grad(theta)])


def test_the_batch_sizes_have_the_colours_of_their_methods(undrawn):
    explorer = explore_gradients(FEW, (0, 0), [1, 2, 3, 4])
    for frame, color in enumerate([plots.SGD, plots.MINI_BATCH, plots.MINI_BATCH, plots.FULL_BATCH]):
        thin = [
            track for track in explorer.live.tracks if track.width == 1 and np.isfinite(track.at(frame, 0)[0]).any()
        ]
        assert [track.color for track in thin] == [color]


def test_the_words_tell_the_measured_distance(undrawn):
    sizes = [16, 256, 4096, N]
    explorer = explore_gradients(LINE, HERE, sizes)
    told = [float(words.split("gradients, ")[1].split()[0]) for words in explorer.live._words]
    np.testing.assert_allclose(told[:2], np.sqrt(ONE_FLIGHT / np.array(sizes[:2])), rtol=0.25)
    assert told[3] == 0
    assert all(f"length {np.linalg.norm(TRUE):.3g}." in words for words in explorer.live._words)


def test_a_click_or_a_number_moves_the_place(undrawn):
    explorer = explore_gradients(FEW, (0, 0), [1, 4])
    live, boxes = explorer.live, explorer.children[1].children
    assert [box.description for box in boxes] == ["at intercept", "at slope"]
    across, up = live.click.transData.transform([1, 1.5])
    live._handle_custom_msg({"point": [across, live._size[1] - up]}, [])
    assert thin_and_thick(explorer, 0)[1][0] == pytest.approx([1, 1.5], abs=0.01)
    boxes[0].value = 0.5
    assert thin_and_thick(explorer, 0)[1][0] == pytest.approx([0.5, 1.5], abs=0.01)


def test_the_same_seed_gives_the_same_cloud(undrawn):
    one, same, other = (thin_and_thick(explore_gradients(LINE, HERE, [8], seed=s), 0)[0][0] for s in (3, 3, 4))
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ({"loss": bowl(1, 4)}, "loss must be a LeastSquares"),
        ({"loss": LeastSquares(np.eye(3), [1, 2, 3], names="abc")}, "loss must be"),
        ({"theta": (1, 2, 3)}, "theta must be"),
        ({"theta": [(1, 2)]}, "theta must be"),
        ({"theta": (np.nan, 0)}, "theta must be"),
        ({"batch_sizes": [0, 1]}, "batch_sizes must be a whole number from 1 to 4, but it is 0"),
        ({"batch_sizes": [1, 5]}, "batch_sizes must be"),
        ({"batch_sizes": [1.5]}, "batch_sizes must be"),
        ({"batch_sizes": []}, "batch_sizes must be"),
        ({"n_batches": 0}, "n_batches must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 0.5}, "seed must be"),
        ({"seed": [1, 2]}, "seed must be"),
    ],
)
def test_bad_input_is_refused(undrawn, options, complaint):
    with pytest.raises(ValueError, match=complaint):
        explore_gradients(**{"loss": FEW, "theta": (0, 0), "batch_sizes": [1, 2], **options})
