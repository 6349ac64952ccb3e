"""The demo district's files. Plain Python."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def read(name: str) -> Any:
    """One of the data files."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
