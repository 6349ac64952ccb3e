"""Which trained model does what, since when, and how to go back.

Each task has models on the shelf (`yanlu.textkit.model_files`) and one in use, or none. If the
files of the one in use are harmed, the one before goes on and the fault is shown.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch.models import ModelUse
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import NotFound
from yanlu.kernel.pictures import forget_all
from yanlu.textkit import model_files
from yanlu.textkit.model_files import Arrays, Card, ModelUnusable

log = logging.getLogger(__name__)

SUBJECT = journal.Subject("models", 1)

M = TypeVar("M")
#: Makes a model of what its files hold; refuses by KeyError or ValueError what is none.
Make = Callable[[Card, Arrays], M]


@dataclass(frozen=True)
class Learned(Generic[M]):
    """A trained model with its card."""

    card: Card
    model: M


def in_use(task: str, make: Make[M]) -> tuple[Learned[M] | None, tuple[str, ...]]:
    """The last model put to use that can be used, and what is wrong with those after it."""
    faults: list[str] = []
    for use in ModelUse.objects.filter(task=task).order_by("-pk"):
        if not use.version:
            break
        try:
            return _load(settings.YANLU_MODELS, use.version, make), tuple(faults)
        except ModelUnusable as fault:
            log.warning("a model can't be used, the one before goes on: %s", fault)
            faults.append(str(fault))
    return None, tuple(faults)


@transaction.atomic
def use_model(*, actor: journal.Actor, version: str, task: str = "") -> Card | None:
    """Let this model do its task from now on; an empty version leaves the task without any.

    :raises NotFound: no such model.
    :raises ModelUnusable: its files are harmed.
    """
    card = None
    if version:
        if not (settings.YANLU_MODELS / f"{version}{model_files.CARD}").is_file():
            raise NotFound(_("There is no such model."))
        card, _arrays = model_files.load(settings.YANLU_MODELS, version)
        task = card.task
    ModelUse.objects.create(task=task, version=version, used_by=actor.ref, used_at=clock.now())
    journal.record("model.used", SUBJECT, actor=actor, data={"task": task, "version": version})
    forget_all()
    return card


def previous_version(task: str) -> str:
    """The version that was in use before the present one; empty for none.

    :raises NotFound: the task never changed hands.
    """
    versions = list(
        ModelUse.objects.filter(task=task).order_by("-pk").values_list("version", flat=True)
    )
    if not versions:
        raise NotFound(_("There is nothing to go back to."))
    return next((version for version in versions if version != versions[0]), "")


@lru_cache(maxsize=8)
def _load(folder: Path, version: str, make: Make[Any]) -> Learned[Any]:
    card, arrays = model_files.load(folder, version)
    try:
        return Learned(card, make(card, arrays))
    except (KeyError, ValueError) as error:
        raise ModelUnusable(f"{version} is no model of this version of Yanlu: {error}") from error
