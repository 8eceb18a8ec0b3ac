"""What stands in deploy/ for a hub: no solutions, names that the chart knows, an image that no volume hides."""

import os
import re
import shlex
import shutil
import stat
import subprocess
import warnings
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import pytest
import yaml

from tools.binder import ROOT, dockerfile
from tools.hub_files import COMMAND, PLACE, hub_files

DEPLOY = ROOT / "deploy"
VALUES = DEPLOY / "values.yaml"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="a hub runs on Linux")


def faults(text):
    schema = yaml.safe_load((DEPLOY / "values.schema.yaml").read_text(encoding="utf-8"))
    found = jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(text))
    return [f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in found]


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load(VALUES.read_text(encoding="utf-8"))


def test_the_chart_knows_the_names_in_values_yaml():
    assert faults(VALUES.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("singleuser:", "singleUser:"),
        ("guarantee: 512M", "guaranteed: 512M"),
        ("limit: 1G", "limit: 1 GB"),
        ("defaultUrl:", "default_url:"),
        ("timeout: 3600", "timeout: one hour"),
        ("cull:", "culling:"),
        ("hook:", "hooks:"),
        ("working_dir:", "workingDir:"),
        ("    extraVolumeMounts:", "    volumeMounts:"),
        ('tag: "1"', "tag: 1"),
    ],
)
def test_a_typo_in_values_yaml_is_found(old, new):
    text = VALUES.read_text(encoding="utf-8")
    assert old in text
    assert faults(text.replace(old, new, 1)) != []


def test_each_student_has_a_number_and_an_instructor_the_formgrader(values):
    c = SimpleNamespace(KubeSpawner=SimpleNamespace(environment={}))
    for code in values["hub"]["extraConfig"].values():
        exec(code, {"c": c})
    people = [
        SimpleNamespace(user=SimpleNamespace(id=number, groups=[SimpleNamespace(name=name) for name in groups]))
        for number, groups in [(1, ["instructors"]), (2, []), (3, ["others"])]
    ]
    assert len({c.KubeSpawner.uid(spawner) for spawner in people}) == 3
    folders = [c.KubeSpawner.environment["JUPYTER_CONFIG_PATH"](spawner) for spawner in people]
    assert folders == [f"{PLACE}/deploy/nbgrader_{role}" for role in ("instructor", "student", "student")]
    assert all((DEPLOY / folder.rpartition("/")[2]).is_dir() for folder in folders)


def test_the_exchange_is_one_place(values):
    claim, job = yaml.safe_load_all((DEPLOY / "exchange.yaml").read_text(encoding="utf-8"))
    (volume,), (mount,) = (values["singleuser"]["storage"][name] for name in ("extraVolumes", "extraVolumeMounts"))
    claims = [
        one["persistentVolumeClaim"]["claimName"] for one in (volume, *job["spec"]["template"]["spec"]["volumes"])
    ]
    assert set(claims) == {claim["metadata"]["name"]}
    assert volume["name"] == mount["name"]
    assert mount["mountPath"] == values["singleuser"]["extraEnv"]["NBGRADER_EXCHANGE"]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub") / "course"
    hub_files(folder)
    return folder


@pytest.fixture(scope="module")
def steps(made):
    """The Dockerfile."""
    return dockerfile(made)


def test_the_image_has_the_course_outside_the_home(steps, values):
    asked = COMMAND.replace("\\\n", " ").format(place=PLACE, appendix="appendix", folder="folder")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # repo2docker uses an old name of python-json-logger
        from repo2docker.__main__ import make_r2d
    app = make_r2d(shlex.split(asked)[1:])
    home = f"/home/{app.user_name}"
    assert (app.target_repo_dir, app.user_name, app.user_id) == (PLACE, "jovyan", 1000)
    assert "HOME=/home/${NB_USER}" in steps and "COPY --chown=1000:1000 src/ ${REPO_DIR}/" in steps
    traits = values["hub"]["config"]["KubeSpawner"]
    assert traits == {"working_dir": home, "notebook_dir": home}
    assert home not in Path(PLACE).parents


def test_the_image_finds_start(made, steps):
    assert 'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"' in steps
    assert (made / "binder" / "start").read_bytes() == (ROOT / "start").read_bytes()


def test_the_image_installs_what_is_tested_and_nothing_editable(made, steps):
    script = (made / "binder" / "postBuild").read_text(encoding="utf-8")
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in steps
    assert "RUN ./binder/postBuild" in steps
    assert not re.search(r"(-e|--editable)\b[ =]?\S", re.sub("#.*", "", steps + script).replace("set -e\n", ""))
    installs = re.findall(r"pip install (.*)", script)
    assert installs == [
        "--no-cache-dir --require-hashes --requirement requirements-hub.lock",
        "--no-cache-dir --no-deps .",
    ]
    lock = (made / "requirements-hub.lock").read_text(encoding="utf-8")
    assert all(f"\n{name}==" in lock for name in ("jupyterhub", "nbgitpuller", "nbgrader", "jupyterlab", "numpy"))


def test_a_hub_holds_no_solutions_and_what_its_configuration_names(made):
    assert {path.name for path in made.iterdir()}.isdisjoint({"solutions", "tests", "evidence"})
    assert not list(made.rglob("*solution*"))
    named = ["jupyterhub_config.py", "limits.py", "tljh_config.py", "nbgrader_student", "nbgrader_instructor"]
    assert all((made / "deploy" / name).exists() for name in named)
    assert (made / "binder" / "postBuild").stat().st_mode & stat.S_IXUSR


def test_on_the_littlest_jupyterhub_an_admin_has_the_formgrader():
    c = SimpleNamespace(Spawner=SimpleNamespace(), SystemdSpawner=SimpleNamespace())
    exec((DEPLOY / "tljh_config.py").read_text(encoding="utf-8"), {"get_config": lambda: c})
    for admin, role in [(True, "instructor"), (False, "student")]:
        folder = c.Spawner.environment["JUPYTER_CONFIG_PATH"](SimpleNamespace(user=SimpleNamespace(admin=admin)))
        assert folder == f"{PLACE}/deploy/nbgrader_{role}"
    assert c.Spawner.environment.keys() >= {"NBGRADER_EXCHANGE", "JUPYTER_RUNTIME_DIR"}


def test_everybody_in_the_image_is_called_jovyan():
    """nbgrader asks the system who one is, and JupyterHub only if the answer is jovyan."""
    if not shutil.which("bash"):
        pytest.skip("there is no bash")
    appendix = (DEPLOY / "image" / "appendix").read_text(encoding="utf-8")
    loop = re.search(r"^RUN (.*) >> /etc/passwd$", appendix, re.MULTILINE)[1]
    lines = subprocess.run(["bash", "-c", loop], capture_output=True, text=True, check=True).stdout.splitlines()
    assert lines[0] == "jovyan:x:10001:100::/home/jovyan:/bin/bash" and len(lines) == 9999
