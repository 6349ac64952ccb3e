"""The city's 12345 and the district: orders by file and by HTTP, results back, both books agree."""

from datetime import timedelta

from openpyxl import load_workbook
from playwright.sync_api import expect

from tests import hotline as city
from tests import people
from tests.browser.conftest import PHONE
from yanlu.cases import services
from yanlu.exchange import pulling, results, sending
from yanlu.exchange.models import Message, Order, Partner
from yanlu.intake.models import Submission
from yanlu.kernel import clock, followers

NOISE = "宝林一村对面工地夜里十一点还在打桩，老人睡不着，请管一管夜间施工。"
SWING = "宝林一村中心花园的健身器材坏了三天，螺丝都露在外面，请来修一修。"
COURT = "和楼上邻居为漏水打官司，法院已经开庭，请你们判他赔钱。"
SECRET = "宝林一村物业经理私分维修资金，请查一查，不要说是我说的。"


def case_of(number: str):
    return people.case_of(Submission.objects.get(source=city.CODE, source_number=number))


def send(after: timedelta = timedelta()) -> int:
    """The worker's turn, some time later."""
    followers.drain()
    with clock.at(clock.now() + after):
        return sending.send_due()


def our_books() -> dict[str, tuple[str, str]]:
    """Of each number of the hotline's, our number and how the matter stands, in its words."""
    dialect = Partner.objects.get(code=city.CODE).dialect
    rows = [dialect.write(row) for row in results.present(list(Order.objects.all()))]
    return {row["工单编号"]: (row["区案件编号"], row["工单状态"]) for row in rows}


def test_orders_in_by_file_and_http_results_back_and_the_books_agree(
    server, at_work, check_access, shoot, tmp_path
):
    with city.running() as hotline:
        city.agree(hotline, "--ask")
        stairs, noise = hotline.writes(), hotline.writes(NOISE, 诉求类型="投诉")
        swing, court = hotline.writes(SWING, 诉求类型="求助"), hotline.writes(COURT)
        secret = hotline.writes(SECRET, 诉求类型="举报", 是否保密="是")
        wrong = hotline.writes("不知道是什么事。", 诉求类型="聊天")

        # By file, on the page.
        desk = at_work("dispatcher")
        desk.goto("/staff/exchange/")
        table = hotline.writes_table(tmp_path / "orders.xlsx", stairs, noise, wrong)
        desk.get_by_label("Table of orders").set_input_files(table)
        desk.get_by_role("button", name="Take them in").click()
        expect(desk.get_by_text("Taken in 2, known 0, refused 1.")).to_be_visible()
        desk.get_by_text("What was refused").click()
        expect(desk.locator("main")).to_contain_text(wrong["工单编号"])
        hotline.books.pop(wrong["工单编号"])

        # By HTTP: sent to us, once; forged and replayed, not at all.
        body = hotline.pushed(swing, stairs)
        signed = hotline.signs("POST", f"/api/v1/exchange/{city.CODE}/orders", body)
        status, told = hotline.sends(server, swing, stairs, headers=signed)
        assert (status, told["taken"], told["known"]) == (
            200, [swing["工单编号"]], [stairs["工单编号"]],
        )  # fmt: skip
        assert hotline.sends(server, swing, stairs, headers=signed)[0] == 401
        forged = signed | {"Yanlu-Signature": "v1=" + "0" * 64, "Yanlu-Nonce": "n" * 24}
        assert hotline.sends(server, court, headers=forged)[0] == 401

        # And fetched by us; what came before is known.
        hotline.feed = [court, noise, secret]
        assert pulling.pull_due() == 2
        assert Submission.objects.filter(source=city.CODE).count() == Order.objects.count() == 5
        assert hotline.books[noise["工单编号"]].ways == ["file", "pull"]

        # The hotline falls over in every way that it knows; later everything has arrived.
        hotline.trouble = list(city.TROUBLE[:1] + city.TROUBLE[2:])
        for hours in range(1, 4):
            assert send(timedelta(hours=hours)) == 0
            followers.drain()
        assert send(timedelta(hours=9)) == 5
        assert hotline.came_twice == 1

        # The matters go their ways.
        people.bring_to(case_of(stairs["工单编号"]), people.CLOSED)
        people.bring_to(case_of(noise["工单编号"]), people.HANDLED)
        people.bring_to(case_of(swing["工单编号"]), ("dispatch", "accept"))
        people.bring_to(case_of(secret["工单编号"]), people.CLOSED)
        services.decline_case(
            actor=people.account("dispatcher"),
            case_id=case_of(court["工单编号"]).pk,
            ground="court",
            explanation="此事法院已经受理，请等判决。",
        )

        # One is refused for good: it waits on the page, the others go out.
        hotline.refuses = {noise["工单编号"]}
        assert send() > 5
        desk.goto("/staff/exchange/")
        dead = desk.get_by_role("row").filter(has_text=noise["工单编号"]).first
        expect(dead).to_contain_text("it answered 422")
        expect(dead).to_contain_text("工单已归档")
        shoot(desk, "desk")
        check_access(desk)
        phone = at_work("administrator", width=PHONE, dark=True, language="zh-hans")
        phone.goto(f"/staff/exchange/?number={noise['工单编号']}")
        expect(phone.locator("#found")).to_contain_text(case_of(noise["工单编号"]).number)
        phone.locator("#found details summary").click()
        shoot(phone, "phone")
        check_access(phone)

        # Mended there, it is sent again from here; what waited behind it follows.
        hotline.refuses = set()
        desk.get_by_role("button", name=f"Send again: {noise['工单编号']}").click()
        expect(desk.get_by_text("1 result goes out again.")).to_be_visible()
        expect(desk.get_by_text("Every result was taken, or is on its way.")).to_be_visible()
        assert send() == 4

        # Beside the case stand the numbers of both sides.
        case = case_of(noise["工单编号"])
        desk.goto(f"/staff/cases/{case.pk}/")
        orders = desk.get_by_role("region", name="Work orders of partners")
        expect(orders).to_contain_text(noise["工单编号"])
        orders.locator("summary").click()
        expect(orders).to_contain_text(f"R{noise['工单编号']}-1")
        shoot(desk, "case")
        check_access(desk)

        # Number by number and state by state, the books agree; so does the table.
        assert hotline.complaints == []
        assert not Message.objects.filter(state__in=("waiting", "dead")).exists()
        assert hotline.known() == our_books()
        assert {status for _number, status in hotline.known().values()} == {
            "已结案", "已办结", "已签收", "不予受理", "已依规办理",
        }  # fmt: skip
        desk.goto("/staff/exchange/")
        with desk.expect_download() as held:
            desk.get_by_role("button", name="Take them out").click()
        held.value.save_as(tmp_path / "results.xlsx")
        head, *rows = load_workbook(tmp_path / "results.xlsx").active.iter_rows(values_only=True)
        table = [dict(zip(head, row, strict=True)) for row in rows]
        assert {
            row["工单编号"]: (row["区案件编号"], row["工单状态"]) for row in table
        } == hotline.known()
