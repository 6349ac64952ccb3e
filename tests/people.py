"""The few persons that the tests' stories are told with; all live in the demo district."""

import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from yanlu.cases import patrols, petitions, selectors, services
from yanlu.cases.models import Case, CasePolicy
from yanlu.dispatch import catalogue, configuration
from yanlu.dispatch.models import CatalogueItem
from yanlu.intake import services as intake
from yanlu.intake.models import Submission
from yanlu.kernel import followers, journal
from yanlu.people import roles
from yanlu.people import selectors as found
from yanlu.people import services as registry
from yanlu.people.access import units_of  # noqa: F401 - for the stories, too
from yanlu.people.models import Account, Unit
from yanlu.places import services as places
from yanlu.places.models import Place
from yanlu.places.selectors import place_by_code, territory
from yanlu.project.demo import reference

TESTS = journal.System("tests")
BAOLIN = "310113003001"  # 宝林一村, in 友谊路街道
GUCUN = "310113109"  # 顾村镇

#: Said clearly enough to be sorted: a heap of rubbish on the stairs in 宝林一村.
STAIRS = "宝林一村12号楼的楼道里堆满了旧家具和纸箱，轮椅根本过不去，请来管一管楼道堆物。"

#: What 小顾 sees on patrol.
COVER = "宝林一村门口的窨井盖翘起来了，老人差点绊倒。"
#: A petition of 顾老伯's.
BARRIER = (
    "外环高架离我们楼不到三十米，夜里货车一辆接一辆，我七十六岁了，整夜睡不着。"
    "三年前说要装声屏障，到现在没有下文。请给我一个书面的处理意见。"
)

#: What a unit shows when it returns a case.
DUTIES = "对照本单位权责清单，没有此项职责。"


def account(username: str) -> Account:
    """A member of staff of the demo district: ``dispatcher``, ``callback``, ``supervisor`` …"""
    person = found.account_by_username(username)
    assert person is not None, username
    return person


def aunt_zhou() -> Account:
    """周阿姨, a resident of 宝林一村 with a phone and an account."""
    person = found.account_by_phone("13900000001")
    assert person is not None
    return person


def neighbour_wu() -> Account:
    """吴师傅, another resident, who has nothing to do with 周阿姨's matters."""
    person = found.account_by_phone("13900000002")
    assert person is not None
    return person


def gu() -> Account:
    """小顾, a grid worker who patrols 友谊路街道."""
    return account("grid-worker")


def ruan() -> Account:
    """阮立夏, a grid worker who patrols 宝林一村 alone."""
    return account("grid-worker-baolin")


def old_gu() -> Account:
    """顾老伯 of 宝林一村, who can't sleep for the elevated road; he has a phone, and patience."""
    known = found.account_by_phone("13900000079")
    if known:
        return known
    person = registry.admit_resident(actor=TESTS, phone="13900000079", display_name="顾老伯")
    registry.verify_phone(actor=TESTS, account=person)
    return person


def handler_of(unit: Unit) -> Account:
    """小陈, who handles matters in this unit."""
    known = found.handler_of(unit.pk)
    if known:
        return known
    person = registry.create_account(
        actor=TESTS, username=f"chen-{unit.pk}", display_name="小陈", password="chen-2021-chen"
    )
    registry.grant_role(actor=TESTS, account=person, name=roles.HANDLER, unit=unit)
    return person


def head_of(unit: Unit) -> Account:
    """老孙, who heads this unit."""
    person = registry.create_account(
        actor=TESTS, username=f"sun-{unit.pk}", display_name="老孙", password="sun-2021-sun"
    )
    registry.grant_role(actor=TESTS, account=person, name=roles.HEAD, unit=unit)
    return person


def unit(function: str, place_code: str = "310113") -> Unit:
    """The unit of this function in this place (by default the district's)."""
    return next(u for u in found.units() if u.code == f"{place_code}-{function}")


def building_unit(name: str, place_code: str) -> Unit:
    """The residents' group of a building in this community, with its building."""
    community = place_by_code(place_code)
    building = places.add_place(
        actor=TESTS, level=5, code=f"{place_code}-12", name="12号楼", parent=community
    )
    return registry.add_unit(
        actor=TESTS, code=f"{building.code}-group", name=name, level=5, function="building",
        place=building,
    )  # fmt: skip


def live(many: int | None, *codes: str) -> None:
    """So many live in each of these places."""
    Place.objects.filter(code__in=codes).update(residents=many)
    territory.forget()


def load_district() -> None:
    """The demo district, where neither the same words nor the same answers come together."""
    reference.load()
    let_repeats_stand_alone()
    let_answers_repeat()


def let_repeats_stand_alone() -> None:
    """Let the same words at the same place open a case each time."""
    configuration.set_policy(
        actor=TESTS, automatic_above=reference.AUTOMATIC_ABOVE, joins_repeats=False
    )


def let_answers_repeat() -> None:
    """Hold no answer back for what stood in an earlier one."""
    CasePolicy.objects.update_or_create(pk=1, defaults={"repeats_from": 1.1})


def hand_in(
    text: str = STAIRS, *, by: Account | None = None, place: str = BAOLIN, **more: Any
) -> Submission:
    """Somebody hands in a matter by the app, and it goes through the pipeline."""
    node = place_by_code(place) if place else None
    words = intake.Words(
        **{"text": text, "channel": "mobile", "account": by, "place_id": node and node.id, **more}
    )
    submission, _ = intake.receive_submission(actor=by or TESTS, words=words)
    followers.drain()
    return submission


def item(code: str) -> CatalogueItem:
    """The item of the demo's catalogue with this code."""
    return next(one for one in catalogue.items() if one.code == code)


def shot(colour: str = "teal") -> SimpleUploadedFile:
    """A photo."""
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile(f"{colour}.jpg", out.getvalue(), "image/jpeg")


def find(code: str = "M01", *, by: Account | None = None, place: str = BAOLIN, **more: Any) -> Case:
    """小顾 finds something on patrol; a manhole cover in 宝林一村, if nothing else is said."""
    node = place_by_code(place) if place else None
    said = {"text": COVER, "place_id": node and node.id, **more}
    files = said.pop("files", [shot()])
    finding = patrols.Finding(item_id=item(code).pk, **said)
    case = patrols.open_patrol(actor=by or gu(), finding=finding, files=files)
    followers.drain()
    return case


def check(case: Case, *, by: Account | None = None, is_settled: bool = True, **more: Any) -> Case:
    """阮立夏 looks on site whether it is settled."""
    return patrols.record_check(
        actor=by or ruan(),
        case_id=case.pk,
        is_settled=is_settled,
        **{"photo": shot("olive"), **more},
    )


def case_of(submission: Submission) -> Case:
    """The case that came of a submission."""
    case = selectors.case_of_code(submission.query_code)
    assert case is not None
    return case


def form(**more: Any) -> services.ClosingForm:
    """A closing form as a good handler fills it in."""
    return services.ClosingForm(
        **{
            "points": "您好，楼道里的旧家具和纸箱已经全部清走，居委会每周三检查一次。",
            "facts": "现场查看，12号楼二至四层楼道堆有旧家具和纸箱约三立方米。",
            "appeal": "堆物占用消防通道，居民的诉求合理。",
            "result": "solved",
            "way": "phone",
            "on_site": True,
            **more,
        }
    )


def parts(**more: Any) -> petitions.Parts:
    """An opinion as a good head of a unit signs it."""
    return petitions.Parts(
        **{
            "demand": "要求在外环高架宝林一村段加装声屏障，并书面答复。",
            "facts": "经夜间监测，临路一侧室外噪声为63分贝，超过55分贝的限值；该路段未设声屏障。",
            "ruling": "支持您的请求。声屏障列入今年降噪工程，9月底前完工，完工后再测一次。",
            "basis": "《中华人民共和国噪声污染防治法》第五十五条。",
            "outcome": "supported",
            **more,
        }
    )


def bring_to(case: Case, verbs: Sequence[str]) -> Case:
    """Bring a case some way along, each act by whoever it is due to."""
    for verb in verbs:
        case = _ACTS[verb](case)
    return case


def _handler(case: Case) -> Account:
    assert case.lead_unit_id
    lead = found.unit(case.lead_unit_id)
    assert lead is not None
    return handler_of(lead)


_ACTS = {
    "dispatch": lambda case: services.dispatch_case(
        actor=account("dispatcher"),
        case_id=case.pk,
        correction=services.Correction(unit_id=unit("urban_management", "310113003").pk),
    ),
    "accept": lambda case: services.accept_case(actor=_handler(case), case_id=case.pk),
    "start": lambda case: services.start_handling(actor=_handler(case), case_id=case.pk),
    "answer": lambda case: services.answer_case(actor=_handler(case), case_id=case.pk, form=form()),
    "call_back": lambda case: services.begin_callback(actor=account("callback"), case_id=case.pk),
    "confirm": lambda case: services.record_callback(
        actor=account("callback"), case_id=case.pk, was_reached=True, is_solved=True
    ),
}
HANDLED = ("dispatch", "accept", "start", "answer")
CLOSED = (*HANDLED, "call_back", "confirm")
