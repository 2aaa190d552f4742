"""``make run``: bring the database, the demo city, the index and the static files into order,
then hand over to the supervisor. A second start finds everything done and takes seconds."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from portal.accounts import ensure_admin
from portal.demo.loading import database_is_empty
from portal.environment import BASE_DIR
from portal.supervision import running_pid, write_configuration
from search.worker import backend, index_ready


class Command(BaseCommand):
    """Prepares and starts the site."""

    help = "Prepares everything and starts web processes and worker (what make run does)."
    requires_system_checks: list = []

    def add_arguments(self, parser: Any) -> None:
        """``--prepare-only`` for deployments that run the processes themselves."""
        parser.add_argument("--prepare-only", action="store_true")

    def handle(self, *args: Any, prepare_only: bool = False, **options: Any) -> None:
        """Prepare in order; each step looks first whether there is anything to do."""
        environment = settings.ENVIRONMENT
        if not prepare_only:
            self._refuse_second(environment)
        try:
            self._database()
        except OperationalError as error:
            reason = str(error).splitlines()[0]
            raise CommandError(f"DATABASE_URL: the database does not answer: {reason}") from error
        try:
            password = self._contents(environment)
            own = bool(environment.admin_password)
            if prepare_only:
                return
            configuration = write_configuration(environment)
        except (OperationalError, OSError) as error:
            # Mostly a full disk; what was written is whole, and the next start goes on from it.
            reason = str(error).splitlines()[0]
            raise CommandError(f"DATA_DIR={environment.data_dir}: {reason}") from error
        self._greet(password, own=own)
        sys.stdout.flush()

        os.execv(  # noqa: S606 - our own interpreter and our own file
            sys.executable,
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
        )

    def _contents(self, environment: Any) -> str | None:
        """Account, demo city, index and static files; the new password of admin, if any."""
        password = ensure_admin(environment.admin_password)
        if environment.demo and database_is_empty():
            self.stdout.write("Loading the demo city (DEMO=0 starts empty) …")
            call_command("demo", "load")
        call_command("load_language", verbosity=0)
        if not index_ready():
            if backend().store.is_building():  # several servers that start at once
                self.stdout.write("Another server builds the search index.")
            else:
                self.stdout.write("Building the search index …")
                call_command("rebuild_index", interactive=False)
        self._static_files()
        return password

    def _refuse_second(self, environment: Any) -> None:
        pid = running_pid(environment)
        if pid is not None:
            raise CommandError(
                f"DATA_DIR={environment.data_dir} is already being served by process {pid}"
            )
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", environment.port))  # noqa: S104 - as gunicorn will
            except OSError as error:
                raise CommandError(f"PORT={environment.port}: {error.strerror}") from error

    def _database(self) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                # Once, here, by one process: two that set it at first open lock each other out.
                cursor.execute("PRAGMA journal_mode")
                if cursor.fetchone()[0] != "wal":
                    cursor.execute("PRAGMA journal_mode=WAL")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database …")
            call_command("migrate", interactive=False, verbosity=0)

    def _static_files(self) -> None:
        """Collect only when a source changed: the manifest's hashing takes seconds."""
        mark = settings.STATIC_ROOT / ".collected"
        digest = self._static_digest()
        if mark.exists() and mark.read_text() == digest:
            return
        self.stdout.write("Collecting static files …")
        call_command("collectstatic", interactive=False, verbosity=0)
        mark.write_text(digest)

    def _static_digest(self) -> str:
        digest = hashlib.sha256((BASE_DIR / "requirements.lock").read_bytes())
        for folder in settings.STATICFILES_DIRS:
            for path in sorted(Path(folder).rglob("*")):
                if path.is_file():
                    digest.update(str(path.relative_to(folder)).encode())
                    digest.update(path.read_bytes())
        return digest.hexdigest()

    def _greet(self, password: str | None, *, own: bool) -> None:
        """``own``: ADMIN_PASSWORD is set; it counts only for the first start."""
        url = settings.PUBLIC_URL
        known = "ADMIN_PASSWORD of the first start, unless changed" if own else "set before"
        sign_in = f"admin / {password}" if password else f"admin (password: {known})"
        self.stdout.write(
            f"\n  Site      {url}/\n  Editors   {url}/admin/   sign in: {sign_in}\n"
            f"  Data in   {settings.DATA_DIR}\n  Stop with Ctrl-C\n"
        )
