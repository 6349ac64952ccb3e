"""What the hotline is told: what the resident is told, as it stood then, and nobody's affairs."""

import json
from dataclasses import replace

import pytest

from tests import hotline as city
from tests import people
from yanlu.cases import extending, merging, petitions, returning, services, states
from yanlu.cases.models import Case
from yanlu.cases.timeline import TOLD
from yanlu.exchange import results
from yanlu.exchange.configuration import usual_dialect
from yanlu.exchange.dialect import FIELDS, LISTS, NEEDED
from yanlu.exchange.incoming import json_row
from yanlu.exchange.models import Message, Order, Partner
from yanlu.exchange.outbox import EVENTS, queue_results
from yanlu.exchange.services import receive_orders
from yanlu.kernel import followers
from yanlu.kernel.models import Entry

pytestmark = pytest.mark.django_db

PAPER = "宝林一村8号楼门口废纸成堆没人收，下雨都泡烂了，请派人清运。"


@pytest.fixture
def hotline(district):
    hotline = city.Hotline()
    city.agree(hotline)
    return hotline


def receive(hotline, *texts, **more) -> list[Case]:
    """Orders of these texts, and the case that each came to."""
    orders = [hotline.writes(text, **more) for text in texts or (city.STAIRS,)]
    partner = Partner.objects.get()
    rows = [json_row(place, order) for place, order in enumerate(orders, 1)]
    receive_orders(actor=partner, partner=partner, way="push", rows=rows)
    followers.drain()
    held = Order.objects.filter(number__in=[order["工单编号"] for order in orders])
    return [people.case_of(order.submission) for order in held.order_by("pk")]


def told(number: str = "SH000001") -> list[dict]:
    """What the hotline would be told of an order, message by message."""
    followers.drain()
    messages = Message.objects.filter(order__number=number).order_by("sequence")
    dialect = Partner.objects.get().dialect
    rows = [results.result(message) for message in messages]
    return [dialect.write(row) for row in rows if row is not None]


def standing(number: str = "SH000001") -> dict:
    order = Order.objects.get(number=number)
    return Partner.objects.get().dialect.write(*results.present([order]))


def statuses(rows: list[dict]) -> list[tuple[str, str]]:
    return [(row["反馈类型"], row["工单状态"]) for row in rows]


def test_the_whole_way_is_told_step_by_step_even_if_it_is_sent_late(hotline):
    (case,) = receive(hotline)
    people.bring_to(case, people.CLOSED)

    rows = told()
    assert statuses(rows) == [
        ("立案", "待派遣"),
        ("派遣", "已派遣"),
        ("签收", "已签收"),
        ("开始处理", "处理中"),
        ("办结", "已办结"),
        ("开始回访", "回访中"),
        ("回访确认结案", "已结案"),
    ]
    assert [row["反馈序号"] for row in rows] == [str(place) for place in range(1, 8)]
    assert {row["工单编号"] for row in rows} == {"SH000001"}
    assert {row["区案件编号"] for row in rows} == {case.number}
    opened, dispatched, *_rest, answered, _asked, closed = rows
    assert "主办部门" not in opened
    assert dispatched["主办部门"] == people.unit("urban_management", "310113003").name
    assert dispatched["区办理期限"]
    assert "办理结果" not in dispatched
    assert answered["办理结果"] == "实际解决"
    assert (answered["事实认定"], answered["诉求认定"]) == ("属实", "合理")
    assert "旧家具" in answered["处理情况"]
    assert "回访是否解决" not in answered
    assert closed["回访是否解决"] == "已解决"
    assert closed["全程用时（小时）"]


def test_nothing_personal_goes_out(hotline):
    (case,) = receive(hotline)
    case = people.bring_to(case, ("dispatch", "accept", "start"))
    form = replace(
        people.form(),
        points="周桂妹您好，按您留的电话13900000001已经联系，旧家具已清走。",
        resident_said="我住12号楼，谢谢。",
    )
    handler = people.handler_of(case.lead_unit)
    services.answer_case(actor=handler, case_id=case.pk, form=form)

    everything = json.dumps([told(), standing()], ensure_ascii=False)
    assert "旧家具已清走" in everything
    for secret in ("周桂妹", "13900000001", "12号楼，谢谢", "联系人", handler.display_name):
        assert secret not in everything


def test_what_the_resident_says_at_the_desk_stays_there(hotline):
    (case,) = receive(hotline)
    people.bring_to(case, ("dispatch",))
    said = "家里老人坐轮椅三年出不了门，要求书面答复。"
    petitions.begin_petition(actor=people.account("dispatcher"), case_id=case.pk, why=said)
    last = told()[-1]
    assert last["反馈类型"] not in EVENTS, "it has a word"
    assert "说明" not in last
    assert "三年" not in str(last)


def test_not_accepted_names_the_ground_and_the_proper_route(hotline):
    (case,) = receive(hotline)
    services.decline_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        ground="court",
        explanation="此事法院已经受理，请等判决。",
    )
    last = told()[-1]
    assert (last["反馈类型"], last["工单状态"]) == ("不予受理", "不予受理")
    assert last["理由"]
    assert last["说明"] == "此事法院已经受理，请等判决。"


def test_more_time_is_told_with_date_and_reason(hotline):
    (case,) = receive(hotline)
    case = people.bring_to(case, ("dispatch", "accept"))
    team, head = people.handler_of(case.lead_unit), people.account("head-enforcement")
    extending.ask_extension(
        actor=team, case_id=case.pk, until=extending.latest_extension(case).date(),
        reason="weather", explanation="连日下雨，要等天晴。",
    )  # fmt: skip
    assert told()[-1]["反馈类型"] == "签收", "what is only asked for is not told"
    extending.review_extension(actor=head, case_id=case.pk)
    granted = extending.grant_extension(actor=people.account("dispatcher"), case_id=case.pk)
    last = told()[-1]
    assert last["反馈类型"] == "延期"
    assert last["延至日期"][:10] == f"{granted.due_at:%Y-%m-%d}"
    assert last["说明"] == "连日下雨，要等天晴。"


def test_to_and_fro_and_handled_again(hotline):
    (case,) = receive(hotline)
    people.bring_to(case, ("dispatch",))
    returning.return_case(
        actor=people.handler_of(people.unit("urban_management", "310113003")),
        case_id=case.pk, reason="not_our_duty", explanation="应由房管部门处理。",
        evidence=people.DUTIES,
    )  # fmt: skip
    people.bring_to(case, (*people.HANDLED, "call_back"))
    rating = services.Rating("acceptable", "dissatisfied", note="还有两个柜子在四楼。")
    services.record_callback(
        actor=people.account("callback"), case_id=case.pk, was_reached=True, is_solved=False,
        rating=rating,
    )  # fmt: skip
    rows = told()
    assert ("承办单位退单", "重新派遣中") in statuses(rows)
    assert statuses(rows)[-1] == ("回访未解决", "重办中")
    assert (rows[-1]["回访是否解决"], rows[-1]["回访是否满意"]) == ("未解决", "不满意")
    assert "两个柜子" not in str(rows)


# --- confidential and sealed


def test_of_a_secret_matter_only_that_it_was_dealt_with(hotline):
    cases = [*receive(hotline, 是否保密="是"), *receive(hotline, 诉求类型="举报")]
    for case, number in zip(cases, ("SH000001", "SH000002"), strict=True):
        assert standing(number)["工单状态"] == "待派遣"
        people.bring_to(case, people.CLOSED)

        rows = told(number)
        assert statuses(rows) == [("立案", "待派遣"), ("已依规办理", "已依规办理")]
        allowed = {"工单编号", "区案件编号", "反馈序号", "反馈类型", "反馈时间", "工单状态"}
        assert all(set(row) == allowed for row in rows)
        assert standing(number)["工单状态"] == "已依规办理"
        assert "处理情况" not in standing(number)


def test_what_turns_out_to_be_a_report_of_wrongdoing_is_told_no_further(hotline):
    (case,) = receive(hotline)
    services.dispatch_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        correction=services.Correction(
            unit_id=people.unit("supervision").pk, kind="report", note="内容属于举报。"
        ),
    )
    assert statuses(told()) == [("立案", "待派遣")]


# --- shared and merged


def test_two_orders_of_one_case_are_both_told_and_neither_learns_of_the_other(hotline):
    people.configuration.set_policy(actor=people.TESTS, automatic_above=1.1, joins_repeats=True)
    first, second = receive(hotline, city.STAIRS, city.STAIRS)
    assert first.pk == second.pk
    people.bring_to(first, people.HANDLED)

    own, shared = told(), told("SH000002")
    assert statuses(shared)[:2] == [("立案", "待派遣"), ("合并至同类案件", "待派遣")]
    assert shared[-1]["区案件编号"] == own[-1]["区案件编号"] == first.number
    assert shared[-1]["处理情况"]
    assert "事实认定说明" in own[-1]
    assert "事实认定说明" not in shared[-1]


def test_a_merged_order_goes_on_under_the_other_number_and_comes_back(hotline):
    case, other = receive(hotline, city.STAIRS, PAPER)
    dispatcher = people.account("dispatcher")
    other = people.bring_to(other, ("dispatch",))
    merging.merge_case(actor=dispatcher, case_id=case.pk, into=other.number, why="同一处堆物。")
    people.bring_to(other, ("accept",))
    assert statuses(told())[-2:] == [("并案", "已并案"), ("签收", "已签收")]
    assert told()[-1]["区案件编号"] == other.number
    merging.separate_case(actor=dispatcher, case_id=case.pk, why="不是一回事。")
    assert told()[-1]["反馈类型"] == "拆分"
    assert standing()["区案件编号"] == case.number


# --- queued once, in order


def test_rows_that_come_again_queue_nothing_twice(hotline):
    (case,) = receive(hotline)
    people.bring_to(case, ("dispatch",))
    followers.drain()
    before = list(Message.objects.values_list("order", "sequence", "event"))
    queue_results(list(Entry.objects.filter(verb__in=EVENTS)))
    people.bring_to(people.case_of(people.hand_in(PAPER, by=people.aunt_zhou())), people.HANDLED)
    followers.drain()
    assert list(Message.objects.values_list("order", "sequence", "event")) == before, (
        "what others hand in is no partner's business"
    )


def test_a_row_that_was_parked_is_told_late_and_takes_nobody_back(hotline):
    (case,) = receive(hotline)
    people.bring_to(case, ("dispatch", "accept"))
    followers.drain()
    Message.objects.filter(event="case.dispatched").update(sequence=9)
    assert statuses(told())[-2:] == [("签收", "已签收"), ("派遣", "已签收")]


def test_a_hotline_has_words_for_every_state_and_everything_that_is_told():
    usual = usual_dialect()
    assert set(usual["columns"]) == set(FIELDS)
    assert set(NEEDED) <= set(FIELDS)
    assert set(usual["values"]) == set(LISTS.values())
    assert set(usual["values"]["status"]) == {*states.ALL, results.DEALT_WITH}
    assert set(usual["values"]["event"]) == {*EVENTS, states.OPENED, results.DEALT_WITH}
    assert len(set(usual["columns"].values())) == len(usual["columns"])
    assert EVENTS < TOLD
