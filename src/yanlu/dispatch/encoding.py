"""Which model makes vectors of words just now, and which encoder beside it, if one is set up."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanlu.kernel import clock
from yanlu.kernel.pictures import Picture
from yanlu.textkit import vectors
from yanlu.textkit.encoders import EncoderFailed, encoder
from yanlu.textkit.vectors import Floats, Unreadable, Vectors

log = logging.getLogger(__name__)

#: Seconds that the encoder gets for a batch and while somebody types, and is left alone after it
#: failed.
PATIENT, HASTY, PAUSE = 30.0, 1.5, 60.0


@dataclass(frozen=True)
class Status:
    """The model in use, what its card says, and what is wrong with the one that should be.

    ``encoder`` and ``encoder_fault`` say the same of the sentence encoder that is set up.
    """

    version: str
    card: dict[str, Any]
    fault: str = ""
    encoder: str = ""
    encoder_fault: str = ""


@dataclass(frozen=True)
class Meanings:
    """Vectors of a sentence encoder, one a row, and its name."""

    name: str
    vectors: Floats


def model() -> Vectors:
    """The installation's own model; the cold start before there is one, or when it is damaged."""
    return _load(_status().version)


def status() -> Status:
    """What is in use and why; for whoever looks after the installation."""
    return replace(_status(), encoder=settings.YANLU_ENCODER, encoder_fault=_fault.text)


def meanings(texts: Sequence[str], *, seconds: float = PATIENT, tries: int = 3) -> Meanings | None:
    """What the sentence encoder makes of these texts; ``None`` without one, or while it fails.

    After a failure it is left alone for `PAUSE` seconds, so that nobody who types has to wait.
    """
    if not settings.YANLU_ENCODER or not texts or _fault.holds():
        return None
    try:
        named = _encoder(settings.YANLU_ENCODER, settings.YANLU_ENCODER_KEY)
        found = Meanings(named.name, named.embed(texts, seconds=seconds, tries=tries))
    except EncoderFailed as error:
        log.error("encoder failed, own vectors serve alone", extra={"error": str(error)})  # noqa: TRY400 - the cause is in its text
        _fault.note(str(error))
        return None
    _fault.note("")
    return found


def encoder_name() -> str:
    """Name of the encoder that is set up and works; empty without one."""
    probe = meanings(["言路"], seconds=HASTY, tries=1)
    return probe.name if probe else ""


class _Fault:
    """What went wrong last with the encoder, and since when."""

    def __init__(self) -> None:
        self.text, self._at = "", 0.0

    def note(self, text: str) -> None:
        self.text, self._at = text, time.monotonic()

    def holds(self) -> bool:
        """Whether it failed a moment ago."""
        return bool(self.text) and time.monotonic() - self._at < PAUSE


_fault = _Fault()
_encoder = lru_cache(maxsize=1)(encoder)


def keep(learnt: Vectors, *, at: datetime, figures: dict[str, Any]) -> None:
    """Use this model from now on; other processes follow within a minute."""
    vectors.save(learnt, folder(), at=at, figures=figures)
    forget()


def forget() -> None:
    """Look at the folder afresh."""
    _load.cache_clear()
    _encoder.cache_clear()
    _fault.note("")
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
