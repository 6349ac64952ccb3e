"""What was said is counted within the hour it came, exactly, and again whenever it changes."""

import random
import threading
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from tests import people
from yanlu.cases import merging, services
from yanlu.insight import counting
from yanlu.insight.counting import recount
from yanlu.insight.models import Counted, Detail, Grain, Rollup, Tally
from yanlu.insight.rollups import MEASURES, RATES
from yanlu.kernel import clock, followers
from yanlu.kernel.pictures import forget_all
from yanlu.oversight import rates
from yanlu.oversight import selectors as oversight
from yanlu.oversight.periods import Period
from yanlu.oversight.tests.test_scoring import live_through_march
from yanlu.places import services as places
from yanlu.places.selectors import place_by_code, territory

MORNING = datetime(2026, 3, 2, 10, 20, tzinfo=clock.ZONE)
STREET = "310113003"

pytestmark = pytest.mark.django_db


def total(grain=Grain.HOUR, place="", detail=Detail.ALL, **wanted) -> dict[str, int]:
    """Everything in these rollups together, without what is nought."""
    rows = Rollup.objects.filter(grain=grain, detail=detail, **wanted)
    if place:
        rows = rows.filter(place=place_by_code(place).id)
    found = rows.aggregate(**{name: Sum(name, default=0) for name in MEASURES})
    return {name: many for name, many in found.items() if many}


def outcomes(code: str) -> dict[str, int]:
    """How many matters of the place are how far, by the month."""
    place = place_by_code(code).id
    rows = Rollup.objects.filter(grain=Grain.MONTH, detail=Detail.WAY, place=place, matters__gt=0)
    return dict(rows.values_list("outcome").annotate(many=Sum("matters")))


def is_exact() -> bool:
    check = recount()
    assert not check.differences, check.differences
    return True


# ---- One matter


def test_a_matter_is_counted_at_its_hour_and_place_and_for_all_that_lies_around(district):
    with clock.at(MORNING):
        case = people.case_of(people.hand_in(by=people.aunt_zhou()))

    (row,) = Rollup.objects.filter(grain=Grain.HOUR)
    assert row.start == MORNING.replace(minute=0)
    assert row.place.code == people.BAOLIN
    assert row.category == case.category
    assert (row.channel, row.outcome, row.matters, row.voices) == ("mobile", "open", 1, 1)
    for code in (STREET, "310113"):
        for detail in Detail:
            assert total(Grain.DAY, code, detail) == {"matters": 1, "voices": 1}
            assert total(Grain.MONTH, code, detail) == {"matters": 1, "voices": 1}
    for detail in (Detail.SUBJECT, Detail.WAY):
        assert total(Grain.MONTH, people.BAOLIN, detail) == {"matters": 1, "voices": 1}
    assert total(Grain.DAY, "310113102") == {}
    day = Rollup.objects.filter(grain=Grain.DAY).first()
    assert f"{day.start.astimezone(clock.ZONE):%F %R}" == "2026-03-02 00:00"
    assert is_exact()


def test_it_moves_on_with_the_case_until_the_resident_says_what_came_of_it(district):
    with clock.at(MORNING):
        case = people.case_of(people.hand_in(by=people.aunt_zhou()))
        people.bring_to(case, people.HANDLED)
        followers.drain()
    assert outcomes(STREET) == {"answered": 1}
    with clock.at(MORNING + timedelta(days=3)):
        services.rate_answer(
            actor=people.aunt_zhou(), case_id=case.pk, is_solved=True,
            rating=services.Rating(outcome="satisfied"),
        )  # fmt: skip
        followers.drain()
        counting.count_due()

    assert outcomes("310113") == outcomes(STREET) == {"solved": 1}
    told = total(Grain.MONTH, STREET)
    assert (told["solved_whole"], told["solved_part"]) == (1, 1)
    assert (told["satisfied_whole"], told["satisfied_part"]) == (1, 1)
    assert (told["contact_whole"], told["contact_part"]) == (1, 1)
    assert is_exact()


def test_a_promise_counts_once_its_date_has_passed_though_nobody_did_anything(district):
    with clock.at(MORNING):
        people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ["dispatch"])
        followers.drain()
    assert "on_time_whole" not in total()
    with clock.at(MORNING + timedelta(days=60)):
        assert counting.count_due() == 1
        assert counting.count_due() == 0
        told = total(Grain.DAY, "310113")
        assert (told["on_time_whole"], told.get("on_time_part", 0)) == (1, 0)
        assert (told["contact_whole"], told.get("contact_part", 0)) == (1, 0)
        assert is_exact()


def test_a_report_of_wrongdoing_is_in_no_figure_however_late_it_turns_out_to_be_one(district):
    people.hand_in("有人收了好处费才给盖章。", by=people.aunt_zhou(), kind="report")
    assert total() == {}
    case = people.case_of(people.hand_in(by=people.aunt_zhou()))
    assert total() == {"matters": 1, "voices": 1}
    services.dispatch_case(
        actor=people.account("dispatcher"), case_id=case.pk,
        correction=services.Correction(kind="report", unit_id=people.unit("discipline").pk),
    )  # fmt: skip
    followers.drain()
    assert total() == total(Grain.MONTH) == {}
    assert is_exact()


def test_who_shares_a_matter_is_heard_and_a_merged_one_is_no_matter_of_its_own(district):
    first = people.case_of(people.hand_in(by=people.aunt_zhou()))
    second = people.case_of(people.hand_in(by=people.neighbour_wu()))
    assert total() == {"matters": 2, "voices": 2}
    dispatcher = people.account("dispatcher")
    merging.merge_case(actor=dispatcher, case_id=second.pk, into=first.number, why="同一处楼道。")
    followers.drain()
    assert total() == total(Grain.DAY, STREET) == {"matters": 1, "voices": 2}
    merging.separate_case(actor=dispatcher, case_id=second.pk, why="不是同一处。")
    followers.drain()
    assert total() == {"matters": 2, "voices": 2}
    assert is_exact()


def test_me_too_adds_a_voice_and_taking_it_back_takes_it_away(district):
    case = people.case_of(people.hand_in(by=people.aunt_zhou()))
    wu = people.neighbour_wu()
    said = people.hand_in("我也支持，请快清。", by=wu, seconds_id=case.submission_id)
    assert total() == {"matters": 1, "voices": 2}
    merging.leave_case(actor=wu, submission_id=said.pk)
    followers.drain()
    assert total() == {"matters": 1, "voices": 1}


def test_what_a_patrol_found_is_a_matter_in_which_nobody_spoke(district):
    people.find()
    assert total() == {"matters": 1}


# ---- A month of many


@pytest.fixture
def march(tell_once):
    """Thirty-six matters of three teams, each going its own way; reports, returns, reopenings."""
    tell_once("a month of three teams", live_through_march)
    forget_all()
    with clock.at(datetime(2026, 4, 20, 10, 0, tzinfo=clock.ZONE)):
        followers.drain()
        counting.count_due()


def test_the_rollups_of_a_month_equal_a_count_by_hand_and_the_rates_of_the_scores(march):
    book = oversight.book((), clock.now())
    by_hour = Counter(
        (f"{row.opened_at.astimezone(clock.ZONE):%F %H}", row.place_id, row.kind) for row in book
    )
    told: Counter[tuple[str, int | None, str]] = Counter()
    for row in Rollup.objects.filter(grain=Grain.HOUR, matters__gt=0):
        told[f"{row.start.astimezone(clock.ZONE):%F %H}", row.place_id, row.kind] += row.matters
    assert told == by_hour
    assert total(Grain.MONTH, "310113")["matters"] == sum(by_hour.values()) > 25

    now = datetime(2026, 4, 20, 10, 0, tzinfo=clock.ZONE)
    ever = Period(date(2026, 1, 1), date(2026, 5, 1))
    figures = rates.of_all(ever, at=now)
    for grain in Grain:
        sums = total(grain, "" if grain == Grain.HOUR else STREET)
        for code in RATES:
            mine = (sums.get(f"{code}_part", 0), sums.get(f"{code}_whole", 0))
            assert mine == (figures[code].part, figures[code].whole), (grain, code)
    assert is_exact()


def test_counting_again_in_any_order_and_any_number_at_once_changes_nothing(march):
    before = sorted(
        Rollup.objects.filter(matters__gt=0).values_list("grain", "detail", "start", *MEASURES)
    )
    numbers = list(Counted.objects.values_list("case", flat=True))
    random.Random(7).shuffle(numbers)
    for first in range(0, len(numbers), 5):
        counting.count_cases(numbers[first : first + 5])
    counting.count_cases([])
    assert before == sorted(
        Rollup.objects.filter(matters__gt=0).values_list("grain", "detail", "start", *MEASURES)
    )
    assert counting.count_everything() == len(numbers)
    assert before == sorted(Rollup.objects.values_list("grain", "detail", "start", *MEASURES))


def test_a_recount_finds_what_was_tampered_with_and_a_rebuild_mends_it(march, capsys):
    Rollup.objects.filter(pk=Rollup.objects.filter(grain=Grain.DAY).first().pk).update(matters=99)
    Counted.objects.filter(pk=Counted.objects.first().pk).update(voices=50)

    with pytest.raises(SystemExit):
        call_command("check_rollups")
    said = capsys.readouterr().out
    assert "99" in said
    assert "50" in said
    call_command("check_rollups", rebuild=True)
    call_command("check_rollups")
    assert "equal a recount" in capsys.readouterr().out


def test_a_neighbourhood_that_moves_to_another_town_takes_its_figures_along(district):
    people.hand_in(by=people.aunt_zhou())
    known = apps.get_model("places", "Place").objects
    town, moved = known.get(code="310113102"), known.get(code=people.BAOLIN)
    moved.parent, moved.path = town, f"{town.path}{moved.pk}/"
    moved.save()
    forget_all()
    people.hand_in(by=people.aunt_zhou())

    assert total(Grain.DAY, STREET) == {}
    assert total(Grain.DAY, "310113102") == {"matters": 2, "voices": 2}
    assert is_exact()


def test_what_an_upgrade_left_in_another_shape_is_made_anew_within_a_minute(district):
    people.hand_in(by=people.aunt_zhou())
    Rollup.objects.exclude(detail=Detail.ALL).delete()
    Tally.objects.update(shape="as it was before")
    counting.count_due()
    assert total(Grain.DAY, STREET, Detail.SUBJECT) == {"matters": 1, "voices": 1}
    assert is_exact()


def test_a_new_neighbourhood_is_counted_in_its_street_from_its_first_word_on(district):
    people.hand_in(by=people.aunt_zhou())
    street = place_by_code(STREET)
    places.add_place(
        actor=people.TESTS, level=4, code="310113003999", name="新泉居委会", parent=street
    )
    forget_all()
    assert territory().get(place_by_code("310113003999").id)
    people.hand_in("新泉居委会门口的路灯不亮。", by=people.aunt_zhou(), place="310113003999")
    assert total(Grain.MONTH, STREET) == {"matters": 2, "voices": 2}
    assert is_exact()


def test_nothing_said_yet_is_no_fault(district):
    assert counting.count_everything() == 0
    assert counting.count_due() == 0
    assert is_exact()


# ---- At the same time


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_while_all_is_made_anew_sees_the_old_figures_to_the_end(district):
    people.hand_in(by=people.aunt_zhou())
    seen = []

    def read() -> None:
        seen.append(total(Grain.DAY, STREET))
        connection.close()

    def look_in(*_: object) -> None:
        thread = threading.Thread(target=read)
        thread.start()
        thread.join(20)

    with connection.execute_wrapper(
        lambda execute, sql, params, many, context: (
            look_in() if sql.lstrip().startswith("INSERT INTO insight_rollup") else None,
            execute(sql, params, many, context),
        )[1]
    ):
        counting.count_everything()

    assert seen == [{"matters": 1, "voices": 1}]
    assert is_exact()
