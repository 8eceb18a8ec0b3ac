"""Words for what a reader does in JupyterLab, and sees there."""

import re
import secrets
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path

import nbformat

try:
    from playwright.sync_api import expect, sync_playwright
except ImportError:  # conftest.py says so
    expect = sync_playwright = None

WINDOW = {"width": 1280, "height": 900}
PATIENCE = 120_000  # ms
PANEL = "jupyterapp.shell.currentWidget"
STAND_IN = ".gdtools-stand-in"

# What the console may say: (type, pattern, the reason why it's no fault of the course).
EXPECTED_IN_CONSOLE = [
    ("warning", "Canvas2D: Multiple readback operations using getImageData", "these tests do that, not the course"),
    (
        "warning",
        r"Plugin \S+ (\(with \d+ dependants\) took \S+|is taking too long) to activate",
        "JupyterLab's own, on a slow machine",
    ),
    ("error", "Canceled future for", "a test has stopped a kernel that just started"),
    ("warning", "Disabling terminals plugin", "JupyterLite's own, where there is no server"),
    ("warning", "Connection lost, reconnecting in", "JupyterLab's own, when a test restarts a kernel"),
]


def serious(page, *selectors):
    """What axe finds that keeps people from using the page, or its parts: the rule and where it's broken."""
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    parts = [selector for selector in selectors or ["html"] if page.locator(selector).count()]
    if not parts:
        return []
    found = page.evaluate("parts => axe.run({ include: parts }, { preload: false })", [[part] for part in parts])
    return [
        (rule["id"], node["target"], node["failureSummary"])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


def move(slider, *values):
    """Move a slider fast, to one value after the other."""
    code = """(input, values) => values.forEach(value => {
        input.value = value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
    })"""
    slider.evaluate(code, values)


def expect_no_overflow(element):
    """Neither it nor any of its ancestors has to be scrolled sideways, once the page has its new width."""
    fits = "e => { for (; e; e = e.parentElement) if (e.scrollWidth > e.clientWidth + 1) return false; return true }"
    element.page.wait_for_function(fits, arg=element.element_handle(), timeout=10_000)


@contextmanager
def screen(page, **size):
    """For a while, a screen whose pixels are half as wide as the page's."""
    session = page.context.new_cdp_session(page)
    # With WINDOW's own height, Chromium sends the page no event.
    fine = WINDOW | {"height": 901, "deviceScaleFactor": 2, "mobile": False} | size
    session.send("Emulation.setDeviceMetricsOverride", fine)
    try:
        yield
    finally:
        session.send("Emulation.clearDeviceMetricsOverride")
        session.detach()


def expect_stand_in(cell, nth=0):
    """A widget whose kernel is gone: its stand-in is seen, and returned; JupyterLab's own message is not seen."""
    still = cell.locator(STAND_IN).nth(nth)
    expect(still).to_be_visible()
    gone = cell.get_by_text("Error displaying widget")
    expect(gone).to_have_count(cell.locator(STAND_IN).count())  # they are there by now, but
    expect(gone.nth(nth)).to_be_hidden()
    return still


@dataclass(frozen=True)
class Lab:
    """A JupyterLab in the folder `root`; `url(path)` is its address."""

    url: Callable
    root: Path

    def fresh(self):
        """The address of a page with no tabs of others."""
        return self.url("").replace("/lab/tree/", f"/lab/workspaces/{secrets.token_hex(4)}")

    def write(self, name, sources):
        """Make a notebook of these code cells, without outputs."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.root / name)


class Desk:
    """A new page with the JupyterLab of this address; `complaints` are the errors and warnings in its console."""

    def __init__(self, browser, address):
        self.page, self.complaints = browser.new_page(), []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self._note("error", str(error)))
        self.page.goto(address, wait_until="commit")
        self.page.wait_for_function("() => window.jupyterapp")
        self.page.evaluate("() => jupyterapp.restored.then(() => undefined)")

    def _note(self, kind, text):
        expected = any(kind == k and re.search(pattern, text) for k, pattern, _ in EXPECTED_IN_CONSOLE)
        if kind in ("error", "warning") and not expected:
            self.complaints.append(f"{kind}: {text}")

    def run(self, command, **arguments):
        """Execute a command of JupyterLab, and wait until it's done."""
        code = "([command, options]) => jupyterapp.commands.execute(command, options).then(() => undefined)"
        self.page.evaluate(code, [command, arguments])

    def change_theme(self, theme):
        self.run("apputils:change-theme", theme=theme)
        # JupyterLab takes its splash off 200 ms later. Two changes within that time take it off twice: an error.
        themed = "theme => document.body.dataset.jpThemeName === theme && !document.getElementById('jupyterlab-splash')"
        self.page.wait_for_function(themed, arg=theme)

    def open(self, name):
        self.run("docmanager:open", path=name, factory="Notebook")
        return Notebook(self, name)


class Notebook:
    """The notebook in front."""

    def __init__(self, desk, name):
        self.desk, self.page, self.name = desk, desk.page, name
        self.panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        # JupyterLab puts the cells on the page when it has time, and waits ten seconds for one that it should show.
        complete = f"() => {PANEL}?.content?.widgets?.every(cell => !cell.isPlaceholder())"
        self.page.wait_for_function(complete, polling=50, timeout=PATIENCE)  # not at each frame: that leaves no time
        self.wait_until_idle()

    def wait_until_idle(self):
        idle = f"() => {PANEL}?.sessionContext?.session?.kernel?.status === 'idle'"
        self.page.wait_for_function(idle, polling=50, timeout=PATIENCE)

    def run_all(self):
        """Clear what is stored, then run all cells."""
        self.desk.run("notebook:clear-all-cell-outputs")
        self.desk.run("notebook:run-all-cells")
        self.wait_until_idle()

    def run_cell(self, index):
        self.page.evaluate(f"index => {{ {PANEL}.content.activeCellIndex = index }}", index)
        self.desk.run("notebook:run-cell")
        self.wait_until_idle()

    def restart(self):
        """Restart the kernel: all that the cells have made is gone from it."""
        self.page.evaluate(f"() => {PANEL}.sessionContext.session.kernel.restart()")
        self.wait_until_idle()

    def kernel(self, code):
        """What the kernel prints when it runs this code, which is in no cell."""
        run = f"""async code => {{
            const printed = [], future = {PANEL}.sessionContext.session.kernel.requestExecute({{ code }});
            future.onIOPub = ({{ content }}) => printed.push(content.text ?? content.evalue);
            await future.done;
            return printed.join("").trim();
        }}"""
        return self.page.evaluate(run, code)

    def n_widgets(self):
        """How many widgets, and parts of widgets, the kernel keeps."""
        return int(self.kernel("print(len(__import__('ipywidgets').widgets.widget._instances))"))

    def cells(self):
        """What would be saved, cell by cell."""
        return self.page.evaluate(f"() => {PANEL}.content.model.toJSON().cells")

    def texts(self):
        """What can be read of each cell: its text on the page, and the alt texts of its pictures."""
        code = """.content.widgets.map(({ node }) => {
            const pictures = [...node.querySelectorAll("img")].map(image => image.alt);
            return [node.textContent, ...pictures].join("\\n");
        })"""
        return self.page.evaluate(f"() => {PANEL}{code}")

    def cell(self, index):
        """The cell on the page, in view: JupyterLab doesn't lay out what is far from the window."""
        cell = self.panel.locator(".jp-Notebook-cell").nth(index)
        cell.scroll_into_view_if_needed()
        return cell

    def explorer(self, cell, nth=0):
        """The nth explorer in a cell, in view and drawn."""
        explorer = Explorer(self.cell(cell).locator(".widget-vbox").nth(nth))
        explorer.wait_until_drawn()
        return explorer

    def close(self):
        """Stop the kernel and close the tab, unsaved."""
        self.page.evaluate(f"() => {PANEL}.sessionContext.shutdown()")
        self.page.evaluate(f"() => {PANEL}.dispose()")


class Explorer:
    """An explorer on the page; its parts are found by what a screen reader calls them, where it does."""

    def __init__(self, root):
        self.root, self.page = root, root.page
        self.canvas, self.play = root.get_by_role("img"), root.get_by_role("button")
        self.words, self.announcer = root.locator(".gdtools-words"), root.locator(".gdtools-announcer")
        self.problem = root.get_by_role("alert")

    def slider(self, name):
        return self.root.get_by_role("slider", name=name)

    def label(self, name):
        """The text beside a slider."""
        return self.root.locator("label", has_text=name).locator("output")

    def start(self, name):
        return self.root.get_by_role("spinbutton", name=f"start {name}")

    def numbers(self):
        """The numbers that the words tell."""
        told = re.findall(r"=\s(\S+?)[,.](?=\s|$)", self.words.text_content())
        return [float(number.replace("−", "-")) for number in told]

    @cached_property
    def width(self):
        """The picture's width in its own pixels: those of Matplotlib."""
        return float(self.root.locator(".gdtools-picture").evaluate("e => e.style.aspectRatio.split('/')[0]"))

    def place(self, pixel):
        """Where on the page a pixel of the picture is."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        return [box[side] + value * box["width"] / self.width for side, value in zip("xy", pixel, strict=True)]

    def wait_until_drawn(self):
        self.canvas.scroll_into_view_if_needed()
        drawn = "c => c.width > 0 && c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)"
        self.page.wait_for_function(drawn, arg=self.canvas.element_handle())

    def color_at(self, pixel):
        """What is drawn at a pixel of the picture: "#rrggbb", or None where the background shows."""
        code = """(canvas, [width, x, y]) => {
            const k = canvas.width / width;
            return [...canvas.getContext("2d").getImageData(Math.floor(x * k), Math.floor(y * k), 1, 1).data];
        }"""
        *rgb, alpha = self.canvas.evaluate(code, [self.width, *map(float, pixel)])
        return f"#{bytes(rgb).hex()}" if alpha else None

    def find(self, color, box):
        """The centre of what has this colour in the box (left, top, right, bottom); None if nothing has it."""
        code = """(canvas, [width, color, ...box]) => {
            const k = canvas.width / width, [left, top, right, bottom] = box.map(side => Math.round(side * k));
            const pixels = canvas.getContext("2d").getImageData(left, top, right - left, bottom - top);
            const wanted = [1, 3, 5].map(i => parseInt(color.slice(i, i + 2), 16)).concat(255);
            let [count, x, y] = [0, 0, 0];
            for (let i = 0; i < pixels.data.length / 4; i++) {
                if (wanted.some((value, c) => pixels.data[4 * i + c] !== value)) continue;
                [count, x, y] = [count + 1, x + i % pixels.width, y + Math.floor(i / pixels.width)];
            }
            return count && [(left + x / count + 0.5) / k, (top + y / count + 0.5) / k];
        }"""
        return self.canvas.evaluate(code, [self.width, color, *map(float, box)]) or None
