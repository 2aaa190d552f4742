"""Every environment name works, and a wrong value is one clear line that names it."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from portal.environment import BASE_DIR, Environment, EnvironmentProblem, read_environment


def read(tmp_path: Path, **values: str) -> Environment:
    return read_environment({"DATA_DIR": str(tmp_path), **values})


def test_defaults_need_nothing_but_a_folder(tmp_path: Path) -> None:
    environment = read(tmp_path)
    assert (environment.port, environment.workers, environment.demo) == (8000, 2, True)
    assert environment.database["NAME"] == str(tmp_path / "db.sqlite3")
    assert environment.search_index == tmp_path / "index"
    assert environment.public_url == "http://localhost:8000"
    assert "localhost" in environment.allowed_hosts
    assert not environment.https


def test_empty_values_mean_the_default(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", DATABASE_URL="", PUBLIC_URL="").port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "9" * 5000),
        ("PUBLIC_URL", "http://[::1"),
        ("PUBLIC_URL", "http://hcc.example.vn:99999"),
        ("PUBLIC_URL", "https://user:password@hcc.example.vn"),
        ("PUBLIC_URL", "https://hcc.example.vn#x"),
        ("PUBLIC_URL", "https://hành-chính.example.vn"),
        ("PUBLIC_URL", "https://a b"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "８０００"),
        ("WORKERS", "0"),
        ("WORKERS", "-2"),
        ("DEMO", "yes"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("REDIS_URL", "localhost:6379"),
        ("SEARCH_URL", "whoosh://relative"),
        ("SEARCH_URL", "elastic://x"),
        ("SEARCH_URL", "postgresql://"),
        ("SEARCH_URL", "postgresql://host:port/name"),
        ("SEARCH_URL", "postgresql://host:99999/name"),
        ("SEARCH_URL", "postgresql://host/name?sslmod=require"),
        ("SEARCH_URL", "postgresql://[::1/name"),
        ("SECRET_KEY", "short"),
        ("ADMIN_PASSWORD", "short"),
        ("TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("ALLOWED_HOSTS", "https://example.vn/"),
        ("PUBLIC_URL", "example.vn"),
        ("PUBLIC_URL", "https://example.vn/một-cửa"),
        ("DATA_DIR", "/proc/nowhere"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read(tmp_path, **{name: value})
    assert caught.value.code == 2
    assert caught.value.line.startswith(f"{name}=")
    assert "\n" not in caught.value.line


@pytest.mark.parametrize("name", ["SECRET_KEY", "ADMIN_PASSWORD"])
def test_a_secret_is_not_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read(tmp_path, **{name: "hunter2"})
    assert "hunter2" not in caught.value.line


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read(tmp_path, SEARCH_URL="postgresql://site:hunter2@host:port/name")
    assert caught.value.line.startswith("SEARCH_URL=")
    assert "hunter2" not in caught.value.line


@pytest.mark.parametrize(
    ("ending", "kept"), [("", 5), ("?prepare_threshold=9", 9), ("?prepare_threshold=none", None)]
)
def test_statements_are_prepared_unless_a_pool_forbids_it(
    tmp_path: Path, ending: str, kept: int | None
) -> None:
    url = f"postgres://site:secret@db.example.vn:5432/bon{ending}"
    assert read(tmp_path, DATABASE_URL=url).database["OPTIONS"]["prepare_threshold"] == kept


def test_another_word_for_it_is_refused_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        read(tmp_path, DATABASE_URL="postgres://site:hunter2@host/name?prepare_threshold=no")
    assert "prepare_threshold" in caught.value.line
    assert "hunter2" not in caught.value.line


def test_the_index_may_lie_in_postgresql(tmp_path: Path) -> None:
    url = "postgresql://site:secret@db.example.vn:5432/search?sslmode=require"
    assert read(tmp_path, SEARCH_URL=url).search_index == url


def test_the_secret_key_is_made_once_and_kept_private(tmp_path: Path) -> None:
    first = read(tmp_path).secret_key
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_emptied_secret_key_file_is_not_replaced_in_silence(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(EnvironmentProblem, match="SECRET_KEY"):
        read(tmp_path)


def test_https_is_decided_by_the_public_address(tmp_path: Path) -> None:
    environment = read(tmp_path, PUBLIC_URL="https://motcua.example.vn/")
    assert environment.https
    assert environment.public_url == "https://motcua.example.vn"
    assert "motcua.example.vn" in environment.allowed_hosts


def test_the_process_stops_with_one_line(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={"DATA_DIR": str(tmp_path), "PORT": "abc", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == "PORT='abc': must be a whole number from 1 to 65535"


@pytest.mark.parametrize("damage", [b"", b"short", b"\xff" * 40])
def test_a_damaged_key_file_is_one_line(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "secret_key").write_bytes(damage)
    with pytest.raises(EnvironmentProblem) as told:
        read(tmp_path)
    assert "secret_key is damaged" in told.value.line


def test_a_data_dir_of_nobody_is_one_line() -> None:
    with pytest.raises(EnvironmentProblem, match="DATA_DIR"):
        read_environment({"DATA_DIR": "~nobody-has-this-name/x"})
