"""周阿姨's matter in the book of cases: for whom it counts, and what she said of it."""

from datetime import date, datetime, timedelta

import pytest

from tests import people
from yanlu.cases import extending, merging, returning, services
from yanlu.kernel import clock, followers
from yanlu.oversight import rates
from yanlu.oversight.models import Record, Turn
from yanlu.oversight.periods import Period, month
from yanlu.oversight.recording import record_cases

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
MARCH = month(2026, 3)
LATER = datetime(2026, 4, 20, 10, 0, tzinfo=clock.ZONE)
TEAM = ("urban_management", "310113003")


def at(hours: float):
    return clock.at(MONDAY + timedelta(hours=hours))


@pytest.fixture
def case(district):
    """Handed in on a Monday at ten, dispatched half an hour later."""
    with at(0):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
    with at(0.5):
        return people.bring_to(waiting, ["dispatch"])


def record(case) -> Record:
    followers.drain()
    return Record.objects.get(case=case.pk)


def march(unit) -> rates.Figures:
    """What the unit's March looks like in April."""
    followers.drain()
    return rates.by_unit(MARCH, at=LATER).get(unit.pk, {})


def say(case, *, is_solved: bool, outcome: str = "", attitude: str = ""):
    return services.rate_answer(
        actor=people.aunt_zhou(), case_id=case.pk, is_solved=is_solved,
        rating=services.Rating(outcome=outcome, attitude=attitude, note="纸箱还在三楼。"),
    )  # fmt: skip


def test_on_its_way_and_settled(case):
    team = people.unit(*TEAM)
    with at(3):
        people.bring_to(case, ["accept", "start"])
        services.record_contact(actor=people.handler_of(team), case_id=case.pk, was_reached=True)
    with at(5):
        answered = people.bring_to(people.case_of(case.submission), ["answer"])
    with at(30):
        say(answered, is_solved=True, outcome="satisfied", attitude="acceptable")
    found = record(case)
    assert (found.unit_id, found.first_unit_id, found.level) == (team.pk, team.pk, team.level)
    assert (found.contacted_at, found.answered_at) == (
        MONDAY + timedelta(hours=3), MONDAY + timedelta(hours=5),
    )  # fmt: skip
    assert (found.first_due_at, found.due_at) == (case.first_due_at, case.due_at)
    assert (found.is_solved, found.outcome, found.attitude) == (True, "satisfied", "acceptable")
    assert found.channel == "mobile"
    told = march(team)
    one = rates.Figure(1, 1)
    assert [told[code] for code in ("contact", "on_time", "solved", "satisfied", "verified")] == (
        [one] * 5
    )
    assert told["attitude"] == rates.Figure(0, 1)
    assert told["redone"] == told["returned"] == rates.Figure(0, 1)


def test_what_is_overdue_and_open_counts_as_late_and_before_its_date_not_at_all(case):
    team = people.unit(*TEAM)
    assert march(team)["on_time"] == rates.Figure(0, 1, aside=1)
    soon = MONDAY + timedelta(hours=2)
    assert rates.by_unit(MARCH, at=soon)[team.pk]["on_time"] == rates.Figure(0, 0)


def test_more_time_saves_the_extended_date_and_not_the_first(case):
    team = people.unit(*TEAM)
    with at(2):
        people.bring_to(case, ["accept", "start"])
        extending.ask_extension(
            actor=people.handler_of(team), case_id=case.pk, until=date(2026, 3, 12),
            reason="needs_construction", explanation="要搭脚手架，周四才能完工。",
        )  # fmt: skip
        extending.review_extension(actor=people.account("head-enforcement"), case_id=case.pk)
        extending.grant_extension(actor=people.account("dispatcher"), case_id=case.pk)
    with at(9 * 24):
        people.bring_to(people.case_of(case.submission), ["answer"])
    told = march(team)
    assert (told["on_time"], told["extended"]) == (rates.Figure(0, 1), rates.Figure(1, 1))


def test_explained_is_not_solved_whatever_is_ticked(case):
    team = people.unit(*TEAM)
    with at(3):
        people.bring_to(case, ["accept", "start"])
        services.answer_case(
            actor=people.handler_of(team), case_id=case.pk, form=people.form(result="explained")
        )
        say(case, is_solved=True)
    told = march(team)
    assert told["solved"] == rates.Figure(0, 1)
    assert told["verified"] == rates.Figure(0, 0)
    assert told["satisfied"] == rates.Figure(0, 0, aside=1)


def test_who_reopens_takes_the_word_back_and_the_next_word_counts(case):
    with at(3):
        answered = people.bring_to(case, ["accept", "start", "answer"])
        say(answered, is_solved=True, outcome="satisfied")
    with at(30):
        services.reopen_case(actor=people.aunt_zhou(), case_id=case.pk, why="又堆满了。")
    assert record(case).is_solved is False
    with at(31):
        services.order_rehandling(actor=people.account("dispatcher"), case_id=case.pk)
        again = people.bring_to(people.case_of(case.submission), ["answer"])
        say(again, is_solved=True, outcome="acceptable")
    found = record(case)
    assert (found.is_solved, found.outcome, found.redone) == (True, "acceptable", 1)
    assert march(people.unit(*TEAM))["satisfied"] == rates.Figure(0, 1)


def test_the_unit_that_returned_is_counted_for_that_and_the_one_that_answered_for_the_rest(case):
    team, housing = people.unit(*TEAM), people.unit("housing")
    with at(1):
        returning.return_case(
            actor=people.handler_of(team), case_id=case.pk, reason="not_our_duty",
            explanation="应由房管部门处理。", evidence=people.DUTIES,
        )  # fmt: skip
    with at(20):
        services.dispatch_case(
            actor=people.account("dispatcher"), case_id=case.pk,
            correction=services.Correction(unit_id=housing.pk),
        )  # fmt: skip
    with at(30):
        people.bring_to(people.case_of(case.submission), ["accept", "start", "answer"])
    assert record(case).returns == 1
    assert march(team)["returned"] == rates.Figure(1, 1)
    assert march(team)["on_time"] == rates.Figure(0, 0)
    assert march(housing)["returned"] == rates.Figure(0, 1)
    assert march(housing)["on_time"] == march(housing)["contact"] == rates.Figure(1, 1)


def test_what_goes_on_as_another_case_or_is_no_matter_of_ours_counts_for_nobody(case):
    team = people.unit(*TEAM)
    with at(0.6):
        other = people.case_of(people.hand_in(by=people.neighbour_wu()))
        people.bring_to(other, ["dispatch"])
    with at(1):
        merging.merge_case(
            actor=people.account("dispatcher"), case_id=other.pk, into=case.number, why="同一处。。"
        )
    assert march(team)["on_time"].whole == 1
    with at(2):
        returning.return_case(
            actor=people.handler_of(team), case_id=case.pk, reason="not_our_duty",
            explanation="应由法院处理。", evidence=people.DUTIES,
        )  # fmt: skip
        services.decline_case(
            actor=people.account("dispatcher"),
            case_id=case.pk,
            ground="court",
            explanation="已立案。",
        )
    assert march(team) == {}


def test_a_report_of_wrongdoing_counts_in_no_score(district):
    team = people.unit(*TEAM)
    with at(0):
        people.bring_to(people.case_of(people.hand_in(kind="report")), people.HANDLED)
    followers.drain()
    assert Record.objects.filter(is_sealed=True).count() == 1
    assert march(team) == {}


def test_nobody_is_there_to_contact_about_what_a_patrol_found(district):
    with at(0):
        case = people.find()
    assert not record(case).has_somebody
    assert march(case.lead_unit)["contact"].whole == 0
    assert march(case.lead_unit)["on_time"].whole == 1


def test_a_reason_given_for_no_contact_counts_only_once_the_callback_fails_too(case):
    team = people.unit(*TEAM)
    with at(3):
        people.bring_to(case, ["accept", "start"])
        services.record_contact(
            actor=people.handler_of(team), case_id=case.pk, was_reached=False, reason="no_answer",
        )  # fmt: skip
    assert march(team)["contact"] == rates.Figure(0, 1, aside=1)
    with at(60):
        people.bring_to(people.case_of(case.submission), ["answer", "call_back"])
        for _call in range(services.MISSES):
            services.record_callback(
                actor=people.account("callback"), case_id=case.pk, was_reached=False,
                rating=services.Rating(note="无人接听。"),
            )  # fmt: skip
    assert march(team)["contact"].whole == 0
    assert march(team)["solved"].whole == 0


def test_a_neighbourhood_that_hands_up_did_not_solve_it_inside(district):
    committee = people.unit("neighbourhood_committee", people.BAOLIN)
    with at(0):
        first, second = (people.case_of(people.hand_in(by=people.aunt_zhou())) for _ in range(2))
        if first == second:
            pytest.fail("the same words joined one case")
    for case in (first, second):
        with at(1):
            services.dispatch_case(
                actor=people.account("dispatcher"), case_id=case.pk,
                correction=services.Correction(unit_id=committee.pk),
            )  # fmt: skip
    with at(2):
        settled = people.bring_to(people.case_of(first.submission), ["accept", "start", "answer"])
        say(settled, is_solved=True)
        returning.raise_case(
            actor=people.handler_of(committee), case_id=second.pk, reason="beyond_remit",
            explanation="居委会没有执法权。",
        )  # fmt: skip
    with at(3):
        up = people.bring_to(people.case_of(second.submission), people.HANDLED)
        say(up, is_solved=True)
    assert march(committee)["inside"] == rates.Figure(1, 2)
    assert rates.of_all(MARCH, at=LATER)["inside"] == rates.Figure(1, 2)


def test_worked_out_again_it_is_the_same_and_as_of_an_earlier_row_as_it_was(case):
    first = record(case)
    before = (first.state, first.entry)
    with at(3):
        people.bring_to(case, ["accept", "start", "answer", "call_back", "confirm"])
    rows = list(Record.objects.values()) + list(Turn.objects.values("unit_id", "given_at"))
    record(case)
    kept = list(Record.objects.values())
    record_cases([case.pk])
    assert list(Record.objects.values()) == kept != rows[:1]
    Record.objects.all().delete()
    record_cases([case.pk])
    assert [{**row, "id": 0} for row in Record.objects.values()] == [
        {**row, "id": 0} for row in kept
    ]
    record_cases([case.pk], up_to=before[1])
    then = Record.objects.get(case=case.pk)
    assert (then.state, then.entry, then.answered_at) == (*before, None)


def test_of_places_levels_and_days(case):
    team = people.unit(*TEAM)
    followers.drain()
    day = Period(case.first_due_at.astimezone(clock.ZONE).date(), date(2026, 4, 1))
    assert rates.of_all(day, rates.Scope(level=team.level), LATER)["on_time"].whole == 1
    assert rates.of_all(day, rates.Scope(level=2), LATER)["on_time"].whole == 0
    assert rates.of_all(day, rates.Scope(places=[case.place_id]), LATER)["on_time"].whole == 1
    earlier = Period(date(2026, 3, 1), day.first)
    assert rates.of_all(earlier, at=LATER)["on_time"].whole == 0
    assert month(2026, 1).before() == month(2025, 12)
    assert Period(date(2026, 3, 9), date(2026, 3, 16)).before().first == date(2026, 3, 2)
