"""The hotline knocks: signed or not, with tables good and bad; and staff look after it."""

import csv
import gzip
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from tests import hotline as city
from tests import people
from yanlu.api.rest.answers import MAX_BODY
from yanlu.exchange.models import Delivery, Nonce, Order, Partner
from yanlu.intake.models import Submission
from yanlu.kernel import clock, followers
from yanlu.kernel.models import Entry

pytestmark = pytest.mark.django_db

PATH = f"/api/v1/exchange/{city.CODE}/orders"
LAMP = "宝林一村3号楼门口的路灯坏了三天，晚上看不清路。"


@pytest.fixture
def hotline(db):
    hotline = city.Hotline()
    city.agree(hotline)
    return hotline


def knock(client, body: bytes, headers: dict, path: str = PATH):
    return client.post(path, body, "application/json", headers=headers | {"Accept-Language": "en"})


def push(client, hotline, *orders):
    body = hotline.pushed(*orders)
    return knock(client, body, hotline.signs("POST", PATH, body))


# --- signatures


def test_a_signed_request_goes_in_and_every_order_gets_an_answer(hotline, client):
    good, again, wrong = hotline.writes(), hotline.writes(LAMP), hotline.writes(诉求类型="聊天")
    push(client, hotline, again)
    answer = push(client, hotline, good, again, wrong)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["taken"], told["known"]) == (["SH000001"], ["SH000002"])
    (refused,) = told["refused"]
    assert (refused["row"], refused["number"], refused["field"]) == (3, "SH000003", "诉求类型")
    assert refused["reason"] == "This value was not agreed with the partner."
    assert Submission.objects.count() == 2


def test_when_all_are_refused_nobody_can_take_it_for_a_success(hotline, client):
    answer = push(client, hotline, hotline.writes(诉求内容=""))
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["field"] == "orders.1.诉求内容"


def test_what_is_not_the_hotlines_or_not_fresh_stays_outside(hotline, client):
    body = hotline.pushed(hotline.writes())
    signed = hotline.signs("POST", PATH, body)
    other = hotline.pushed(hotline.writes(LAMP))
    began = clock.now()
    now = began.timestamp()
    forged = city.Hotline()
    forged.secret = "x" * 43
    knocks = [
        (body, {}, PATH),
        (body, forged.signs("POST", PATH, body), PATH),
        (other, signed, PATH),
        (body, hotline.signs("GET", PATH, body), PATH),
        (body, hotline.signs("POST", "/api/v1/exchange/other/orders", body), PATH),
        (body, hotline.signs("POST", PATH.replace("12345", "none"), body), PATH.replace("12345", "none")),
        (body, hotline.signs("POST", PATH, body, now=now - 301), PATH),
        (body, hotline.signs("POST", PATH, body, now=now + 301), PATH),
        (body, signed | {"Yanlu-Nonce": "n" * 24}, PATH),
        (body, signed | {"Yanlu-Timestamp": "soon"}, PATH),
        (body, signed | {"Yanlu-Signature": "v1=ü"}, PATH),
        (body, signed, f"{PATH}?a=1"),
    ]  # fmt: skip
    for sent, headers, path in knocks:
        with clock.at(began):  # a second later one of them is in time
            answer = knock(client, sent, headers, path)
        assert answer.status_code == 401, (headers, answer.content)
        assert answer.json()["type"] == "/api/v1/docs#problem-bad-signature"
        assert answer["WWW-Authenticate"]
    assert not Submission.objects.exists()
    assert not Nonce.objects.exists(), "nobody but the partner fills the memory"
    assert knock(client, body, signed).status_code == 200


def test_a_replay_is_refused_as_long_as_its_moment_could_pass(hotline, client):
    body = hotline.pushed(hotline.writes())
    signed = hotline.signs("POST", PATH, body)
    assert knock(client, body, signed).status_code == 200
    for minutes in (0, 4, 6, 60):
        with clock.at(clock.now() + timedelta(minutes=minutes)):
            assert knock(client, body, signed).status_code == 401
    with clock.at(clock.now() + timedelta(hours=1)):
        assert push(client, hotline, hotline.writes(LAMP)).status_code == 200
    assert Nonce.objects.count() == 1, "what is out of the window is forgotten"


def test_an_old_secret_is_worthless(hotline, client):
    out = io.StringIO()
    call_command("partner", city.CODE, "--new-secret", stdout=out)
    assert push(client, hotline, hotline.writes()).status_code == 401
    hotline.secret = out.getvalue().strip()
    assert push(client, hotline, hotline.writes()).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b'{"orders": []}', b'{"orders": [5]}', b'{"orders": [[]]}',
        b'{"orders": [{"x": {}}]}', b'{"order": {}}', b"[" * 100_000, b"\xff\xfe",
        json.dumps({"orders": [{}] * 101}).encode(),
    ],
)  # fmt: skip
def test_a_body_that_is_no_list_of_orders_is_refused(hotline, client, body):
    answer = knock(client, body, hotline.signs("POST", PATH, body))
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_ten_megabytes_are_not_even_read(hotline, client):
    body = hotline.pushed(hotline.writes("说" * 10 * 2**20))
    assert len(body) > MAX_BODY
    answer = knock(client, body, hotline.signs("POST", PATH, body))
    assert answer.status_code == 413


def test_the_page_explains_it(hotline, client):
    page = client.get("/api/v1/docs", headers={"Accept-Language": "en"}).content.decode()
    assert "/api/v1/exchange/{partner}/orders" in page
    assert "Yanlu-Nonce" in page
    assert 'id="problem-bad-signature"' in page


# --- tables in and out


def bring(path: Path, *options: str) -> tuple[int, str]:
    out, code = io.StringIO(), 0
    try:
        with translation.override("en"):
            call_command(
                "import_orders", str(path), "--partner", city.CODE, *options, stdout=out, stderr=out
            )
    except SystemExit as left:
        code = int(left.code or 0)
    except CommandError as error:
        code = error.returncode
        out.write(str(error))
    return code, out.getvalue()


@pytest.mark.parametrize(
    ("name", "encoding"), [("a.csv", "utf-8-sig"), ("a.csv", "gb18030"), ("a.xlsx", "")]
)
def test_a_table_goes_in_whatever_wrote_it(hotline, tmp_path, name, encoding):
    table = hotline.writes_table(
        tmp_path / name, hotline.writes(), hotline.writes(LAMP, 是否保密="是"), encoding=encoding
    )
    assert bring(table) == (0, "Taken in 2, known 0, refused 0.\n")
    assert bring(table) == (0, "Taken in 0, known 2, refused 0.\n")


def test_a_packed_table_with_rows_that_do_not_fit(hotline, tmp_path):
    rows = [
        hotline.writes(),
        hotline.writes(诉求内容=""),
        hotline.writes(受理时间="2026-02-30"),
        hotline.writes(诉求类型="聊天"),
        hotline.writes(诉求内容="说\x00话"),
        hotline.writes(诉求内容="长" * 400_000),
        *(hotline.writes(f"{LAMP}（{n}）") for n in range(30)),
    ]
    plain = hotline.writes_table(tmp_path / "a.csv", *rows).read_bytes()
    (tmp_path / "a.csv.gz").write_bytes(
        gzip.compress(plain.replace("投诉".encode(), b"\xff\xfe", 1))
    )
    report = tmp_path / "refused.csv"

    code, said = bring(tmp_path / "a.csv.gz", "--report", str(report))

    assert (code, said) == (1, "Taken in 30, known 0, refused 6.\n")
    refused = list(csv.reader(report.read_text("utf-8-sig").splitlines()))[1:]
    assert [(row[0], row[1]) for row in refused] == [
        ("2", ""), ("3", "诉求内容"), ("4", "受理时间"), ("5", "诉求类型"), ("6", "诉求内容"), ("7", ""),
    ]  # fmt: skip
    assert all(row[2] for row in refused)
    assert Order.objects.earliest("pk").number == "SH000007"
    assert bring(tmp_path / "a.csv.gz")[1].count("Row ") == 6


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe" + "工单编号".encode("utf-16-le"), "工单编号,来源\nSH1,电话\n".encode(), b"PK\x03\x04broken", bytes(range(256)) * 40],
    ids=["empty", "utf-16", "no words", "broken book", "no text"],
)  # fmt: skip
def test_a_table_that_is_none_is_refused_whole(hotline, tmp_path, content):
    (tmp_path / "a.csv").write_bytes(content)
    code, said = bring(tmp_path / "a.csv")
    assert code == 2
    assert said
    assert not Delivery.objects.exists()


def exported(path: Path, *options: str) -> list[dict[str, str]]:
    call_command(
        "export_results", "--partner", city.CODE, "--out", str(path), *options, stdout=io.StringIO()
    )
    if path.suffix == ".csv":
        return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    head, *rows = load_workbook(path).active.iter_rows(values_only=True)
    return [
        dict(zip(head, ("" if cell is None else cell for cell in row), strict=True)) for row in rows
    ]


def test_results_come_out_as_a_table_with_every_field_and_nobodys_name(
    district, hotline, client, tmp_path
):
    push(
        client,
        hotline,
        hotline.writes(大类="市容环卫", 标签="=cmd|' /c calc'!A0"),
        hotline.writes(LAMP),
    )
    followers.drain()
    people.bring_to(people.case_of(Submission.objects.earliest("pk")), people.CLOSED)

    for name in ("out.csv", "out.xlsx"):
        first, second = exported(tmp_path / name)
        assert (first["工单编号"], first["工单状态"], second["工单状态"]) == (
            "SH000001",
            "已结案",
            "待派遣",
        )
        assert first["区案件编号"]
        assert (first["大类"], first["回访是否解决"]) == ("市容环卫", "已解决")
        assert not {"联系人", "联系电话", "诉求内容", "反映地址"} & set(first)
        assert "周桂妹" not in str(first)
        assert "cmd" in first["标签"]
        assert name == "out.xlsx" or not first["标签"].startswith("=")
    sheet = load_workbook(tmp_path / "out.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert Entry.objects.filter(verb="results.exported").count() == 2
    assert not (tmp_path / "out.csv.part").exists()


def test_only_what_is_new(district, hotline, client, tmp_path):
    push(client, hotline, hotline.writes())
    Order.objects.update(came_at=clock.now() - timedelta(days=9))
    push(client, hotline, hotline.writes(LAMP))
    since = f"{clock.today() - timedelta(days=2):%Y-%m-%d}"
    assert [row["工单编号"] for row in exported(tmp_path / "a.csv", "--since", since)] == [
        "SH000002"
    ]
    followers.drain()
    assert len(exported(tmp_path / "a.csv", "--since", since)) == 2
    with pytest.raises(CommandError):
        exported(tmp_path / "nowhere" / "a.csv")


# --- staff


def test_staff_take_tables_in_and_out_and_see_what_was_refused(district, hotline, client, tmp_path):
    client.force_login(people.account("dispatcher"), "django.contrib.auth.backends.ModelBackend")
    client.cookies["django_language"] = "en"
    table = hotline.writes_table(
        tmp_path / "a.csv", hotline.writes(), hotline.writes(诉求类型="聊天")
    )
    with table.open("rb") as file:
        answer = client.post(
            "/staff/exchange/orders/", {"partner": city.CODE, "table": file}, follow=True
        )
    page = answer.content.decode()
    assert "Taken in 1, known 0, refused 1." in page
    assert "SH000002" in page
    assert Entry.objects.get(verb="orders.delivered").actor == people.account("dispatcher").ref

    asked = {"partner": city.CODE, "form": "csv", "since": ""}
    answer = client.post("/staff/exchange/results/", asked)
    assert answer["Content-Disposition"].startswith('attachment; filename="12345-')
    assert "SH000001" in answer.content.decode("utf-8-sig")

    (tmp_path / "a.csv").write_bytes(b"\x00\x01")
    with table.open("rb") as file:
        answer = client.post("/staff/exchange/orders/", {"partner": city.CODE, "table": file})
    assert answer.status_code == 422
    for odd in ("\x00", "SH000001' OR 1=1--", "9" * 500):
        assert client.get("/staff/exchange/", {"number": odd}).status_code == 200
    assert client.post("/staff/exchange/again/", {"message": "9" * 30}).status_code == 302


def test_who_looks_after_the_exchange(district, hotline, client):
    for who, sees in (
        ("dispatcher", True), ("administrator", True), ("dispatcher-youyilu", False),
        ("handler-traffic", False), ("auditor", False),
    ):  # fmt: skip
        client.force_login(people.account(who), "django.contrib.auth.backends.ModelBackend")
        assert (client.get("/staff/exchange/").status_code == 200) == sees, who
        shown = client.get("/staff/hand-in/", follow=True).content.decode()
        assert ("/staff/exchange/" in shown) == sees or who == "administrator"
        asked = {"partner": city.CODE, "form": "csv"}
        assert (client.post("/staff/exchange/results/", asked).status_code == 200) == sees, who


def test_the_case_shows_both_numbers_but_not_to_whom_they_would_betray_the_caller(
    district, hotline, client
):
    client.cookies["django_language"] = "en"
    push_headers = hotline.writes(原工单编号="2026-7"), hotline.writes(LAMP, 是否保密="是")
    push(client, hotline, *push_headers)
    followers.drain()
    for order in Order.objects.order_by("pk"):
        case = people.bring_to(people.case_of(order.submission), ("dispatch",))
        for person, sees in (
            (people.account("dispatcher"), True),
            (people.handler_of(case.lead_unit), not order.submission.is_confidential),
        ):
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
            page = client.get(f"/staff/cases/{case.pk}/").content.decode()
            assert (order.number in page) == sees
            assert case.number in page


def test_how_the_hotline_words_things_is_edited_and_journaled(district, hotline, client):
    client.force_login(people.account("administrator"), "django.contrib.auth.backends.ModelBackend")
    partner = Partner.objects.get()
    address = f"/admin/exchange/partner/{partner.pk}/change/"
    shown = client.get(address).context["adminform"].form
    filled = {
        "name": partner.name, "address": "https://hotline.example.gov.cn/gate", "is_active": "on",
        "columns": shown["columns"].value(), "values": shown["values"].value(),
    }  # fmt: skip
    assert hotline.secret not in client.get(address).content.decode()
    changed = filled | {"columns": filled["columns"].replace("description 诉求内容", "description 问题描述"),
                        "values": filled["values"] + "\nkind praise 表扬 点赞"}  # fmt: skip
    assert client.post(address, changed).status_code == 302
    partner.refresh_from_db()
    assert partner.columns["description"] == "问题描述"
    assert partner.values["kind"]["praise"] == ["表扬", "点赞"]
    assert partner.secret == hotline.secret
    written = Entry.objects.get(verb="configuration.changed")
    assert set(written.data["changed"]) == {"address", "columns", "values"}
    assert hotline.secret not in str(Entry.objects.values_list("data", flat=True))

    for wrong in (
        {"columns": filled["columns"].replace("number 工单编号\n", "", 1)},
        {"columns": filled["columns"] + "\nnonsense 无"},
        {"columns": filled["columns"].replace("标题", "来源")},
        {"values": filled["values"] + "\nkind"},
        {"values": filled["values"] + "\nmood good 好"},
        {"address": "ftp://hotline.example.gov.cn"},
    ):
        assert client.post(address, filled | wrong).status_code == 200, wrong
    assert client.get("/admin/exchange/partner/add/").status_code == 403


def test_the_command_makes_partners_once(hotline, tmp_path):
    for wrong in (["--add", "又一个"], [], ["--add", "a", "--new-secret"]):
        with pytest.raises(CommandError):
            call_command("partner", city.CODE, *wrong)
    with pytest.raises(CommandError):
        call_command("partner", "nobody", "--new-secret")
    for dialect in (
        "{",
        "[]",
        "{}",
        '{"columns": {"number": 5}, "values": {}}',
        '{"columns": {}, "values": {"kind": ["x"]}}',
    ):
        (tmp_path / "odd.json").write_text(dialect, encoding="utf-8")
        with pytest.raises(CommandError):
            call_command("partner", "odd", "--add", "怪", "--dialect", str(tmp_path / "odd.json"))
    assert Partner.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("show_order", "none", "--partner", city.CODE, "--reason", "与热线核对工单")
