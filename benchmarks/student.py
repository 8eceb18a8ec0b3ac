"""A student, as a Jupyter server sees one: opens a notebook, runs its cells in a kernel, saves."""

import contextlib
import json
import secrets
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import nbformat
import websocket
from jupyter_client.jsonutil import json_default
from jupyter_client.session import Session

from tools.notebooks import printed, readable

SHOWN = {"stream", "display_data", "execute_result", "error"}


class KernelDied(Exception):
    """The kernel has gone while a cell ran."""


class Student:
    """Opens the notebook `name` at the server; `url` is what `tools.lab.jupyterlab` yields, or a person's at a hub.

    `faults` are the cells that raised, warned, or printed something else than is stored.
    """

    def __init__(self, url, name):
        address = urlsplit(url(""))
        self.site, self.name, self.faults = address.netloc + address.path.partition("/lab/")[0], name, []
        self.token = {"Authorization": f"token {parse_qs(address.query)['token'][0]}"}
        session = {"path": name, "name": name, "type": "notebook", "kernel": {"name": "python3"}}
        self.kernel = self._ask("POST", "sessions", session)["kernel"]["id"]
        self.notebook = self.saved()
        self.cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    def saved(self):
        """The notebook as the server has stored it."""
        return nbformat.from_dict(self._ask("GET", f"contents/{self.name}?content=1")["content"])

    def save(self):
        self._ask("PUT", f"contents/{self.name}", {"type": "notebook", "content": self.notebook})

    def run(self, after_each=lambda cell: None):
        """Run all code cells, one after the other. Raises KernelDied."""
        channels = f"ws://{self.site}/api/kernels/{self.kernel}/channels?session_id={secrets.token_hex(8)}"
        line = websocket.create_connection(channels, header=self.token, timeout=600)
        try:
            _wake(line)
            for cell in self.cells:
                outputs = list(_execute(line, cell))
                if _fault(cell, outputs):
                    self.faults.append(cell.id)
                cell.outputs = outputs
                after_each(cell)
        finally:
            line.close()

    def leave(self):
        """Stop the kernel."""
        self._ask("DELETE", f"kernels/{self.kernel}")

    def _ask(self, method, path, content=None):
        data = json.dumps(content).encode() if content else None
        with urlopen(Request(f"http://{self.site}/api/{path}", data, self.token, method=method), timeout=600) as answer:
            return json.loads(answer.read() or "null")


def _wake(line):
    """Wait until the kernel answers: of what it is asked while it starts, the answer may be lost."""
    line.settimeout(5)
    while True:
        with contextlib.suppress(websocket.WebSocketTimeoutException):
            return list(_answers(line, "kernel_info_request", {}))


def _execute(line, cell):
    """Run a cell; yield its outputs."""
    line.settimeout(600)
    content = {"code": cell.source, "allow_stdin": False}
    for message in _answers(line, "execute_request", content, {"cellId": cell.id}):
        if message["msg_type"] in SHOWN:
            yield nbformat.v4.output_from_msg(nbformat.from_dict(message))


def _answers(line, kind, content, metadata=None):
    """Ask the kernel; yield what it says until it is idle again. Raises KernelDied."""
    request = Session().msg(kind, content, metadata=metadata) | {"channel": "shell"}
    line.send(json.dumps(request, default=json_default))
    while True:
        frame = line.recv()
        if isinstance(frame, bytes):  # what widgets send to their other half, of which there is none
            continue
        message = json.loads(frame)
        state = message["content"].get("execution_state")
        if state in ("restarting", "dead"):
            raise KernelDied(kind)
        if message["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            yield message
            if state == "idle":
                return


def _fault(cell, outputs):
    """Whether the cell went wrong, or printed other numbers than the notebook has."""
    checked = "nbval-check-output" in cell.metadata.get("tags", [])
    failed = any(output.output_type == "error" or output.get("name") == "stderr" for output in outputs)
    return failed or (checked and _texts(outputs) != _texts(cell.outputs))


def _texts(outputs):
    return [o.get("text") or o.data["text/plain"] for o in readable(outputs) if printed(o)]
