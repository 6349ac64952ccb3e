"""Files taken in: a real board as far as dispatched cases, a large one for rate and memory."""

import csv
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from bench.installation import PATIENCE, ROOT, Installation
from bench.results import Figure
from bench.settings import Settings
from bench.texts import texts

SHARED = Path(os.environ.get("YANLU_SHARED_DATA", ROOT.parent / "shared" / "data"))
BOARD = SHARED / "messages" / "board.csv.gz"


def measure(installation: Installation, settings: Settings) -> list[Figure]:
    """Seconds of the board, where it is there; rows a second and peak memory of a large file."""
    figures = []
    if BOARD.exists():
        rounds = [_board(installation) for _ in range(settings.repeat)]
        figures += [
            Figure("import of a real board, 4,326 rows", "s", [taken for taken, _done in rounds]),
            Figure("  until every row is a case", "s", [done for _taken, done in rounds]),
        ]
    else:
        print(f"no real board here: {BOARD} (YANLU_SHARED_DATA names the folder)", file=sys.stderr)
    rate, memory = _large(installation, settings)
    name = f"import of {settings.rows:,} rows"
    return [*figures, Figure(name, "rows/s", [rate]), Figure("  peak memory", "MB", [memory])]


def _board(installation: Installation) -> tuple[float, float]:
    """Seconds until the command is done, and until the worker has opened every case."""
    database = installation.database("import")
    worker = installation.start(database, "worker")
    began = time.monotonic()
    installation.command(database, "import_submissions", str(BOARD))
    taken = time.monotonic() - began
    with installation.connect(database) as counter:
        while _open(counter):
            time.sleep(0.1)
    done = time.monotonic() - began
    worker.terminate()
    worker.communicate(timeout=PATIENCE)
    return taken, done


def _open(counter: object) -> int:
    row = counter.execute(  # type: ignore[attr-defined]
        "SELECT (SELECT count(*) FROM intake_submission) - (SELECT count(*) FROM cases_case)"
        " - (SELECT count(*) FROM cases_cosigner)"
    ).fetchone()
    return int(row[0])


def _large(installation: Installation, settings: Settings) -> tuple[float, float]:
    """Rows a second, and the most memory that the command held, in MB."""
    database = installation.database("import")
    table = _write(installation.home / "large.csv", settings)
    process = installation.start(database, "import_submissions", str(table))
    began = time.monotonic()
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    table.unlink()
    if status:
        raise subprocess.CalledProcessError(status, process.args)
    return settings.rows / seconds, used.ru_maxrss / 1024


def _write(path: Path, settings: Settings) -> Path:
    """A table as an office program exports it."""
    chance = Random(settings.seed)
    words = texts(settings.seed, 5_000, ["友谊路", "顾村", "淞南", "大场", "庙行"])
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "标题", "留言时间", "留言详情"])
        for number in range(settings.rows):
            title, text = words[chance.randrange(len(words))]
            day = f"{chance.randint(2018, 2025)}/{chance.randint(1, 12)}/{chance.randint(1, 28)}"
            table.writerow([number, title, f"{day} 13:54:22", f"{text}（{number}）"])
    return path
