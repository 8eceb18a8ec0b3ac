"""The helper package of the course: a loss, a descent, a trajectory, a picture; a slider replays the sentence.

    loss, start, learning rates ──► descend ──► Trajectory ──► plots        a picture
                                                     └───────► explorers    a slider

Leading axes are independent runs. Parameters have shape (..., d): the last axis is one run's, all axes before it are
different runs, and one call makes them all. `descend` with 60 learning rates is 60 descents side by side.

The floor to read, in this order. Each file imports only files above it.

    arguments   how an argument that is no use is refused, in words; to be skimmed
    losses      what is minimised: bowls, a line through data, surfaces, a small network
    optimizers  what makes a step of a gradient: momentum, Adam, ...; schedules
    descent     mini-batches, the one loop of the course, and the trajectory that it leaves
    datasets    flights and digits
    plots       a trajectory as a picture

What serves the course. Each folder imports what is above and the folders that are named with it.

    installation  whether everything is here, and fits: notebook 00 asks it, and make
    widgets       how the browser draws a slider's figure, and how a widget stands in its cell
    explorers     the sliders (widgets)
    quiz          the questions (widgets)
    checks        the hints for exercises

docs/design.md says why.
"""

__version__ = "0.1.0"
