"""What the tests of the live figures share."""

from unittest.mock import Mock

import pytest


@pytest.fixture
def undrawn(monkeypatch):
    """Drawing takes longer than all the rest, and most tests look at numbers."""
    monkeypatch.setattr("gdtools.live.FigureCanvasAgg", Mock())
    monkeypatch.setattr("gdtools.live.png", lambda figure: b"")
