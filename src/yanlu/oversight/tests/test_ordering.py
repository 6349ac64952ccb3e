"""An order of supervision: given by 督查室, answered by the team, sent back once, then taken."""

from datetime import date, datetime

import pytest

from tests import people
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.oversight import access, ordering
from yanlu.oversight.models import Order
from yanlu.oversight.order_files import order_file
from yanlu.oversight.ordering import Draft, Spot

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)


@pytest.fixture(autouse=True)
def _on_monday():
    with clock.at(MONDAY):
        yield


@pytest.fixture
def case(district):
    return people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ["dispatch"])


def team():
    return people.handler_of(people.unit("urban_management", "310113003"))


def supervisor():
    return people.account("supervisor")


def order(**more) -> Order:
    draft = Draft(
        **{
            "unit_id": people.unit("urban_management", "310113003").pk,
            "kind": "order",
            "way": "phone",
            "subject": "宝林一村楼道堆物",
            "grounds": "居民两次反映，至今没有清走。",
            "demand": "三日内清走，并说明为何拖延。",
            "due_on": date(2026, 3, 5),
            **more,
        }
    )
    return ordering.issue_order(actor=supervisor(), draft=draft)


def test_from_order_to_done(case):
    given = order(case_id=case.pk)
    assert (given.number, given.state) == ("督〔2026〕1号", "issued")
    ordering.reply(actor=team(), order_id=given.pk, text="已派人清走，当天拍了照片。")
    sent = ordering.send_back(
        actor=supervisor(), order_id=given.pk, text="三楼还有两个纸箱。", due_on=date(2026, 3, 9)
    )
    assert sent.due_at.date() == date(2026, 3, 9)
    ordering.check_on_site(
        actor=people.gu(), order_id=given.pk, text="三楼纸箱还在。",
        spot=Spot(people.shot(), 31.4, 121.48, is_settled=False),
    )  # fmt: skip
    ordering.reply(actor=team(), order_id=given.pk, text="三楼的也清走了。")
    done = ordering.accept_reply(actor=supervisor(), order_id=given.pk)
    assert done.state == "done"
    told = [entry.verb for entry in journal.history(ordering.subject(given.pk))]
    assert told == [
        "order.issued", "order.replied", "order.sent_back", "order.checked", "order.replied",
        "order.accepted",
    ]  # fmt: skip


def test_numbers_run_on_within_a_year_and_begin_anew_in_the_next(district):
    assert [order().number, order().number] == ["督〔2026〕1号", "督〔2026〕2号"]
    with clock.at(datetime(2027, 1, 4, 10, tzinfo=clock.ZONE)):
        assert order(due_on=date(2027, 1, 9)).number == "督〔2027〕1号"


def test_a_key_item_is_followed_with_its_visits(district):
    given = order(kind="key_item")
    with clock.at(MONDAY.replace(day=4)):
        seen = ordering.note_visit(
            actor=team(), order_id=given.pk, text="到302室看望顾老伯，门口已清空。",
            visited_on=date(2026, 3, 3), photo=people.shot(),
        )  # fmt: skip
        for day in (date(2026, 3, 1), date(2026, 3, 5)):
            with pytest.raises(Invalid):
                ordering.note_visit(
                    actor=supervisor(), order_id=given.pk, text="上门走访。", visited_on=day
                )
    assert seen.state == "issued"
    (step,) = given.steps.all()
    assert (step.verb, step.visited_on, bool(step.file)) == ("visit", date(2026, 3, 3), True)


def test_other_orders_know_no_visits(district):
    given = order()
    assert "visit" not in [one.verb for one in order_file(team(), given.pk).allowed]
    with pytest.raises(NotAllowed):
        ordering.note_visit(
            actor=team(), order_id=given.pk, text="上门走访。", visited_on=date(2026, 3, 2)
        )


class TestRefuses:
    def test_a_unit_takes_its_own_answer_from_nobody_but_supervision(self, district):
        given = order()
        ordering.reply(actor=team(), order_id=given.pk, text="已经办好了。")
        with pytest.raises(NotAllowed):
            ordering.accept_reply(actor=team(), order_id=given.pk)

    def test_who_does_not_supervise_the_unit(self, district):
        draft = Draft(
            unit_id=people.unit("urban_management", "310113003").pk, kind="order", way="phone",
            subject="楼道堆物", grounds="居民两次反映。", demand="三日内清走。",
            due_on=date(2026, 3, 5),
        )  # fmt: skip
        for name in ("dispatcher", "callback", "grid-worker"):
            with pytest.raises(NotAllowed):
                ordering.issue_order(actor=people.account(name), draft=draft)

    def test_strangers_see_none(self, district):
        given = order()
        for person in (people.aunt_zhou(), people.handler_of(people.unit("housing"))):
            with pytest.raises(NotFound):
                access.get_order(person, given.pk)
            assert not access.visible(person).exists()

    def test_what_says_nothing_or_is_owed_yesterday(self, district):
        with pytest.raises(Invalid) as error:
            order(demand="快")
        assert error.value.field == "demand"
        with pytest.raises(Invalid) as error:
            order(due_on=date(2026, 3, 1))
        assert error.value.field == "due_on"

    def test_an_act_on_what_has_moved_on(self, district):
        given = order()
        ordering.reply(actor=team(), order_id=given.pk, text="已经办好了。", version=1)
        with pytest.raises(Conflict):
            ordering.reply(actor=team(), order_id=given.pk, text="已经办好了。", version=1)

    def test_an_order_about_a_sealed_case_to_whoever_must_not_see_it(self, district):
        report = people.case_of(people.hand_in("我举报执法队有人收钱放水。", kind="report"))
        given = order(case_id=report.pk)
        assert given in access.visible(supervisor())
        assert not access.visible(people.account("dispatcher-youyilu")).exists()


class TestRectification:
    def test_is_planned_first_then_proved_then_verified(self, district):
        given = order(kind="rectification", due_on=date(2026, 3, 31))
        with pytest.raises(NotAllowed):
            ordering.reply(actor=team(), order_id=given.pk, text="改好了。", photo=people.shot())
        with pytest.raises(Invalid):
            ordering.plan_rectification(
                actor=team(), order_id=given.pk, text="分三步整改。", until=date(2026, 4, 20)
            )
        ordering.plan_rectification(
            actor=team(), order_id=given.pk, text="分三步整改。", until=date(2026, 3, 20)
        )
        with pytest.raises(Invalid) as error:
            ordering.reply(actor=team(), order_id=given.pk, text="全部整改到位。")
        assert error.value.field == "photo"
        ordering.reply(actor=team(), order_id=given.pk, text="全部整改到位。", photo=people.shot())
        assert ordering.accept_reply(actor=supervisor(), order_id=given.pk).state == "done"
