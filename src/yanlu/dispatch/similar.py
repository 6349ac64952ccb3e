"""Open matters that are like a text: as it is typed, and once it was handed in.

The nearest by vector, of the same community; failing that of the same subdistrict, then of the
whole district; then ranked by how alike the words are (`yanlu.textkit.likeness`), which can also
be told. Bounds are choices of ours, measured in docs/adr/0012-similar-matters.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pgvector.django import MaxInnerProduct

from yanlu.dispatch import encoding
from yanlu.dispatch.models import Trace
from yanlu.dispatch.traces import whole
from yanlu.intake import selectors as intake
from yanlu.kernel import clock
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.textkit.likeness import Likeness, Portrait, Weigh, compare, cover, portray
from yanlu.textkit.privacy import mask

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

#: Nearest by vector whose words are compared.
POOL = 30
#: Likeness from which a matter is shown.
LIKELY = 0.3
#: Letters typed before anything can be told, and letters of a text that are compared.
FEWEST_TYPED, MOST_COMPARED = 6, 2_000
#: Older matters are another story, however alike.
WITHIN = timedelta(days=365)


@dataclass(frozen=True)
class Similar:
    """An open submission, how alike it is (0–1), and the most telling words that both hold."""

    submission: "Submission"
    place_id: int | None
    score: float
    common: tuple[str, ...]


def similar_open(text: str, place_id: int | None = None, limit: int = 5) -> list[Similar]:
    """Open matters that say what was typed so far, most alike first; nearest place first."""
    typed = portray(text[:MOST_COMPARED])
    if len(typed.folded) < FEWEST_TYPED:
        return []
    weigh = encoding.model().weigh

    def rate(said: Portrait) -> Likeness:
        return max(cover(typed, said, weigh), compare(typed, said, weigh), key=_score)

    return _nearest_first(text, place_id, rate, LIKELY)[:limit]


def likely_duplicates(submission_id: int, limit: int = 10) -> list[Similar]:
    """Other open submissions that likely mean the same, most alike first, for a clerk.

    Words that masking hides (a telephone number, a door) count but are not told. For a submission
    that others may not find (confidential, a report, ended) there are none.
    """
    trace = Trace.objects.filter(pk=submission_id).select_related("submission").first()
    if trace is None:
        return []
    own = _portrait(trace.submission)
    weigh: Weigh = encoding.model().weigh
    found = _nearest_first(
        whole(trace.submission),
        trace.place_id,
        lambda said: compare(own, said, weigh),
        LIKELY,
        but=submission_id,
    )
    may_tell = portray(mask(whole(trace.submission)).text).words
    return [
        replace(one, common=tuple(word for word in one.common if word in may_tell))
        for one in found[:limit]
    ]


def _nearest_first(
    text: str,
    place_id: int | None,
    rate: Callable[[Portrait], Likeness],
    least: float,
    but: int | None = None,
) -> list[Similar]:
    """Matters rated *least* or more in the narrowest ring of places that holds any."""
    for ring in _rings(place_id):
        places = _candidates(text, ring, but)
        rated = [
            Similar(submission, places[submission.pk], *_told(rate(_portrait(submission))))
            for submission in intake.submissions(list(places))
        ]
        found = sorted((s for s in rated if s.score >= least), key=lambda s: -s.score)
        if found:
            return found
    return []


def _candidates(text: str, ring: list[int] | None, but: int | None) -> dict[int, int | None]:
    """The nearest open matters by vector, with their places."""
    model = encoding.model()
    (vector,) = model.embed([text])
    near = Trace.objects.filter(
        vector_by=model.version, received_at__gte=clock.now() - WITHIN
    ).exclude(pk=but)
    if ring is not None:
        near = near.filter(place__in=ring)
    ordered = near.order_by(MaxInnerProduct("vector", vector))
    return dict(ordered.values_list("submission_id", "place_id")[:POOL])


def _rings(place_id: int | None) -> Iterator[list[int] | None]:
    """Places from near to far; ``None`` for everywhere."""
    places = territory()
    for level in (COMMUNITY, SUBDISTRICT):
        if around := places.at_level(place_id, level):
            yield places.within(around.id)
    yield None


def _portrait(submission: "Submission") -> Portrait:
    return portray(whole(submission)[:MOST_COMPARED])


def _told(likeness: Likeness) -> tuple[float, tuple[str, ...]]:
    return likeness.score, likeness.common


def _score(likeness: Likeness) -> float:
    return likeness.score
