"""Somebody who kept everything that was ever public, and subtracts. Reads nothing but addresses."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.cache import caches
from django.test import Client

ITEMS = ("attitude", "time", "clarity", "fees")
SCRIPT = Path(__file__).parents[2] / "docs" / "recompute_scores.py"


def files(client: Client) -> dict[str, str]:
    """Address → text of every public file: all editions, corrections, open data, the ledger."""
    listed = json.loads(_read(client, "/api/v1/open/editions.json"))
    addresses = ["/api/v1/open/editions.json", "/cong-khai/so-kiem-tra.jsonl", "/api/v1/comments/"]
    for one in listed["results"]:
        asked = f"?month={one['month']}&number={one['number']}"
        addresses += [f"/api/v1/open/{name}{asked}" for name in ("scores.json", "ratings.csv")]
        if one["number"] > 1:
            addresses.append(f"/api/v1/open/correction.json{asked}")
    return {address: _read(client, address) for address in addresses}


def pages(client: Client, city: Any) -> dict[str, str]:
    """Address → text of every page and JSON that shows figures."""
    caches["pages"].clear()
    addresses = ["/", "/cong-khai/", "/du-lieu-mo/", "/cong-khai/so-kiem-tra/"]
    for one in json.loads(_read(client, "/api/v1/open/editions.json"))["results"]:
        asked = f"?thang={one['month']}&ban={one['number']}"
        addresses.append(f"/cong-khai/{asked}")
        if one["number"] > 1:
            addresses.append(f"/cong-khai/dinh-chinh/{one['month']}/{one['number']}/")
    for office in city.offices:
        addresses += [f"/co-quan/{office.slug}/", f"/cong-khai/?co-quan={office.slug}"]
        addresses.append(f"/co-quan/{office.slug}/gop-y/")
    for counter in city.counters.values():
        addresses += [f"/quay/{counter.code}/", f"/api/v1/counters/{counter.code}/score/"]
    return {address: _read(client, address) for address in addresses}


def _read(client: Client, address: str) -> str:
    answer: Any = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.status_code} {body.decode()}".removeprefix("200 ")


def _total(values: Any) -> int:
    return int(sum(values))


def leaks(found: dict[str, str], *, late: frozenset[str] = frozenset()) -> list[str]:
    """What subtraction gives that no shown counter says of itself; ``late`` are the codes of
    counters that got answers after a month was out (docs/decisions/0021-*)."""
    told: list[str] = []
    bins: dict[tuple[str, str, str, str], dict[str, int]] = {}
    for address, text in found.items():
        if "/scores.json" not in address:
            continue
        data = found[address.replace("scores.json", "ratings.csv")]
        published = json.loads(text)
        rows = list(csv.DictReader(io.StringIO(data)))
        told += [f"{address}: {one}" for one in _sums(published, rows)]
        told += [f"{address}: {one}" for one in _pools(published, data)]
        now: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
        for row in rows:
            key = (row["counter"], row["item"], row["channel"], row["day"])
            now[key][row["level"]] = int(row["count"])
        for key, levels in now.items():
            if sum(levels.values()) < 5:
                told.append(f"{address}: a bin of {sum(levels.values())} at {key}")
            if key[0] not in late and bins.setdefault(key, levels) != levels:
                told.append(f"{address}: {key} was {bins[key]}, is {levels}")
    return told


def _sums(published: dict[str, Any], rows: list[dict[str, str]]) -> list[str]:
    """The city less every counter that is shown; a rate times its denominator."""
    told: list[str] = []
    counters = [one["figures"] for one in published["counters"]]
    city = published["city"]
    for item in ITEMS:
        parts = [one if item == "attitude" else one["by_item"][item] for one in counters]
        parts = [one for one in parts if one["status"] != "hidden"]
        whole = city if item == "attitude" else city.get("by_item", {}).get(item, {})
        if whole.get("status", "hidden") == "hidden":
            continue
        names = ["n", "quarantined", *(["minted"] if item == "attitude" else [])]
        for name in names:
            if rest := whole[name] - _total(one[name] for one in parts):
                told.append(f"{item}: the city has {rest} {name} more than are shown")
        if abs(rest := whole["n_eff"] - sum(one["n_eff"] for one in parts)) > 1e-6:
            told.append(f"{item}: the city weighs {rest} more than what is shown")
    given: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        given[row["counter"], row["item"]][row["channel"] == "receipt"] += int(row["count"])
    named = {one["counter"] for one in published["counters"]}
    told += [f"{code} is in the open data and not shown" for code, _ in given if code not in named]
    for one in published["counters"]:
        for item in ITEMS:
            body = one["figures"] if item == "attitude" else one["figures"]["by_item"][item]
            code = one["counter"]
            if body["status"] == "hidden":
                if set(body) != {"status", "method", "as_of"} or (code, item) in given:
                    told.append(f"{code} {item}: hidden, and yet something is told")
                continue
            others, receipts = given[code, item]
            if body["n"] != others + receipts:
                told.append(f"{code} {item}: n is {body['n']}, lines are {others + receipts}")
            rate = body["response_rate"]
            if rate is not None and abs(rate * body["minted"] - receipts) > 1e-6 and rate < 1:
                told.append(f"{code} {item}: the rate tells of {rate * body['minted']} answers")
    return told


def _pools(published: dict[str, Any], data: str) -> list[str]:
    """Priors and strengths against those of the open data alone: more in them is somebody's."""
    spec = importlib.util.spec_from_file_location("recompute_scores", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    told: list[str] = []
    ours = script.recompute(data.encode(), published)
    for one in published["counters"]:
        for item, figures in ours[one["counter"]].items():
            body = one["figures"] if item == "attitude" else one["figures"]["by_item"][item]
            away = [
                abs(a - b) for a, b in zip(figures["prior"], body.get("prior", []), strict=False)
            ]
            if max(away, default=1.0) > 1e-9 or abs(figures["m"] - body["m"]) > 1e-6:
                told.append(f"{one['counter']} {item}: prior or m hold more than the open data")
    return told
