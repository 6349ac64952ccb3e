"""What an operator does on the command line, each step on record."""

import csv
import gzip
import io
import shutil
import sys

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command

from tests import people
from yanlu.kernel import fields, journal
from yanlu.kernel.errors import OperatorError
from yanlu.people import access, roles, selectors, services

pytestmark = pytest.mark.django_db


@pytest.fixture
def typed(monkeypatch):
    """Whatever the operator types at the password."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("chen-2021-chen\n"))


def verbs(account) -> list[str]:
    return [row.verb for row in journal.history(services.account_subject(account))]


def test_staff_come_and_go(district, client, typed):
    call_command(
        "account", "chen", "--add", "小陈", "--grant", "handler", "--unit", "310113-traffic"
    )
    chen = people.account("chen")
    assert client.login(username="chen", password="chen-2021-chen")
    assert access.has_role(chen, {roles.HANDLER})

    call_command("account", "chen", "--withdraw", "handler", "--switch-off")
    chen = people.account("chen")
    assert access.reach_of(chen) == ()
    assert not client.login(username="chen", password="chen-2021-chen")
    assert verbs(chen) == [
        "account.created", "role.granted", "role.withdrawn", "account.switched_off",
    ]  # fmt: skip


def test_the_first_administrator_gets_into_the_editor(district, client, typed, settings):
    call_command(
        "account", "root", "--add", "管理员", "--grant", "administrator", "--place", "310113"
    )
    client.force_login(people.account("root"), "django.contrib.auth.backends.ModelBackend")
    page = client.get("/admin/")
    assert page.status_code == 200
    for foreign in ("authenticator", "emailaddress", "group", "procrastinate"):
        assert foreign not in page.content.decode().lower()

    settings.YANLU_DEMO = False
    assert client.get("/admin/").status_code == 302, "without a second factor there is no editor"


@pytest.mark.parametrize(
    "asked",
    [
        ["nobody", "--grant", "handler", "--unit", "310113-traffic"],
        ["dispatcher", "--add", "派单员"],
        ["dispatcher", "--grant", "handler"],
        ["dispatcher", "--grant", "handler", "--unit", "nowhere"],
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(district, asked):
    with pytest.raises(OperatorError):
        call_command("account", *asked)


def test_a_short_password_is_refused(district, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("1234\n"))
    with pytest.raises(OperatorError, match="ten characters"):
        call_command("account", "chen", "--add", "小陈")
    assert selectors.account_by_username("chen") is None


def test_a_revoked_key_is_worthless(db):
    token = services.create_api_key(actor=people.TESTS, name="街道小程序", per_minute=None)
    call_command("revoke_api_key", "街道小程序")
    assert selectors.api_key(services.key_digest(token)) is None
    with pytest.raises(OperatorError):
        call_command("revoke_api_key", "街道小程序")


def test_rotated_keys_open_identities_and_second_factors(district, settings, tmp_path):
    shutil.copy(settings.HOME / "secrets.json", tmp_path)
    (tmp_path / "run").mkdir()
    settings.HOME = tmp_path
    factor = Authenticator.objects.create(
        user=people.account("dispatcher"),
        type="totp",
        data={"secret": fields.keyring().encrypt("JBSWY3DPEHPK3PXP").decode()},
    )
    held = settings.YANLU_DATA_KEYS
    try:
        call_command("rotate_keys")
        rotated = settings.YANLU_DATA_KEYS
        settings.YANLU_DATA_KEYS = rotated[:1]
        fields.keyring.cache_clear()
        factor.refresh_from_db()
        assert fields.keyring().decrypt(factor.data["secret"].encode()) == "JBSWY3DPEHPK3PXP"
        assert selectors.identity_of(people.aunt_zhou()).real_name == "周桂妹"
        assert rotated[0] not in held
    finally:
        fields.keyring.cache_clear()


def test_the_journal_is_sealed_and_handed_out(district, tmp_path, settings):
    kept = tmp_path / "seals.json"
    call_command("seal_journal", "--export", str(kept))
    call_command("verify_journal", "--seals", str(kept))
    assert settings.YANLU_SEAL_KEY.stat().st_mode & 0o077 == 0
    call_command("followers")


def test_pairs_of_texts_are_scored_in_a_file_and_come_back_with_all_their_columns(tmp_path):
    pairs, out = tmp_path / "pairs.csv", tmp_path / "scored.csv.gz"
    pairs.write_text(
        "no,s1,s2\n1,门口的路灯坏了,门口路灯不亮了\n2,门口的路灯坏了,工地夜里打桩\n3,路灯,路灯\n",
        encoding="utf-8",
    )
    call_command("score_pairs", str(pairs), "--out", str(out), stdout=io.StringIO())
    with gzip.open(out, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["no"] for row in rows] == ["1", "2", "3"]
    alike, unlike, same = (float(row["score"]) for row in rows)
    assert unlike < alike < same == 1


def test_a_table_without_pairs_is_refused_by_naming_its_columns(tmp_path):
    table = tmp_path / "table.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(OperatorError, match="no column s1; there are a, b"):
        call_command("score_pairs", str(table), "--out", str(tmp_path / "out.csv"))


def test_repeated_rows_of_a_table_are_listed_before_it_is_imported(tmp_path, capsys):
    table = tmp_path / "letters.csv"
    lamp = "友谊路三十五弄门口的路灯坏了三天，晚上看不清路，老人摔了一跤"
    table.write_text(
        f"标题,留言详情\n路灯,{lamp}\n噪声,工地夜里打桩\n又是路灯,{lamp}！\n", encoding="utf-8"
    )
    told = io.StringIO()
    call_command("find_duplicates", str(table), stderr=told)
    assert capsys.readouterr().out.splitlines()[1:] == ["4,2,exact,1.000"]
    assert "3 rows: 1 exact and 0 near duplicates of 1 rows" in told.getvalue()


def test_what_a_table_is_about_is_written_row_by_row_and_topic_by_topic(tmp_path):
    table, out = tmp_path / "letters.csv", tmp_path / "topics.csv"
    table.write_text(
        "编号,标题,留言详情,留言时间\n"
        "a,康兰花园搅拌站噪音,康兰花园边上的搅拌站夜里噪音很大粉尘飘进窗户,2026-03-01 09:00\n"
        "b,居住证续签,居住证到期以后去哪里续签,2026-03-02 09:00\n"
        "c,投诉康兰花园搅拌站,搅拌站粉尘太大噪音扰民老人咳嗽,2099-01-01 09:00\n",
        encoding="utf-8",
    )
    told = io.StringIO()
    call_command("find_topics", str(table), "--out", str(out), stderr=told)
    assert "3 rows: 2 in 1 topics" in told.getvalue()
    rows = list(csv.reader(out.read_text(encoding="utf-8").splitlines()))
    assert rows == [["id", "topic"], ["a", "1"], ["b", ""], ["c", "1"]]
    (topic,) = csv.DictReader((tmp_path / "topics.topics.csv").read_text("utf-8").splitlines())
    assert topic["size"] == "2"
    assert "康兰花园" in topic["title"]
    assert "搅拌站" in topic["words"].split()
    assert float(topic["heat"]) > 1.5
