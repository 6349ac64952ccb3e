"""Which model makes vectors of words just now."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanlu.kernel import clock
from yanlu.kernel.pictures import Picture
from yanlu.textkit import vectors
from yanlu.textkit.vectors import Unreadable, Vectors

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Status:
    """The model in use, what its card says, and what is wrong with the one that should be."""

    version: str
    card: dict[str, Any]
    fault: str = ""


def model() -> Vectors:
    """The installation's own model; the cold start before there is one, or when it is damaged."""
    return _load(_status().version)


def status() -> Status:
    """What is in use and why; for whoever looks after the installation."""
    return _status()


def keep(learnt: Vectors, *, at: datetime, figures: dict[str, Any]) -> None:
    """Use this model from now on; other processes follow within a minute."""
    vectors.save(learnt, folder(), at=at, figures=figures)
    forget()


def forget() -> None:
    """Look at the folder afresh."""
    _load.cache_clear()
    _status.forget()


def folder() -> Path:
    """Where models lie."""
    return Path(settings.HOME) / "models"


def _read_status() -> Status:
    try:
        card = vectors.read_card(folder())
        if card:
            _load(card["version"])
            return Status(card["version"], card)
    except Unreadable as error:
        log.error("model unreadable, the cold start serves", extra={"error": str(error)})  # noqa: TRY400 - the cause is in its text
        return Status(vectors.cold_start().version, {}, str(error))
    return Status(vectors.cold_start().version, {})


_status = Picture(_read_status, stale=60)


@lru_cache(maxsize=2)
def _load(version: str) -> Vectors:
    """The model of this version, held in memory; a version never changes."""
    if version == vectors.cold_start().version:
        return vectors.cold_start()
    found = vectors.load(folder())
    if found is None or found.version != version:
        raise Unreadable(f"the model changed while it was read at {clock.now():%H:%M}")
    return found
