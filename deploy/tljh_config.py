"""A class's part of the Littlest JupyterHub: nbgrader's exchange, and who sees what. See docs/teaching.md.

sudo cp deploy/tljh_config.py /opt/tljh/config/jupyterhub_config.d/course.py
sudo tljh-config reload hub
"""

c = get_config()  # noqa: F821 (JupyterHub defines it)


def folder_of(spawner):
    """What JupyterLab and nbgrader show: to an admin the Formgrader, to a student the list of assignments."""
    return f"/srv/course/deploy/nbgrader_{'instructor' if spawner.user.admin else 'student'}"


c.Spawner.environment = {
    "JUPYTER_CONFIG_PATH": folder_of,
    "NBGRADER_EXCHANGE": "/srv/nbgrader/exchange",
    "JUPYTER_RUNTIME_DIR": "/tmp/jupyter",  # for the kernels' sockets, in a /tmp of one's own
    "OPENBLAS_NUM_THREADS": "1",  # as in start: the matrices are small
}
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.unit_extra_properties = {"OOMPolicy": "continue"}  # else the whole server ends with its kernel
