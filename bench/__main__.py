"""``python -m bench [names]``: measure, print tables, keep the figures in ``bench/results/``."""

import argparse
import sys
from collections.abc import Callable

from bench import (
    categories,
    decisions,
    handing_in,
    importing,
    insight,
    pages,
    routing,
    similar,
    topics,
    warning,
    watching,
)
from bench.installation import Installation
from bench.results import Figure, keep, machine, table
from bench.settings import Settings

BENCHMARKS: dict[str, Callable[[Installation, Settings], list[Figure]]] = {
    "hand-in": handing_in.measure,
    "import": importing.measure,
    "pages": pages.measure,
    "decisions": decisions.measure,
    "categories": categories.measure,
    "units": routing.measure,
    "similar": similar.measure,
    "topics": topics.measure,
    "watching": watching.measure,
    "insight": insight.measure,
    "warnings": warning.measure,
}


def main() -> int:
    """Run the benchmarks that were named, or all."""
    settings, names = _arguments()
    with Installation() as installation:
        for name in names:
            print(f"== {name}", file=sys.stderr)
            figures = BENCHMARKS[name](installation, settings)
            print(table(figures, machine()), flush=True)
            print(f"kept in {keep(figures, settings)}", file=sys.stderr)
    return 0


def _arguments() -> tuple[Settings, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME",
                        help=f"one or more of {', '.join(BENCHMARKS)} (default: all)")  # fmt: skip
    for name, value in vars(Settings()).items():
        option = "--" + name.replace("_", "-")
        parser.add_argument(option, type=type(value), default=value, metavar=str(value))
    found = vars(parser.parse_args())
    names = found.pop("names") or list(BENCHMARKS)
    return Settings(**found), names


if __name__ == "__main__":
    sys.exit(main())
