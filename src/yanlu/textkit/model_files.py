"""Trained models as files: numbers in ``<version>.npz``, and in ``<version>.json`` a card.

The card tells people what the model is, from what and when it was made, and how good it measured;
it also binds the numbers by their SHA-256, so that a file that was cut off or altered is noticed
before it decides anything. Nothing in either file is ever run as code.
"""

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

CARD, NUMBERS = ".json", ".npz"
_WHAT_A_BROKEN_FILE_RAISES: Final = (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile)

Arrays = Mapping[str, NDArray[Any]]


class ModelUnusable(Exception):
    """The files of a model are missing, cut off or altered; the message says which."""


@dataclass(frozen=True)
class Card:
    """What is known of a model.

    :param task: what it was trained for, such as ``categories:seven``.
    :param made_at: moment, ISO 8601.
    :param examples: how many, ``period`` the moments of the first and the last.
    :param figures: what was measured on held-out examples, and of whom it was better.
    """

    version: str
    task: str
    made_at: str
    examples: int
    period: tuple[str, str] = ("", "")
    labels: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)
    sha256: str = ""


def save(folder: Path, card: Card, arrays: Arrays) -> Card:
    """Write a model; readers see all of it or nothing. Returns the card with the digest."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = folder / f"{card.version}{NUMBERS}"
    draft = numbers.with_suffix(".part")
    with draft.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **arrays)
        file.flush()
        os.fsync(file.fileno())
    kept = Card(**asdict(card) | {"sha256": _digest(draft)})
    draft.replace(numbers)
    draft.write_text(json.dumps(asdict(kept), ensure_ascii=False, indent=1), "utf-8")
    draft.replace(folder / f"{card.version}{CARD}")
    return kept


def load(folder: Path, version: str) -> tuple[Card, Arrays]:
    """The model of this version.

    :raises ModelUnusable: no such version, or its files are not what was written.
    """
    card = read_card(folder / f"{version}{CARD}")
    numbers = folder / f"{version}{NUMBERS}"
    try:
        if _digest(numbers) != card.sha256:
            raise ModelUnusable(f"{numbers.name} is not what was written")
        with np.load(numbers, allow_pickle=False) as found:
            return card, {name: found[name] for name in found.files}
    except _WHAT_A_BROKEN_FILE_RAISES as error:
        raise ModelUnusable(f"{numbers.name} can't be read: {error}") from error


def cards(folder: Path) -> list[Card | ModelUnusable]:
    """The cards of all models, oldest first; the fault of each that can't be read."""
    return [_card_or_fault(path) for path in sorted(folder.glob(f"*{CARD}"))]


def read_card(path: Path) -> Card:
    """The card in this file.

    :raises ModelUnusable: there is none, or it can't be read.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
        return Card(**found | {name: tuple(found[name]) for name in ("period", "labels")})
    except _WHAT_A_BROKEN_FILE_RAISES as error:
        raise ModelUnusable(f"{path.name} can't be read: {error}") from error


def _card_or_fault(path: Path) -> Card | ModelUnusable:
    try:
        return read_card(path)
    except ModelUnusable as fault:
        return fault


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
