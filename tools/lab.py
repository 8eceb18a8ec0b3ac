"""A JupyterLab of its own and the machine's Chromium, for the browser tests and the benchmarks.

with jupyterlab(folder) as url, sync_playwright() as driver:
    page = driver.chromium.launch(**chromium()).new_page()
    page.goto(url("notebook.ipynb"))
    run_all(page)
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status"
NEWS = "settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings"


def chromium():
    """The arguments of playwright's `launch`, or None without a browser. The variable CHROMIUM can name one."""
    found = filter(None, map(shutil.which, [os.environ.get("CHROMIUM", ""), *BROWSERS]))
    path = next(found, None)
    return path and {"executable_path": path, "args": FLAGS}


@contextlib.contextmanager
def jupyterlab(root, patience=60):
    """Run JupyterLab on the folder `root`, apart from the user's own settings; yield a function: path -> address.

    Raises RuntimeError, with what the server printed, if it doesn't answer within `patience` seconds.
    """
    token = secrets.token_hex(16)
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as private,
        _server(root, token, Path(private)) as server,
    ):
        port = _port(server, Path(private), patience)
        yield lambda path: f"http://127.0.0.1:{port}/lab/tree/{quote(str(path))}?token={token}"


def run_all(page, timeout=60):
    """Wait for the kernel of the notebook in `page`, run all cells, and wait until the last one has ended."""
    page.wait_for_function(f"() => {KERNEL} === 'idle'", timeout=1000 * timeout)
    run = "jupyterapp.commands.execute('notebook:run-all-cells').then(() => (window.ended = true))"
    page.evaluate("() => { window.ended = false; " + run + "; }")
    page.wait_for_function("() => window.ended", timeout=1000 * timeout)


@contextlib.contextmanager
def _server(root, token, private):
    folders = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    options = [
        "--no-browser",
        "--allow-root",
        f"--ServerApp.root_dir={Path(root).resolve()}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",  # any free one
        f"--IdentityProvider.token={token}",
        "--LabApp.expose_app_in_browser=True",  # `jupyterapp` in the page
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    environment = os.environ | {name: str(private / folder) for name, folder in folders.items()}
    environment |= {"JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    (private / NEWS).parent.mkdir(parents=True)
    (private / NEWS).write_text('{"fetchNews": "false"}')
    with (private / "log").open("w") as log:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            yield server
        finally:
            server.terminate()  # it ends its kernels
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _port(server, private, patience):
    """The port that the server has written into its runtime folder, once it listens."""
    end = time.monotonic() + patience
    while time.monotonic() < end and server.poll() is None:
        for file in private.glob("runtime/jpserver-*.json"):
            with contextlib.suppress(json.JSONDecodeError, OSError):  # not yet written to its end, not yet listening
                if port := json.loads(file.read_text(encoding="utf-8"))["port"]:
                    socket.create_connection(("127.0.0.1", port)).close()
                    return port
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start:\n" + (private / "log").read_text(encoding="utf-8", errors="replace"))
