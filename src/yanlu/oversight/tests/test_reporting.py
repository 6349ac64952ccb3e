"""督查室 has March told: figures frozen, words edited, numbered, sent, received."""

import io
import json
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from django.apps import apps
from django.db import connection
from docx import Document
from openpyxl import load_workbook

from tests import people
from yanlu.cases import services
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.cells import are_figures
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.oversight import (
    exhibits,
    freezing,
    inspecting,
    report_files,
    reporting,
    reports,
    sections,
)
from yanlu.oversight.inspecting import Seen
from yanlu.oversight.models import Inspection, Record, Report, ReportPlan
from yanlu.oversight.periods import Period, half_year, month, quarter, week, year
from yanlu.oversight.reporting import Wanted
from yanlu.oversight.tests.test_scoring import (
    LATER,
    MARCH,
    STREET,
    a_month,  # noqa: F401 - a fixture
    teams,
)
from yanlu.people import roles
from yanlu.people import services as registry
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _later(a_month):  # noqa: F811
    with clock.at(LATER):
        yield


def drawn(kind=reports.MONTHLY, period=MARCH, **wanted) -> Report:
    """A report that was asked for and drawn up."""
    actor = people.account("supervisor")
    asked = reporting.ask_report(actor=actor, wanted=Wanted(kind, period, **wanted))
    reporting.draw_up(report_id=asked.pk)
    return Report.objects.get(pk=asked.pk)


def issued(report: Report, units=None) -> Report:
    write_all(report)
    report.refresh_from_db()
    return reporting.issue_report(
        actor=people.account("supervisor"), report_id=report.pk,
        unit_ids=units or [team.pk for team in teams()], version=report.version,
    )  # fmt: skip


def write_all(report: Report) -> None:
    reporting.revise_report(
        actor=people.account("supervisor"), report_id=report.pk, title=report.title,
        texts={one["code"]: one["text"] or "请各单位抓紧整改。" for one in report.sections},
        version=report.version,
    )  # fmt: skip


def section(report: Report, code: str) -> sections.Section:
    return next(one for one in sections.from_json(report.sections) if one.code == code)


def test_a_monthly_bulletin_tells_rates_ranks_and_names():
    report = drawn()
    assert report.state == reports.DRAFT
    assert report.title == "宝山区2026年3月人民建议办理情况月通报"
    told = [one.heading for one in sections.from_json(report.sections)]
    assert told == [
        "收办情况", "主要指标", "排名情况", "点名事项", "上期未达标事项复查", "工作要求",
    ]  # fmt: skip
    counted = Record.objects.filter(is_sealed=False).exclude(state__in=("merged", "not_accepted"))
    march = counted.filter(opened_at__gte=MARCH.starts_at, opened_at__lt=MARCH.ends_at)
    assert f"共收到各类诉求和建议{march.count()}件" in section(report, "volumes").text
    ranked = [one for one in section(report, "ranks").exhibits if hasattr(one, "rows")]
    assert [row[0] for one in ranked for row in one.rows] == ["1", "2"]
    (everybody,) = section(report, "ranks").annexes
    assert {row[1] for row in everybody.rows} == {team.name for team in teams()}


def test_weeks_in_which_nothing_came_are_drawn_and_shares_of_nothing_are_not():
    report = drawn()
    (weeks,) = [one for one in section(report, "volumes").exhibits if hasattr(one, "series")]
    starts = ("2/23", "3/2", "3/9", "3/16", "3/23", "3/30")
    assert list(weeks.labels) == [f"{start}起" for start in starts]
    (bars,) = [one for one in section(report, "rates").exhibits if hasattr(one, "series")]
    assert [name for name, _values in bars.series] == ["本期"]
    early = drawn(period=month(2025, 1))
    assert not any(
        hasattr(block, "series")
        for one in sections.from_json(early.sections)
        for block in one.exhibits
    )


# ---- Figures that stay


def test_what_was_told_can_be_reckoned_again_after_the_cases_moved_on():
    with clock.at(MARCH.ends_at):
        report = drawn()
    with clock.at(MARCH.ends_at + timedelta(days=1)):
        lately = Record.objects.filter(state="closed", ended_at__gt=clock.now() - timedelta(days=9))
        for record in lately.filter(is_solved=True):
            services.reopen_case(actor=people.aunt_zhou(), case_id=record.case_id, why="又堆满了。")
        followers.drain()
        again = drawn()
    assert again.snapshot.figures != report.snapshot.figures
    for one in (report, again):
        assert freezing.reckon_again(one.snapshot) == one.snapshot.figures
        assert freezing.is_whole(one.snapshot)


KINDS = {
    reports.WEEKLY: (week(MARCH.first + timedelta(days=9)), 4),
    reports.MONTHLY: (MARCH, 6),
    reports.QUARTERLY: (quarter(MARCH.first), 6),
    reports.HALF_YEAR: (half_year(MARCH.first), 5),
    reports.ANNUAL: (year(MARCH.first), 5),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_report_is_a_paper_and_a_table(kind):
    period, many = KINDS[kind]
    with clock.at(datetime(2027, 1, 20, 9, tzinfo=clock.ZONE)):
        report = drawn(kind, period, sample=5 if kind == reports.QUARTERLY else 0)
        told = sections.from_json(report.sections)
        paper = Document(io.BytesIO(report_files.to_docx(report)))
        book = load_workbook(io.BytesIO(report_files.to_xlsx(report)))
    assert len(told) == many
    headings = [one.text for one in paper.paragraphs if one.style.name == "Heading 1"]
    assert [one.split("、", 1)[1] for one in headings] == [one.heading for one in told]
    tables = [block for one in told for block in one.exhibits if hasattr(block, "rows")]
    assert len(paper.tables) >= len(tables) > 0
    assert len(book.sheetnames) > len(tables)


def test_every_row_is_in_the_workbook_though_the_paper_shows_both_ends():
    rows = [[str(number), f"单位{number}"] for number in range(90)]
    long = sections.Section("x", "排名", exhibits=[sections.Table(("名次", "单位"), rows, (1, 2))])
    brief, whole = long.blocks()[-1], long.all_blocks()[-1]
    assert [row[0] for row in brief.rows][18:23] == ["18", "19", "…", "70", "71"]
    assert len(whole.rows) == 90


def test_figures_stand_below_each_other_though_rows_are_left_out():
    assert are_figures(["1", "73.2%", "…", "–"])
    assert not are_figures(["宝林一村", "…"])


def test_those_shown_first_have_their_share_of_all_and_not_of_the_shown():
    rows = [[f"第{number}分队", 10] for number in range(20)]
    table = exhibits.counted("被投诉较多的单位", ("单位",), rows, str, 5)
    assert [row[2] for row in table.rows] == ["5.0%"] * 5


def test_sections_come_back_from_the_database_as_they_went_in():
    told = sections.from_json(drawn().sections)
    assert sections.from_json(json.loads(json.dumps(sections.to_json(told)))) == told


# ---- Who asks for what


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Wanted(reports.MONTHLY, month(2026, 4)), "还没有结束"),
        (Wanted(reports.ANNUAL, year(MARCH.first)), "还没有结束"),
        (Wanted(reports.WEEKLY, Period(date.min, MARCH.end)), "2000"),
        (Wanted("daily", MARCH), "报告种类"),
        (Wanted(reports.MONTHLY, MARCH, place_id=10**9), "没有这个地方"),
        (Wanted(reports.MONTHLY, MARCH, unit_id=10**9), "单位"),
        (Wanted(reports.QUARTERLY, quarter(MARCH.first), sample=10**6), "400"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(wanted, why):
    with pytest.raises(Invalid, match=why):
        reporting.ask_report(actor=people.account("supervisor"), wanted=wanted)
    assert not Report.objects.exists()


@pytest.mark.parametrize("who", ["handler-enforcement", "dispatcher", "analyst", "grid-worker"])
def test_only_who_writes_reports_asks_for_one(who):
    with pytest.raises(NotAllowed):
        reporting.ask_report(actor=people.account(who), wanted=Wanted(reports.MONTHLY, MARCH))


def test_a_unit_a_street_and_a_level_are_told_apart():
    team, street = teams()[0], place_by_code(STREET)
    own = drawn(unit_id=team.pk)
    around = drawn(place_id=street.id)
    level = drawn(level=3)
    whole = drawn()
    received = [one.snapshot.figures["moved"]["received"] for one in (own, around, level, whole)]
    mine = Record.objects.filter(unit=team, is_sealed=False, opened_at__lt=MARCH.ends_at)
    assert received[0] == mine.exclude(state__in=("merged", "not_accepted")).count()
    assert 0 < received[0] < received[1] <= received[3]
    assert own.title.startswith(team.name)
    assert around.title.startswith("友谊路街道")
    (alone,) = section(own, "ranks").annexes
    assert [row[1] for row in alone.rows] == [team.name]
    assert list(level.snapshot.figures["cards"]) == ["subdistrict"]


def test_plans_draw_up_what_is_over_once_and_on_a_working_day():
    assert ReportPlan.objects.count() == 5
    with clock.at(datetime(2026, 4, 2, 8, tzinfo=clock.ZONE)):
        reporting.ask_planned()
    before = set(Report.objects.values_list("kind", flat=True))
    assert reports.MONTHLY not in before
    with clock.at(datetime(2026, 4, 3, 8, tzinfo=clock.ZONE)):
        assert reporting.ask_planned() == 2
        assert reporting.ask_planned() == 0
    found = Report.objects.filter(kind__in=(reports.MONTHLY, reports.QUARTERLY))
    assert {(one.kind, one.first, one.sample) for one in found} == {
        (reports.MONTHLY, MARCH.first, 0), (reports.QUARTERLY, quarter(MARCH.first).first, 60),
    }  # fmt: skip


# ---- From a draft to a paper that is out


def test_a_draft_is_edited_numbered_sent_and_received():
    report = drawn()
    team = teams()[0]
    with pytest.raises(NotFound):
        report_files.report_file(people.handler_of(team), report.pk)
    out = issued(report)
    assert out.number == "督月〔2026〕1号"
    assert issued(drawn()).number == "督月〔2026〕2号"
    paper = Document(io.BytesIO(report_files.to_docx(out)))
    assert out.number in [one.text for one in paper.paragraphs]
    reporting.receive_report(actor=people.handler_of(team), report_id=out.pk)
    file = report_files.report_file(people.account("supervisor"), out.pk)
    assert (file.received, len(file.receipts)) == (1, 3)
    assert not report_files.report_file(people.handler_of(team), out.pk).owed
    with pytest.raises(NotFound):
        report_files.report_file(people.account("handler-traffic"), out.pk)


def test_nobody_issues_what_a_person_still_has_to_write():
    with clock.at(datetime(2026, 7, 20, 9, tzinfo=clock.ZONE)):
        report = drawn(reports.HALF_YEAR, half_year(MARCH.first))
        with pytest.raises(Invalid, match="政策建议"):
            reporting.issue_report(
                actor=people.account("supervisor"), report_id=report.pk,
                unit_ids=[teams()[0].pk], version=report.version,
            )  # fmt: skip
        assert issued(report).number == "督半〔2026〕1号"


def test_a_report_that_is_out_stays_as_it_is():
    out = issued(drawn())
    with pytest.raises(Conflict):
        reporting.revise_report(
            actor=people.account("supervisor"), report_id=out.pk, title="别的", texts={},
            version=out.version,
        )  # fmt: skip
    with pytest.raises(Conflict):
        reporting.discard_report(
            actor=people.account("supervisor"), report_id=out.pk, version=out.version
        )
    told = next(
        row for row in journal.history(reporting.subject(out.pk)) if row.verb == "report.issued"
    )
    attested = dict(journal.witnesses())["report.issued"]
    assert attested([out.pk]) == {out.pk: told.data["digest"]}
    with connection.cursor() as cursor:
        cursor.execute("UPDATE oversight_report SET title = '改过的' WHERE id = %s", [out.pk])
    assert attested([out.pk]) != {out.pk: told.data["digest"]}


def test_two_who_edit_at_once_do_not_overwrite_each_other():
    report = drawn()
    write_all(report)
    with pytest.raises(Conflict):
        write_all(report)


def test_the_research_office_writes_and_supervision_issues():
    report = drawn()
    office = people.account("research")
    file = report_files.report_file(office, report.pk)
    assert file.allowed == {"revise", "discard"}
    with pytest.raises(NotAllowed):
        reporting.issue_report(
            actor=office, report_id=report.pk, unit_ids=[teams()[0].pk], version=report.version
        )


def test_a_unit_elsewhere_is_sent_nothing():
    report = drawn(place_id=place_by_code(STREET).id)
    elsewhere = people.unit("traffic")
    with pytest.raises(Invalid):
        issued(report, units=[elsewhere.pk])


# ---- What had failed before


def test_what_failed_before_is_looked_at_again_by_itself():
    early = Period(MARCH.first, MARCH.first + timedelta(days=20))
    late = Period(early.end, early.end + timedelta(days=20))
    first = drawn(period=early)
    assert "没有同类报告" in section(first, "recheck").text
    failed = first.snapshot.figures["failed"]
    assert failed
    second = drawn(period=late)
    rechecked = second.snapshot.figures["rechecked"]
    assert {row[0] for row in rechecked} == {row[0] for row in failed}
    for case, _unit, standing in rechecked:
        record = Record.objects.get(case=case)
        is_solved = standing == "solved"
        assert is_solved == (record.is_solved is True and record.state != "re_handling")
    assert f"上期未达标事项{len(failed)}件" in section(second, "recheck").text


# ---- The sample


def quarterly(many: int = 5) -> Report:
    return drawn(reports.QUARTERLY, quarter(MARCH.first), sample=many)


def look(inspection: Inspection, who="supervisor", finding="solved", **more) -> Inspection:
    seen = {"photo": people.shot(), "lat": 31.4, "lon": 121.48} | more
    return inspecting.inspect_case(
        actor=people.account(who), inspection_id=inspection.pk,
        seen=Seen(finding=finding, text="楼道已经清空。", **seen),
    )  # fmt: skip


def test_anybody_can_draw_the_same_sample_again():
    report = quarterly()
    seed = report.snapshot.parameters["seed"]
    ended = Record.objects.filter(state="closed", is_sealed=False, ended_at__lt=MARCH.ends_at)
    numbers = sorted(
        ended.values_list("case", flat=True),
        key=lambda one: sha256(f"{seed}:{one}".encode()).hexdigest(),
    )
    drawn_cases = list(report.inspections.order_by("nth").values_list("case", flat=True))
    assert len(seed) == 64
    assert drawn_cases == numbers[:5]
    assert (
        f"办结的{len(numbers)}件中随机抽取{len(drawn_cases)}件"
        in section(report, "inspection").text
    )


def test_what_was_found_on_site_is_told_with_its_interval():
    report = quarterly()
    first, *rest = report.inspections.order_by("nth")
    look(first, finding="not_solved")
    for one in rest:
        look(one, who="grid-worker")
    write_all(Report.objects.get(pk=report.pk))
    out = reporting.issue_report(
        actor=people.account("supervisor"), report_id=report.pk,
        unit_ids=[teams()[0].pk], version=report.version + 1,
    )  # fmt: skip
    many = len(rest)
    words = [one.text for one in section(out, "inspection").exhibits if hasattr(one, "text")]
    assert (
        f"已到现场核查{many + 1}件，真正解决{many}件，占{100 * many / (many + 1):.1f}%" in words[0]
    )
    assert "95%置信区间" in words[0]
    assert report.snapshot.parameters["seed"] in words[0]


def test_who_looks_brings_a_photo_and_looks_once():
    one = quarterly().inspections.order_by("nth").first()
    with pytest.raises(Invalid):
        look(one, photo=None)
    with pytest.raises(Invalid):
        look(one, lat=None)
    with pytest.raises(NotFound):
        look(one, who="handler-enforcement")
    look(one, finding="unseen", photo=None, lat=None, lon=None)
    with pytest.raises(Conflict):
        look(one)


def test_the_unit_that_answered_sends_nobody():
    one = quarterly().inspections.order_by("nth").first()
    unit = next(team for team in teams() if team.pk == one.unit_id)
    registry.grant_role(
        actor=people.TESTS, account=people.account("grid-worker"), name=roles.HANDLER, unit=unit
    )
    assert one not in [
        line.inspection for line in inspecting.to_inspect(people.account("grid-worker"))
    ]
    with pytest.raises(NotFound):
        look(one, who="grid-worker")


def test_a_sample_at_which_nobody_looked_is_not_issued():
    report = quarterly()
    write_all(report)
    with pytest.raises(Invalid):
        reporting.issue_report(
            actor=people.account("supervisor"), report_id=report.pk,
            unit_ids=[teams()[0].pk], version=report.version + 1,
        )  # fmt: skip


def test_who_asked_and_who_may_look_and_whom_it_was_sent_to_are_told():
    notices = apps.get_model("notices", "Notice").objects
    report = quarterly()
    followers.drain()
    told = {(one.account.username, one.kind) for one in notices.filter(kind__startswith="report")}
    assert ("supervisor", "report.drawn_up") in told
    assert ("grid-worker", "report.inspections") in told
    look(report.inspections.order_by("nth").first())
    team = teams()[0]
    issued(report)
    followers.drain()
    assert notices.filter(kind="report.issued", account=people.handler_of(team)).exists()
