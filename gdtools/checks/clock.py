"""An end for what comes to none: a call may compute for `SECONDS`, a whole check may last `PATIENCE`.

On Unix, a timer ticks. Where there is none (Windows, the browser, another thread), Python tells of each turn of a loop;
before 3.12, of each line, which is slower, and not of what an answer does after a bare `except:` has swallowed the end.
"""

import contextlib
import signal
import sys
import threading
import time

SECONDS = 5  # of the processor, a busy machine is no reason to stop
PATIENCE = 40  # on the wall, for what sleeps; less than the minute that nbgrader gives to a cell

_here = threading.local()  # the clock of the check that runs in this thread


class TimeIsUp(BaseException):
    """No Exception, so that an `except Exception` in an answer doesn't catch it."""


class Clock:
    def __init__(self):
        self.thread, self.last = threading.get_ident(), time.monotonic() + PATIENCE
        self.renew()

    def renew(self):
        """A new call begins, or the check goes on."""
        self.rang, self.limit, self.end = False, SECONDS, _processor() + SECONDS

    def look(self, *where):
        """Raise if it is time: called by the timer with the frame that it interrupts last, or at a turn of a loop."""
        if self.thread != threading.get_ident() or (_processor() < self.end and time.monotonic() < self.last):
            return
        self.limit = SECONDS if _processor() > self.end else PATIENCE
        if self.rang and hasattr(where[-1], "f_back"):
            _raise_in_the_next_handler(where[-1])  # nothing of ours is called from here on: it would be traced
        self.rang = True
        raise TimeIsUp


def current():
    return getattr(_here, "clock", None) or Clock()


@contextlib.contextmanager
def ticking():
    """Look at a new clock again and again."""
    _here.clock, tracing = Clock(), sys.gettrace()
    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    turns = hasattr(sys, "monitoring") and not sys.monitoring.get_tool(4)
    try:
        with (_timer if alarm else _turns if turns else _lines)(_here.clock):
            yield _here.clock
    finally:
        sys.settrace(tracing)
        del _here.clock


@contextlib.contextmanager
def _timer(clock):
    before = signal.signal(signal.SIGALRM, clock.look)
    signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextlib.contextmanager
def _turns(clock):
    watch, tool = sys.monitoring, 4  # one that no debugger and no profiler takes
    watch.use_tool_id(tool, "gdtools")
    watch.register_callback(tool, watch.events.JUMP, clock.look)
    watch.set_events(tool, watch.events.JUMP)
    try:
        yield
    finally:
        watch.set_events(tool, 0)
        watch.register_callback(tool, watch.events.JUMP, None)
        watch.free_tool_id(tool)


@contextlib.contextmanager
def _lines(clock):
    def trace(frame, event, _):
        clock.look(frame)
        return trace

    sys.settrace(trace)  # what raises takes it off, or `ticking`
    yield


def _raise_in_the_next_handler(frame):
    """An `except:` has swallowed it: raise it again in there, from where it leaves the loop around."""

    def trace(frame, event, _):
        if event == "line":
            raise TimeIsUp
        return trace

    while frame is not None and frame.f_code.co_name != "call":
        frame.f_trace, frame = trace, frame.f_back
    sys.settrace(trace)


def _processor():
    """Seconds of the processor that this thread has had; where that isn't counted, those on the wall."""
    try:
        return time.thread_time()
    except (AttributeError, OSError):
        return time.monotonic()
