"""The catalogue of matters: how an item is found in it, and what it says of a case."""

import pytest
from django.core.management import call_command

from tests import people
from yanlu.dispatch import catalogue, selectors, services
from yanlu.dispatch.models import CatalogueItem, Decision
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid
from yanlu.kernel.pictures import forget_all

pytestmark = pytest.mark.django_db

SAID = {
    "A01": "有人在地铁保护区里打桩，没有看到许可牌。",
    "B01": "民防工程的出入口被一堆建材堵塞了。",
    "C02": "小店卖假酒，茅台是勾兑的。",
    "E01": "河水发黑发臭，夜里有人偷排污水。",
    "F01": "工地裸土没有盖，扬尘大得睁不开眼。",
    "M01": "弄堂口的窨井盖翘起来，绊倒了人。",
}
FIRE_LAW = "《中华人民共和国消防法》第二十八条"


def decision_on(text: str, **more) -> Decision:
    return selectors.latest_decision(people.hand_in(text, **more).pk)


def codes(items) -> list[str]:
    return [one.code for one in items]


def offered(text: str, said: Decision | None = None) -> list[str]:
    """What a dispatcher of this matter is offered."""
    said = said or decision_on(text)
    return codes(catalogue.fitting(text, catalogue.categories_of(said), said.urgency))


def test_words_offer_the_few_items_that_fit(district):
    for code, text in SAID.items():
        assert code in offered(text)[:2], text
    assert len(offered("".join(text for code, text in SAID.items() if code != "M01"))) == 4
    assert offered("谢谢你们，辛苦了。") == []


def test_explain_names_the_items_with_unit_and_ground(district, capsys):
    call_command("explain", SAID["A01"], place=people.BAOLIN)
    told = capsys.readouterr().out
    assert "A01 轨道交通安全保护区内擅自施工: 宝山区交通委员会, 一般事项  (《" in told


def test_the_grids_category_counts_beside_the_words_and_danger_is_not_made_to_wait(district):
    said = decision_on("路面上的盖板坏了，请来修一修。")
    said.also = {"grid": people.item("M01").grid_category_id}
    assert offered("请来修一修。", said) == ["M01"]
    assert offered("窨井盖没了，路灯也不亮。", said) == ["M01", "M03"]
    said.urgency = "danger"
    assert offered("窨井盖没了，路灯也不亮。", said) == ["M01"]
    assert codes(catalogue.found("城市道路管理条例", "danger")) == ["K01", "M01"]
    said.save()
    with pytest.raises(Invalid):
        services.correct_by_item(
            actor=people.account("dispatcher"), decision_id=said.pk, item_id=people.item("M03").pk
        )


def test_all_that_was_typed_stands_in_what_is_found(district):
    for typed in ("井盖", "窨井 缺失", "M01", "manhole", "城市道路管理条例 井盖", "窨井蓋"):
        assert "M01" in codes(catalogue.found(typed)), typed
    assert catalogue.found("井盖 白酒") == catalogue.found("  ") == []


def test_an_item_says_what_whose_until_when_and_on_what_ground(district):
    old, item = decision_on(people.STAIRS), people.item("L03")
    new = services.correct_by_item(
        actor=people.account("dispatcher"), decision_id=old.pk, item_id=item.pk
    )
    assert (new.unit.code, new.deadline_class.code) == ("310113-fire", "ordinary")
    assert (new.category.code, new.replaces, new.place_id) == ("0306", old, old.place_id)
    assert new.also["grid"] == item.grid_category_id
    best, *others = new.reasons["unit"]
    assert best["because"] == [f"catalogue:{item.name}", f"ground:{FIRE_LAW}"]
    assert others == [one for one in old.reasons["unit"] if one["id"] != new.unit_id]
    last = journal.history(services.subject(old.submission_id))[-1]
    assert (last.verb, last.data["ground"]) == ("decision.corrected", FIRE_LAW)


def test_the_unit_is_the_nearest_to_the_place_and_what_is_not_in_use_names_none(district):
    old, item = decision_on(people.STAIRS, place=people.GUCUN), people.item("D03")
    name = {"actor": people.account("dispatcher"), "decision_id": old.pk, "item_id": item.pk}
    assert catalogue.office_of(item, old.place_id).name.startswith("顾村镇")
    CatalogueItem.objects.filter(pk=item.pk).update(is_active=False)
    forget_all()
    assert "D03" not in codes(catalogue.items())
    with pytest.raises(Invalid):
        services.correct_by_item(**name)
