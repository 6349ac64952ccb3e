"""周阿姨 and whoever shares her case are told what happens to it; nobody else is."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import people
from yanlu.cases import alarms, extending, merging, petitions, services, states, telling
from yanlu.intake.services import Words, receive_submission
from yanlu.kernel import clock, followers
from yanlu.kernel.models import Entry
from yanlu.kernel.workdays import local_day
from yanlu.notices import selectors as notices
from yanlu.notices.models import Notice, Sending
from yanlu.people import services as registry
from yanlu.project.demo import files

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
REPORT = "举报：宝林一村物业经理老何收了搭建违章阳台的好处费，请查一查。"


@pytest.fixture(autouse=True)
def now(district, settings):
    settings.YANLU_DEMO = True
    held = [MONDAY]
    with clock.at(lambda: held[0]):
        yield held


def told(account) -> list[str]:
    """Kinds of what somebody was told, the first first."""
    followers.drain()
    return list(
        Notice.objects.filter(account=account).order_by("pk").values_list("kind", flat=True)
    )


def handed_in(**more):
    return people.case_of(people.hand_in(**{"by": people.aunt_zhou(), **more}))


def test_the_resident_is_told_who_has_it_until_when_and_that_it_is_answered():
    aunt = people.aunt_zhou()
    case = people.bring_to(handed_in(), people.CLOSED)
    assert told(aunt) == ["case.dispatched", "case.answered"], "the rest is hers to see, not news"
    answered, dispatched = notices.inbox(aunt).rows
    unit = people.unit("urban_management", "310113003").name
    assert f"已派给{unit}，2026年3月9日前给您答复" in dispatched.body
    assert case.number in answered.body
    assert not told(people.neighbour_wu())


def test_more_time_and_putting_off_are_rights_with_their_dates():
    aunt = people.aunt_zhou()
    case = people.bring_to(handed_in(), ["dispatch", "accept", "start"])
    unit = people.unit("urban_management", "310113003")
    until = local_day(case.due_at) + timedelta(days=3)
    extending.ask_extension(
        actor=people.handler_of(unit), case_id=case.pk, until=until, reason="weather",
        explanation="连日暴雨，清运车进不了小区。",
    )  # fmt: skip
    extending.review_extension(actor=people.head_of(unit), case_id=case.pk)
    dispatcher = people.account("dispatcher")
    extending.grant_extension(actor=dispatcher, case_id=case.pk)
    extending.suspend_case(
        actor=dispatcher, case_id=case.pk, until=local_day(MONDAY) + timedelta(days=60),
        explanation="等旧房改造一起做。",
    )  # fmt: skip
    assert told(aunt)[1:] == ["case.extension_granted", "case.suspended"]
    suspended, extended, _dispatched = notices.inbox(aunt).rows
    assert suspended.is_right
    assert extended.is_right
    assert f"{until.month}月{until.day}日" in extended.body
    assert "2026年5月1日" in suspended.body


def test_what_is_not_accepted_names_the_proper_route():
    case = handed_in()
    services.decline_case(
        actor=people.account("dispatcher"), case_id=case.pk, ground="court",
        explanation="此事已由法院立案审理。",
    )  # fmt: skip
    assert told(people.aunt_zhou()) == ["case.not_accepted"]
    (one,) = notices.inbox(people.aunt_zhou()).rows
    assert one.is_right
    assert "法院" in one.body


def test_who_shares_it_is_told_too_and_who_left_is_not():
    aunt, wu, gu = people.aunt_zhou(), people.neighbour_wu(), people.old_gu()
    first = people.hand_in(by=aunt)
    seconded = people.hand_in(by=wu, seconds_id=first.pk)
    merged = people.case_of(people.hand_in(by=gu, text="12号楼的楼道走不通，家具堆到天花板了。"))
    case = people.case_of(first)
    people.bring_to(case, ["dispatch"])
    assert told(gu) == []
    merging.merge_case(
        actor=people.account("dispatcher"), case_id=merged.pk, into=case.number,
        why="同一楼道，同一批堆物。",
    )  # fmt: skip
    case.refresh_from_db()
    people.bring_to(case, ["accept", "start"])
    assert told(wu) == ["case.dispatched"]
    merging.leave_case(actor=wu, submission_id=seconded.pk)
    case.refresh_from_db()
    people.bring_to(case, ["answer"])
    assert told(aunt) == ["case.dispatched", "case.answered"]
    assert told(wu) == ["case.dispatched"]
    assert told(gu) == ["case.answered"]
    place = telling.address_of(gu, case.pk)
    assert place is not None
    assert place.code == merged.submission.query_code
    assert telling.address_of(people.account("callback"), case.pk) is None


def test_of_a_sealed_report_only_the_number_is_spoken():
    case = handed_in(text=REPORT, kind="report")
    assert case.is_sealed
    services.decline_case(
        actor=people.account("dispatcher"), case_id=case.pk, ground="court",
        explanation="此事由纪检部门受理。",
    )  # fmt: skip
    assert told(people.aunt_zhou()) == ["case.sealed"]
    one = Notice.objects.get()
    assert (one.words, one.is_right) == ({"number": case.number}, True)


def test_a_petition_s_opinion_is_a_right():
    gu = people.old_gu()
    case = people.case_of(people.hand_in(people.BARRIER, by=gu, kind="complaint"))
    unit = people.unit("traffic")
    services.dispatch_case(
        actor=people.account("dispatcher"), case_id=case.pk,
        correction=services.Correction(unit_id=unit.pk),
    )  # fmt: skip
    petitions.begin_petition(actor=gu, case_id=case.pk, why="请书面答复：什么时候装。")
    people.bring_to(case_now(case), ["accept", "start"])
    head = people.account("head-traffic")
    petitions.give_notice(
        actor=people.handler_of(unit), case_id=case.pk,
        demand="要求在外环高架宝林一村段加装声屏障。", enquiries="区交通委信访科，56789012",
    )  # fmt: skip
    petitions.issue_opinion(actor=head, case_id=case.pk, parts=people.parts())
    assert told(gu)[-2:] == ["case.notice_given", "case.opinion_issued"]
    assert Notice.objects.latest("pk").is_right


def case_now(case):
    case.refresh_from_db()
    return case


def test_a_row_that_comes_again_tells_nobody_twice():
    people.bring_to(handed_in(), ["dispatch"])
    assert len(told(people.aunt_zhou())) == 1
    telling.tell(list(Entry.objects.filter(verb="case.dispatched")))
    assert len(told(people.aunt_zhou())) == 1


def test_who_has_no_account_is_no_hindrance():
    case = people.bring_to(people.case_of(people.hand_in()), people.HANDLED)
    followers.drain()
    assert case.state == "answered"
    assert not Notice.objects.exists()
    assert not followers.parked()


def test_a_danger_wakes_who_is_on_duty():
    officer = people.account("dispatcher")
    case = handed_in(text="宝林一村9号楼的外墙脱落了一大块，下面就是人行道，请马上派人来！")
    assert alarms.alarms_of(officer) == [case]
    assert told(officer) == ["case.alarmed"]
    (one,) = notices.inbox(officer).rows
    assert one.is_urgent
    assert "宝林一村" in one.body


def test_ten_times_as_many_cost_the_database_the_same():
    counted = {}
    for many in (2, 20):
        case = handed_in(text=f"{people.STAIRS}（第{many}次）")
        for n in range(many):
            neighbour = registry.admit_resident(
                actor=people.TESTS, phone=f"139{many:04}{n:04}", display_name=f"邻居{n}"
            )
            words = Words(
                text="我也是这样。", channel="mobile", account=neighbour,
                seconds_id=case.submission_id,
            )  # fmt: skip
            receive_submission(actor=neighbour, words=words)
        followers.drain()
        case.refresh_from_db()
        assert case.co_signer_count == many
        people.bring_to(case, ["dispatch"])
        entries = list(Entry.objects.filter(verb="case.dispatched", subject_id=case.pk))
        with CaptureQueriesContext(connection) as seen:
            telling.tell(entries)
        counted[many] = len(seen)
        assert Notice.objects.filter(subject_id=case.pk).count() == many + 1
    assert counted[20] == counted[2] <= 20
    assert Sending.objects.count() == 24


def test_each_act_that_is_told_has_its_words_in_both_languages():
    texts = {row["kind"]: set(row) for row in files.read("notices")}
    for kind in telling.TOLD | {telling.SEALED, "case.alarmed"}:
        assert texts[kind] == {"kind", "zh", "en"}, kind
    assert {step.event for step in states.TABLE} >= telling.TOLD
