"""Visit a published folder as a reader does: on a server that only hands out files, in a browser without internet."""

import contextlib
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from tools.lab import chromium

OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
PATIENCE = 120_000  # milliseconds, on a machine that does something else, too
WINDOW = {"width": 1280, "height": 800}
SLIDER = "main input[type=range]:visible"
PICTURE = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
LOADED = """() => ["navigation", "resource"]
    .flatMap((kind) => performance.getEntriesByType(kind))
    .map((entry) => entry.encodedBodySize)"""
RUN = """async () => {
    const { commands, shell } = jupyterapp;
    const { content, sessionContext } = shell.currentWidget;
    await sessionContext.ready;
    content.activeCellIndex = content.widgets.findIndex((cell) => cell.model.type === "code");
    await commands.execute("notebook:run-cell");
    if (content.activeCell.model.executionCount !== 1) throw new Error("the cell has not run");
}"""


@contextlib.contextmanager
def hosted(folder, complaints):
    """The address of the folder on a server that hands out files; as with most hosts, not the topmost one."""

    class Host(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Says nothing of what it could hand out."""

        def log_error(self, words, *values):
            complaints.append(f"{self.path}: {words % values}")

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=folder.parent)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}/"
        server.shutdown()


@contextlib.contextmanager
def visitor(browser, complaints):
    """A page of somebody who has never been here. What the browser complains of is added to the list."""
    context = browser.new_context(viewport=WINDOW)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)

    def complain(words):
        complaints.append(f"{page.url.rpartition('/')[2]}: {words}")

    page.on("pageerror", lambda error: complain(error.message))
    page.on("console", lambda message: message.type == "error" and complain(message.text))
    page.on("requestfailed", lambda request: complain(f"can't load {request.url}"))
    yield page
    context.close()


def visit(folder):
    """Visit a folder without the internet. Returns what is wrong."""
    from playwright.sync_api import sync_playwright

    if not (options := chromium()):
        return ["Nothing was visited: there is no Chromium"]
    with sync_playwright() as driver:
        return look(driver.chromium.launch(**options | {"args": [*options["args"], OFFLINE]}), folder)


def look(browser, folder):
    """Open each page, move a slider, run a cell in the browser edition; print what it takes. Returns what is wrong."""
    complaints = []
    with hosted(folder, complaints) as address:
        for path in sorted([*folder.glob("*.html"), *folder.glob("slides/*.html")]):
            name = path.relative_to(folder).as_posix()
            with visitor(browser, complaints) as page:
                page.goto(address + name)
                picture = page.wait_for_function(PICTURE).json_value() / 1000
                sizes = page.evaluate(LOADED)
            print(f"{name}: {len(sizes)} requests, {sum(sizes) / 1e6:.1f} MB, seen after {picture:.1f} s", flush=True)
        for told, act in [("a slider moves", move_a_slider), ("a cell runs in the browser edition", run_a_cell)]:
            with visitor(browser, complaints) as page:
                page.goto(address)
                start = time.perf_counter()
                try:
                    act(page)
                except Exception as error:  # of any kind: it is told
                    complaints.append(f"It is not so that {told}: {error}")
                print(f"From the index until {told}: {time.perf_counter() - start:.1f} s", flush=True)
    return complaints


def move_a_slider(page):
    page.click("main a[href='02_the_learning_rate.html']")
    page.press(SLIDER, "End")
    page.wait_for_function("() => document.querySelector('main input[type=range]:focus').value > 0")


def run_a_cell(page):
    page.click("a[href*='lite/lab/index.html']")
    page.wait_for_function("() => window.jupyterapp?.shell.currentWidget?.sessionContext")
    page.evaluate(RUN)
