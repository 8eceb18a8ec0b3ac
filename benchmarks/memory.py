"""How much memory a kernel takes, from Linux's own books."""

import contextlib
import threading

import psutil

MB = 1e6


def kernel(id):
    """The process of the kernel with this id of Jupyter's."""
    file = f"kernel-{id}.json"
    (found,) = [p for p in psutil.process_iter(["cmdline"]) if any(w.endswith(file) for w in p.info["cmdline"] or [])]
    return found


def peak(process):
    """The most memory, in MB, that the process has had resident so far, shared libraries counted in full."""
    with open(f"/proc/{process.pid}/status") as status:
        (kilobytes,) = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    return 1024 * int(kilobytes) / MB


def share(process):
    """The memory in MB that the process has now, with its share of what several processes use together (PSS)."""
    return process.memory_full_info().pss / MB


@contextlib.contextmanager
def watching(look, every):
    """Call `look()` every so many seconds as long as the block runs; processes may end meanwhile."""
    done = threading.Event()

    def watch():
        while not done.wait(every):
            with contextlib.suppress(psutil.Error, OSError, ValueError):
                look()

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
