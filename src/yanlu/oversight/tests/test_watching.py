"""周阿姨's matter on its way: what is owed to her by whom, and what was kept, as the journal says."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import people
from yanlu.cases import extending, merging, returning, services, states
from yanlu.cases.selectors import case_of_code
from yanlu.kernel import clock, followers
from yanlu.kernel.pictures import forget_all
from yanlu.oversight import clocks
from yanlu.oversight.clocks import Row
from yanlu.oversight.models import ClockRule, Promise
from yanlu.oversight.watching import watch

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)


def at(hours: float):
    return clock.at(MONDAY + timedelta(hours=hours))


@pytest.fixture
def case(district):
    """Handed in on a Monday at ten, dispatched half an hour later."""
    with at(0):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
    with at(0.5):
        return people.bring_to(waiting, ["dispatch"])


def promises(case) -> dict[str, Promise]:
    """The latest promise of each clock, once the followers have acted."""
    followers.drain()
    return {one.clock: one for one in Promise.objects.filter(case=case.pk).order_by("nth")}


def test_each_step_is_owed_by_somebody_until_a_moment(case):
    found = promises(case)
    with at(1):
        assert set(found) == {"whole", "dispatch", "accept", "contact"}
        assert found["dispatch"].ended_at == MONDAY + timedelta(minutes=30)
        assert not found["dispatch"].is_overdue
        assert found["accept"].due_at == MONDAY + timedelta(hours=1.5)
        assert found["contact"].due_at.astimezone(clock.ZONE).date() == date(2026, 3, 3)
        assert found["whole"].due_at == case.due_at
        assert found["whole"].unit_id == case.lead_unit_id
        assert found["accept"].left == timedelta(minutes=30)
    with at(2):
        assert found["accept"].is_overdue
        assert not found["whole"].is_overdue


def test_what_was_kept_too_late_stays_late(case):
    with at(3):
        people.bring_to(case, ["accept"])
    found = promises(case)
    assert found["accept"].is_overdue
    assert found["accept"].left is None


def test_an_answer_keeps_the_promise_and_the_next_body_owes_the_callback(case):
    with at(24):
        people.bring_to(case, ["accept", "start", "answer"])
    found = promises(case)
    assert found["whole"].ended_at == found["contact"].ended_at == MONDAY + timedelta(hours=24)
    assert found["callback"].unit_id is None
    assert found["callback"].due_at.astimezone(clock.ZONE).date() == date(2026, 3, 6)


def test_not_satisfied_begins_a_promise_of_its_own_and_the_first_stays(case):
    with at(24):
        answered = people.bring_to(case, ["accept", "start", "answer"])
    with at(30):
        again = services.rate_answer(
            actor=people.aunt_zhou(), case_id=answered.pk, is_solved=False,
            rating=services.Rating(note="纸箱还在三楼。"),
        )  # fmt: skip
    found = promises(case)
    assert found["whole"].ended_at == MONDAY + timedelta(hours=24)
    assert found["rehandling"].due_at == again.due_at
    assert found["rehandling"].ended_at is None


def test_more_time_moves_the_date_and_the_first_one_is_kept(case):
    with at(2):
        people.bring_to(case, ["accept"])
        team = people.handler_of(people.unit("urban_management", "310113003"))
        extending.ask_extension(
            actor=team, case_id=case.pk, until=date(2026, 3, 12), reason="needs_construction",
            explanation="要搭脚手架，周四才能完工。",
        )  # fmt: skip
        extending.review_extension(actor=people.account("head-enforcement"), case_id=case.pk)
        longer = extending.grant_extension(actor=people.account("dispatcher"), case_id=case.pk)
    whole = promises(case)["whole"]
    assert (whole.first_due_at, whole.due_at) == (case.due_at, longer.due_at)


def test_a_suspended_case_owes_nothing_until_it_goes_on(case):
    dispatcher = people.account("dispatcher")
    with at(2):
        people.bring_to(case, ["accept", "start"])
        extending.suspend_case(
            actor=dispatcher, case_id=case.pk, until=date(2026, 3, 20), explanation="等到春天再修。"
        )
    whole = promises(case)["whole"]
    assert (whole.due_at, whole.ended_at) == (None, None)
    assert not whole.is_overdue
    with at(4 * 24):
        resumed = extending.resume_case(actor=dispatcher, case_id=case.pk)
    found = promises(case)
    assert found["whole"].due_at == resumed.due_at
    assert found["contact"].due_at.astimezone(clock.ZONE).date() == date(2026, 3, 9)
    assert found["whole"].spans == [(MONDAY + timedelta(hours=2), MONDAY + timedelta(hours=96))]


def test_a_return_is_no_broken_promise_and_the_next_unit_gets_its_own_hour(case):
    with at(1):
        returning.return_case(
            actor=people.handler_of(people.unit("urban_management", "310113003")),
            case_id=case.pk, reason="not_our_duty", explanation="应由房管部门处理。",
            evidence=people.DUTIES,
        )  # fmt: skip
    found = promises(case)
    assert found["accept"].is_void
    assert found["dispatch"].nth == 2
    with at(20):
        again = services.dispatch_case(
            actor=people.account("dispatcher"), case_id=case.pk,
            correction=services.Correction(unit_id=people.unit("housing").pk),
        )  # fmt: skip
    found = promises(again)
    assert (found["accept"].nth, found["accept"].unit_id) == (2, people.unit("housing").pk)
    assert found["accept"].is_void is False
    assert found["whole"].unit_id == people.unit("housing").pk
    assert found["whole"].nth == 1


def test_a_merged_case_stands_still_and_goes_on_when_it_is_separated(case):
    dispatcher = people.account("dispatcher")
    with at(0.5):
        other = people.bring_to(
            people.case_of(people.hand_in(by=people.neighbour_wu())), ["dispatch"]
        )
    with at(1):
        merging.merge_case(
            actor=dispatcher, case_id=other.pk, into=case.number, why="同一处楼道堆物。"
        )
    assert promises(other)["whole"].due_at is None
    with at(5):
        merging.separate_case(actor=dispatcher, case_id=other.pk, why="不是同一幢楼。")
    assert promises(other)["whole"].due_at == case.due_at


def test_nobody_waits_for_a_contact_about_what_a_patrol_found(district):
    with at(0):
        found = promises(people.find())
    assert "contact" not in found
    assert "accept" in found


def test_a_limit_once_given_stays_when_the_rule_changes(case):
    before = promises(case)["contact"].due_at
    ClockRule.objects.filter(clock="contact").update(amount=9)
    with at(2):
        people.bring_to(case, ["accept"])
    assert promises(case)["contact"].due_at == before


class TestRules:
    def test_the_one_that_asks_for_more_wins_and_of_equals_the_newer(self, district):
        usual = {"clock": "contact", "amount": 2, "unit": "hours"}
        ClockRule.objects.create(**usual, name="求助", kind="help", valid_from=date(2026, 1, 1))
        newer = ClockRule.objects.create(
            **{**usual, "amount": 4}, name="求助（新）", kind="help", valid_from=date(2026, 2, 1)
        )
        assert self.decides("help") == newer.name
        assert self.decides("consultation") == "先行联系"

    def test_one_that_has_ended_begins_no_promise_and_the_one_before_is_back(self, district):
        ClockRule.objects.create(
            clock="contact", amount=1, unit="hours", name="整治期", kind="help",
            valid_from=date(2026, 1, 1), valid_until=date(2026, 3, 1),
        )  # fmt: skip
        assert self.decides("help") == "先行联系"

    def test_without_any_rule_nothing_is_promised(self, case):
        ClockRule.objects.filter(clock="callback").delete()
        forget_all()
        with at(3):
            people.bring_to(case, ["accept", "start", "answer"])
        assert "callback" not in promises(case)

    def decides(self, kind: str) -> str:
        forget_all()
        with at(0):
            submission = people.hand_in(by=people.aunt_zhou(), kind=kind)
            case = case_of_code(submission.query_code)
            people.bring_to(case, ["dispatch"])
        return promises(case)["contact"].rule.name


def test_worked_out_again_it_is_the_same(case):
    with at(3):
        people.bring_to(case, ["accept", "start", "answer", "call_back", "confirm"])
    promises(case)
    before = list(Promise.objects.order_by("pk").values())
    watch([case.pk])
    assert list(Promise.objects.order_by("pk").values()) == before
    Promise.objects.all().delete()
    watch([case.pk])
    kept = [{**row, "id": 0} for row in Promise.objects.order_by("case", "clock", "nth").values()]
    key = lambda row: (row["case_id"], row["clock"], row["nth"])  # noqa: E731
    assert kept == [{**row, "id": 0} for row in sorted(before, key=key)]


EVENTS = [step for step in states.TABLE if step.verb not in {"separate", "resume"}]


@given(st.lists(st.sampled_from(EVENTS), max_size=40))
def test_whatever_happens_no_clock_runs_twice_or_ends_before_it_begins(steps):
    start = MONDAY
    rows, state = [Row(start, "case.opened", {})], states.OPENED
    for step in steps:
        if state not in step.sources:
            continue
        start += timedelta(minutes=7)
        rows.append(
            Row(start, step.event, {"unit": 1, "due_at": (start + timedelta(1)).isoformat()})
        )
        state = states.after(state, step.event, rows[-1].data)
    running = [one for one in clocks.spans(rows) if one.ended_at is None]
    assert len({one.clock for one in running}) == len(running)
    for one in clocks.spans(rows):
        assert one.ended_at is None or one.ended_at >= one.started_at
        assert state in clocks.BY_CODE[one.clock].during | clocks.STILL or one.ended_at
        assert not one.is_paused or state in clocks.STILL
