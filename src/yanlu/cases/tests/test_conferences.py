"""Several units meet: about a heap that lies for ten years, about whose a case is, about none."""

import io
from datetime import date, datetime, time, timedelta

import pytest
from docx import Document
from icalendar import Calendar

from tests import people
from yanlu.cases import (
    access,
    acting,
    conference_files,
    conference_papers,
    conferences,
    files,
    matters,
    merging,
    returning,
    services,
    states,
)
from yanlu.cases.models import Case, Conference
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
THURSDAY = date(2026, 3, 5)
MEETING = datetime(2026, 3, 5, 16, 0, tzinfo=clock.ZONE)
WORDS = f"{people.STAIRS}已经十年了，请打13900000001找我。"
TOLD = "3月5日，执法队和房管办一起商量，先清走楼道里的东西，再由房管办装门。"


@pytest.fixture
def case(district):
    """周阿姨's heap on the stairs, in the enforcement team's hands since Monday."""
    with clock.at(MONDAY):
        said = people.hand_in(WORDS, by=people.aunt_zhou())
        return people.bring_to(people.case_of(said), ["dispatch"])


def team_unit():
    return people.unit("urban_management", "310113003")


def housing_unit():
    return people.unit("housing", "310113003")


def team():
    return people.handler_of(team_unit())


def housing():
    return people.handler_of(housing_unit())


def supervisor():
    return people.account("supervisor")


def dispatcher():
    return people.account("dispatcher")


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def may(account, case: Case) -> set[str]:
    return {step.verb for step in access.allowed(account, fresh(case))}


def events(subject: journal.Subject) -> list[str]:
    return [entry.verb for entry in journal.history(subject)]


def invitation(**more) -> conferences.Invitation:
    return conferences.Invitation(
        **{
            "subject": "宝林一村楼道堆物十年未清问题",
            "reason": "long_standing",
            "day": THURSDAY,
            "begins": time(14, 0),
            "ends": time(15, 30),
            "venue": "区城运中心三楼会议室",
            "chair": "区信访办主任",
            "agenda": "一看现场\n二议分工",
            "units": [team_unit().pk, housing_unit().pk],
            **more,
        }
    )


def convene(*cases: Case, by=None, **more) -> Conference:
    return conferences.convene_conference(
        actor=by or supervisor(),
        numbers=[case.number for case in cases],
        invitation=invitation(**more),
    )


def task(case: Case, unit, due: date, what="清理楼道堆物") -> conferences.Task:
    return conferences.Task(case_id=case.pk, unit_id=unit.pk, what=what, due=due)


def record(held: Conference, *cases: Case, by=None, unit=None, tasks=(), **more) -> Conference:
    return conferences.record_conference(
        actor=by or supervisor(),
        conference_id=held.pk,
        record=conferences.Record(
            **{
                "minutes": "到会单位看了现场照片，逐户核对了物主。",
                "resolution": "先清后装，谁堆谁清，清不走的由执法队代清。",
                "conclusions": {
                    one.pk: conferences.Conclusion(TOLD, unit and unit.pk) for one in cases
                },
                "present": {housing_unit().pk: "门由我们装。"},
                "tasks": tasks,
                **more,
            }
        ),
    )


def standing(held: Conference) -> str:
    return conference_files.conference_file(supervisor(), held.pk).standing


def test_a_matter_of_ten_years_is_split_into_tasks_and_waits_for_all_of_them(case):
    with clock.at(MONDAY):
        people.bring_to(case, ["accept", "start"])
        held = convene(case)
        assert (held.number, standing(held)) == ("〔2026〕1号", "to_come")
    with clock.at(MEETING):
        assert standing(held) == "to_record"
        tasks = [
            task(case, team_unit(), date(2026, 3, 13)),
            task(case, housing_unit(), date(2026, 3, 20), "装单元门"),
        ]
        record(held, case, tasks=tasks)
        assert standing(held) == "open"
        assert "answer" not in may(team(), case)
        with pytest.raises(NotAllowed, match="尚有单位"):
            services.answer_case(actor=team(), case_id=case.pk, form=people.form())
    with clock.at(datetime(2026, 3, 13, 18, 0, tzinfo=clock.ZONE)):
        services.contribute(actor=team(), case_id=case.pk, contribution="堆物已全部清走。")
        assert "answer" not in may(team(), case)
    with clock.at(datetime(2026, 3, 20, 23, 0, tzinfo=clock.ZONE)):
        assert standing(held) == "open"
    with clock.at(datetime(2026, 3, 21, 0, 0, tzinfo=clock.ZONE)):
        assert standing(held) == "overdue"
        services.contribute(actor=housing(), case_id=case.pk, contribution="单元门已装好。")
        assert standing(held) == "done"
        answered = services.answer_case(actor=team(), case_id=case.pk, form=people.form())
    assert answered.first_due_at == answered.due_at == case.due_at
    about = journal.Subject("conference", held.pk)
    assert events(about) == ["conference.convened", "conference.held"]
    told = events(acting.subject(case.pk))
    assert told.index("case.conference_convened") < told.index("case.conference_held")


def test_the_resident_reads_when_they_met_and_what_was_decided_never_the_minutes(case):
    neighbour = people.hand_in("我也支持。", seconds_id=case.submission_id)
    with clock.at(MONDAY):
        held = convene(case)
    with clock.at(MEETING):
        conclusion = conferences.Conclusion(f"{TOLD}有事请打13900000001。")
        record(held, case, conclusions={case.pk: conclusion})
    for code in (case.submission.query_code, neighbour.query_code):
        matter = matters.matter_by_code(code)
        met = next(s for s in matter.steps if s.event == "case.conference_held")
        assert met.item.conference.starts_at.astimezone(clock.ZONE).date() == THURSDAY
        assert TOLD in met.item.told
        assert "13900000001" not in met.item.told
        assert "逐户核对" not in repr([(s.remark, s.item.told) for s in matter.steps if s.item])


class TestDispute:
    @pytest.fixture
    def disputed(self, case):
        """Returned by the team, refused by the dispatcher, disputed by the team."""
        act = {"case_id": case.pk, "explanation": "楼道里的东西归谁管，各说各的。"}
        with clock.at(MONDAY):
            returning.return_case(
                actor=team(), reason="not_our_duty", evidence=people.DUTIES, **act
            )
            returning.refuse_return(actor=dispatcher(), **act)
            return returning.dispute_case(actor=team(), **act)

    def test_the_conference_names_a_unit_and_that_unit_can_not_return_the_case(self, disputed):
        with clock.at(MONDAY):
            held = convene(disputed, by=dispatcher(), reason="deadlock")
        with clock.at(MEETING):
            install = task(disputed, team_unit(), date(2026, 3, 13))
            record(held, disputed, unit=housing_unit(), tasks=[install])
            decided = fresh(disputed)
            assert decided.state == states.DISPATCHED
            assert (decided.lead_unit_id, decided.is_unit_final) == (housing_unit().pk, True)
            assert decided.due_at == decided.first_due_at == disputed.due_at
            assert "return" not in may(housing(), decided)
            with pytest.raises(NotAllowed, match="不得再退单"):
                returning.return_case(
                    actor=housing(),
                    case_id=decided.pk,
                    reason="not_our_duty",
                    explanation="还是不归我们管。",
                    evidence=people.DUTIES,
                )
            people.bring_to(decided, ["accept", "start"])
            assert "contribute" in may(team(), decided)
        step = files.case_file(supervisor(), decided.pk).timeline[-3]
        assert (step.event, step.unit) == ("case.conference_decided", housing_unit().name)

    def test_who_had_a_part_in_the_dispute_names_nobody(self, disputed):
        with clock.at(MONDAY):
            held = convene(disputed, by=dispatcher())
        with clock.at(MEETING):
            with pytest.raises(NotAllowed):
                record(held, disputed, by=dispatcher(), unit=housing_unit())
            with pytest.raises(NotAllowed):
                record(held, disputed, by=people.account("dispatcher-youyilu"), unit=team_unit())
            assert fresh(disputed).state == states.DISPUTED
            record(held, disputed, by=dispatcher())  # they met, and it is still open
            assert fresh(disputed).state == states.DISPUTED
            assert "settle" in may(supervisor(), disputed)

    def test_nobody_is_named_and_nothing_asked_that_was_not_invited(self, disputed):
        with clock.at(MONDAY):
            held = convene(disputed)
        with clock.at(MEETING):
            with pytest.raises(Invalid, match="参会单位"):
                record(held, disputed, unit=people.unit("greening", "310113003"))
            stranger = task(disputed, people.unit("greening", "310113003"), THURSDAY)
            with pytest.raises(Invalid, match="参会单位"):
                record(held, disputed, unit=housing_unit(), tasks=[stranger])
            with pytest.raises(Invalid, match="先确定主办单位"):
                record(held, disputed, tasks=[task(disputed, team_unit(), THURSDAY)])
        assert Conference.objects.get().recorded_at is None


def test_where_no_unit_ever_was_the_whole_clock_starts_when_one_is_named(district):
    with clock.at(MONDAY):
        nobody = people.case_of(people.hand_in("这里的事情说了很久，没有人来看过，请来看看。"))
        held = convene(nobody)
        assert nobody.due_at is None
    with clock.at(MEETING):
        record(held, nobody, unit=team_unit())
        given = fresh(nobody)
        assert (given.state, given.lead_unit_id) == (states.DISPATCHED, team_unit().pk)
        assert given.first_due_at == given.due_at > MEETING


def test_a_task_is_released_from_above_never_by_the_unit_in_charge(case):
    with clock.at(MONDAY):
        people.bring_to(case, ["accept", "start"])
        held = convene(case)
    with clock.at(MEETING):
        record(held, case, tasks=[task(case, housing_unit(), THURSDAY)])
        (asked,) = fresh(case).assists.all()
        assert not {"waive", "release"} & may(team(), case)
        release = {"case_id": case.pk, "task": asked.pk, "explanation": "居民自己装好了门。"}
        with pytest.raises(NotAllowed):
            conferences.release_task(actor=team(), **release)
        conferences.release_task(actor=dispatcher(), **release)
        assert standing(held) == "done"
        assert "answer" in may(team(), case)


class TestBeforeItMeets:
    def test_changed_it_is_the_same_entry_in_calendars(self, case):
        with clock.at(MONDAY):
            held = convene(case)
            first = conference_papers.calendar_file(team(), held.pk)
            changed = conferences.change_conference(
                actor=supervisor(),
                conference_id=held.pk,
                invitation=invitation(day=THURSDAY + timedelta(days=1), venue="街道会议室"),
                version=1,
            )
            second = conference_papers.calendar_file(team(), held.pk)
            conferences.cancel_conference(
                actor=supervisor(), conference_id=held.pk, explanation="现场已经清理完毕。"
            )
            third = conference_papers.calendar_file(team(), held.pk)
        assert changed.version == 2
        entries = [Calendar.from_ical(one).walk("VEVENT")[0] for one in (first, second, third)]
        assert len({str(one["uid"]) for one in entries}) == 1
        assert [one["sequence"] for one in entries] == [0, 1, 2]
        assert [str(one["status"]) for one in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert [one.start.astimezone(clock.ZONE).day for one in entries] == [5, 6, 6]
        assert str(entries[0]["summary"]) == "联席会议〔2026〕1号：宝林一村楼道堆物十年未清问题"
        assert str(entries[1]["location"]) == "街道会议室"
        assert all(len(line) <= 75 for line in first.split(b"\r\n"))
        assert case.title not in first.decode()
        told = events(acting.subject(case.pk))
        assert told[-2:] == ["case.conference_changed", "case.conference_cancelled"]

    def test_called_off_the_case_goes_on_as_it_was_and_another_may_be_convened(self, case):
        with clock.at(MONDAY):
            held = convene(case)
            seen = fresh(case)
            assert "convene" not in may(supervisor(), case)
            with pytest.raises(NotAllowed, match="已召集"):
                convene(case)
            conferences.cancel_conference(
                actor=supervisor(), conference_id=held.pk, explanation="现场已经清理完毕。"
            )
            assert standing(held) == "cancelled"
            assert fresh(case).version == seen.version, "nobody's open form is overtaken"
            with pytest.raises(Conflict):
                record(held, case)
            assert convene(case).number == "〔2026〕2号"
        with clock.at(datetime(2027, 1, 4, 9, 0, tzinfo=clock.ZONE)):
            conferences.cancel_conference(
                actor=supervisor(), conference_id=held.pk + 1, explanation="改到明年再开。"
            )
            assert convene(case, day=date(2027, 1, 5)).number == "〔2027〕1号"

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"day": date(2026, 3, 1)}, "day"),
            ({"ends": time(14, 0)}, "ends"),
            ({"units": []}, "units"),
            ({"units": [987654321]}, "units"),
            ({"reason": "no-such-line"}, "reason"),
            ({"agenda": " "}, "agenda"),
        ],
    )
    def test_an_invitation_that_can_not_be_kept_is_refused(self, case, change, field):
        with clock.at(MONDAY), pytest.raises(Invalid) as refusal:
            convene(case, **change)
        assert refusal.value.field == field
        assert not Conference.objects.exists()

    def test_nothing_is_recorded_before_its_day_nor_from_an_old_page(self, case):
        with clock.at(MONDAY):
            held = convene(case)
            with pytest.raises(Invalid, match="尚未召开"):
                record(held, case)
        with clock.at(MEETING):
            with pytest.raises(Invalid, match="逐案"):
                record(held)
            with pytest.raises(Conflict):
                conferences.cancel_conference(
                    actor=supervisor(), conference_id=held.pk, explanation="不开了。", version=7
                )
            elsewhere = people.case_of(people.hand_in(people.STAIRS))
            with pytest.raises(Invalid, match="本次会议"):
                record(held, case, tasks=[task(elsewhere, team_unit(), THURSDAY)])
            assert not fresh(case).assists.exists()


class TestWhoMaySee:
    def test_a_member_reads_the_case_masked_until_it_was_held(self, case):
        with clock.at(MONDAY):
            with pytest.raises(NotFound):
                files.case_file(housing(), case.pk)
            held = convene(case)
            seen = files.case_file(housing(), case.pk)
            assert "十年" in seen.words
            assert "13900000001" not in seen.words
            assert seen.is_masked
            assert not seen.allowed
            assert not seen.may_open_identity
        with clock.at(MEETING):
            record(held, case)
            with pytest.raises(NotFound):
                files.case_file(housing(), case.pk)
            page = conference_files.conference_file(housing(), held.pk)
            assert [line.may_see for line in page.cases] == [False]
            assert conference_papers.minutes(housing(), held.pk)

    def test_others_do_not_learn_that_it_exists(self, case):
        with clock.at(MONDAY):
            held = convene(case)
        strangers = [
            people.account("handler-health"),
            people.account("head-traffic"),
            people.aunt_zhou(),
        ]
        for stranger in strangers:
            with pytest.raises(NotFound):
                conference_files.conference_file(stranger, held.pk)
            with pytest.raises(NotFound):
                conference_papers.calendar_file(stranger, held.pk)
            assert conference_files.listed(stranger) == ([], 0)
        (line,) = conference_files.listed(housing())[0]
        assert line.conference == held

    def test_a_subdistrict_leads_what_is_all_its_own_and_sees_no_conference_beyond(self, case):
        near = people.account("dispatcher-youyilu")
        with clock.at(MONDAY):
            gucun = people.case_of(people.hand_in(people.STAIRS, place=people.GUCUN))
            with pytest.raises(Invalid, match="编号"):
                convene(case, gucun, by=near)
            both = convene(case, gucun)
            with pytest.raises(NotFound):
                conference_files.conference_file(near, both.pk)
            conferences.cancel_conference(
                actor=supervisor(), conference_id=both.pk, explanation="两件事分开研究。"
            )
            own = convene(case, by=near)
            assert conference_files.conference_file(near, own.pk).may_lead
            assert not conference_files.conference_file(team(), own.pk).may_lead
            with pytest.raises(NotAllowed):
                conferences.cancel_conference(
                    actor=team(), conference_id=own.pk, explanation="我们不想开。"
                )

    def test_a_report_of_wrongdoing_comes_before_no_conference(self, district):
        with clock.at(MONDAY):
            sealed = people.case_of(
                people.hand_in("我要举报居委会干部虚报冒领补贴。", kind="report")
            )
            assert sealed.is_sealed
            assert "convene" not in may(supervisor(), sealed)
            with pytest.raises(NotAllowed, match="保密"):
                convene(sealed)

    def test_personal_data_reaches_neither_the_subject_nor_a_calendar(self, case):
        with clock.at(MONDAY):
            held = convene(case, subject="13900000001反映的楼道堆物问题")
        assert "13900000001" not in held.subject
        assert "楼道堆物" in held.subject


def test_a_case_before_a_conference_takes_others_in_and_goes_into_none(case):
    with clock.at(MONDAY):
        other = people.case_of(people.hand_in(people.STAIRS))
        held = convene(case)
        merge = {"actor": dispatcher(), "why": "说的是同一处楼道。"}
        assert "merge" not in may(dispatcher(), case)
        with pytest.raises(NotAllowed, match="联席会议"):
            merging.merge_case(case_id=case.pk, into=other.number, **merge)
        people.bring_to(other, ["dispatch"])
        merging.merge_case(case_id=other.pk, into=case.number, **merge)
        page = conference_files.conference_file(supervisor(), held.pk)
        assert page.cases[0].case.co_signer_count == 1


def test_a_case_that_ended_meanwhile_stays_as_it_ended(case):
    with clock.at(MONDAY):
        other = people.bring_to(people.case_of(people.hand_in(people.STAIRS)), ["dispatch"])
        held = convene(case, other)
        people.bring_to(other, people.CLOSED[1:])
    with clock.at(MEETING):
        ended = fresh(other)
        record(held, case, tasks=[task(case, team_unit(), THURSDAY)])
        assert (fresh(other).state, fresh(other).ended_at) == (states.CLOSED, ended.ended_at)
        assert fresh(case).state == states.DISPATCHED


def test_the_list_starts_with_what_is_still_to_do(case):
    with clock.at(MONDAY):
        waiting = people.case_of(people.hand_in(people.STAIRS))
        done, coming = convene(case), convene(waiting, day=date(2026, 3, 4))
    with clock.at(MEETING):
        record(done, case)
        lines, following = conference_files.listed(supervisor())
    assert [line.conference for line in lines] == [coming, done]
    assert [line.standing for line in lines] == ["to_record", "done"]
    assert following == 0


def test_the_minutes_say_who_met_what_was_settled_and_who_does_what(case):
    with clock.at(MONDAY):
        held = convene(case)
        with pytest.raises(NotFound):
            conference_papers.minutes(supervisor(), held.pk)
    with clock.at(MEETING):
        record(held, case, unit=housing_unit(), tasks=[task(case, team_unit(), date(2026, 3, 13))])
        document = Document(io.BytesIO(conference_papers.minutes(team(), held.pk)))
    lines = [line.text for line in document.paragraphs]
    assert lines[:2] == ["联席会议纪要", "〔2026〕1号"]
    text = "\n".join(lines)
    for part in (
        "2026年3月5日14:00，区信访办主任在区城运中心三楼会议室主持召开联席会议",
        "研究“宝林一村楼道堆物十年未清问题”",
        "一、会议议程", "二、讨论情况", "三、议定事项", "四、任务分工",
        f"{housing_unit().name}：门由我们装。",
        f"案件{case.number}由{housing_unit().name}主办，不得再退回。",
        f"出席：{housing_unit().name}",
        f"缺席：{team_unit().name}",
    ):  # fmt: skip
        assert part in text
    assert lines[-2:] == ["宝山区联席会议", "2026年3月5日"]
    (row,) = [[cell.text for cell in row.cells] for row in document.tables[0].rows[1:]]
    assert row == [case.number, team_unit().name, "清理楼道堆物", "2026年3月13日"]
    assert "13900000001" not in text
