"""Decisions: reasoned, in batches, corrected by persons, never lost."""

from dataclasses import replace

import pytest

from tests import people
from yanlu.dispatch import configuration, courses, selectors, services
from yanlu.dispatch.knowledge import knowledge
from yanlu.dispatch.models import Decision
from yanlu.dispatch.proposals import Said, propose
from yanlu.intake import services as intake
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Invalid
from yanlu.places.territory import COMMUNITY
from yanlu.textkit.toponyms import Gazetteer, Toponym

pytestmark = pytest.mark.django_db


def decision_of(submission) -> Decision:
    return Decision.objects.filter(submission=submission).latest("pk")


def test_a_decision_says_what_where_how_urgent_and_whose_with_reasons(district):
    submission = people.hand_in(
        "共富二村的电梯停了三天，老人下不了楼，物业说没有维修资金。", place=""
    )
    made = decision_of(submission)
    assert made.unit is not None
    assert made.place is not None
    for axis in ("category", "place", "urgency", "kind", "unit"):
        best = made.reasons[axis][0]
        assert best["name"]
        assert 0 < best["confidence"] <= 1
        assert best["because"], axis
    assert made.method.startswith("lexicon-")


def test_what_the_resident_chose_counts_more_than_a_name_in_the_text(district):
    submission = people.hand_in("从顾村公园回来，发现家门口路灯不亮。", place=people.BAOLIN)
    assert decision_of(submission).place.code == people.BAOLIN


def test_the_address_is_kept_as_far_as_the_building(district):
    made = decision_of(people.hand_in("友誼路１５１８弄三號501室樓上漏水，物業不管。"))
    assert [one["name"] for one in made.reasons["address"]] == ["友谊路1518弄3号"]


def test_several_matters_in_one_text_are_left_to_a_person(district):
    made = decision_of(
        people.hand_in("1、楼道里堆满旧家具没人管；2、楼下饭店油烟熏得睡不着；3、公交车太少。")
    )
    assert len(made.reasons["several"]) >= 2
    assert not made.is_automatic
    assert "several" not in decision_of(people.hand_in(people.STAIRS)).reasons


def test_traditional_characters_and_figures_decide_alike(district):
    plain, other = (
        decision_of(people.hand_in(text, place=""))
        for text in (
            "宝林一村的楼道里堆满杂物，电瓶车也停在里面充电。",
            "寶林1村的樓道裏堆滿雜物，電瓶車也停在裏面充電。",
        )
    )
    assert plain.place is not None
    assert (plain.place, plain.category, plain.unit) == (other.place, other.category, other.unit)


def test_of_two_places_of_one_name_the_residents_own_is_meant(district):
    known = knowledge()
    communities = [node for node in known.territory.nodes.values() if node.level == COMMUNITY]
    two = [communities[0], next(n for n in communities if n.parent_id != communities[0].parent_id)]
    alike = [Toponym(str(node.id), "新桥居委会", (), node.level, node.path) for node in two]
    known = replace(known, gazetteer=Gazetteer(alike))
    for node in two:
        said = Said("", "新桥居委会门口的路灯坏了。", home_id=node.id)
        assert propose(known, said).place[0].id == node.id
    elsewhere = propose(known, Said("", "门口的路灯坏了。", home_id=two[0].id))
    assert elsewhere.place == (), "a home alone says nothing of where the matter is"


def test_the_dry_run_decides_as_the_pipeline_does(district):
    submission = people.hand_in(people.STAIRS)
    made = decision_of(submission)
    place = made.place_id
    seen = selectors.dry_run(people.STAIRS, place_id=submission.place_id)
    assert seen.proposal.category[0].id == made.category_id
    assert seen.proposal.unit[0].id == made.unit_id
    assert place == seen.proposal.place[0].id
    deciding, why = seen.rules[-1]
    assert why == ""
    assert deciding.id == made.rule_id
    assert all(why for _, why in seen.rules[:-1])


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("友谊路街道宝林一村有人举报：物业经理收受装修公司回扣，请纪委查处。", {"kind": "report"}),
        ("宝林一村5号楼下煤气味很重，怀疑燃气泄漏！", {}),
    ],
)
def test_reports_and_danger_are_never_dispatched_without_a_person(district, text, more):
    configuration.set_policy(actor=people.TESTS, automatic_above=0.0)
    submission = people.hand_in(text, **more)
    assert not decision_of(submission).is_automatic
    assert people.case_of(submission).state == "awaiting_dispatch"


def test_above_the_threshold_dispatch_acts_alone(district):
    configuration.set_policy(actor=people.TESTS, automatic_above=0.05)
    assert people.case_of(people.hand_in()).state == "dispatched"
    configuration.set_policy(actor=people.TESTS, automatic_above=2.0)
    assert people.case_of(people.hand_in()).state == "awaiting_dispatch"


def test_a_person_who_decides_otherwise_makes_a_new_decision_and_the_rules_are_asked_again(
    district,
):
    submission = people.hand_in()
    old = decision_of(submission)
    noise = next(c for c in selectors.categories() if "噪" in c.name)

    new = services.correct_decision(
        actor=people.account("dispatcher"), decision_id=old.pk, category_id=noise.id
    )

    assert new.replaces_id == old.pk
    assert new.category_id == noise.id
    assert (new.method, new.confidence) == ("person", 1.0)
    assert Decision.objects.get(pk=old.pk).category_id == old.category_id
    verbs = [entry.verb for entry in journal.history(intake.subject(submission.pk))]
    assert verbs == ["submission.received", "decision.made", "decision.corrected"]


def test_agreeing_makes_no_second_decision_and_is_noted_once(district):
    submission = people.hand_in()
    old = decision_of(submission)
    for _ in range(2):
        same = services.correct_decision(
            actor=people.account("dispatcher"), decision_id=old.pk, category_id=old.category_id
        )
        assert same.pk == old.pk
    verbs = [entry.verb for entry in journal.history(intake.subject(submission.pk))]
    assert verbs == ["submission.received", "decision.made", "decision.confirmed"]


def test_a_person_may_say_what_it_is_in_another_scheme_and_the_rules_stay_out_of_it(district):
    submission = people.hand_in()
    old = decision_of(submission)
    grid = selectors.categories("grid")
    chosen = {"grid": grid[3].id}

    new = services.correct_decision(
        actor=people.account("dispatcher"), decision_id=old.pk, also=chosen
    )

    assert (new.also, new.unit_id, new.category_id) == (chosen, old.unit_id, old.category_id)
    assert [one.label for one in courses.confirmed_examples("grid")] == [grid[3].code]
    later = services.correct_decision(
        actor=people.account("dispatcher"), decision_id=new.pk, urgency="utility"
    )
    assert later.also == chosen


def test_what_a_scheme_merely_proposed_is_not_learned_from(district):
    submission = people.hand_in("窨井盖不见了，请补上。")
    old = decision_of(submission)
    assert old.reasons["scheme:grid"]
    services.correct_decision(actor=people.account("dispatcher"), decision_id=old.pk)
    assert courses.confirmed_examples("grid") == []
    assert courses.confirmed_examples("seven") != []


@pytest.mark.parametrize(
    "nonsense",
    [{"urgency": "whenever"}, {"also": {"grid": 10**9}}, {"also": {"nowhere": 1}}],
)
def test_nonsense_from_a_form_is_refused(district, nonsense):
    old = decision_of(people.hand_in())
    with pytest.raises(Invalid):
        services.correct_decision(
            actor=people.account("dispatcher"), decision_id=old.pk, **nonsense
        )


def test_a_category_of_one_scheme_does_not_stand_for_another(district):
    old = decision_of(people.hand_in())
    main = selectors.categories()[0].id
    with pytest.raises(Invalid):
        services.correct_decision(
            actor=people.account("dispatcher"), decision_id=old.pk, also={"grid": main}
        )


def test_words_say_how_much_each_of_them_argued(district):
    (best, *_others) = decision_of(
        people.hand_in("楼道堆物堵住消防通道，垃圾箱房也满了。")
    ).reasons["category"]
    shares = [int(why.partition("\t")[2].removesuffix("%")) for why in best["because"]]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 101


def test_what_may_take_longer_is_for_a_person_to_approve(district):
    configuration.set_policy(actor=people.TESTS, automatic_above=0.0)
    submission = people.hand_in("楼道堆物，物业和业委会互相推诿，上次答复说要等仲裁结果。")
    assert decision_of(submission).urgency == "complex"
    assert not decision_of(submission).is_automatic


def test_a_submission_is_decided_on_once_however_often_it_comes(district):
    submission = people.hand_in()
    assert services.decide_submissions([submission.pk]) == []
    assert Decision.objects.filter(submission=submission).count() == 1


def test_one_bad_submission_is_parked_and_the_others_go_on(district, monkeypatch):
    healthy = services.propose_all

    def choking(known, messages):
        if any("毒" in said.text for said in messages):
            raise RuntimeError
        return healthy(known, messages)

    monkeypatch.setattr(services, "propose_all", choking)
    bad, good = (
        intake.receive_submission(actor=people.TESTS, words=intake.Words(text=text, channel="web"))[
            0
        ]
        for text in ("这是一条带毒的来信", "路灯坏了，请修一修")
    )
    followers.drain()

    assert decision_of(good)
    assert not Decision.objects.filter(submission=bad).exists()
    assert [row.follower for row in followers.parked()] == ["dispatch.decide"]

    monkeypatch.setattr(services, "propose_all", healthy)
    followers.retry_parked(everything=True)
    followers.drain()
    assert decision_of(bad)
    assert people.case_of(bad)


@pytest.mark.parametrize(
    "text",
    ["。", "😀😀😀", "a" * 50_000, "ملاحظة", "<script>alert(1)</script>", "=1+1", "\u202e倒着写"],
)
def test_whatever_is_handed_in_becomes_a_case(district, text):
    submission = people.hand_in(text, place="")
    assert submission.text == text, "verbatim"
    assert people.case_of(submission)


def test_an_installation_without_rules_still_opens_every_case(db):
    configuration.load_deadlines(
        actor=people.TESTS,
        classes=[
            {"code": "ordinary", "name": "一般", "name_en": "", "amount": 5, "unit": "working_days",
             "note": ""}
        ],
    )  # fmt: skip
    submission = people.hand_in(place="")
    assert people.case_of(submission).state == "opened"
    assert clock.today()
