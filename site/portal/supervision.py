"""The supervisor's configuration: web processes and one worker, restarted when killed."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from portal.environment import BASE_DIR, Environment

#: A dead parent must not be restarted into a port that its orphans still hold: gunicorn's
#: workers leave within a second of losing their master, so a few quick retries suffice.
TEMPLATE = """\
[supervisord]
nodaemon=true
user={user}
logfile=/dev/null
logfile_maxbytes=0
pidfile={run}/supervisord.pid
childlogdir={run}
loglevel=warn
silent=true

[unix_http_server]
file={run}/supervisor.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[program:web]
command={python} -m gunicorn portal.wsgi --pythonpath {site} --bind 0.0.0.0:{port}
    --workers {workers} --worker-class gthread --threads 4 --timeout 60 --graceful-timeout 10
    --max-requests 20000 --max-requests-jitter 2000 --worker-tmp-dir {tmp} --log-level warning
    --no-control-socket
directory={base}
{common}
[program:worker]
command={python} manage.py worker
directory={base}
{common}
"""
COMMON = """\
autorestart=true
startretries=10
startsecs=2
stopwaitsecs=15
killasgroup=true
stopasgroup=false
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
stderr_logfile=/dev/stderr
stderr_logfile_maxbytes=0
"""


def run_dir(environment: Environment) -> Path:
    """Where process ids and the control socket live."""
    path = environment.data_dir / "run"
    path.mkdir(exist_ok=True)
    return path


def running_pid(environment: Environment) -> int | None:
    """The process id of a supervisor that already serves this DATA_DIR, else None."""
    try:
        pid = int((run_dir(environment) / "supervisord.pid").read_text())
        os.kill(pid, 0)
        command = Path(f"/proc/{pid}/cmdline")
        if command.exists() and b"supervisor" not in command.read_bytes():
            return None  # the number was given to somebody else since
    except (OSError, ValueError):
        return None
    return pid


def write_configuration(environment: Environment) -> Path:
    """Write ``run/supervisord.conf`` and return its path."""
    run = run_dir(environment)
    shared_memory = Path("/dev/shm")  # noqa: S108 - heartbeat files that need not survive
    tmp = shared_memory if shared_memory.is_dir() else run
    text = TEMPLATE.format(
        user=getpass.getuser(),
        run=run,
        python=sys.executable,
        site=BASE_DIR / "site",
        base=BASE_DIR,
        port=environment.port,
        workers=environment.workers,
        tmp=tmp,
        common=COMMON,
    )
    path = run / "supervisord.conf"
    path.write_text(text.replace("%", "%%"))
    return path
