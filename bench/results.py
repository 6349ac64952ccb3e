"""Figures, as a table and as a file."""

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.settings import Settings

FOLDER = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """One thing measured several times; ``values`` in ``unit``, in the order of measuring."""

    name: str
    unit: str
    values: list[float]
    note: str = ""

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def spread(self) -> str:
        """The least and the most."""
        return f"{_short(min(self.values))}–{_short(max(self.values))}"


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def table(figures: list[Figure], machine_: str) -> str:
    """Every figure in a line: median, least and most, unit."""
    lines = [machine_, "", f"{'':<46}{'median':>12}  {'spread':<20}unit"]
    lines += [
        f"{figure.name:<46}{_short(figure.median):>12}  {figure.spread:<20}{figure.unit}"
        + (f"  ({figure.note})" if figure.note else "")
        for figure in figures
    ]
    return "\n".join(lines)


def keep(figures: list[Figure], settings: Settings) -> Path:
    """Write the figures to a file of their own."""
    FOLDER.mkdir(exist_ok=True)
    moment = datetime.now(UTC)
    content = {
        "at": moment.isoformat(timespec="seconds"),
        "machine": machine(),
        "commit": _commit(),
        "settings": asdict(settings),
        "figures": [asdict(figure) | {"median": figure.median} for figure in figures],
    }
    path = FOLDER / f"{moment:%Y%m%d-%H%M%S}.json"
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def machine() -> str:
    """What it was measured on, and how busy that was already."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()},"
        f" load before {os.getloadavg()[1]:.1f}"
    )


def _commit() -> str:
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True, text=True, check=False, cwd=FOLDER.parent,
    )  # fmt: skip
    return asked.stdout.strip()


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
