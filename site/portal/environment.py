"""The environment, read and checked once; every name stands in docs/operators-guide.md.

A wrong value raises :class:`EnvironmentProblem`, whose text is the one line an operator sees.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url  # type: ignore[import-untyped]
import psycopg
from psycopg.conninfo import conninfo_to_dict

BASE_DIR = Path(__file__).resolve().parents[2]
_NETLOC = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


class EnvironmentProblem(SystemExit):
    """A wrong environment value: exits with code 2 after printing one line to stderr."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        shown = (
            "…"
            if name in {"SECRET_KEY", "ADMIN_PASSWORD", "DATABASE_URL", "EMAIL_URL"}
            or (name == "SEARCH_URL" and "@" in value)
            else repr(value)
        )
        self.line = f"{name}={shown}: {wanted}"
        super().__init__(2)

    def __str__(self) -> str:
        return self.line


@dataclass(frozen=True)
class Environment:
    """All that an operator may set, typed and valid."""

    port: int
    workers: int
    data_dir: Path
    demo: bool
    admin_password: str | None
    database: dict[str, Any]
    redis_url: str | None
    #: A directory for Whoosh, or the address of a PostgreSQL database.
    search_index: Path | str
    secret_key: str
    allowed_hosts: list[str]
    trusted_proxies: list[str]
    public_url: str
    email: dict[str, Any]

    @property
    def https(self) -> bool:
        """Whether citizens reach the site over https: decides cookies, HSTS and redirect."""
        return self.public_url.startswith("https://")


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    raw = env.get(name) or str(default)
    # Longer digits than any number here: Python itself refuses to read very long ones.
    if not (raw.isascii() and raw.isdigit() and len(raw) < 10 and low <= int(raw) <= high):
        raise EnvironmentProblem(name, raw, f"must be a whole number from {low} to {high}")
    return int(raw)


def _directory(env: Mapping[str, str]) -> Path:
    raw = env.get("DATA_DIR") or "var"
    try:
        path = Path(raw).expanduser()
    except RuntimeError:
        raise EnvironmentProblem("DATA_DIR", raw, "names an unknown user") from None
    path = path if path.is_absolute() else BASE_DIR / path
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentProblem("DATA_DIR", raw, f"cannot be made: {error.strerror}") from None
    if not os.access(path, os.W_OK):
        raise EnvironmentProblem("DATA_DIR", raw, "is not writable")
    return path


def _database(env: Mapping[str, str], data_dir: Path) -> dict[str, Any]:
    url = env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'db.sqlite3'}"
    wanted = "must be sqlite:///path or postgres://user:password@host:port/name"
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise EnvironmentProblem("DATABASE_URL", url, wanted)
    try:
        database: dict[str, Any] = dict(
            dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        )
    except (ValueError, KeyError):
        raise EnvironmentProblem("DATABASE_URL", url, wanted) from None
    if database.get("NAME") in (None, "", ":memory:"):
        raise EnvironmentProblem("DATABASE_URL", url, wanted)
    if database["ENGINE"].endswith("sqlite3"):
        database["ENGINE"] = "portal.sqlite3"  # write transactions queue
        database["TEST"] = {"NAME": ":memory:"}
        # IMMEDIATE: a write transaction takes the lock at BEGIN, so it can wait for it; the
        # default takes it in the middle, where SQLite may only fail ("database is locked").
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Their random keys are all the order they may have (rating.md §1).
            "without_rowid": ("feedback_rating", "feedback_spentcode", "feedback_receiptmark"),
            # FULL: an acknowledged rating survives a power cut (rating.md, Counting).
            "init_command": "PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
        }
    else:
        # A rating's few statements are planned once a connection. Not behind a pool that gives
        # every transaction another one: ?prepare_threshold=none at the end of the address.
        options = database.setdefault("OPTIONS", {})
        kept = str(options.get("prepare_threshold", 5))
        if not kept.isdecimal() and kept != "none":
            raise EnvironmentProblem("DATABASE_URL", url, "prepare_threshold is a number or none")
        options["prepare_threshold"] = int(kept) if kept.isdecimal() else None
    return database


def _secret_key(env: Mapping[str, str], data_dir: Path) -> str:
    given = env.get("SECRET_KEY")
    if given:
        if len(given) < 32:
            raise EnvironmentProblem("SECRET_KEY", given, "must have at least 32 characters")
        return given
    path = data_dir / "secret_key"
    try:
        # O_EXCL: of two processes that start at once, one writes and the other reads.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes().decode("ascii", "replace").strip()
        if len(key) >= 32 and key.isascii():
            return key
        raise EnvironmentProblem(
            "SECRET_KEY", "", f"is not set and {path} is damaged: restore or delete that file"
        ) from None
    except OSError as error:
        wanted = f"cannot be written: {error.strerror}"
        raise EnvironmentProblem("DATA_DIR", str(data_dir), wanted) from None
    key = secrets.token_urlsafe(48)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)  # an empty key would stop every later start
        wanted = f"cannot be written: {error.strerror}"
        raise EnvironmentProblem("DATA_DIR", str(data_dir), wanted) from None
    return key


def _search_index(env: Mapping[str, str], data_dir: Path) -> Path | str:
    url = env.get("SEARCH_URL") or f"whoosh://{data_dir / 'index'}"
    if url.startswith("whoosh:///"):
        return Path(url.removeprefix("whoosh://"))
    wanted = "must be whoosh:///absolute/path or postgresql://user:password@host:port/name"
    if not url.startswith(("postgresql://", "postgres://")):
        raise EnvironmentProblem("SEARCH_URL", url, wanted)
    try:
        parts = conninfo_to_dict(url)
    except psycopg.Error:
        raise EnvironmentProblem("SEARCH_URL", url, wanted) from None
    port = str(parts.get("port") or "5432")
    if not parts.get("dbname") or not all(
        one.isascii() and one.isdigit() and len(one) < 6 and 0 < int(one) < 65536
        for one in port.split(",")
    ):
        raise EnvironmentProblem("SEARCH_URL", url, wanted)
    return url


def _public_url(env: Mapping[str, str], port: int) -> str:
    raw = (env.get("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/")
    try:
        parts = urlsplit(raw)
        parts.port  # noqa: B018  (reading it is what checks it)
    except ValueError:
        parts = urlsplit("")
    # Nothing but host and port: it is printed in QR codes, which hold no other letters.
    if parts.scheme not in {"http", "https"} or not _NETLOC.fullmatch(raw.partition("://")[2]):
        raise EnvironmentProblem("PUBLIC_URL", raw, "must be http(s)://host[:port] without a path")
    return raw


def _redis_url(env: Mapping[str, str]) -> str | None:
    raw = env.get("REDIS_URL") or None
    if raw and not raw.startswith(("redis://", "rediss://", "unix://")):
        raise EnvironmentProblem("REDIS_URL", raw, "must be redis://host:port/number")
    return raw


def _email(env: Mapping[str, str]) -> dict[str, Any]:
    """Django's EMAIL_ settings; without EMAIL_URL no mail leaves (EMAIL_HOST is empty), and
    Wagtail's letters about reviews are dropped without an error each."""
    raw = env.get("EMAIL_URL") or ""
    if not raw:
        nowhere = "django.core.mail.backends.dummy.EmailBackend"
        return {"EMAIL_HOST": "", "EMAIL_BACKEND": nowhere}
    wanted = "must be smtp://user:password@host:port/?tls=True"
    try:
        found = dict(dj_email_url.parse(raw))
    except (ValueError, KeyError):
        raise EnvironmentProblem("EMAIL_URL", "", wanted) from None
    if not raw.startswith(("smtp://", "smtps://", "submission://")) or not found["EMAIL_HOST"]:
        raise EnvironmentProblem("EMAIL_URL", "", wanted)
    sender = env.get("EMAIL_FROM") or found.get("EMAIL_HOST_USER") or ""
    if "@" not in sender:
        raise EnvironmentProblem("EMAIL_FROM", sender, "must be an address when EMAIL_URL is set")
    settings = {name: value for name, value in found.items() if name.startswith("EMAIL_")}
    return {**settings, "EMAIL_TIMEOUT": 20, "DEFAULT_FROM_EMAIL": sender, "SERVER_EMAIL": sender}


def _trusted_proxies(env: Mapping[str, str]) -> list[str]:
    proxies = [item.strip() for item in env.get("TRUSTED_PROXIES", "").split(",") if item.strip()]
    for proxy in proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise EnvironmentProblem(
                "TRUSTED_PROXIES", proxy, "must be addresses or networks, with commas between"
            ) from None
    return proxies


def read_environment(env: Mapping[str, str] = os.environ) -> Environment:
    """Read and check the environment; :class:`EnvironmentProblem` on the first wrong value."""
    port = _integer(env, "PORT", 8000, 1, 65535)
    demo = env.get("DEMO") or "1"
    if demo not in {"0", "1"}:
        raise EnvironmentProblem("DEMO", demo, "must be 0 or 1")
    admin_password = env.get("ADMIN_PASSWORD") or None
    if admin_password is not None and len(admin_password) < 8:
        raise EnvironmentProblem("ADMIN_PASSWORD", "", "must have at least 8 characters")
    public_url = _public_url(env, port)
    hosts = [item.strip() for item in env.get("ALLOWED_HOSTS", "").split(",") if item.strip()]
    for host in hosts:
        if "/" in host or " " in host:
            raise EnvironmentProblem(
                "ALLOWED_HOSTS", host, "must be host names with commas between"
            )
    data_dir = _directory(env)
    return Environment(
        port=port,
        workers=_integer(env, "WORKERS", 2, 1, 64),
        data_dir=data_dir,
        demo=demo == "1",
        admin_password=admin_password,
        database=_database(env, data_dir),
        redis_url=_redis_url(env),
        search_index=_search_index(env, data_dir),
        secret_key=_secret_key(env, data_dir),
        allowed_hosts=hosts
        or sorted({urlsplit(public_url).hostname or "", "localhost", "127.0.0.1", "[::1]"}),
        trusted_proxies=_trusted_proxies(env),
        public_url=public_url,
        email=_email(env),
    )
