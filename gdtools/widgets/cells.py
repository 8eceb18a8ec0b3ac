"""How the course's widgets stand in a cell: each beside a stand-in, and one run's at a time."""

from IPython import get_ipython
from IPython.display import display

from gdtools.plots import bundle

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"

# JupyterLab keeps room for a hidden stand-in, and says something beside one whose widget is gone, or still to come.
TIDY = """
<style>
.jp-OutputArea-child:has(.gdtools-stand-in[hidden]),
.jp-OutputArea-child:has(.gdtools-stand-in) + * > :is(.jupyter-widgets, .jp-OutputArea-output):not(:has(*)) {
  display: none;
}
</style>"""


def running_cell():
    """The ids of the notebook cell that runs and of this run; only JupyterLab names the cell in its request."""
    kernel = getattr(get_ipython(), "kernel", None)
    request = kernel.get_parent() if kernel else {}
    return request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")


class CellWidget:
    """Mixed into a widget, it shows a stand-in beside it and frees what an earlier run of the cell has shown.

    The widget says in `stand_in()` what readers without a kernel see: an element of the class gdtools-stand-in, which
    the widget's JavaScript hides; the same in words; and, if there is one, as a picture.
    """

    _shown = {}  # by notebook cell: the run that has shown widgets there, and these widgets

    def _ipython_display_(self):
        self._replace_earlier()
        html, *words_and_picture = self.stand_in()
        display(bundle(html + TIDY, *words_and_picture), raw=True)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        display({WIDGET_VIEW: view, "text/plain": ""}, raw=True)  # who shows no widgets has the words already

    def _replace_earlier(self):
        """Free what an earlier run of this cell has shown, and no cell shows now."""
        cell, run = running_cell()
        if cell is None:
            return
        last_run, widgets = self._shown.get(cell, (run, []))
        self._shown[cell] = run, [*(widgets if last_run == run else []), self]
        alive = [widget for _, shown in self._shown.values() for widget in shown]  # another cell may show the same
        for widget in widgets:
            if widget not in alive:
                widget.close_all()

    def close_all(self):
        """Close this widget and its parts."""
        for part in list(_parts(self)):
            part.close()


def _parts(widget):
    """What a widget is made of, the widget itself last."""
    for child in getattr(widget, "children", ()):
        yield from _parts(child)
    yield from filter(None, (getattr(widget, name, None) for name in ("layout", "style")))
    yield widget
