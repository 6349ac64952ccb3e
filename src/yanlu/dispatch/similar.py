"""Open matters that are like a text: as it is typed, and once it was handed in.

The nearest by vector, of the same community; failing that of the same subdistrict, then of the
whole district; then ranked by how alike the words are (`yanlu.textkit.likeness`), which can also
be told. Bounds are choices of ours, measured in docs/adr/0012-similar-matters.md.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pgvector.django import MaxInnerProduct

from yanlu.dispatch import encoding
from yanlu.dispatch.models import Trace
from yanlu.dispatch.traces import whole
from yanlu.intake import selectors as intake
from yanlu.kernel import clock
from yanlu.kernel.pictures import Picture
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT
from yanlu.textkit.likeness import Likeness, Portrait, Weigh, compare, cover, portray
from yanlu.textkit.privacy import mask
from yanlu.textkit.vectors import Floats

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

#: Nearest by vector whose words are compared.
POOL = 20
#: Likeness from which a matter is shown.
LIKELY = 0.3
#: Letters typed before anything can be told, and letters of a text that are compared.
FEWEST_TYPED, MOST_COMPARED = 6, 2_000
#: Older matters are another story, however alike; so many are compared where no place narrows them:
#: six weeks of a district where 130,000 come in a year.
WITHIN = timedelta(days=365)
NEWEST = 15_000


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
    asked = _asked(text)
    for ring in _rings(place_id):
        near = _candidates(asked, ring, but)
        rated = [
            _rated(submission, near[submission.pk], rate(_portrait(submission)))
            for submission in intake.submissions(list(near))
        ]
        found = sorted((s for s in rated if s.score >= least), key=lambda s: -s.score)
        if found:
            return found
    return []


@dataclass(frozen=True)
class _Asked:
    """What is looked for: by whose vectors."""

    version: str
    vector: Floats
    meaning: encoding.Meanings | None


@dataclass(frozen=True)
class _Near:
    """An open matter nearby; ``meant``: cosine of the encoder's vectors, where there is one."""

    place_id: int | None
    meant: float = 0.0


def _asked(text: str) -> _Asked:
    model = encoding.model()
    (vector,) = model.embed([text])
    meaning = encoding.meanings([text], seconds=encoding.HASTY, tries=1)
    return _Asked(model.version, vector, meaning)


def _candidates(asked: _Asked, ring: list[int] | None, but: int | None) -> dict[int, _Near]:
    """The nearest open matters by vector of words, and by meaning where an encoder works."""
    open_ones = Trace.objects.filter(received_at__gte=_since(ring)).exclude(pk=but)
    if ring is not None:
        open_ones = open_ones.filter(place__in=ring)
    by_words = open_ones.filter(vector_by=asked.version).order_by(
        MaxInnerProduct("vector", asked.vector)
    )
    near = {
        number: _Near(place_id)
        for number, place_id in by_words.values_list("submission_id", "place_id")[:POOL]
    }
    if asked.meaning:
        by_meaning = open_ones.filter(meaning_by=asked.meaning.name).annotate(
            far=MaxInnerProduct("meaning", asked.meaning.vectors[0])
        )
        rows = by_meaning.order_by("far").values_list("submission_id", "place_id", "far")[:POOL]
        near |= {number: _Near(place_id, -far) for number, place_id, far in rows}
    return near


def _since(ring: list[int] | None) -> datetime:
    """From when on matters are looked at: a year, and of the whole district only the newest."""
    year = clock.now() - WITHIN
    newest = _newest() if ring is None else None
    return max(year, newest) if newest else year


def _read_newest() -> datetime | None:
    """When the oldest of the newest open matters was received; ``None`` for few."""
    newest = Trace.objects.order_by("-received_at").values_list("received_at", flat=True)
    return next(iter(newest[NEWEST : NEWEST + 1]), None)


_newest = Picture(_read_newest, stale=60)


def _rated(submission: "Submission", near: _Near, likeness: Likeness) -> Similar:
    """The better of both: words alike, or meant alike, from a cosine of one half upwards."""
    score = max(likeness.score, 2 * near.meant - 1)
    return Similar(submission, near.place_id, score, likeness.common)


def _rings(place_id: int | None) -> Iterator[list[int] | None]:
    """Places from near to far; ``None`` for everywhere."""
    places = territory()
    for level in (COMMUNITY, SUBDISTRICT):
        if around := places.at_level(place_id, level):
            yield places.within(around.id)
    yield None


def _portrait(submission: "Submission") -> Portrait:
    return portray(whole(submission)[:MOST_COMPARED])


def _score(likeness: Likeness) -> float:
    return likeness.score
