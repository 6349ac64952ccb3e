"""The hotline's orders come in: once each, whole or refused with the reason."""

import json

import pytest
from django.db import connection

from tests import hotline as city
from tests import people
from yanlu.exchange import services
from yanlu.exchange.incoming import Row, json_row
from yanlu.exchange.models import Delivery, Order, Partner
from yanlu.intake.models import Submission
from yanlu.intake.services import Words, receive_submission
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotline(db):
    hotline = city.Hotline()
    city.agree(hotline)
    return hotline


def partner() -> Partner:
    return Partner.objects.get(code=city.CODE)


def receive(*orders, way="push") -> services.Received:
    rows = [json_row(place, order) for place, order in enumerate(orders, 1)]
    return services.receive_orders(actor=partner(), partner=partner(), way=way, rows=rows)


def reasons(received: services.Received) -> list[tuple[int, str]]:
    return [(one.row, one.field) for one in received.refusals]


def test_an_order_becomes_a_case_with_the_numbers_of_both_sides(district, hotline):
    order = hotline.writes(原工单编号="2026-7", 大类="市容环卫", 市级紧急程度="紧急")
    assert receive(order).taken == ["SH000001"]
    followers.drain()

    held = Order.objects.get()
    submission = held.submission
    assert (submission.source, submission.source_number) == (city.CODE, "SH000001")
    assert (submission.channel, submission.kind) == ("phone", "complaint")
    assert f"{submission.said_at:%Y-%m-%d}" == "2026-03-02"
    assert held.original_number == "2026-7"
    assert held.details["category_2"] == "市容环卫"
    assert people.case_of(submission).submission_id == submission.pk
    (received,) = journal.history(services.subject(held.pk))
    assert (received.verb, received.actor) == ("order.received", partner().ref)


def test_who_called_is_sealed_at_once_and_stands_nowhere_else(hotline):
    receive(hotline.writes())
    held = Order.objects.get()
    assert held.submission.identity.real_name == "周桂妹"
    assert held.submission.identity.phone == "13900000001"
    with connection.cursor() as cursor:
        cursor.execute("SELECT o::text, d::text FROM exchange_order o, exchange_delivery d")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT string_agg(data::text, '') FROM kernel_journal")
        stored += str(cursor.fetchone())
    for secret in ("周桂妹", "13900000001", "旧家具"):
        assert secret not in stored


def test_the_order_as_it_came_is_opened_for_a_reason_and_logged(hotline):
    receive(hotline.writes())
    look = {"actor": people.TESTS, "partner": city.CODE, "number": "SH000001"}
    told = json.loads(services.open_original(**look, reason="与热线核对工单"))
    assert told["联系人"] == "周桂妹"
    assert journal.history(services.subject(Order.objects.get().pk))[-1].verb == "order.opened"
    with pytest.raises(Invalid):
        services.open_original(**look, reason="嗯")
    with pytest.raises(NotFound):
        services.open_original(**look | {"number": "SH9"}, reason="与热线核对工单")


def test_secrets_and_orders_are_sealed_anew_with_a_new_key(hotline):
    receive(hotline.writes())
    before = _tokens()
    assert len(list(services.reseal())) == 2
    assert all(new != old for new, old in zip(_tokens(), before, strict=True))
    assert partner().secret == hotline.secret


def _tokens() -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, original FROM exchange_partner, exchange_order")
        return [bytes(token) for token in cursor.fetchone()]


# --- once and only once


def test_an_order_that_comes_twice_is_one_case(hotline):
    order = hotline.writes(f"{city.STAIRS}\n请尽快。")
    receive(order)
    again = receive(order | {"诉求内容": f" {city.STAIRS}\r\n请尽快。", "处理时限": "五天"})
    twice = receive(order, order)

    assert (again.taken, again.known) == ([], ["SH000001"])
    assert twice.known == ["SH000001", "SH000001"]
    assert Order.objects.count() == Submission.objects.count() == 1


def test_a_number_that_comes_with_other_words_is_refused_not_swallowed(hotline):
    order = hotline.writes()
    receive(order)
    received = receive(order | {"诉求内容": "工地夜里还在打桩。"}, hotline.writes("路灯坏了三天。"))

    assert reasons(received) == [(1, "工单编号")]
    assert received.taken == ["SH000002"]


def test_what_was_imported_before_from_the_same_source_is_the_same_order(hotline):
    words = Words(text=city.STAIRS, channel="web", source=city.CODE, source_number="SH000001")
    receive_submission(actor=people.TESTS, words=words)
    assert receive(hotline.writes()).taken == ["SH000001"]
    assert Submission.objects.count() == 1


# --- refused by row, and the others go in


WRONG = [
    ({"工单编号": ""}, "工单编号"),
    ({"工单编号": None}, "工单编号"),
    ({"工单编号": "9" * 81}, "工单编号"),
    ({"工单编号": "SH\n1"}, "工单编号"),
    ({"诉求内容": " \n"}, "诉求内容"),
    ({"诉求内容": "说\x00话"}, "诉求内容"),
    ({"诉求内容": "说\ud800话"}, "诉求内容"),
    ({"诉求内容": "说" * 50_001}, "诉求内容"),
    ({"标题": "题" * 201}, "标题"),
    ({"诉求类型": "聊天"}, "诉求类型"),
    ({"是否保密": "也许"}, "是否保密"),
    ({"受理时间": "31.12.2019"}, "受理时间"),
    ({"受理时间": "2026-13-45"}, "受理时间"),
    ({"受理时间": "2999-01-01"}, "受理时间"),
    ({"发现时间": "昨天", "受理时间": ""}, "发现时间"),
    ({"联系人": "周" * 61}, "联系人"),
    ({"联系电话": "1" * 41}, "联系电话"),
    ({"大类": "市\x00容"}, "大类"),
]


def test_what_does_not_fit_is_refused_by_name_and_the_next_goes_in(hotline):
    pairs = [(hotline.writes() | wrong, hotline.writes()) for wrong, _field in WRONG]
    received = receive(*(order for pair in pairs for order in pair))

    assert reasons(received) == [(2 * n + 1, field) for n, (_w, field) in enumerate(WRONG)]
    assert all(str(one.reason) for one in received.refusals)
    assert received.taken == [good["工单编号"] for _bad, good in pairs]
    kept = Delivery.objects.get()
    assert (kept.taken, kept.known, kept.refused) == (len(WRONG), 0, len(WRONG))
    assert "周" not in str(kept.refusals)


def test_dates_of_any_usual_form_are_read(hotline):
    written = [
        "2026/3/2 9:15", "2026-03-02T09:15:00+08:00", "2026年3月2日 9时15分", "2026-03-02", "46083",
    ]  # fmt: skip
    receive(*(hotline.writes(受理时间=moment) for moment in written))
    said = Submission.objects.values_list("said_at", flat=True)
    assert [f"{at.astimezone(clock.ZONE):%Y-%m-%d}" for at in said] == ["2026-03-02"] * 5


def test_a_fault_of_ours_costs_its_own_order_only(hotline):
    Partner.objects.update(values={"kind": 5})
    received = receive(hotline.writes(), hotline.writes(诉求类型=""))
    assert [one.number for one in received.refusals] == ["SH000001"]
    assert received.taken == ["SH000002"]


def test_a_row_that_can_not_be_read_is_refused(hotline):
    rows = [Row(2, {}, "坏了")]
    received = services.receive_orders(actor=people.TESTS, partner=partner(), way="file", rows=rows)
    assert [(one.row, str(one.reason)) for one in received.refusals] == [(2, "坏了")]


def test_json_says_true_and_numbers_and_our_own_words(hotline):
    receive(hotline.writes(工单编号=20260001, 诉求类型="help", 是否保密=True, 是否匿名=False))
    submission = Submission.objects.get()
    assert (submission.source_number, submission.kind) == ("20260001", "help")
    assert submission.is_confidential


def test_an_anonymous_caller_stays_so_even_if_the_hotline_says_who_it_is(hotline):
    receive(hotline.writes(是否匿名="是"))
    assert Submission.objects.get().identity is None


def test_the_place_is_found_by_its_names_or_left_to_dispatch(district, hotline):
    named = {
        ("友谊路街道", "宝林一村"): people.BAOLIN,
        ("", "宝林一村居委会"): people.BAOLIN,
        ("友谊路街道", "月球一村"): "310113003",
        ("顾村镇", "宝林一村"): people.GUCUN,
        ("月球街道", "环形山居委会"): None,
    }
    receive(*(hotline.writes(街镇=town, 居委=committee) for town, committee in named))
    found = [s.place and s.place.code for s in Submission.objects.order_by("pk")]
    assert found == list(named.values())


def test_nothing_is_taken_from_a_partner_that_is_switched_off(hotline):
    Partner.objects.update(is_active=False)
    with pytest.raises(NotAllowed):
        receive(hotline.writes())
    assert not Submission.objects.exists()
