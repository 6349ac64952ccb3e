"""A petition as its pages show it: its dates in order, and its papers (告知书, 意见书)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from yanlu.cases import states
from yanlu.cases.masking import hiding
from yanlu.cases.models import Case, Extension, Opinion, Petition
from yanlu.cases.petitions import WINDOW, units_above
from yanlu.cases.procedure import delivery_of, opinions_of, petition_of, reviews_of
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.people.models import Unit


@dataclass(frozen=True)
class DateLine:
    """One date of the procedure: what happened then, or is owed by then (``is_open``).

    :param code: ``registered``, ``notice``, ``extended``, ``opinion``, ``delivery``, ``window``,
        ``review_asked``, ``review``, ``second_review_asked``, ``second_review``, ``final``.
    """

    code: str
    at: datetime | date | None
    is_open: bool = False
    unit: "Unit | None" = None
    note: str = ""


@dataclass(frozen=True)
class Paper:
    """A written decision. ``above``: the unit that would review it; none for the last one.

    :param name: ``opinion``, ``review``, ``second_review``.
    :param review_until: until when a review may be asked for; ``None`` while it is on its way.
    :param window: days within which a review may be asked for.
    """

    name: str
    opinion: Opinion
    review_until: datetime | None
    above: "Unit | None"
    window: int


@dataclass(frozen=True)
class PetitionFile:
    """How far a petition has come, with its papers, oldest first."""

    petition: Petition
    dates: list[DateLine]
    papers: list[Paper]

    @property
    def latest(self) -> Paper | None:
        """The decision in force."""
        return self.papers[-1] if self.papers else None

    def paper(self, name: str) -> Paper | None:
        """The decision of this name."""
        return next((paper for paper in self.papers if paper.name == name), None)


#: What the written decisions are called, in the order in which they are made.
NAMES = ("opinion", "review", "second_review")


def petition_file(
    case: Case, hide: Callable[[str], str], *, is_shared: bool = False
) -> PetitionFile | None:
    """The case's petition, if it goes by the procedure; ``hide`` takes out what is personal.

    Who shares somebody else's case (``is_shared``) reads what was decided, and no more.
    """
    petition = petition_of(case)
    if petition is None:
        return None
    papers = [_paper(name, one) for name, one in zip(NAMES, opinions_of(case), strict=False)]
    hide = hiding(case.submission) if is_shared else hide
    untold = _nothing if is_shared else hide
    _hide(petition, demand=untold, enquiries=untold)
    for paper in papers:
        _hide(paper.opinion, demand=untold, facts=untold, basis=untold, ruling=hide)
    dates = [replace(one, note=untold(one.note)) for one in _dates(case, petition)]
    return PetitionFile(petition, dates, papers)


def _nothing(_text: str) -> str:
    return ""


def _hide(row: Petition | Opinion, **hides: Callable[[str], str]) -> None:
    for name, hide in hides.items():
        setattr(row, name, hide(getattr(row, name)))


def _paper(name: str, opinion: Opinion) -> Paper:
    own = people.unit(opinion.unit_id)
    above = next(iter(units_above(own)), None) if own and name != NAMES[-1] else None
    delivery = delivery_of(opinion)
    until = delivery.review_until if delivery else None
    window = dispatch.limit(WINDOW, end_of_day(delivery.on) if delivery else clock.now())
    return Paper(name, opinion, until, above, window.amount)


def _dates(case: Case, petition: Petition) -> Iterator[DateLine]:
    """Every date so far, and the one that comes next."""
    is_under_way = case.state not in states.ENDED
    yield DateLine("registered", petition.registered_at)
    if petition.noticed_at:
        yield DateLine("notice", petition.noticed_at, unit=_unit(petition.notice_unit_id))
    elif is_under_way:
        yield DateLine("notice", petition.notice_due_at, is_open=True)
    extension = _extension(case, petition)
    if extension:
        yield DateLine("extended", extension.until, note=extension.remark.text)
    opinions = opinions_of(case)
    if not opinions and is_under_way and case.due_at:
        yield DateLine("opinion", case.due_at, is_open=True)
    yield from _decisions(case, opinions)
    if case.state == states.FINAL:
        yield DateLine("final", case.ended_at)


def _decisions(case: Case, opinions: list[Opinion]) -> Iterator[DateLine]:
    """Each opinion with the review that was asked of it, and what may be asked now."""
    reviews = reviews_of(case)
    for number, opinion in enumerate(opinions):
        yield DateLine(NAMES[number], opinion.at, unit=_unit(opinion.unit_id))
        delivery = delivery_of(opinion)
        if number < len(NAMES) - 1 and (delivery is None or delivery.on != local_day(opinion.at)):
            on = delivery.on if delivery else None
            yield DateLine("delivery", on, is_open=on is None)
        if number < len(reviews):
            yield DateLine(f"{NAMES[number + 1]}_asked", reviews[number].asked_at)
    if len(reviews) == len(opinions) and reviews:
        under_way = _unit(reviews[-1].unit_id)
        yield DateLine(NAMES[len(opinions)], case.due_at, is_open=True, unit=under_way)
    elif case.state in states.OPEN_TO_REVIEW and (delivery := delivery_of(opinions[-1])):
        yield DateLine("window", delivery.review_until, is_open=True)


def _extension(case: Case, petition: Petition) -> Extension | None:
    granted = Extension.objects.filter(
        case=case, is_granted=True, asked_at__gte=petition.registered_at
    )
    return granted.select_related("remark").first()


def _unit(unit_id: int | None) -> "Unit | None":
    return people.unit(unit_id) if unit_id else None
