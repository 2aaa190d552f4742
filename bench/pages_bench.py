"""A procedure page against a bare Wagtail page, and the import of the whole national record.

Run as ``python -m bench.pages_bench``. Both sites are served in turn by the same gunicorn with
the same number of processes and asked by the same tool; "cached" is the product's own page cache
against Django's. Only ratios of one run mean anything.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.serving import environment, manage, requests_per_second, server

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("BENCH_DATA", ROOT.parent / "shared" / "data"))
#: Đăng ký khai sinh, the procedure people ask for most.
CODE = "1.001193"
_MAKE_BARE = """
from wagtail.models import Page, Site
from bench.bare.models import BarePage
home = Page.objects.get(depth=2)
home.add_child(instance=BarePage(title="Đăng ký khai sinh", slug="bare", body="Một câu. " * 200))
"""


def _bare(folder: Path) -> tuple[float, float]:
    rates = []
    for cache in ("", "1"):
        env = environment(folder, DJANGO_SETTINGS_MODULE="bench.bare.settings", BARE_CACHE=cache)
        if not cache:
            manage(env, "migrate", "-v0")
            manage(env, "shell", "-v0", "-c", _MAKE_BARE)
        with server(env, "django.core.wsgi:get_wsgi_application()") as port:
            rates.append(requests_per_second(port, "/bare/"))
    return rates[0], rates[1]


_MAKE_NOTICES = """
from django.contrib.auth import get_user_model
from cms.jobs import run_slice
from cms.models import Counter, Field, Handling, Job, Office, OfficeIndexPage
from cms.notices.making import start_set
user = get_user_model().objects.create_superuser("bench")
office = Office(title="Trung tâm", address="1 Phố", levels=["commune", "province"])
OfficeIndexPage.objects.get().add_child(instance=office)
fields = list(Field.objects.order_by("pk"))
counter = Counter.objects.create(office=office, name="Quầy 1", main_field=fields[0])
number = 0
for field in fields:
    if number >= 300:
        break
    number += field.procedures.filter(live=True).count()
    Handling.objects.create(counter=counter, field=field)
job = start_set(office=office, counter=None, size="A4", user=user)
while run_slice():
    pass
job.refresh_from_db()
print(f"{job.state}: {job.done} notices of {job.total}")
"""


def _probe(env: dict[str, str], *command: str) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and the last line of a program's output."""
    started = time.perf_counter()
    # Another interpreter in between, so that its children's peak is this program's alone.
    probe = (
        "import resource, subprocess, sys;"
        "done = subprocess.run(sys.argv[1:], capture_output=True, text=True);"
        "print(done.stdout.strip().splitlines()[-1]);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, *command], env=env, cwd=ROOT, capture_output=True, text=True
    )
    line, memory = done.stdout.strip().splitlines()[-2:]
    return time.perf_counter() - started, float(memory), line


def _import(env: dict[str, str], path: Path) -> tuple[float, float, str]:
    return _probe(env, sys.executable, "-m", "django", "import_procedures", str(path), "--publish")


def _count(line: str) -> int:
    """All numbers of a closing line together: every record is in exactly one of them."""
    return sum(int(word) for word in line.replace(",", "").split() if word.isdigit())


def _jobs_table(env: dict[str, str], source: Path) -> None:
    """Print how fast the national record comes in and the notices come out."""
    out = sys.stdout.write
    out("\nImport of the national record, and one PDF of notices\n")
    for label in ("first", "again, unchanged"):
        seconds, memory, line = _import(env, source)
        out(f"{label:20}{_count(line) / seconds:>8.0f} records/s {memory:>6.0f} MB   {line}\n")
    make = (sys.executable, "-m", "django", "shell", "-v0", "-c", _MAKE_NOTICES)
    seconds, memory, line = _probe(env, *make)
    printed = int(line.split()[1])
    out(f"{'notices, A4':20}{printed / seconds:>8.0f} notices/s {memory:>6.0f} MB   {line}\n")
    sys.stdout.flush()


def _pages_table(env: dict[str, str], folder: Path) -> None:
    """Print how many pages a second our site and a bare Wagtail site answer."""
    with server(env, "portal.wsgi:application") as port:
        page = f"/thu-tuc/{CODE}/"
        kept = requests_per_second(port, page)
        # An unknown parameter is never kept: the page is made anew each time.
        made = requests_per_second(port, f"{page}?x=1")
        english = requests_per_second(port, f"/en{page}?x=1")
    bare, bare_kept = _bare(folder)
    out = sys.stdout.write
    out("\nPages, answers a second (two processes)\n")
    out(f"{'':34}{'made anew':>12}{'kept':>12}\n")
    out(f"{'bare Wagtail page':34}{bare:>12.0f}{bare_kept:>12.0f}\n")
    out(f"{'our procedure page':34}{made:>12.0f}{kept:>12.0f}\n")
    out(f"{'our procedure page, English':34}{english:>12.0f}{'':>12}\n")
    out(f"{'ratio ours / bare':34}{made / bare:>12.2f}{kept / bare_kept:>12.2f}\n")


def main() -> int:
    """Print the tables; nothing here has a bound of its own."""
    source = DATA / "procedures.jsonl.gz"
    if not source.exists():
        sys.stdout.write(f"pages_bench: no {source.name}; left out\n")
        return 0
    with tempfile.TemporaryDirectory(prefix="bck-bench-") as name:
        folder = Path(name)
        env = environment(folder)
        manage(env, "migrate", "-v0")
        _jobs_table(env, source)
        manage(env, "collectstatic", "--noinput", "-v0")
        _pages_table(env, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
