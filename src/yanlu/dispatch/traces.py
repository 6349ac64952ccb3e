"""The write door of traces, by which open matters are found again, and of the model behind them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yanlu.dispatch import encoding
from yanlu.dispatch.models import Trace
from yanlu.intake import selectors as intake
from yanlu.kernel import clock
from yanlu.textkit import vectors

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

BATCH = 500


def trace_submissions(places: Mapping[int, int | None]) -> None:
    """Let these submissions be found, each in the place given; confidential ones never are.

    Safe to do twice: the trace is made anew.
    """
    found = [s for s in intake.submissions(list(places)) if not s.is_confidential]
    rows = _traced(found, places)
    Trace.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["submission"],
        update_fields=["place", "vector_by", "vector"],
    )


def forget_submissions(submission_ids: Iterable[int]) -> None:
    """Let these submissions be found no more; safe to do twice."""
    Trace.objects.filter(pk__in=list(submission_ids)).delete()


def renew_traces() -> int:
    """Make anew the traces that another model made; how many. Meanwhile nobody finds them."""
    known = encoding.model().version
    renewed = 0
    while stale := list(
        Trace.objects.exclude(vector_by=known).values_list("submission_id", flat=True)[:BATCH]
    ):
        with transaction.atomic():
            # What ended meanwhile has no trace any more and gets none.
            held = Trace.objects.select_for_update().filter(pk__in=stale)
            trace_submissions(dict(held.values_list("submission_id", "place_id")))
        renewed += len(stale)
    return renewed


def add_meanings() -> int:
    """Add what the sentence encoder makes of open matters that lack it; how many.

    The encoder may be far away and slow, so no transaction waits for it. It fails: until next time.
    """
    name = encoding.encoder_name()
    added = 0
    while name and (lacking := list(Trace.objects.exclude(meaning_by=name)[:BATCH])):
        words = {s.pk: whole(s) for s in intake.submissions([trace.pk for trace in lacking])}
        meant = encoding.meanings([words[trace.pk] for trace in lacking])
        if meant is None:
            break
        for trace, vector in zip(lacking, meant.vectors, strict=True):
            trace.meaning_by, trace.meaning = meant.name, vector
        Trace.objects.bulk_update(lacking, ["meaning_by", "meaning"])
        added += len(lacking)
    return added


def learn_vectors() -> dict[str, Any]:
    """Learn a model from the words of this installation, use it, renew the traces; its figures.

    :raises ValueError: too few submissions to learn from.
    """
    began = clock.now()
    texts = intake.latest_texts(vectors.MOST)
    learnt = vectors.learn(texts)
    figures = {"texts": len(texts), "dimensions": learnt.directions.shape[1]}
    encoding.keep(learnt, at=began, figures=figures)
    return figures | {"version": learnt.version, "renewed": renew_traces()}


def _traced(found: "list[Submission]", places: Mapping[int, int | None]) -> list[Trace]:
    model = encoding.model()
    made = model.embed([whole(submission) for submission in found])
    return [
        Trace(
            submission_id=submission.pk,
            place_id=places[submission.pk],
            received_at=submission.received_at,
            vector_by=model.version,
            vector=vector,
        )
        for submission, vector in zip(found, made, strict=True)
    ]


def whole(submission: "Submission") -> str:
    """Title and text, as they are compared."""
    return f"{submission.title}\n{submission.text}"
