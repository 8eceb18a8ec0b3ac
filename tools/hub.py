"""A JupyterHub of its own, as deploy/ configures it, with real accounts of this machine: for the tests and the load.

with jupyterhub(students=["ada", "ben"], instructors=["ina"]) as hub:
    ada = hub.people["ada"]
    ada.log_in()
    ada.start()
    ada.ask("GET", "api/contents")

It needs root, Linux, and an environment that all accounts may read: `make hub-test` makes one. Accounts, their files
and their processes are removed at the end; those of a run that was killed, at the beginning of the next.
"""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psutil
import requests

from tools import student_repo
from tools.hub_files import hub_files

with contextlib.suppress(ImportError):  # Windows has none, and no hub: see `impossible`
    import pwd

ROOT = Path(__file__).resolve().parents[1]
PROXY = ROOT / "node_modules" / ".bin" / "configurable-http-proxy"
SYSTEMD = Path("/run/systemd/system")  # is there where systemd runs
PREFIX = "gdtest"  # then the number of the process that made the account
GROUPS = ("students", "instructors")
CONFIG = """
c = get_config()
load_subconfig({deploy!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.JupyterHub.services[0]["api_token"] = {token!r}
c.Spawner.args = ["--LabApp.expose_app_in_browser=True"]  # `jupyterapp` in the page
"""


def environment():
    """The folder with JupyterHub in it, as `make` names it."""
    return Path(os.environ.get("HUB", ROOT / ".venv-hub")).resolve()


def impossible():
    """Why there can be no hub on such a machine, or None."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "it makes accounts, which only root can (in a container, say)"
    groups = Path("/sys/fs/cgroup/memory")  # of version 1; in version 2, all groups are in one folder
    if not SYSTEMD.is_dir() and not os.access(groups if groups.is_dir() else groups.parent, os.W_OK):
        return "it limits accounts by control groups, which can't be made here"
    return None


def missing():
    """What has not been installed yet, or None."""
    if not (environment() / "bin" / "jupyterhub").exists():
        return f"there is no JupyterHub in {environment()}: make hub-test"
    if not PROXY.exists():
        return "npm has not brought configurable-http-proxy: make node_modules"
    command = [environment() / "bin" / "python", "-c", ""]
    if subprocess.run(command, user="nobody", group="nogroup", extra_groups=[], capture_output=True).returncode:
        return f"other accounts can't use {environment()}: make hub-test HUB=/opt/gradient-descent-hub"
    return None


class Person:
    """Somebody with an account: at the hub by a browser's means, and on the machine."""

    def __init__(self, name, home):
        self.name, self.home, self.password = name, home, secrets.token_hex(8)

    def log_in(self, password=None):
        """Fill in the form of the hub; return whether that let one in."""
        self.session = requests.Session()
        form = self.session.get(f"{self.site}/hub/login").text
        fields = {"username": self.name, "password": password or self.password}
        fields["_xsrf"] = re.search(r'name="_xsrf" value="([^"]+)"', form)[1]
        answer = self.session.post(f"{self.site}/hub/login?next=/hub/home", fields, allow_redirects=False)
        if answer.status_code != 302:
            return False
        token = self.session.post(f"{self.site}/hub/api/users/{self.name}/tokens", headers=self._referer()).json()
        self.token = token["token"]
        return True

    def start(self, patience=180):
        """Start one's server, and wait until it answers; return the seconds."""
        start, page = time.monotonic(), self.session.get(f"{self.site}/hub/spawn")
        while f"/user/{self.name}/" not in page.url:
            if time.monotonic() > start + patience:
                raise TimeoutError(f"{self.name}'s server did not start: {page.url}")
            time.sleep(0.5)
            later = "spawn" if page.status_code == 429 else f"spawn-pending/{self.name}"  # 429: many are just starting
            page = self.session.get(f"{self.site}/hub/{later}")
        page.raise_for_status()
        return time.monotonic() - start

    def ask(self, method, path, of=None, **content):
        """What one's own server answers, or that of somebody else; at path "/hub/...", the hub."""
        address = path if path.startswith("/hub/") else f"/user/{(of or self).name}/{path}"
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.site + address, headers=headers, timeout=600, **content)

    def url(self, path):
        """The address of a file in one's JupyterLab, as `tools.lab.jupyterlab` yields it."""
        return f"{self.site}/user/{self.name}/lab/tree/{quote(str(path))}?token={self.token}"

    def processes(self):
        """What runs for this account, now."""
        uid = pwd.getpwnam(self.name).pw_uid
        return [process for process in psutil.process_iter(["uids"]) if process.info["uids"].real == uid]

    def _referer(self):
        cookie = next(c.value for c in self.session.cookies if c.name == "_xsrf" and c.path == "/hub/")
        return {"X-XSRFToken": cookie}


class Hub:
    """`people` by their short names; `site` is the hub's address; `folder`, open to all, is where its files are."""

    def __init__(self, folder, groups, people):
        self.folder, self.groups, self.people = folder, groups, people
        self.exchange, self.log, self.token = folder / "exchange", folder / "log", secrets.token_hex(16)

    @contextlib.contextmanager
    def running(self, patience=60):
        ports = free_ports(3)
        self.site, self.api = f"http://127.0.0.1:{ports[0]}", f"http://127.0.0.1:{ports[1]}/hub/api"
        for person in self.people.values():
            person.site = self.site
        hub_files(self.folder / "course")
        deploy = self.folder / "course" / "deploy" / "jupyterhub_config.py"
        config = self.folder / "config.py"
        config.write_text(CONFIG.format(deploy=str(deploy), ports=ports, proxy=str(PROXY), token=self.token))
        config.chmod(0o600)
        students, instructors = self.groups
        settings = {
            "HUB_STUDENTS": students,
            "HUB_INSTRUCTORS": instructors,
            "HUB_STATE": str(self.folder / "state"),
            "HUB_SOCKETS": str(self.folder / "run"),
            "NBGRADER_EXCHANGE": str(self.exchange),
        }
        command = [environment() / "bin" / "jupyterhub", "--config", config]
        with self.log.open("w") as log:
            self.log.chmod(0o600)
            hub = subprocess.Popen(
                command, cwd=self.folder, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT
            )
            self.process = psutil.Process(hub.pid)
            try:
                self._wait(hub, patience)
                yield self
            finally:
                hub.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    hub.wait(30)
                hub.kill()

    def _wait(self, hub, patience):
        end = time.monotonic() + patience
        while hub.poll() is None and time.monotonic() < end:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{self.site}/hub/health", timeout=5).ok:
                    return
            time.sleep(0.2)
        raise RuntimeError(f"JupyterHub did not start:\n{self.log.read_text()}")


@contextlib.contextmanager
def jupyterhub(students, instructors=(), strangers=()):
    """Accounts for these people, and a hub for all but the strangers, until the block ends."""
    remove_accounts_of_runs_that_were_killed()
    mark = f"{PREFIX}{os.getpid()}"
    folder, groups = Path("/srv", mark), [f"{mark}-{group}" for group in GROUPS]
    try:
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        (folder / "home").mkdir()
        people = {}
        for group, names in zip([*groups, "nogroup"], (students, instructors, strangers), strict=True):
            run("groupadd", "--force", group)
            for name in names:
                people[name] = account(f"{mark}-{name}", group, folder / "home" / name)
        with Hub(folder, groups, people).running() as hub:
            yield hub
    finally:
        remove_accounts(mark)


def account(name, group, home):
    """A new account of this machine, with a password, as the head of deploy/jupyterhub_config.py makes it."""
    person = Person(name, home)
    options = ["--create-home", "--home-dir", str(home), "--key", "HOME_MODE=0700", "--shell", "/bin/bash"]
    run("useradd", *options, "--groups", group, name)
    run("chpasswd", input=f"{name}:{person.password}\n")
    return person


def course_for_students(folder):
    """A repository with what students get, on a branch `student`."""
    student_repo.write(folder)
    run("git", "init", "--quiet", "--initial-branch=student", folder)
    commit(folder)


def commit(folder):
    git = ["git", "-C", folder, "-c", "user.name=ina", "-c", "user.email=ina@localhost"]
    run(*git, "add", "--all")
    run(*git, "commit", "--quiet", "--message=What is new")


@contextlib.contextmanager
def git_server(folder):
    """Serve the repositories in `folder` to this machine, as GitHub does to all; yield the address."""
    (port,) = free_ports(1)
    options = ["--export-all", f"--base-path={folder}", "--listen=127.0.0.1", f"--port={port}", "--reuseaddr"]
    server = subprocess.Popen(["git", "daemon", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"git://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def remove_accounts(mark):
    """End what runs for the accounts whose names begin with this mark, and remove them, their groups and files."""
    names = [entry.pw_name for entry in pwd.getpwall() if entry.pw_name.startswith(f"{mark}-")]
    uids = {pwd.getpwnam(name).pw_uid for name in names}
    gone = [process for process in psutil.process_iter(["uids"]) if process.info["uids"].real in uids]
    for process in gone:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(gone, timeout=10)
    for command in [("userdel", name) for name in names] + [("groupdel", f"{mark}-{g}") for g in GROUPS]:
        subprocess.run(command, capture_output=True)
    for group in Path("/sys/fs/cgroup").glob(f"*/jupyter-{mark}-*"):
        group.rmdir()
    shutil.rmtree(Path("/srv", mark), ignore_errors=True)


def remove_accounts_of_runs_that_were_killed():
    found = {match[0] for entry in pwd.getpwall() if (match := re.match(rf"{PREFIX}(\d+)(?=-)", entry.pw_name))}
    for mark in found:
        if not psutil.pid_exists(int(mark.removeprefix(PREFIX))):
            remove_accounts(mark)


def free_ports(count):
    """Ports of this machine that nothing listens at, now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]
