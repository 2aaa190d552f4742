"""``make bench``: every table, side by side in one run. ``BENCH=full`` for the long ones."""

from __future__ import annotations

import sys

from bench import (
    counting_bench,
    pages_bench,
    rating_bench,
    score_bench,
    search_bench,
    trust_bench,
)


def main() -> int:
    """Print the tables; the exit code is 1 when a bound was missed."""
    benches = (
        search_bench,
        pages_bench,
        rating_bench,
        counting_bench,
        score_bench,
        trust_bench,
    )
    return max(bench.main() or 0 for bench in benches)


if __name__ == "__main__":
    sys.exit(main())
