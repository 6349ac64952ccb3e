"""Reading cases, always for somebody: what they may see and no more."""

import base64
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language

from yanlu.cases import access, promises, states
from yanlu.cases.models import Case, CoSigner, Ground, Reason
from yanlu.dispatch import selectors as dispatch
from yanlu.intake.codes import read_code
from yanlu.kernel import clock
from yanlu.kernel.pictures import Picture
from yanlu.people import access as people_access
from yanlu.people import roles
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.textkit.segment import search_query

if TYPE_CHECKING:
    from yanlu.people.models import Account

PAGE = 50
#: Counts stop here: a badge says "999+", and no page ever counts a million rows.
MOST = 1_000
SOON = timedelta(days=2)
VIEWS = (
    "to_dispatch", "to_handle", "to_verify", "to_settle", "petitions", "due_soon", "overdue",
    "suspended", "ended", "all",
)  # fmt: skip


@dataclass(frozen=True)
class QueueFilters:
    """What of the work queue is looked at; empty fields ask for everything."""

    view: str = ""
    search: str = ""
    state: str = ""
    category_id: int | None = None
    place_id: int | None = None
    unit_id: int | None = None
    level: int | None = None
    kind: str = ""
    urgency: str = ""
    mine: bool = False


@dataclass(frozen=True)
class QueueRow:
    """One case in a list; ``notice_due_at``: a petition's notice of acceptance, still owed."""

    id: int
    number: str
    title: str
    state: str
    kind: str
    urgency: str
    category: str
    place: str
    unit: str
    due_at: datetime | None
    opened_at: datetime
    is_overdue: bool
    is_sealed: bool
    version: int
    co_signer_count: int
    notice_due_at: datetime | None


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue; ``next`` is the cursor of the following one, empty at the end."""

    rows: list[QueueRow]
    next: str


def queue(account: "Account", filters: QueueFilters, after: str = "") -> QueuePage:
    """The person's work, what is due first first; ended and all cases, the latest first.

    Pages follow a cursor, not a number, so that the hundredth page costs what the first does
    and nothing is skipped while others work.
    """
    cases = _filtered(account, filters)
    page, cursor = after_cursor(
        cases.select_related("petition").defer("words"),
        after,
        field="ended_at" if filters.view == "ended" else "sort_at",
        descending=filters.view in ("ended", "all", ""),
    )
    return QueuePage(_rows(page), cursor)


def after_cursor(
    cases: QuerySet[Case], after: str, *, field: str, descending: bool, size: int = PAGE
) -> tuple[list[Case], str]:
    """The next ``size`` cases behind the cursor, and the cursor of those that follow."""
    sign, step = ("-", "lt") if descending else ("", "gt")
    if after:
        at, number = _read_cursor(after)
        later = {f"{field}__{step}": at}
        tied = {field: at, f"id__{step}": number}
        cases = cases.filter(**{f"{field}__{step}e": at}).filter(Q(**later) | Q(**tied))
    found = list(cases.order_by(f"{sign}{field}", f"{sign}id")[: size + 1])
    page = found[:size]
    return page, _cursor(getattr(page[-1], field), page[-1].pk) if len(found) > size else ""


def counts(account: "Account") -> dict[str, int]:
    """How many cases each view holds for this person, counted up to :data:`MOST`; one query."""
    base = access.visible(account)
    names = [view for view in VIEWS if view not in ("ended", "all")]
    sql: list[str] = []
    values: list[Any] = []
    for name in names:
        part = _of_view(base, name).order_by().values("pk")[:MOST]
        try:
            one, params = part.query.sql_with_params()
        except EmptyResultSet:  # Django's word for "this person can't see anything at all"
            return dict.fromkeys(names, 0)
        sql.append(f"(SELECT count(*) FROM ({one}) t)")  # noqa: S608 - compiled by Django
        values.extend(params)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sql), values)
        return dict(zip(names, cursor.fetchone(), strict=True))


class Facts(NamedTuple):
    """What is watched of a case; ``limit_class``: of its whole clock."""

    id: int
    number: str
    state: str
    kind: str
    urgency: str
    category_id: int | None
    place_id: int | None
    unit_id: int | None
    is_patrol: bool
    is_sealed: bool
    limit_class: str


def facts(case_ids: Collection[int], *, lock: bool = False) -> list[Facts]:
    """What is watched of these cases, for no page; ``lock`` keeps others from watching them too."""
    rows = Case.objects.filter(pk__in=case_ids).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return [
        Facts._make((*row, promises.PETITION if is_petition else code))
        for *row, is_petition, code in rows.annotate(
            is_patrol=Q(patrol_by__isnull=False), is_petition=Q(petition__isnull=False)
        ).values_list(
            "pk", "number", "state", "kind", "urgency", "category_id", "place_id", "lead_unit_id",
            "is_patrol", "is_sealed", "is_petition", "decision__deadline_class__code",
        )
    ]  # fmt: skip


def listed(account: "Account", case_ids: Sequence[int]) -> list[QueueRow]:
    """These cases in this order, without those that the person may not see."""
    seen = access.visible(account).filter(pk__in=case_ids).select_related("petition")
    found = {row.id: row for row in _rows(list(seen.defer("words")))}
    return [found[number] for number in case_ids if number in found]


def rows_of(case_ids: Collection[int]) -> dict[int, QueueRow]:
    """How these cases stand in a list, by number; who may read it is the caller's to know."""
    found = Case.objects.filter(pk__in=case_ids).select_related("petition").defer("words")
    return {row.id: row for row in _rows(list(found))}


def opened_after(number: int) -> dict[int, str]:
    """Cases opened behind this number, with the state that they are in."""
    rows = Case.objects.filter(pk__gt=number).order_by("pk")
    return dict(rows.values_list("pk", "state"))


def returned_often(least: int = 2) -> QuerySet[Case]:
    """Cases under way that units have returned this often or more (多次退单)."""
    owed = Case.objects.filter(state__in=states.OWED, returns__isnull=False)
    return owed.annotate(times=Count("returns")).filter(times__gte=least)


class Origin(NamedTuple):
    """How a case came in. ``has_somebody``: there is a resident who can be contacted."""

    id: int
    channel: str
    is_patrol: bool
    has_somebody: bool


def origins(case_ids: Collection[int], *, lock: bool = False) -> list[Origin]:
    """How these cases came in, for no page; ``lock`` keeps others from recording them too.

    Nobody can be contacted about what a patrol found, or what somebody handed in namelessly.
    """
    rows = Case.objects.filter(pk__in=case_ids).order_by("pk")
    if lock:
        rows = rows.select_for_update(of=("self",), no_key=True)
    known = Q(submission__account__isnull=False) | Q(submission__identity__isnull=False)
    told = rows.annotate(
        is_patrol=Q(patrol_by__isnull=False), has_somebody=Q(patrol_by=None) & known
    )
    return [
        Origin._make(row)
        for row in told.values_list("pk", "submission__channel", "is_patrol", "has_somebody")
    ]


def found_by(account: "Account") -> list[QueueRow]:
    """What this grid worker found on patrol, the latest first."""
    found = Case.objects.filter(patrol_by=account.pk).defer("words").order_by("-pk")
    return _rows(list(found[:PAGE]))


def to_check(account: "Account") -> list[QueueRow]:
    """What other grid workers found, that its unit has answered and this one may check on site."""
    around = {
        place
        for top in people_access.places_of(account, {roles.GRID_WORKER})
        for place in territory().within(top)
    }
    answered = Case.objects.filter(
        state=states.ANSWERED, place__in=around, patrol_by__isnull=False
    ).exclude(patrol_by=account.pk)
    cases = answered.select_related("submission").prefetch_related("assists").defer("words")
    return _rows(
        [
            case
            for case in cases.order_by("sort_at", "pk")[:PAGE]
            if states.CHECKER in access.parties(account, case)
        ]
    )


def case_of_code(query_code: str) -> Case | None:
    """The case of the submission with this query code, or the one that it shares."""
    cases = Case.objects.order_by("pk")
    own = cases.filter(submission__query_code=query_code).first()
    return own or cases.filter(co_signers__submission__query_code=query_code).first()


def submissions_behind(case_ids: Collection[int]) -> dict[int, set[int]]:
    """Of each of these cases, whose matter it settles: its own submission and those that share it.

    Those of cases that were merged into it count, too.
    """
    first, *others = [rows.values_list("settled_by", "submission") for rows in _settled(case_ids)]
    behind: dict[int, set[int]] = {}
    for number, submission in first.union(*others):
        behind.setdefault(number, set()).add(submission)
    return behind


def settled_submissions(case: Case) -> QuerySet[Any, Any]:
    """The same of one case, as a subquery: ten thousand may share it."""
    first, *others = [rows.values("submission") for rows in _settled([case.pk])]
    return first.union(*others)


def _settled(case_ids: Collection[int]) -> list[QuerySet[Any, Any]]:
    """Rows with a submission each, and the case that settles it."""
    shared = CoSigner.objects.filter(left_at=None)
    return [
        Case.objects.filter(pk__in=case_ids).annotate(settled_by=F("pk")),
        Case.objects.filter(merged_into__in=case_ids).annotate(settled_by=F("merged_into")),
        shared.filter(case__in=case_ids).annotate(settled_by=F("case")),
        shared.filter(case__merged_into__in=case_ids).annotate(settled_by=F("case__merged_into")),
    ]


@dataclass(frozen=True)
class _Tables:
    """The code tables."""

    reasons: list[Reason]
    grounds: list[Ground]


def _read_tables() -> _Tables:
    return _Tables(
        list(Reason.objects.filter(is_active=True)), list(Ground.objects.filter(is_active=True))
    )


_tables = Picture(_read_tables, stale=15)


def reasons(table: str) -> list[tuple[str, str]]:
    """The active lines of a code table, in the reader's language."""
    rows = [row for row in _tables().reasons if row.table == table]
    return [(row.code, _localized(row.text, row.text_en)) for row in rows]


def reason_ids(table: str) -> dict[str, int]:
    """Numbers of the active lines of a code table, by code."""
    return {row.code: row.pk for row in _tables().reasons if row.table == table}


def grounds() -> list[tuple[str, str, str]]:
    """Grounds for not accepting: code, name, standing reply, in the reader's language."""
    return [
        (row.code, _localized(row.name, row.name_en), _localized(row.reply, row.reply_en))
        for row in _tables().grounds
    ]


def _filtered(account: "Account", filters: QueueFilters) -> QuerySet[Case]:
    cases = _of_view(access.visible(account), filters.view)
    exact = {
        "state": filters.state,
        "category": filters.category_id,
        "lead_unit": filters.unit_id,
        "kind": filters.kind,
        "urgency": filters.urgency,
    }
    cases = cases.filter(**{name: value for name, value in exact.items() if value})
    if filters.place_id:
        cases = cases.filter(place__in=territory().within(filters.place_id))
    if filters.level:
        cases = cases.filter(lead_unit__in=people.units_at({filters.level}))
    if filters.mine:
        cases = cases.filter(lead_unit__in=people_access.units_of(account))
    return searched(cases, filters.search)


def searched(cases: QuerySet[Case], typed: str) -> QuerySet[Case]:
    """Cases that hold all the words typed."""
    if _is_code(typed):
        code = read_code(typed)
        own = Case.objects.filter(submission__query_code=code).values_list("pk", flat=True)
        shared = CoSigner.objects.filter(submission__query_code=code)
        return cases.filter(pk__in=[*own, *shared.values_list("case_id", flat=True)])
    found = search_query(typed)
    if not found:
        return cases.none() if typed.strip() else cases
    quoted = ["'" + word.replace("\\", "").replace("'", "''") + "'" for word in found]
    return cases.extra(where=["words @@ %s::tsquery"], params=[" & ".join(quoted)])


def _is_code(typed: str) -> bool:
    return bool(read_code(typed)) and not typed.replace("-", "").isdigit()


def _of_view(cases: QuerySet[Case], view: str) -> QuerySet[Case]:
    owed = Q(state__in=tuple(sorted(states.OWED)))
    now = clock.now()
    conditions = {
        "to_dispatch": Q(state__in=states.TO_DISPATCH),
        "to_handle": Q(state__in=states.TO_HANDLE),
        "to_verify": Q(state__in=states.TO_VERIFY, patrol_by__isnull=True),
        "to_settle": Q(state__in=states.TO_SETTLE),
        "petitions": Q(petition__isnull=False)
        & (Q(state__in=states.TO_REVIEW) | owed & Q(petition__noticed_at=None)),
        "suspended": Q(state__in=states.PUT_OFF),
        "overdue": owed & Q(due_at__lt=now, sort_at__lt=now),
        "due_soon": owed
        & Q(due_at__gte=now, due_at__lt=now + SOON, sort_at__gte=now, sort_at__lt=now + SOON),
        "ended": Q(ended_at__isnull=False),
    }
    return cases.filter(conditions.get(view, Q()))


def _rows(cases: list[Case]) -> list[QueueRow]:
    categories = dispatch.category_names({c.category_id for c in cases if c.category_id})
    units = people.unit_names({c.lead_unit_id for c in cases if c.lead_unit_id})
    places = territory()
    return [
        QueueRow(
            id=case.pk,
            number=case.number,
            title=case.title,
            state=case.state,
            kind=case.kind,
            urgency=case.urgency,
            category=categories.get(case.category_id or 0, ""),
            place=places.label(case.place_id),
            unit=units.get(case.lead_unit_id or 0, ""),
            due_at=case.due_at,
            opened_at=case.opened_at,
            is_overdue=promises.is_overdue(case),
            is_sealed=case.is_sealed,
            version=case.version,
            co_signer_count=case.co_signer_count,
            notice_due_at=promises.notice_due_at(case),
        )
        for case in cases
    ]


def _cursor(at: datetime, number: int) -> str:
    return base64.urlsafe_b64encode(json.dumps([at.isoformat(), number]).encode()).decode()


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    """What a cursor points behind; a mangled one starts at the beginning."""
    try:
        at, number = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return datetime.fromisoformat(at), int(number)
    except (ValueError, TypeError):
        return datetime.min.replace(tzinfo=clock.ZONE), 0


def _localized(text: str, text_en: str) -> str:
    return (text_en or text) if get_language() == "en" else text
