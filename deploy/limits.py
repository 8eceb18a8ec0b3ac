"""Limits for each student where there is no systemd: Linux's control groups, of version 1 or 2."""

import os
from pathlib import Path

from jupyterhub.spawner import LocalProcessSpawner

PERIOD = 100_000  # microseconds: how often the processor's share is counted


def limits(user, memory, cores, root=Path("/sys/fs/cgroup")):
    """The files that hold the limits of a user, and what to write there."""
    name, quota = f"jupyter-{user}", int(cores * PERIOD)
    if (root / "cgroup.controllers").exists():  # version 2
        return {root / name / "memory.max": memory, root / name / "cpu.max": f"{quota} {PERIOD}"}
    return {
        root / "memory" / name / "memory.limit_in_bytes": memory,
        root / "cpu" / name / "cpu.cfs_period_us": PERIOD,
        root / "cpu" / name / "cpu.cfs_quota_us": quota,
    }


class LimitedSpawner(LocalProcessSpawner):
    """Starts a student's server in groups that limit the memory and the processor of all that it starts."""

    def make_preexec_fn(self, name):
        become_user = super().make_preexec_fn(name)
        files = limits(name, self.mem_limit, self.cpu_limit)
        for file, value in files.items():
            file.parent.mkdir(exist_ok=True)
            file.write_text(str(value))

        def enter_and_become():
            for group in {file.parent for file in files}:
                (group / "cgroup.procs").write_text(str(os.getpid()))
            become_user()

        return enter_and_become
