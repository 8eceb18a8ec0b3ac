"""The helper package of the course: a loss, a descent, a trajectory, a picture; a slider replays the sentence."""

__version__ = "0.1.0"
