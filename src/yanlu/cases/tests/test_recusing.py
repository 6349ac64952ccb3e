"""Who is named in a matter, complained of or related to somebody in it finds no trace of it."""

import pytest

from tests import people
from yanlu.cases import access, files, recusing, returning, selectors, services
from yanlu.cases.models import Case, Recusal
from yanlu.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db

WHY = "当事人是我的表弟，按规定回避。"
TEAM = ("urban_management", "310113003")


@pytest.fixture
def case(district):
    """周阿姨's heap on the stairs, at the enforcement team."""
    return people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ["dispatch"])


def handler():
    return people.account("handler-enforcement")


def keep_out(case: Case, **who):
    return recusing.recuse(
        **{
            "actor": people.account("dispatcher"),
            "case_id": case.pk,
            "ground": "complained_of",
            "explanation": "来信投诉的正是此人。",
            **who,
        }
    )


def finds(person, case: Case) -> bool:
    listed = selectors.queue(person, selectors.QueueFilters(view="all")).rows
    searched = selectors.queue(person, selectors.QueueFilters(search=case.number)).rows
    counted = selectors.counts(person)["to_handle"] + selectors.counts(person)["to_dispatch"]
    return any(row.id == case.pk for row in [*listed, *searched]) or bool(counted)


def test_a_handler_steps_back_and_a_colleague_goes_on(case):
    assert finds(handler(), case)
    recusing.step_back(actor=handler(), case_id=case.pk, explanation=WHY)

    assert not finds(handler(), case)
    with pytest.raises(NotFound):
        files.case_file(handler(), case.pk)
    with pytest.raises(NotFound):
        services.accept_case(actor=handler(), case_id=case.pk)
    assert services.accept_case(actor=people.account("head-enforcement"), case_id=case.pk)


def test_whom_the_words_name_never_gets_to_see_them(district):
    said = f"{people.STAIRS}上次来的{handler().display_name}态度很差，转身就走。"
    case = people.bring_to(people.case_of(people.hand_in(said)), ["dispatch"])

    assert [row.account for row in case.recusals.all()] == [handler()]
    assert not finds(handler(), case)
    assert finds(people.account("head-enforcement"), case)


def test_a_report_keeps_out_the_unit_that_it_names_and_none_is_given_it(district):
    team = people.unit(*TEAM)
    said = f"举报{team.name}的人收了摊贩的好处费，放任占道经营。"
    case = people.case_of(people.hand_in(said, kind="report"))

    assert case.is_sealed
    assert [row.unit for row in case.recusals.all()] == [team]
    with pytest.raises(NotAllowed):
        services.dispatch_case(
            actor=people.account("dispatcher"),
            case_id=case.pk,
            correction=services.Correction(unit_id=team.pk),
        )
    assert not finds(handler(), case)


def test_a_unit_that_is_complained_of_neither_leads_nor_assists(case):
    housing = people.unit("housing", "310113003")
    keep_out(case, unit=housing.pk)
    with pytest.raises(NotAllowed):
        returning.transfer_case(
            actor=people.account("dispatcher"), case_id=case.pk, unit=housing.pk, explanation=WHY
        )
    with pytest.raises(Invalid):
        keep_out(case, unit=case.lead_unit_id)


def test_somebody_of_the_same_name_is_let_in_again(case):
    keep_out(case, account=handler().pk, ground="named")
    assert not finds(handler(), case)
    row = Recusal.objects.get(case=case)
    with pytest.raises(NotAllowed):
        recusing.readmit(
            actor=people.account("head-enforcement"),
            case_id=case.pk,
            recusal=row.pk,
            explanation="只是同名。",
        )
    recusing.readmit(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        recusal=row.pk,
        explanation="只是同名，并非当事人。",
    )
    assert finds(handler(), case)


def test_who_keeps_out_names_one_and_says_why(case):
    for wrong in ({}, {"account": handler().pk, "unit": people.unit(*TEAM).pk}):
        with pytest.raises(Invalid):
            keep_out(case, **wrong)
    with pytest.raises(Invalid):
        keep_out(case, account=handler().pk, ground="disliked")
    with pytest.raises(Invalid):
        keep_out(case, account=handler().pk, explanation="他")
    assert not Recusal.objects.exists()


def test_whose_own_matter_it_is_handles_nothing_in_it(district):
    """卞志坚 of the team handed in himself: he is its resident, and nothing else."""
    case = people.bring_to(people.case_of(people.hand_in(by=handler())), ["dispatch"])
    assert access.parties(handler(), case) == {"resident"}
    with pytest.raises(NotAllowed):
        services.accept_case(actor=handler(), case_id=case.pk)
