"""Units side by side in March, as the journal says; what comes of an appeal; what is frozen."""

import random
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection

from tests import people
from tests.people import Unit
from yanlu.cases import extending, returning, services
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.kernel.pictures import forget_all
from yanlu.kernel.workdays import local_day
from yanlu.oversight import access, appealing, freezing, rates, scoring
from yanlu.oversight.appealing import Objection
from yanlu.oversight.models import Appeal, Record, ScorePolicy, ScoreWeight, Snapshot
from yanlu.oversight.periods import month
from yanlu.people import selectors as found

pytestmark = pytest.mark.django_db

FIRST = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
LATER = datetime(2026, 4, 20, 10, 0, tzinfo=clock.ZONE)
MARCH = month(2026, 3)
GROUP = "subdistrict"
WEIGHTS = {"volume": 5, "contact": 30, "on_time": 5, "solved": 20, "satisfied": 40}
STREET = "310113003"


def teams() -> list[Unit]:
    return [people.unit(name, STREET) for name in ("urban_management", "housing", "market")]


@pytest.fixture
def a_month(tell_once):
    """Three teams of one street and thirty-six matters, each going its own way."""
    tell_once("a month of three teams", live_through_march)
    forget_all()


def live_through_march() -> None:
    people.load_district()
    chance = random.Random(3)
    for number in range(36):
        start = FIRST + timedelta(hours=17 * number)
        live_through(teams()[number % 3], chance, start, takes_longer=number % 5 == 0)
    followers.drain()


def live_through(team: Unit, chance: random.Random, start: datetime, *, takes_longer: bool) -> None:
    """One matter, from its words to whatever comes of it."""
    kind = "report" if chance.random() < 0.06 else "complaint"
    with clock.at(start):
        case = people.case_of(people.hand_in(by=people.aunt_zhou(), kind=kind))
        send(case, team)
    start += timedelta(hours=chance.choice([2, 20, 40, 70]))
    lucky = chance.random()
    with clock.at(start):
        if lucky < 0.1:
            return
        if lucky < 0.25:
            give_back(case, team)
            if lucky < 0.15:
                decline(case)
                return
            team = teams()[chance.randrange(3)]
            send(case, team)
        people.bring_to(people.case_of(case.submission), ["accept", "start"])
        services.record_contact(
            actor=people.handler_of(team), case_id=case.pk,
            **chance.choice([{"was_reached": True}, {"was_reached": False, "reason": "no_answer"}]),
        )  # fmt: skip
        if takes_longer:
            extend(case, team)
    start += timedelta(hours=chance.choice([3, 60, 200]))
    with clock.at(start):
        result = chance.choice(["solved", "solved", "explained", "not_solved"])
        services.answer_case(
            actor=people.handler_of(team), case_id=case.pk, form=people.form(result=result)
        )
    with clock.at(start + timedelta(hours=30)):
        hear(case, team, chance)


def send(case, team):
    services.dispatch_case(
        actor=people.account("dispatcher"), case_id=case.pk,
        correction=services.Correction(unit_id=team.pk),
    )  # fmt: skip


def extend(case, team):
    """Two days more, with the head's word and the dispatcher's."""
    due = people.case_of(case.submission).due_at
    extending.ask_extension(
        actor=people.handler_of(team), case_id=case.pk, until=local_day(due + timedelta(days=2)),
        reason="needs_construction", explanation="门锁的配件要从外地调来。",
    )  # fmt: skip
    head = found.head_of(team.pk) or people.head_of(team)
    extending.review_extension(actor=head, case_id=case.pk)
    extending.grant_extension(actor=people.account("dispatcher"), case_id=case.pk)


def give_back(case, team):
    returning.return_case(
        actor=people.handler_of(team), case_id=case.pk, reason="not_our_duty",
        explanation="应由别的单位处理。", evidence=people.DUTIES,
    )  # fmt: skip


def decline(case):
    services.decline_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        ground="court",
        explanation="法院已立案。",
    )


def hear(case, team, chance: random.Random) -> None:
    """The resident says something, or nobody asks her; whoever objects is heard again."""
    lucky = chance.random()
    if lucky < 0.15:
        return
    say(case, chance, is_solved=lucky > 0.4)
    if lucky <= 0.4:
        people.bring_to(people.case_of(case.submission), ["answer"])
        say(case, chance, is_solved=chance.random() > 0.3)
    elif lucky < 0.5:
        services.reopen_case(actor=people.aunt_zhou(), case_id=case.pk, why="又堆满了。")


def say(case, chance: random.Random, *, is_solved: bool) -> None:
    ratings = ["", "satisfied", "satisfied", "acceptable", "dissatisfied"]
    attitude, outcome = chance.choice(ratings), chance.choice(ratings)
    services.rate_answer(
        actor=people.aunt_zhou(), case_id=case.pk, is_solved=is_solved,
        rating=services.Rating(attitude=attitude, outcome=outcome, note="纸箱还在三楼。"),
    )  # fmt: skip


# ---- The figures


#: Nothing of the code under test: what the journal's rows say, counted once more.
STRAIGHT = """
WITH told AS (
  SELECT j.id, j.at, j.verb, j.data, j.subject_id AS number
    FROM kernel_journal j JOIN cases_case c ON c.id = j.subject_id
   WHERE j.subject_type = 'case' AND NOT c.is_sealed
     AND NOT EXISTS (SELECT FROM kernel_journal x WHERE x.subject_type = 'case'
                      AND x.subject_id = c.id AND x.verb = 'case.not_accepted')
), given AS (
  SELECT number, id, at, (data->>'unit')::int AS unit FROM told WHERE verb = 'case.dispatched'
), answered AS (
  SELECT number, min(id) AS id, max(id) AS last_id FROM told WHERE verb = 'case.answered' GROUP BY 1
), owed AS (
  SELECT DISTINCT ON (g.number) g.number, g.unit, a.id AS answer, a.last_id
    FROM given g LEFT JOIN answered a USING (number)
   WHERE a.id IS NULL OR g.id < a.id ORDER BY g.number, g.id DESC
), facts AS (
  SELECT o.number, o.unit, r.at AS answered_at, l.data->>'result' AS result,
         (SELECT min(at) FROM given g WHERE g.number = o.number AND g.unit = o.unit) AS given_at,
         (SELECT (t.data->>'due_at')::timestamptz FROM told t WHERE t.number = o.number
             AND t.verb = 'case.dispatched' ORDER BY t.id LIMIT 1) AS due_at,
         (SELECT (t.data->>'due_at')::timestamptz FROM told t WHERE t.number = o.number
             AND t.verb = 'case.extension_granted' ORDER BY t.id DESC LIMIT 1) AS later,
         (SELECT min(t.at) FROM told t WHERE t.number = o.number AND t.verb = 'case.contacted'
             AND t.data->>'reached' = 'true') AS contacted_at,
         (SELECT count(*) FROM told t WHERE t.number = o.number
             AND t.verb IN ('case.rejected', 'case.rehandling_ordered')) AS redone,
         w.at AS heard_at, w.verb = 'case.approved' AS agreed, s.data->>'outcome' AS outcome,
         s.data->>'attitude' AS attitude
    FROM owed o
    LEFT JOIN told r ON r.id = o.answer
    LEFT JOIN told l ON l.id = o.last_id
    LEFT JOIN LATERAL (SELECT * FROM told t WHERE t.number = o.number AND t.verb IN
       ('case.approved', 'case.rejected', 'case.reopened') ORDER BY t.id DESC LIMIT 1) w ON true
    LEFT JOIN LATERAL (SELECT * FROM told t WHERE t.number = o.number AND t.verb IN
       ('case.approved', 'case.rejected') ORDER BY t.id DESC LIMIT 1) s ON true
), dated AS (
  SELECT *, date_trunc('day', given_at AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
       + interval '1 day' * (1 + CASE extract(dow FROM given_at AT TIME ZONE 'Asia/Shanghai')
           WHEN 5 THEN 3 WHEN 6 THEN 2 ELSE 1 END) AS contact_before FROM facts
)
SELECT unit,
  count(*) FILTER (WHERE {answered_at}),
  count(*) FILTER (WHERE {contact_before} AND least(contacted_at, answered_at) < contact_before),
  count(*) FILTER (WHERE {contact_before}),
  count(*) FILTER (WHERE {due_at} AND answered_at <= due_at),
  count(*) FILTER (WHERE {due_at}),
  count(*) FILTER (WHERE {extended_at} AND answered_at <= coalesce(later, due_at)),
  count(*) FILTER (WHERE {extended_at}),
  count(*) FILTER (WHERE {due_at} AND least(contacted_at, answered_at) <= due_at),
  count(*) FILTER (WHERE {due_at}),
  count(*) FILTER (WHERE {heard_at} AND attitude = 'satisfied'),
  count(*) FILTER (WHERE {heard_at} AND attitude <> ''),
  count(*) FILTER (WHERE {heard_at} AND agreed AND result = 'solved'),
  count(*) FILTER (WHERE {heard_at} AND result = 'solved'),
  count(*) FILTER (WHERE {heard_at} AND agreed AND result = 'solved'),
  count(*) FILTER (WHERE {heard_at}),
  count(*) FILTER (WHERE {heard_at} AND outcome = 'satisfied'),
  count(*) FILTER (WHERE {heard_at} AND outcome <> ''),
  count(*) FILTER (WHERE {answered_at} AND redone > 0),
  (SELECT count(DISTINCT (t.number, t.data->>'unit')) FROM told t
    WHERE t.verb = 'case.returned' AND (t.data->>'unit')::int = dated.unit
      AND EXISTS (SELECT FROM given g WHERE g.number = t.number AND g.unit = dated.unit
                   AND g.at >= '2026-03-01 00:00+08' AND g.at < '2026-04-01 00:00+08'
                   AND g.id < t.id)),
  (SELECT count(DISTINCT g.number) FROM given g WHERE g.unit = dated.unit
      AND g.at >= '2026-03-01 00:00+08' AND g.at < '2026-04-01 00:00+08')
FROM dated GROUP BY unit
"""  # fmt: skip


#: Rates in the order in which they are counted there.
NAMES = (
    "contact", "on_time", "extended", "response", "attitude", "verified", "solved", "satisfied",
)  # fmt: skip


def straight() -> dict[int, tuple[int, ...]]:
    """What plain SQL over the journal says of each unit's March."""
    march = "({0} >= '2026-03-01 00:00+08' AND {0} < '2026-04-01 00:00+08')"
    spans = {name: march.format(name) for name in ("answered_at", "due_at", "heard_at")}
    # Whoever has to be contacted by the end of a day has to be before the next one begins.
    spans["extended_at"] = march.format("coalesce(later, due_at)")
    spans["contact_before"] = march.format("(contact_before - interval '1 second')")
    with connection.cursor() as cursor:
        cursor.execute(STRAIGHT.format(**spans))
        return {unit: tuple(rest) for unit, *rest in cursor.fetchall()}


def test_the_cards_say_what_straight_sql_over_the_journal_says(a_month):
    told = straight()
    found = {card.unit_id: card for card in scoring.cards(GROUP, MARCH, at=LATER)}
    assert set(found) == set(told) == {team.pk for team in teams()}
    most = max(row[0] for row in told.values())
    for unit, row in told.items():
        volume, *pairs = row
        shown = found[unit].figures
        counted = dict(zip(NAMES, zip(pairs[0:16:2], pairs[1:16:2], strict=True), strict=True))
        assert {name: (shown[name].part, shown[name].whole) for name in NAMES} == counted
        assert shown["volume"].part == volume
        assert (shown["redone"].part, shown["redone"].whole) == (pairs[16], volume)
        assert (shown["returned"].part, shown["returned"].whole) == (pairs[17], pairs[18])
        score = WEIGHTS["volume"] * volume / most + sum(
            WEIGHTS[name] * part / whole
            for name, (part, whole) in counted.items()
            if name in WEIGHTS
        )
        assert found[unit].score.value == pytest.approx(score)
    assert [row[3:5] for row in told.values()] != [row[5:7] for row in told.values()]
    # The month is a varied one: no rate is nothing or all for everybody.
    for part in range(1, 17, 2):
        assert 0 < sum(row[part] for row in told.values()) < sum(r[part + 1] for r in told.values())


def test_whoever_is_first_has_the_highest_score_and_few_cases_give_no_rank(a_month):
    found = scoring.cards(GROUP, MARCH, at=LATER)
    ordered = [card for card in found if card.rank]
    assert [card.shown for card in ordered] == sorted((c.shown for c in ordered), reverse=True)
    assert all(card.fewest >= 5 for card in ordered)
    ScorePolicy.objects.create(pk=1, least=1000)
    assert [card.rank for card in scoring.cards(GROUP, MARCH, at=LATER)] == [None] * 3


def test_other_weights_from_another_day_on_and_the_period_before(a_month):
    ScoreWeight.objects.create(
        group=GROUP, rate="satisfied", weight=0, valid_from=date(2026, 3, 15)
    )
    assert "satisfied" in scoring.rules_of(GROUP, MARCH).weights
    assert "satisfied" not in scoring.rules_of(GROUP, month(2026, 4)).weights
    rules = scoring.Rules({"returned": 1}, 1)
    for card in scoring.cards(GROUP, MARCH, rules, LATER):
        kept = card.figures["returned"]
        assert card.score.value == pytest.approx(100 * (1 - kept.part / kept.whole))
        assert card.trend == ""
    april = {card.unit_id: card for card in scoring.cards(GROUP, month(2026, 4), at=LATER)}
    same = scoring.rules_of(GROUP, month(2026, 4))
    march = {card.unit_id: card for card in scoring.cards(GROUP, MARCH, same, LATER)}
    for unit, card in april.items():
        assert card.before == march[unit].score
        assert card.trend in ("up", "down", "like")


def test_the_whole_district_is_the_sum_of_its_units(a_month):
    every = rates.of_all(MARCH, at=LATER)
    units = rates.by_unit(MARCH, at=LATER).values()
    for code in rates.BY_CODE:
        assert every[code] == sum((one[code] for one in units), rates.NONE), code


def test_the_cases_behind_a_number_are_as_many_as_it_says(a_month):
    for unit, figures in rates.by_unit(MARCH, at=LATER).items():
        for code, figure in figures.items():
            assert rates.behind(code, MARCH, unit, LATER).count() == figure.whole, code
            assert rates.parts_of(code, MARCH, unit, LATER).count() == figure.part, code


def test_a_unit_dissolved_in_mid_month_keeps_its_figures_up_to_that_day(a_month):
    team = teams()[0]
    day = datetime(2026, 3, 16, tzinfo=clock.ZONE)
    before = rates.by_unit(MARCH, rates.Scope(units=[team.pk]), day)[team.pk]
    others = {c.unit_id: c.figures for c in scoring.cards(GROUP, MARCH, at=LATER)}
    Unit.objects.filter(pk=team.pk).update(dissolved_at=day)
    forget_all()
    found = {card.unit_id: card for card in scoring.cards(GROUP, MARCH, at=LATER)}
    assert (found[team.pk].dissolved_at, found[team.pk].rank) == (day, None)
    assert found[team.pk].figures == before != others[team.pk]
    assert {u: c.figures for u, c in found.items() if u != team.pk} == {
        unit: figures for unit, figures in others.items() if unit != team.pk
    }
    assert team.pk not in {card.unit_id for card in scoring.cards(GROUP, month(2026, 4), at=LATER)}


# ---- Nobody but units


def test_no_resident_and_no_single_handler_is_scored():
    allowed = {("appeal", "by"), ("appeal", "decided_by")}
    for name in ("record", "turn", "scoreweight", "scorepolicy", "snapshot", "appeal"):
        for field in apps.get_model("oversight", name)._meta.get_fields():
            target = field.related_model
            if target and target.__name__ in ("Account", "SealedIdentity", "Submission"):
                assert (name, field.name) in allowed
    assert {rate.of for rate in rates.TABLE} == set(rates.WHOSE)


# ---- Who sees them


def test_who_watches_sees_the_units_of_their_territory_and_a_head_the_own(district):
    team = people.unit("urban_management", STREET)
    ours = set(Unit.objects.filter(level__gte=2).values_list("pk", flat=True))
    assert access.scored_units(people.account("analyst")) == ours
    assert access.scored_units(people.account("head-enforcement")) == {team.pk}
    for nobody in (people.handler_of(team), people.account("callback"), people.aunt_zhou()):
        assert access.scored_units(nobody) == frozenset()


# ---- Appeals


@pytest.fixture
def lodged(a_month) -> Appeal:
    """老孙 of the street's team objects to March."""
    with clock.at(LATER):
        return appealing.lodge_appeal(
            actor=people.account("head-enforcement"), objection=objection()
        )


def objection(**more) -> Objection:
    told = {"unit_id": teams()[0].pk, "period": MARCH, "reason": "两件系重复派单，不应计入。"}
    return Objection(**{**told, **more})


def shown(unit: Unit) -> scoring.Card:
    rules = scoring.rules_of(GROUP, MARCH)
    found = scoring.with_appeals(scoring.cards(GROUP, MARCH, at=LATER), GROUP, MARCH, rules)
    return next(card for card in found if card.unit_id == unit.pk)


def test_a_corrected_score_shows_both_and_counts_for_the_rank(lodged):
    supervisor = people.account("supervisor")
    before = shown(teams()[0])
    assert (before.appeal, float(lodged.score)) == (lodged, round(before.score.value, 1))
    with clock.at(LATER):
        appealing.correct_score(
            actor=supervisor, appeal_id=lodged.pk, score="99.9", decision="重复派单属实，予以更正。"
        )
    after = shown(teams()[0])
    assert (after.shown, after.score) == (99.9, before.score)
    assert after.rank in (1, None)
    told = journal.history(journal.Subject("appeal", lodged.pk))
    assert [entry.verb for entry in told] == ["appeal.lodged", "appeal.corrected"]
    with pytest.raises(Conflict):
        appealing.uphold_score(actor=supervisor, appeal_id=lodged.pk, decision="维持原评分。")


def test_an_upheld_score_stays(lodged):
    with clock.at(LATER):
        appealing.uphold_score(
            actor=people.account("supervisor"), appeal_id=lodged.pk, decision="派单无误，维持。"
        )
    assert shown(teams()[0]).shown == float(lodged.score)


def test_who_may_not_appeal_or_decide(lodged):
    team, head = teams()[0], people.account("head-enforcement")
    with clock.at(LATER):
        with pytest.raises(Conflict):
            appealing.lodge_appeal(actor=head, objection=objection())
        with pytest.raises(NotAllowed):
            appealing.lodge_appeal(actor=people.handler_of(team), objection=objection())
        with pytest.raises(NotAllowed):
            appealing.lodge_appeal(actor=head, objection=objection(unit_id=teams()[1].pk))
        with pytest.raises(NotAllowed):
            appealing.lodge_appeal(actor=head, objection=objection(period=month(2026, 4)))
        with pytest.raises(Invalid):
            appealing.lodge_appeal(actor=head, objection=objection(period=month(2026, 1)))
        for person, error in (("head-enforcement", NotAllowed), ("analyst", NotAllowed),
                              ("callback", NotFound)):  # fmt: skip
            with pytest.raises(error):
                appealing.uphold_score(
                    actor=people.account(person), appeal_id=lodged.pk, decision="维持原评分。"
                )
        for score in ("", "101", "-1", "nan", str(lodged.score)):
            with pytest.raises(Invalid):
                appealing.correct_score(
                    actor=people.account("supervisor"), appeal_id=lodged.pk, score=score,
                    decision="予以更正。",
                )  # fmt: skip


# ---- Frozen


def test_frozen_figures_come_out_the_same_whatever_happened_since(a_month):
    with clock.at(LATER):
        scores = freezing.freeze_scores(actor=people.TESTS, group=GROUP, period=MARCH)
        whole = freezing.freeze_rates(actor=people.TESTS, scope=rates.Scope(), period=MARCH)
        cards = scoring.cards(GROUP, MARCH)
    assert {one["unit"]: one["rank"] for one in scores.figures} == {
        card.unit_id: card.rank for card in cards
    }
    rows = list(Record.objects.order_by("pk").values())
    with clock.at(LATER + timedelta(days=2)):
        for case in Record.objects.filter(state="re_handling"):
            people.bring_to(people.case_of(case.case.submission), ["answer"])
        for record in Record.objects.filter(state="dispatched"):
            people.bring_to(record.case, ["accept", "start", "answer"])
    followers.drain()
    ScoreWeight.objects.filter(rate="satisfied").update(weight=1)
    Unit.objects.filter(pk=teams()[1].pk).update(dissolved_at=LATER)
    forget_all()
    moved = list(Record.objects.order_by("pk").values())
    assert moved != rows
    for made in Snapshot.objects.filter(pk__in=[scores.pk, whole.pk]):
        assert freezing.reckon_again(made) == made.figures
        assert freezing.is_whole(made)
    attested = dict(journal.witnesses())["snapshot.frozen"]
    assert attested([scores.pk]) == {scores.pk: scores.digest}
    assert list(Record.objects.order_by("pk").values()) == moved
    with clock.at(LATER + timedelta(days=2)):
        again = freezing.freeze_scores(actor=people.TESTS, group=GROUP, period=MARCH)
    assert again.figures != scores.figures


def test_figures_of_another_reckoning_are_not_reckoned_by_this_one(a_month):
    with clock.at(LATER):
        made = freezing.freeze_rates(actor=people.TESTS, scope=rates.Scope(level=3), period=MARCH)
    made.version += 1
    assert not freezing.is_whole(made)
    with pytest.raises(Conflict):
        freezing.reckon_again(made)
