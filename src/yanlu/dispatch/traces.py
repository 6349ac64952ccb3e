"""The write door of traces, by which open matters are found again, and of the model behind them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from yanlu.dispatch import encoding
from yanlu.dispatch.models import Trace
from yanlu.intake import selectors as intake
from yanlu.kernel import journal
from yanlu.textkit import vectors

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

BATCH = 500

# One statement for a batch: row by row the ORM takes as long as making the vectors.
_TRACE = """
INSERT INTO dispatch_trace (vector_by, submission_id, place_id, received_at, vector, meaning_by)
SELECT %s, id, place, received_at, vector::halfvec, ''
  FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[])
       row(id, place, received_at, vector)
ON CONFLICT (submission_id) DO UPDATE SET
    place_id = excluded.place_id, vector_by = excluded.vector_by, vector = excluded.vector
"""


def trace_submissions(places: Mapping[int, int | None]) -> None:
    """Let these submissions be found, each in the place given; confidential ones never are.

    Safe to do twice: the trace is made anew.
    """
    found = intake.findable(list(places))
    model = encoding.model()
    # Four decimals are what halves of floats hold, and shorter to write.
    made = model.embed([one.words for one in found]).round(4).tolist()
    columns = (
        [one.id for one in found],
        [places[one.id] for one in found],
        [one.received_at for one in found],
        [str(vector) for vector in made],
    )
    with connection.cursor() as cursor:
        cursor.execute(_TRACE, [model.version, *columns])


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


def learn_vectors(*, actor: journal.Actor) -> dict[str, Any]:
    """Learn a model from the words of this installation, use it, renew the traces; its figures.

    :raises ValueError: too few submissions to learn from.
    """
    texts = intake.latest_texts(vectors.MOST)
    learnt = vectors.learn(texts)
    figures = {"texts": len(texts), "dimensions": learnt.directions.shape[1]}
    encoding.keep(learnt, actor=actor, figures=figures)
    return figures | {"version": learnt.version, "renewed": renew_traces()}


def whole(submission: "Submission") -> str:
    """Title and text, as they are compared."""
    return f"{submission.title}\n{submission.text}"
