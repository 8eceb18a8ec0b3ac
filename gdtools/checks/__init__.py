"""Feedback on a student's answer, by what it does: `check("gradient_step")` in the cell below it.

The check of an exercise in `solutions/02_the_learning_rate` is in `set_02_the_learning_rate`, and so on.
"""

from gdtools.checks import (  # noqa: F401  each enters its exercises
    set_01_the_update_rule,
    set_02_the_learning_rate,
    set_03_batch_stochastic_and_mini_batch,
    set_04_how_true_is_a_mini_batch_gradient,
    set_05_why_mini_batches,
    set_06_which_batch_size,
    set_07_momentum,
    set_08_a_rate_for_each_parameter,
    set_09_training_in_practice,
)
from gdtools.checks.core import EXERCISES, Hint, check, guard_the_name

__all__ = ["EXERCISES", "Hint", "check"]

guard_the_name()
