"""What pages alone need."""

from nbconvert.exporters import HTMLExporter

NAME = "site"
EXPORTER = HTMLExporter
FOLDED = ["source-hidden"]  # tags of cells without their code
LECTURE = ""
SCRIPTS = []


def prepare(notebook):
    """A page shows the notebook as it is."""
