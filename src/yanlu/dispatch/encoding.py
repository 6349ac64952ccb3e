"""Which model makes vectors of words just now, and which encoder beside it, if one is set up."""

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from yanlu.dispatch.shelf import in_use, use_model
from yanlu.kernel import clock, journal
from yanlu.kernel.pictures import Picture
from yanlu.textkit import model_files, vectors
from yanlu.textkit.encoders import EncoderFailed, encoder
from yanlu.textkit.model_files import Arrays, Card
from yanlu.textkit.vectors import Floats, Vectors

log = logging.getLogger(__name__)

#: As in ``ModelUse``.
TASK = "vectors"
#: Seconds that the encoder gets for a batch and while somebody types, and is left alone after it
#: failed.
PATIENT, HASTY, PAUSE = 30.0, 1.5, 60.0


@dataclass(frozen=True)
class Status:
    """The model in use and what its card says, and what is wrong with those that should be.

    :param figures: what it was learned from; empty for the cold start.
    :param encoder: the sentence encoder that is set up; ``encoder_fault``: what is wrong with it.
    """

    model: Vectors
    figures: Mapping[str, Any]
    faults: tuple[str, ...] = ()
    encoder: str = ""
    encoder_fault: str = ""


@dataclass(frozen=True)
class Meanings:
    """Vectors of a sentence encoder, one a row, and its name."""

    name: str
    vectors: Floats


def model() -> Vectors:
    """The installation's own model; the cold start before there is one that can be used."""
    return _status().model


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


def keep(learnt: Vectors, *, actor: journal.Actor, figures: Mapping[str, Any]) -> None:
    """Use this model from now on; other processes follow within a minute."""
    made_at = clock.now().astimezone(clock.ZONE).isoformat()
    card = Card(learnt.version, TASK, made_at, int(figures.get("texts", 0)), figures=figures)
    model_files.save(Path(settings.YANLU_MODELS), card, learnt.as_arrays())
    use_model(actor=actor, version=card.version)


def forget() -> None:
    """Look afresh, at the encoder too."""
    _encoder.cache_clear()
    _fault.note("")
    _status.forget()


def _read_status() -> Status:
    learned, faults = in_use(TASK, _read_vectors)
    if learned is None:
        return Status(vectors.cold_start(), {}, faults)
    return Status(learned.model, learned.card.figures, faults)


def _read_vectors(card: Card, arrays: Arrays) -> Vectors:
    return Vectors.from_arrays(card.version, arrays)


_status = Picture(_read_status, stale=60)
