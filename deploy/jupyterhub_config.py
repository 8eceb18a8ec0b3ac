"""JupyterHub for a class on one Linux machine: real accounts, limits, and nbgrader's exchange.

As root, once:

    groupadd students; groupadd instructors
    useradd --create-home --key HOME_MODE=0700 --shell /bin/bash --groups students ada    # and so on; passwd ada

and then, with what requirements-hub.lock and npm's configurable-http-proxy bring, in a folder that all may read:

    jupyterhub --config deploy/jupyterhub_config.py

A password travels in the clear until there is TLS: put nginx or Caddy before it, or set c.JupyterHub.ssl_key and
ssl_cert. Users of one address trust each other's pages; with a wildcard domain, c.JupyterHub.subdomain_host parts them.
"""

import grp
import os
import pwd
import shutil
import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path.insert(0, str(here))
from limits import LimitedSpawner  # noqa: E402

c = get_config()  # noqa: F821 (JupyterHub defines it)

students = os.environ.get("HUB_STUDENTS", "students")  # these two are groups of Linux
instructors = os.environ.get("HUB_INSTRUCTORS", "instructors")
state = Path(os.environ.get("HUB_STATE", "/var/lib/jupyterhub"))
sockets = Path(os.environ.get("HUB_SOCKETS", "/run/jupyterhub"))
exchange = Path(os.environ.get("NBGRADER_EXCHANGE", "/srv/nbgrader/exchange"))

# Who may log in: the accounts of this machine that are in one of the two groups, with their own passwords.
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {students, instructors}

# An instructor sees who works, and may start and stop their servers; nobody may look into another's.
c.JupyterHub.load_groups = {"instructors": {"users": grp.getgrnam(instructors).gr_mem}}
c.JupyterHub.load_roles = [
    {"name": "instructor", "groups": ["instructors"], "scopes": ["admin-ui", "list:users", "servers"]},
    {
        "name": "idle-culler",
        "services": ["idle-culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    },
]

# A server that has been idle for an hour is stopped. What was saved stays; the next click starts it again.
c.JupyterHub.services = [
    {"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"]}
]

# What one student may have, all kernels and terminals together. Linux holds them to it, by control groups: what goes
# above the memory is killed alone (the largest process: a kernel), and what was saved stays.
c.Spawner.mem_limit = "1G"
c.Spawner.cpu_limit = 1
if Path("/run/systemd/system").is_dir():
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.unit_extra_properties = {"OOMPolicy": "continue"}  # else the whole server ends with its kernel
    c.SystemdSpawner.isolate_tmp = True
else:
    c.JupyterHub.spawner_class = LimitedSpawner
c.JupyterHub.concurrent_spawn_limit = 30  # who comes when so many servers are just starting is told to try again

c.Spawner.cmd = [str(Path(sys.executable).with_name("jupyterhub-singleuser"))]
c.Spawner.default_url = "/lab"
c.Spawner.http_timeout = c.Spawner.start_timeout = 180  # seconds, for the last of them


def folder_of(spawner):
    """What JupyterLab and nbgrader show: to an instructor the Formgrader, to a student the list of assignments."""
    teaches = spawner.user.name in grp.getgrnam(instructors).gr_mem
    return str(here / ("nbgrader_instructor" if teaches else "nbgrader_student"))


c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": folder_of,
    "NBGRADER_EXCHANGE": str(exchange),
    "OPENBLAS_NUM_THREADS": "1",  # as in start: the matrices are small
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # nbgrader calls alembic by its bare name
}


def prepare(spawner):
    """A home that only its owner reads, which not every useradd makes; and a folder for the kernels' sockets."""
    account = pwd.getpwnam(spawner.user.name)
    Path(account.pw_dir).chmod(0o700)
    own = sockets / str(account.pw_uid)  # a short path: Linux allows 107 letters
    own.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(own, account.pw_uid, account.pw_gid)
    spawner.environment["JUPYTER_RUNTIME_DIR"] = str(own)


c.Spawner.pre_spawn_hook = prepare

# Passwords and tokens are root's alone.
state.mkdir(mode=0o700, parents=True, exist_ok=True)
c.JupyterHub.cookie_secret_file = str(state / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{state}/jupyterhub.sqlite"
c.ConfigurableHTTPProxy.pid_file = str(state / "proxy.pid")

# The exchange. nbgrader wants it open to all (1777: only the owner of a folder may rename it, as in /tmp), and makes
# in the course's folder what students may write to but not list. That belongs to the first of the instructors, who
# releases and collects, before a student can take its name.
exchange.mkdir(parents=True, exist_ok=True)
exchange.chmod(0o1777)
course = exchange / "gradient_descent"
if teachers := grp.getgrnam(instructors).gr_mem:
    course.mkdir(mode=0o755, exist_ok=True)
    shutil.chown(course, teachers[0])
