"""The course's sliders: controls, `descend` and a `LiveFigure`.

The learning rate and the step move in the browser alone. A new start goes to the kernel, which computes all the
positions of both sliders again, in one descent.
"""

from gdtools.explorers.batches import explore_batches, explore_gradients
from gdtools.explorers.bowls import explore_descent, explore_line
from gdtools.explorers.explorer import Explorer
from gdtools.explorers.heat_map import explore_heat_map
from gdtools.explorers.race import explore_optimizers

__all__ = [
    "Explorer",
    "explore_batches",
    "explore_descent",
    "explore_gradients",
    "explore_heat_map",
    "explore_line",
    "explore_optimizers",
]
