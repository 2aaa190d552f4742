"""``make bench``: every table, side by side in one run. ``BENCH=full`` for the long ones."""

from __future__ import annotations

import sys

from bench import pages_bench, search_bench


def main() -> int:
    """Print the tables; the exit code is 1 when a bound was missed."""
    return max(search_bench.main() or 0, pages_bench.main())


if __name__ == "__main__":
    sys.exit(main())
