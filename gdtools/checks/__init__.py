"""Feedback on a student's answer, by what it does: `check("gradient_step")` in the cell below it."""

from gdtools.checks import batches, gradient_noise, learning_rate, optimizers, update_rule, why_mini_batches
from gdtools.checks.core import EXERCISES, Hint, check

__all__ = ["EXERCISES", "Hint", "check"]
__all__ += ["update_rule", "learning_rate", "batches", "gradient_noise", "why_mini_batches", "optimizers"]
