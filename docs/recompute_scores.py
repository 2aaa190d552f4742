"""Recomputes every published score of a city from its public addresses, and compares.

    python3 recompute_scores.py https://mot-cua.example.vn [--month 2026-10] [--number 1]

For strangers: Python's standard library is enough, and nothing of the product is used. It reads
the open data (answers by counter, item, channel, day and level) and the published figures, works
out weights, peers, strengths, scores, intervals, tiers and composites by the published method, and
prints the largest difference of each. The exit code is 1 when any is above 0.01.
"""

import argparse
import csv
import datetime
import io
import json
import math
import sys
import urllib.error
import urllib.parse
import urllib.request

LARGEST = 0.01
HIGHER, SIMILAR, LOWER = "cao hơn", "tương đương", "thấp hơn"


def fetch(base, path, **query):
    """The answer to a GET, as bytes."""
    asked = {name: value for name, value in query.items() if value}
    url = f"{base.rstrip('/')}{path}?{urllib.parse.urlencode(asked)}"
    if not url.startswith(("http://", "https://")):
        raise SystemExit("the address must begin with http:// or https://")
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read()


def weigh(rows, as_of, method):
    """Answers (channel, day, level, count) → number of them and the weight of each level."""
    n, verified, posters = 0, [0.0] * 5, [0.0] * 5
    for channel, day, level, count in rows:
        age = (as_of - day).days
        if not 0 <= age <= method["window_days"]:
            continue
        weight = method["channel_weights"][channel] * 2 ** (-age / method["half_life_days"])
        part = posters if channel == method["poster_channel"] else verified
        part[level - 1] += count * weight
        n += count
    cap = max(method["poster_cap"], method["poster_share"] * sum(verified))
    scale = min(1.0, cap / sum(posters)) if sum(posters) else 1.0
    return {
        "n": n,
        "weights": [v + scale * p for v, p in zip(verified, posters, strict=True)],
        "poster_only": sum(verified) == 0 < sum(posters),
    }


def shares_of(weights):
    """Parts of one."""
    return [weight / sum(weights) for weight in weights]


def mean_of(shares, method):
    """Points that shares of levels are worth."""
    return sum(value * share for value, share in zip(method["values"], shares, strict=True))


def prior_of(counter, fields, shown, method):
    """Shares of the others: of the same field, else of the city, else the default."""
    others = [other for other in shown if other != counter]
    alike = [other for other in others if fields[other] == fields[counter]]
    for group in (alike, others):
        if sum(shown[other]["n"] for other in group) >= method["prior_answers"]:
            return shares_of([sum(shown[o]["weights"][k] for o in group) for k in range(5)])
    return method["default_prior"]


def strength_of(shown, method):
    """Strength m: the spread within counters over the spread between them."""
    sample = [s["weights"] for s in shown if sum(s["weights"]) >= method["strength_n_eff"]]
    if len(sample) < method["strength_counters"]:
        return method["default_strength"]
    sizes = [sum(weights) for weights in sample]
    means = [mean_of(shares_of(weights), method) for weights in sample]
    squares = [
        sum(
            share * (v - x) ** 2
            for v, share in zip(method["values"], shares_of(weights), strict=True)
        )
        for weights, x in zip(sample, means, strict=True)
    ]
    total = sum(sizes)
    centre = sum(w * x for w, x in zip(sizes, means, strict=True)) / total
    within = sum(w * s for w, s in zip(sizes, squares, strict=True)) / (total - len(sample))
    between = (
        sum(w * (x - centre) ** 2 for w, x in zip(sizes, means, strict=True))
        - (len(sample) - 1) * within
    )
    between /= total - sum(w * w for w in sizes) / total
    if between <= 0:
        return method["strength_high"]
    return min(max(within / between, method["strength_low"]), method["strength_high"])


def score_of(part, prior, m, method):
    """Score, its deviation, interval, satisfied share, peers' mean, status and tier."""
    alpha = [m * share + weight for share, weight in zip(prior, part["weights"], strict=True)]
    total, values = sum(alpha), method["values"]
    score = sum(v * a for v, a in zip(values, alpha, strict=True)) / total
    square = sum(v * v * a for v, a in zip(values, alpha, strict=True)) / total
    sd = math.sqrt(max(0.0, square - score * score) / (total + 1))
    low, high = max(0.0, score - method["z"] * sd), min(100.0, score + method["z"] * sd)
    n_eff, peer_mean = sum(part["weights"]), mean_of(prior, method)
    few = n_eff < method["few_n_eff"]
    tier = None
    if not few and not part["poster_only"]:
        tier = HIGHER if low > peer_mean else LOWER if high < peer_mean else SIMILAR
    return {
        "status": "few" if few else "published",
        "n": part["n"],
        "n_eff": n_eff,
        "score": score,
        "sd": sd,
        "interval": [low, high],
        "satisfied": (alpha[3] + alpha[4]) / total,
        "peer_mean": peer_mean,
        "tier": tier,
        "prior": prior,
        "m": m,
    }


def recompute(data, published):
    """Counter → item → figures, from the open data alone (and each counter's main field)."""
    method = published["method"]
    as_of = datetime.date.fromisoformat(published["as_of"])
    fields = {one["counter"]: one["main_field"] for one in published["counters"]}
    answers = {}
    for row in csv.DictReader(io.StringIO(data.decode("utf-8"))):
        day = datetime.date.fromisoformat(row["day"])
        rows = answers.setdefault(row["item"], {}).setdefault(row["counter"], [])
        rows.append((row["channel"], day, int(row["level"]), int(row["count"])))
    found = {counter: {} for counter in fields}
    for item, by_counter in answers.items():
        shown = {counter: weigh(rows, as_of, method) for counter, rows in by_counter.items()}
        m = strength_of(shown.values(), method)
        for counter, part in shown.items():
            prior = prior_of(counter, fields, shown, method)
            found[counter][item] = score_of(part, prior, m, method)
    return found


def composite_of(items, method):
    """The four items together, with the widest interval that any correlation allows."""
    weights = method["item_weights"]
    if set(items) != set(weights):
        return None, None
    score = sum(weight * items[item]["score"] for item, weight in weights.items())
    sd = sum(weight * items[item]["sd"] for item, weight in weights.items())
    wide = method["z"] * sd
    return score, [max(0.0, score - wide), min(100.0, score + wide)]


class Differences:
    """The largest difference of each figure, and what does not agree at all."""

    def __init__(self):
        self.largest, self.compared, self.wrong = {}, 0, []

    def compare(self, name, where, ours, theirs):
        """Numbers by distance (in points; shares in hundredths), the rest by being equal."""
        self.compared += 1
        if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
            for one, other in zip(ours, theirs, strict=True):
                self.compare(name, where, one, other)
        elif isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
            scale = 100 if name in ("satisfied", "prior") else 1
            away = scale * abs(ours - theirs)
            self.largest[name] = max(away, self.largest.get(name, 0.0))
            if away > LARGEST:
                self.wrong.append(f"{where} {name}: {ours} here, {theirs} published")
        elif ours != theirs:
            self.wrong.append(f"{where} {name}: {ours!r} here, {theirs!r} published")


def main():
    """Fetch, recompute, compare, tell."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("address")
    parser.add_argument("--month", default="")
    parser.add_argument("--number", default="")
    asked = parser.parse_args()
    query = {"month": asked.month, "number": asked.number}
    published = json.loads(fetch(asked.address, "/api/v1/open/scores.json", **query))
    # The same edition, also when a correction is published between the two.
    query = {"month": published["month"], "number": published["number"]}
    data = fetch(asked.address, "/api/v1/open/ratings.csv", **query)
    ours = recompute(data, published)
    differences = Differences()
    for one in published["counters"]:
        counter, figures = one["counter"], one["figures"]
        theirs = {"attitude": figures, **figures["by_item"]}
        theirs = {item: body for item, body in theirs.items() if body["status"] != "hidden"}
        differences.compare("items", counter, sorted(ours[counter]), sorted(theirs))
        for item in set(theirs) & set(ours[counter]):
            for name, value in ours[counter][item].items():
                if name != "sd":
                    where = f"{counter} {item}"
                    differences.compare(name, where, value, theirs[item].get(name))
        composite, interval = composite_of(ours[counter], published["method"])
        differences.compare("composite", counter, composite, figures["composite"])
        differences.compare("composite", counter, interval, figures["composite_interval"])
    print(
        f"{published['month']} ({published['number']}), {published['method']['version']}: "
        f"{len(published['counters'])} counters, {differences.compared} figures compared"
    )
    for name, away in sorted(differences.largest.items()):
        print(f"  {name:10} largest difference {away:.2e}")
    for line in differences.wrong:
        print(f"  DIFFERS {line}")
    return int(bool(differences.wrong) or not differences.compared)


if __name__ == "__main__":
    sys.exit(main())
