"""Reading reports: the list, one as its page shows it, and its files."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from yanlu.cases import selectors as cases
from yanlu.kernel import workbooks
from yanlu.kernel.errors import NotFound
from yanlu.kernel.official import OfficialDocument
from yanlu.kernel.workdays import local_day
from yanlu.oversight import access, findings, inspecting, reporting, reports, sections
from yanlu.oversight.models import Inspection, Receipt, Report
from yanlu.oversight.order_files import signature
from yanlu.oversight.sections import Section
from yanlu.people.access import has_role, units_of

if TYPE_CHECKING:
    from yanlu.people.models import Account

PAGE = 50
#: Characters of a title's line.
LINE = 20
NO_SUCH_PHOTO = _("There is no such photo, or it is not yours to see.")


@dataclass(frozen=True)
class ReportFile:
    """A report as its page shows it.

    ``allowed``: verbs of ``reports.TABLE`` that are the person's now. ``owed``: their units have
    not said that it has come.
    """

    report: Report
    sections: list[Section]
    receipts: list[Receipt]
    inspections: list[Inspection]
    allowed: frozenset[str]
    owed: bool

    @property
    def received(self) -> int:
        """How many units have said that it has come."""
        return sum(one.received_at is not None for one in self.receipts)


@dataclass(frozen=True)
class Drawn:
    """A case of the sample; ``may_see``: the person may open it."""

    inspection: Inspection
    case: cases.QueueRow
    may_see: bool


def may_see(account: "Account") -> bool:
    """Whether there are reports for this person: of their territory, or sent to their unit."""
    return has_role(account, access.WATCHING) or bool(units_of(account))


def may_ask(account: "Account") -> bool:
    """Whether the person writes reports of any place."""
    return has_role(account, access.WRITING)


def listed(account: "Account", kind: str = "", page: int = 1) -> tuple[list[Report], bool]:
    """A page of the reports that this person may see, the latest first, and whether more follow."""
    rows = access.visible_reports(account).exclude(state=reports.DISCARDED)
    if kind:
        rows = rows.filter(kind=kind)
    ordered = rows.select_related("unit", "place").defer("sections").order_by("-asked_at", "-pk")
    found = list(ordered[(page - 1) * PAGE : page * PAGE + 1])
    return found[:PAGE], len(found) > PAGE


def owed(account: "Account", found: list[Report]) -> set[int]:
    """Those of these reports whose receipt the person's units have not confirmed."""
    mine = Receipt.objects.filter(report__in=found, unit__in=units_of(account), received_at=None)
    return set(mine.values_list("report", flat=True))


def report_file(account: "Account", report_id: int) -> ReportFile:
    """The report with what this person may do.

    :raises NotFound: hidden or missing.
    """
    report = access.get_report(account, report_id)
    held = access.report_parties(account, report)
    steps = [one for one in reports.TABLE if one.source == report.state and one.who in held]
    receipts = list(report.receipts.select_related("unit", "received_by").order_by("unit__code"))
    mine = units_of(account)
    drawn = report.inspections.select_related("by").order_by("nth") if held else []
    return ReportFile(
        report=report,
        sections=_sections(report),
        receipts=receipts if held else [one for one in receipts if one.unit_id in mine],
        inspections=list(drawn),
        allowed=frozenset(one.verb for one in steps),
        owed=any(one.unit_id in mine and one.received_at is None for one in receipts),
    )


def sample(account: "Account", file: ReportFile) -> list[Drawn]:
    """The cases that were drawn, in the order of the draw."""
    numbers = [one.case_id for one in file.inspections]
    known, seen = cases.rows_of(numbers), {one.id for one in cases.listed(account, numbers)}
    return [Drawn(one, known[one.case_id], one.case_id in seen) for one in file.inspections]


def photo(account: "Account", inspection_id: int) -> str:
    """The file of a finding's photo, for who sees the report or may look at the case.

    :raises NotFound: hidden or missing.
    """
    found = Inspection.objects.exclude(file="").filter(pk=inspection_id).first()
    if found is None:
        raise NotFound(NO_SUCH_PHOTO)
    if not access.visible_reports(account).filter(pk=found.report_id).exists():
        inspecting.get_inspection(account, inspection_id)
    return found.file


def docx(account: "Account", report_id: int) -> tuple[str, bytes]:
    """The report as an official document (GB/T 9704), and a name for its file.

    :raises NotFound: hidden or missing.
    """
    report = access.get_report(account, report_id)
    return f"{_name(report)}.docx", to_docx(report)


def xlsx(account: "Account", report_id: int) -> tuple[str, bytes]:
    """Its numbers as a workbook, every row of every table, and a name for its file.

    :raises NotFound: hidden or missing.
    """
    report = access.get_report(account, report_id)
    return f"{_name(report)}.xlsx", to_xlsx(report)


def to_docx(report: Report) -> bytes:
    """The paper; a draft says that it is one."""
    at = report.issued_at or (report.snapshot.at if report.snapshot else report.asked_at)
    return OfficialDocument(
        title=_in_lines(report.title),
        number=report.number or "（草稿）",
        body=[block for one in _sections(report) for block in one.blocks()],
        signature=signature(),
        day=local_day(at),
    ).to_docx()


def to_xlsx(report: Report) -> bytes:
    """The numbers."""
    blocks = [block for one in _sections(report) for block in one.all_blocks()]
    return workbooks.to_xlsx(report.title, blocks)


def _sections(report: Report) -> list[Section]:
    """What it says; of a draft with what was found on site until now."""
    told = sections.from_json(report.sections)
    if report.state == reports.DRAFT and report.sample:
        with translation.override(reporting.LANGUAGE):
            return findings.put_in(report, told)
    return told


def _in_lines(title: str) -> str:
    """A long title breaks where its words do (GB/T 9704-2012, 7.3.1)."""
    return title if len(title) <= LINE else title.replace("人民建议", "\n人民建议", 1)


def _name(report: Report) -> str:
    return f"{report.number or '草稿'} {report.title}"
