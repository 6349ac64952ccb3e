"""The words of a day as the pool holds them, read from the database."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, F, When

from yanlu.cases import masking
from yanlu.cases.following import Followed, followed
from yanlu.dispatch import selectors as dispatch
from yanlu.insight import columns
from yanlu.insight.rollups import OUTCOME
from yanlu.intake import selectors as intake
from yanlu.kernel import clock, journal
from yanlu.oversight import selectors as oversight
from yanlu.oversight.rates import VOID
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY

if TYPE_CHECKING:
    from yanlu.intake.models import Submission

WITHDRAWN, ERASED = "pool.withdrawn", "pool.erased"
Word = dict[str, Any]

#: What is void has no outcome in the book; the pool tells why.
_OUTCOME = Case(
    When(state__in=VOID, then=F("state")), default=OUTCOME, output_field=CharField()
)  # fmt: skip


@dataclass(frozen=True)
class Trees:
    """Paths of all places and categories by number, as they are now.

    Names are in none of them: a place that is renamed changes no file. One that moves changes
    ``digest``, and with it every file.
    """

    places: dict[int, str]
    categories: dict[int, str]

    @property
    def digest(self) -> str:
        """Tells these trees, and the form of the files, from others."""
        rows = (sorted(tree.items()) for tree in (self.places, self.categories))
        return journal.digest(columns.FORMAT, *rows)


@dataclass(frozen=True)
class Day:
    """The words of a day, by number; ``withdrawn``: submissions that their residents took out."""

    words: list[Word]
    withdrawn: set[int]


def trees() -> Trees:
    """What places and categories lie in. Whatever is smaller than a neighbourhood counts as it:
    a building has so few households that a word would lead to one."""
    known = territory()
    return Trees(
        {
            number: "/".join(n.code for n in known.ancestors(number) if n.level <= COMMUNITY)
            for number in known.nodes
        },
        dispatch.category_paths(),
    )


def words_of(day: date, by: Trees) -> Day:
    """What was said on this day, without the sealed lane, confidential words and patrols' finds.

    A word comes in once it has a case that stands in the book.
    """
    said = {submission.pk: submission for submission in intake.said_on(day)}
    withdrawn = journal.those_with(WITHDRAWN, "submission", said.keys())
    told = _teller([said[number] for number in said.keys() - withdrawn], by)
    ways = followed(said.keys() - withdrawn)
    found = _facts(ways)
    words = [
        told(said[way.submission_id], way, *facts)
        for way in sorted(ways)
        if (facts := found.get(way.submission_id))
    ]
    return Day(words, withdrawn)


def text_of(submission: "Submission", known: masking.Known) -> str:
    """Title and words as the pool holds them."""
    return masking.masked(f"{submission.title}\n{submission.text}".strip(), submission, known)


def _facts(ways: list[Followed]) -> dict[int, tuple[Any, Any]]:
    """Of each submission what it is about, and the record of the case that settles it."""
    numbers = {number for way in ways for number in (way.own_id, way.case_id) if number}
    rows = oversight.records(numbers).annotate(ending=_OUTCOME)
    book = {row.case_id: row for row in rows}
    joined: dict[int, Any] = dict(
        dispatch.latest_placed([way.submission_id for way in ways if way.own_id is None])
    )
    about = {
        way.submission_id: book.get(way.own_id) or joined.get(way.submission_id) for way in ways
    }
    return {
        way.submission_id: (about[way.submission_id], book[way.case_id])
        for way in ways
        if about[way.submission_id] and way.case_id in book
    }


def _teller(said: "Collection[Submission]", by: Trees) -> Callable[..., Word]:
    """Makes rows of these submissions; what is sealed of those who spoke is read once, now."""
    known = masking.known_of(said)

    def tell(submission: "Submission", way: Followed, about: Any, record: Any) -> Word:
        place, category = by.places.get(about.place_id), by.categories.get(about.category_id)
        return {
            "word": f"submission:{submission.pk}",
            "spoken_as": columns.SUBMISSION,
            "said_at": submission.said_at.astimezone(UTC),
            "day": submission.said_at.astimezone(clock.ZONE).date(),
            "received_on": submission.received_at.astimezone(clock.ZONE).date(),
            "channel": submission.channel,
            "kind": about.kind,
            "place": place and place.rsplit("/")[-1],
            "place_path": place,
            "category": category and category.rsplit("/")[-1],
            "category_path": category,
            "level": record.level,
            "outcome": record.ending,
            "case": way.number,
            "co_signers": way.co_signer_count,
            "text": text_of(submission, known),
            "topic": None,
        }

    return tell
