"""Run inside ``manage.py shell``: publishes and unpublishes, and asks the site over HTTP how long
it takes until everybody sees it. Prints one JSON line. Environment: SITE_URL, CYCLES.
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request

from cms.models import Field, ProcedureIndexPage, ProcedurePage

SITE = os.environ["SITE_URL"]
CYCLES = int(os.environ.get("CYCLES", "5"))
#: Answers in a row that must agree: there are several web processes.
AGREEING = 6
LONGEST = 20.0
_VOWELS = "aeiou"


def status_and_body(path):
    """An answer, also one that says no."""
    try:
        with urllib.request.urlopen(SITE + path, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def word(number):
    """A syllable that no procedure has, of letters that no slip is read into."""
    return "zx" + "".join(_VOWELS[(number // 5**place) % 5] + "wqzxk"[place] for place in range(4))


def seen(code, text):
    """Where a procedure shows: name → whether."""
    asked = urllib.parse.quote(text)
    page = status_and_body(f"/tim-kiem/?q={asked}")
    results = status_and_body(f"/api/v1/search/?q={asked}")
    by_code = status_and_body(f"/api/v1/search/?q={code}")
    suggestions = status_and_body(f"/api/v1/suggest/?q={asked}")
    own = status_and_body(f"/thu-tuc/{code}/")
    for status, _ in (page, results, suggestions):
        assert status == 200, (status, text)
    return {
        "page": f"/thu-tuc/{code}/" in page[1],
        "json": any(one["code"] == code for one in json.loads(results[1])["results"]),
        "code": any(one["code"] == code for one in json.loads(by_code[1])["results"]),
        "suggestions": any(
            one["code"] == code for one in json.loads(suggestions[1])["suggestions"]
        ),
        "own page": own[0] == 200,
    }


def until(code, text, wanted):
    """Seconds until everything agrees, for the first of AGREEING times."""
    began = first = time.monotonic()
    agreed = 0
    last = {}
    while time.monotonic() - began < LONGEST:
        at = time.monotonic()
        last = seen(code, text)
        if all(one is wanted for one in last.values()):
            first = first if agreed else at
            agreed += 1
            if agreed == AGREEING:
                return first - began
        else:
            agreed = 0
            time.sleep(0.05)
    raise SystemExit(f"not seen in time: {code} {text!r}: wanted {wanted}, {last}")


field = Field.objects.named("Thử nghiệm tìm kiếm")
home = ProcedureIndexPage.objects.get()
times = {"published": [], "unpublished": []}
base = int(time.time()) % 600
for cycle in range(CYCLES):
    code = f"9.8{cycle:05d}"
    ProcedurePage.objects.filter(code=code).delete()
    text = f"cấp phép {word(base + cycle)}"
    page = ProcedurePage(code=code, slug=code.replace(".", "-"), title=text, field=field)
    page.live = False
    home.add_child(instance=page)
    assert not any(seen(code, text).values())
    page.save_revision().publish()
    times["published"].append(round(until(code, text, True), 2))
    page.refresh_from_db()
    page.unpublish()
    times["unpublished"].append(round(until(code, text, False), 2))
    page.delete()
print("FRESHNESS " + json.dumps(times))  # noqa: T201
