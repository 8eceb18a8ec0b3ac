"""Nobody sees what is another's, and who takes too much loses only that."""

import os
import subprocess
import textwrap
import time

import pytest

from benchmarks.memory import kernel
from benchmarks.student import KernelDied, Student
from tools.hub import environment

from . import people


def test_ada_reads_nothing_that_is_bens_or_inas(hub, ada, ben, ina):
    course = ina.home / people.COURSE
    kept = [
        ben.home,
        ben.home / people.EXERCISES,
        ina.home,
        course / "solutions" / people.SET / "01_exercises.ipynb",
        course / "gradebook.db",
        course / "submitted",
        hub.exchange / "gradient_descent" / "inbound",
        hub.folder / "state" / "jupyterhub.sqlite",
        hub.folder / "state" / "cookie_secret",
        hub.folder / "run" / str(ben.home.stat().st_uid),  # the sockets of his kernels
        f"/proc/{ben.processes()[0].pid}/environ",  # where his token is
    ]
    for path in kept:
        code = f"import os\nopen({str(path)!r}).read() if os.path.isfile({str(path)!r}) else os.listdir({str(path)!r})"
        assert people.run(ada, code).startswith("[Errno 13] Permission denied"), path


def test_ada_enters_no_server_but_hers(ada, ben, ina):
    for other in (ben, ina):
        assert ada.ask("GET", "api/contents", of=other).status_code == 403
    assert ada.ask("GET", f"/hub/api/users/{ben.name}").status_code == 404
    assert ada.ask("DELETE", f"/hub/api/users/{ben.name}/server").status_code == 404


def test_no_kernel_talks_at_a_port_where_others_could_listen(ada, hub):
    listen = "import glob, json, os\nprint(*{json.load(open(file))['transport'] for file in glob.glob("
    assert people.run(ada, listen + "os.environ['JUPYTER_RUNTIME_DIR'] + '/kernel-*.json')})") == "ipc\n"


def test_ada_finds_no_answer_in_the_package_that_checks_hers(ada):
    look = "from pathlib import Path\nimport gdtools.checks.set_01_the_update_rule as set_01\n"
    assert "0.2" not in people.run(ada, look + "print(Path(set_01.__file__).read_text())")


def test_ada_can_take_neither_the_exchange_nor_a_wider_limit(hub, ada):
    course = hub.exchange / "gradient_descent"
    for code in (
        f"import os\nos.rename('{course}', '{course}_mine')",
        f"open('{course}/outbound/mine', 'w')",
        "from pathlib import Path\nnext(Path('/sys/fs/cgroup').glob('**/jupyter-*/memory.*')).write_text('-1')",
    ):
        assert people.run(ada, code).startswith(("[Errno 13] Permission denied", "[Errno 1] Operation not permitted"))


def test_ina_may_stop_a_server_and_not_look_into_it(ina, ada):
    assert ina.ask("GET", "api/contents", of=ada).status_code == 403
    assert ina.ask("GET", f"/hub/api/users/{ada.name}").json()["name"] == ada.name
    assert ina.ask("DELETE", f"/hub/api/users/{ada.name}/server").status_code == 204
    ada.start()


def test_a_kernel_above_its_memory_dies_alone_and_what_was_saved_stays(ada, ben):
    people.run(ben, "print(1)", name="bens.ipynb")
    others = Student(ben.url, "bens.ipynb")
    before, server = kernel(others.kernel), kernel(others.kernel).parent()
    hers = {process.pid for process in ada.processes()}
    people.run(ada, "print('saved')", name="saved.ipynb")
    with pytest.raises(KernelDied):
        people.run(ada, "b'x' * 1_500_000_000", name="hungry.ipynb")
    assert hers <= {process.pid for process in ada.processes()}  # her server runs on
    assert people.read(ada, "saved.ipynb").cells[0].source == "print('saved')"
    assert people.read(ada, "hungry.ipynb").cells[0].source.startswith("b'x'")
    assert people.run(ada, "print(2)") == "2\n"
    assert before.is_running() and server.is_running()
    others.run()
    assert not others.faults
    others.leave()


def test_two_busy_processes_get_no_more_than_one_processor(ada):
    code = """
        import os, time
        pids = [os.fork() for _ in range(2)]
        end = time.time() + 3
        while time.time() < end and 0 in pids: pass
        if 0 in pids: os._exit(0)
        for pid in pids: os.wait()
        used = os.times()
        print(used.children_user + used.children_system)
    """
    assert float(people.run(ada, textwrap.dedent(code))) < 3.5


def test_an_idle_server_is_stopped_and_comes_back_with_all_that_was_saved(hub, ben):
    people.write(ben, "kept.ipynb", people.read(ben, "bens.ipynb"))
    time.sleep(3)
    culler = [environment() / "bin" / "python", "-m", "jupyterhub_idle_culler", "--timeout=2", "--cull-every=1"]
    settings = os.environ | {"JUPYTERHUB_API_TOKEN": hub.token, "JUPYTERHUB_API_URL": hub.api}
    running = subprocess.Popen(culler, env=settings)
    try:
        end = time.monotonic() + 60
        while ben.processes() and time.monotonic() < end:
            time.sleep(0.5)
        assert not ben.processes()
    finally:
        running.terminate()
        running.wait()
    ben.start()
    assert people.read(ben, "kept.ipynb") == people.read(ben, "bens.ipynb")
