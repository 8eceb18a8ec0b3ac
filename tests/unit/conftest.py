"""What the tests of the live figures share."""

from unittest.mock import Mock

import pytest


@pytest.fixture
def undrawn(monkeypatch):
    """Drawing takes longer than all the rest, and most tests look at numbers."""
    monkeypatch.setattr("matplotlib.figure.Figure.draw_without_rendering", Mock())
    monkeypatch.setattr("gdtools.widgets.live.background", lambda figure: b"")
    monkeypatch.setattr("gdtools.widgets.live.png", lambda figure: b"")
