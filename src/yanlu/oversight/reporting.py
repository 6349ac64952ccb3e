"""The write door of reports (督查报告): asked for, drawn up, revised, issued, received."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import clock, jobs, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.kernel.calendars import calendar
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.oversight import access, contents, findings, reports, sections
from yanlu.oversight.freezing import Asked, freeze_report, period_of
from yanlu.oversight.models import (
    Group,
    Inspection,
    Receipt,
    Record,
    Report,
    ReportKind,
    ReportPlan,
    Snapshot,
)
from yanlu.oversight.periods import Period
from yanlu.oversight.rates import BY_CODE, Scope
from yanlu.oversight.scoring import LEVELS
from yanlu.people import selectors as people
from yanlu.people.access import units_of
from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT, Node

if TYPE_CHECKING:
    from yanlu.people.models import Account

SYSTEM = journal.System("oversight")
#: Papers are Chinese, whoever asks for them.
LANGUAGE = "zh-hans"
#: Numbers the lock under which a report gets its running number.
NUMBERING = 710_211
LONGEST_TITLE = 120
#: Year before which nothing was recorded anywhere; the period before one of the year 1 is no date.
EARLIEST = 2000


@dataclass(frozen=True)
class Wanted:
    """A report that is asked for; ``place_id`` empty: of the whole district."""

    kind: str
    period: Period
    place_id: int | None = None
    unit_id: int | None = None
    level: int | None = None
    sample: int = 0


@transaction.atomic
def ask_report(*, actor: "Account", wanted: Wanted) -> Report:
    """Have a report drawn up by a job (生成报告).

    :raises NotAllowed: the place, or the unit's, is not the person's to report on.
    :raises Invalid: no such kind, place, unit or sample, or the period is too early or not over.
    """
    _check(actor, wanted)
    return _ask(actor, wanted)


@transaction.atomic
def ask_planned() -> int:
    """Ask for what plans have due today and nobody asked for yet; how many."""
    today, asked = clock.today(), 0
    for plan in ReportPlan.objects.filter(is_active=True).select_for_update():
        period = reports.last_whole(plan.kind, today)
        is_due = today >= calendar().add_workdays(period.last, plan.workdays)
        if is_due and not Report.objects.filter(plan=plan, first=period.first).exists():
            wanted = Wanted(
                plan.kind, period, plan.place_id, plan.unit_id, plan.level, _sample_of(plan)
            )
            _ask(SYSTEM, wanted, plan)
            asked += 1
    return asked


def draw_up(*, report_id: int) -> None:
    """Freeze the figures and propose what the report says; twice does no harm.

    :raises Conflict: somebody else is just writing; try again.
    """
    report = Report.objects.filter(pk=report_id, state=reports.ASKED).first()
    if report is None:
        return
    earlier = _earlier(report)
    snapshot = freeze_report(actor=SYSTEM, asked=_asked(report, earlier))
    with transaction.atomic(), translation.override(LANGUAGE):
        taken = Report.objects.select_for_update().get(pk=report_id)
        if taken.state != reports.ASKED:
            return
        taken.snapshot = snapshot
        taken.title = contents.title(taken.kind, whole(taken), period(taken))[:LONGEST_TITLE]
        taken.sections = sections.to_json(contents.compose(_material(taken, snapshot, earlier)))
        _draw(taken, snapshot)
        _move(taken, SYSTEM, "draw_up", {"snapshot": snapshot.pk})


@transaction.atomic
def revise_report(
    *, actor: "Account", report_id: int, title: str, texts: Mapping[str, str], version: int
) -> Report:
    """Put other words into a draft (修改); its figures stay.

    :param texts: by the section's code; sections without one stay as they are.
    :raises Invalid: no title.
    """
    report = _take(actor, report_id, "revise", version)
    report.title = title.strip()[:LONGEST_TITLE]
    if not report.title:
        raise Invalid(_("Give it a title."), "title")
    told = [
        replace(one, text=texts.get(one.code, one.text).replace("\r\n", "\n"))
        for one in sections.from_json(report.sections)
    ]
    report.sections = sections.to_json(told)
    return _move(report, actor, "revise", {"digest": digest(report)})


@transaction.atomic
def issue_report(
    *, actor: "Account", report_id: int, unit_ids: Collection[int], version: int
) -> Report:
    """Number the report, make it final and send it to these units (印发).

    :raises Invalid: a section that a person has to write says nothing, nobody to send it to, or
        nothing of the sample was looked at.
    """
    report = _take(actor, report_id, "issue", version)
    told = sections.from_json(report.sections)
    if missing := [one.heading for one in told if one.is_missing]:
        raise Invalid(_("Write this section first: %(name)s") % {"name": missing[0]})
    known = recipients(report)
    if not unit_ids or not set(unit_ids) <= known:
        raise Invalid(_("Choose at least one unit of this place."), "units")
    report.sections = sections.to_json(_with_findings(report, told))
    now = clock.now()
    report.year, report.serial = now.year, _next_serial(report.kind, now.year)
    report.issued_by, report.issued_at = actor, now
    insert_rows([Receipt(report=report, unit_id=one, sent_at=now) for one in sorted(unit_ids)])
    return _move(report, actor, "issue", {"digest": digest(report), "units": sorted(unit_ids)})


@transaction.atomic
def discard_report(*, actor: "Account", report_id: int, version: int) -> Report:
    """Put a report away that is not wanted (作废)."""
    report = access.get_report(actor, report_id)
    verb = "give_up" if report.state == reports.ASKED else "discard"
    return _move(_take(actor, report_id, verb, version), actor, verb, {})


@transaction.atomic
def receive_report(*, actor: "Account", report_id: int) -> None:
    """Say that the report has come, for each of the person's units that it was sent to (签收)."""
    access.get_report(actor, report_id)
    mine = Receipt.objects.select_for_update().filter(
        report=report_id, unit__in=units_of(actor), received_at=None
    )
    for receipt in mine.order_by("pk"):
        receipt.received_by, receipt.received_at = actor, clock.now()
        receipt.save()
        data = {"unit": receipt.unit_id}
        journal.record("report.received", subject(report_id), actor=actor, data=data)


def recipients(report: Report) -> set[int]:
    """Units that it can be sent to: all in its place, or its unit alone."""
    if report.unit_id:
        return {report.unit_id}
    inside = set(territory().within(report.place_id)) if report.place_id else None
    return {one.pk for one in people.units() if inside is None or one.place_id in inside}


def period(report: Report) -> Period:
    """The days that it is about."""
    return Period(report.first, report.end)


def whole(report: Report) -> str:
    """Of whom it is, in words."""
    if report.unit_id:
        return _unit(report.unit_id)
    node = territory().get(report.place_id) or _district()
    name = node.name if node else "全区"
    groups = [group for group, levels in LEVELS.items() if report.level in levels]
    return f"{name}{Group(groups[0]).label}" if groups else name


def digest(report: Report) -> str:
    """Of all that the report says; names in order, since the database keeps an order of its own."""
    return journal.digest(report.title, json.dumps(report.sections, sort_keys=True))


def digests(numbers: Sequence[int]) -> dict[int, str]:
    """What the journal's digests of issued reports should be by what these say today."""
    rows = Report.objects.filter(pk__in=numbers, state=reports.ISSUED)
    return {report.pk: digest(report) for report in rows}


def subject(report_id: int) -> journal.Subject:
    """A report in the journal."""
    return journal.Subject("report", report_id)


def _check(actor: "Account", wanted: Wanted) -> None:
    if wanted.kind not in ReportKind.values:
        raise Invalid(_("Choose what kind of report it is."), "kind")
    if wanted.place_id and territory().get(wanted.place_id) is None:
        raise Invalid(_("There is no such place."), "place")
    of = _place_of_unit(wanted.unit_id) if wanted.unit_id else wanted.place_id
    if not access.may_write(actor, of):
        raise NotAllowed(_("This place is not yours to report on."))
    if wanted.period.first.year < EARLIEST:
        told = _("Choose a first day from the year %(year)d on.") % {"year": EARLIEST}
        raise Invalid(told, "first")
    if wanted.period.end > clock.today():
        raise Invalid(_("This period is not over yet: choose one that is."), "last")
    if not 0 <= wanted.sample <= reports.LARGEST_SAMPLE:
        told = _("Draw at most %(many)d cases.") % {"many": reports.LARGEST_SAMPLE}
        raise Invalid(told, "sample")


def _place_of_unit(unit_id: int) -> int | None:
    found = people.unit(unit_id)
    if found is None:
        raise Invalid(_("Choose a unit that exists."), "unit")
    return found.place_id


def _ask(actor: journal.Actor, wanted: Wanted, plan: ReportPlan | None = None) -> Report:
    place = _place_of_unit(wanted.unit_id) if wanted.unit_id else wanted.place_id
    report = Report(
        kind=wanted.kind, first=wanted.period.first, end=wanted.period.end, place_id=place,
        unit_id=wanted.unit_id, level=None if wanted.unit_id else wanted.level, plan=plan,
        sample=wanted.sample, asked_by_id=None if plan else getattr(actor, "pk", None),
        asked_at=clock.now(),
    )  # fmt: skip
    report.title = contents.title(report.kind, whole(report), wanted.period)[:LONGEST_TITLE]
    report.save()
    data = {"kind": report.kind, "first": report.first, "end": report.end, "plan": report.plan_id}
    journal.record("report.asked", subject(report.pk), actor=actor, data=data)
    jobs.enqueue("oversight.draw_up", report_id=report.pk)
    return report


def _sample_of(plan: ReportPlan) -> int:
    return plan.sample if plan.kind == ReportKind.QUARTERLY else 0


def _scope(report: Report) -> Scope:
    if report.unit_id:
        return Scope(units=[report.unit_id])
    district = _district()
    if report.place_id and district and report.place_id != district.id:
        return Scope(level=report.level, places=territory().within(report.place_id))
    return Scope(level=report.level)


def _asked(report: Report, earlier: Report | None) -> Asked:
    failed = earlier.snapshot.figures["failed"] if earlier and earlier.snapshot else []
    groups = [
        group for group, levels in LEVELS.items() if report.level is None or report.level in levels
    ]
    return Asked(
        scope=_scope(report),
        period=period(report),
        groups=tuple(groups) if report.kind in contents.COMPARING else (),
        failed=tuple(row[0] for row in failed),
        sample=report.sample,
    )


def _earlier(report: Report) -> Report | None:
    """The report of the period before, of the same kind and about the same; issued ones first."""
    if report.kind not in reports.RECHECKING:
        return None
    before = period(report).before()
    rows = Report.objects.filter(
        kind=report.kind, place=report.place_id, unit=report.unit_id, level=report.level,
        first=before.first, end=before.end, state__in=(reports.DRAFT, reports.ISSUED),
    )  # fmt: skip
    latest = rows.select_related("snapshot").order_by(F("issued_at").desc(nulls_last=True), "-pk")
    return latest.first()


def _material(report: Report, snapshot: Snapshot, earlier: Report | None) -> contents.Material:
    weights = snapshot.parameters["weights"]
    failed = earlier.snapshot.figures["failed"] if earlier and earlier.snapshot else None
    return contents.Material(
        kind=report.kind,
        whole=whole(report),
        period=period_of(snapshot),
        at=snapshot.at,
        tally=snapshot.figures,
        weighted={group: [c for c in BY_CODE if c in held] for group, held in weights.items()},
        least=snapshot.parameters["least"],
        had_failed=None if failed is None else len(failed),
    )


def _draw(report: Report, snapshot: Snapshot) -> None:
    """Keep the cases that were drawn by chance, each to be looked at on site."""
    drawn = snapshot.figures["drawn"]["cases"]
    units = dict(Record.objects.filter(case__in=drawn).values_list("case", "unit"))
    insert_rows(
        [
            Inspection(report=report, nth=nth, case_id=case, unit_id=units.get(case))
            for nth, case in enumerate(drawn, 1)
        ]
    )


def _with_findings(report: Report, told: Sequence[sections.Section]) -> list[sections.Section]:
    """The sections with what was found on site, which is final from now on."""
    if not report.sample or not any(one.code == findings.SECTION for one in told):
        return list(told)
    if not report.inspections.exclude(finding="").exists() and report.inspections.exists():
        raise Invalid(_("Nothing of the sample was looked at yet."))
    return findings.put_in(report, told)


def _take(actor: "Account", report_id: int, verb: str, version: int) -> Report:
    """The report under lock, if this person may do this now.

    :raises NotFound: hidden or missing.
    :raises Conflict: somebody acted since the person looked, or the state does not allow it.
    :raises NotAllowed: the act is somebody else's.
    """
    report = access.get_report(actor, report_id, lock=True)
    step = reports.BY_VERB[verb]
    if report.state != step.source or version != report.version:
        raise Conflict(
            _("Somebody was faster: the report has moved on since you looked. Nothing was changed.")
        )
    if step.who not in access.report_parties(actor, report):
        raise NotAllowed(_("This act is not yours in this report."))
    return report


def _move(report: Report, actor: journal.Actor, verb: str, data: dict[str, Any]) -> Report:
    step = reports.BY_VERB[verb]
    report.state = step.target
    report.version += 1
    report.save()
    journal.record(step.event, subject(report.pk), actor=actor, data=data)
    return report


def _next_serial(kind: str, year: int) -> int:
    """The next number of this kind and year; others wait for theirs until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    last = Report.objects.filter(kind=kind, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _unit(number: int) -> str:
    found = people.unit(number)
    return found.name if found else ""


def _district() -> Node | None:
    return next(iter(territory().of_level(DISTRICT)), None)
