"""Messages go out when their person wishes, once, and say nothing that others may not know."""

import json
from datetime import datetime, time, timedelta

import pytest
from django.db import connection

from tests import people
from tests.gateway import SECRET, open_gateway, open_post
from yanlu.kernel import clock, doors, journal
from yanlu.kernel.errors import Invalid
from yanlu.notices import sending, services
from yanlu.notices.configuration import load_texts
from yanlu.notices.models import Notice, NoticeText, Preference, Sending, State
from yanlu.notices.sending import MOST_TRIES, send_due
from yanlu.notices.services import Note, Wishes, notify_all, set_preferences
from yanlu.notices.wording import PUSHED, placeholders

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=clock.ZONE)
CASE = journal.Subject("case", 7)
WORDS = {"number": "20260302-000007", "unit": "区住房局", "date": "2026-03-09"}
QUIET = {"quiet_from": time(22), "quiet_to": time(7)}


@pytest.fixture
def now(district, settings):
    settings.YANLU_ADDRESS = "https://jianyi.example"
    held = [NOON]
    with clock.at(lambda: held[0]):
        yield held


@pytest.fixture
def gateway(now, settings):
    with open_gateway() as one:
        settings.YANLU_SMS_URL, settings.YANLU_SMS_SECRET = one.url, SECRET
        settings.YANLU_WECHAT_URL, settings.YANLU_WECHAT_SECRET = one.url, SECRET
        yield one
        assert one.complaints == []


@pytest.fixture
def post(now, settings):
    with open_post() as one:
        settings.YANLU_SMTP_URL, settings.YANLU_MAIL_FROM = one.url, "言路 <yanlu@example.gov.cn>"
        yield one


def tell(*accounts, kind="case.dispatched", **more) -> None:
    told = accounts or [people.aunt_zhou()]
    notes = [Note(one.pk, kind, CASE, WORDS, **more) for one in told]
    notify_all(actor=people.TESTS, notes=notes)


def wish(account=None, *, channels=("sms",), **more) -> None:
    wishes = Wishes(channels, **QUIET | more)
    set_preferences(actor=account or people.aunt_zhou(), wishes=wishes)


def states() -> list[str]:
    return list(Sending.objects.order_by("pk").values_list("state", flat=True))


def verbs(notice: Notice) -> list[str]:
    return [entry.verb for entry in journal.history(services.subject(notice.pk))]


def test_a_text_message_goes_out_at_once_and_says_as_little_as_it_may(gateway):
    tell()
    assert send_due() == 1
    assert send_due() == 0
    number = Notice.objects.get().pk
    (came,) = gateway.came
    assert came["phone"] == "13900000001"
    assert came["text"] == (
        "您反映的事项20260302-000007已派给区住房局，2026年3月9日前答复。"
        f"详情：https://jianyi.example/notices/{number}/"
    )
    sent = Sending.objects.get()
    assert (sent.state, sent.receipt, sent.sent_at) == (State.SENT, "R0001", NOON)


def test_at_night_messages_wait_but_for_dangers(gateway, now):
    now[0] = NOON.replace(hour=23)
    tell()
    tell(is_right=True)
    tell(kind="case.alarmed", is_urgent=True)
    assert send_due() == 1
    assert "危急" in gateway.texts[0]
    now[0] = NOON.replace(day=3, hour=6, minute=59)
    assert send_due() == 0
    now[0] = NOON.replace(day=3, hour=7)
    assert send_due() == 2


def test_what_the_worker_finds_at_night_waits_too(gateway, now):
    now[0] = NOON.replace(hour=21, minute=59)
    tell()
    now[0] = NOON.replace(hour=22, minute=1)
    assert send_due() == 0
    assert Sending.objects.get().due_at == NOON.replace(day=3, hour=7)


def test_quiet_hours_are_as_the_person_says(gateway, now):
    wish(quiet_from=time(12), quiet_to=time(14))
    tell()
    assert send_due() == 0
    now[0] = NOON.replace(hour=14)
    assert send_due() == 1
    wish(quiet_from=time(7), quiet_to=time(7))
    now[0] = NOON.replace(hour=3)
    tell()
    assert send_due() == 1


def test_once_a_day_all_comes_in_one_message_but_for_rights(gateway, now):
    wish(rhythm="daily")
    tell()
    tell(kind="case.answered")
    tell(kind="case.not_accepted", is_right=True)
    assert send_due() == 1, "a right does not wait for breakfast"
    now[0] = NOON.replace(day=3, hour=9)
    assert send_due() == 1
    assert gateway.texts[-1] == "您有2条新通知，请看：https://jianyi.example/notices/"
    assert states() == [State.SENT] * 3


def test_each_is_told_by_the_ways_that_they_wish(gateway, post):
    aunt, wu = people.aunt_zhou(), people.neighbour_wu()
    wish(aunt, channels=["email", "wechat"], email="zhou@example.com", language="en")
    Preference.objects.update(openid="o-zhou")
    wish(wu, channels=[])
    tell(aunt, wu)
    assert send_due() == 2
    ((to, subject, text),) = post.mails
    assert (to, subject) == ("zhou@example.com", "Your matter is with 区住房局")
    assert text.startswith("Your matter 20260302-000007 is with 区住房局, which answers by ")
    (came,) = gateway.came
    assert (came["openid"], came["title"]) == ("o-zhou", subject)
    assert came["link"] == f"https://jianyi.example/notices/{Notice.objects.earliest('pk').pk}/"
    tell(wu, kind="case.alarmed", is_urgent=True)
    assert send_due() == 1, "a danger comes by text message whatever is wished"


def test_who_wishes_what_there_is_not_is_told_so(now):
    for wrong in (
        {"channels": ["pigeon"]}, {"channels": ["email"]}, {"email": "zhou at home"},
        {"rhythm": "never"},
    ):  # fmt: skip
        with pytest.raises(Invalid):
            wish(**wrong)
    assert not Preference.objects.exists()


def test_where_no_way_is_set_up_the_inbox_has_it(now, settings):
    settings.YANLU_DEMO = False
    tell()
    assert Notice.objects.exists()
    assert not Sending.objects.exists()


def test_a_gateway_that_is_down_gets_it_once_it_is_up(gateway, now):
    gateway.is_down = True
    tell(people.aunt_zhou(), people.neighbour_wu(), people.old_gu())
    assert send_due() == 0
    tried = Sending.objects.get(attempts=1)
    assert (tried.error, tried.state) == ("http-503", State.WAITING)
    assert Sending.objects.filter(attempts=0).count() == 2, "the shut door is knocked at once"
    gateway.is_down = False
    now[0] += timedelta(minutes=1)
    assert send_due() == 3
    assert send_due() == 0
    assert len(gateway.came) == 3


def test_an_answer_that_got_lost_does_not_make_two_messages(gateway, now, monkeypatch):
    monkeypatch.setattr(doors, "SECONDS", 0.3)
    gateway.trouble = ["lose", "timeout", "http-500"]
    tell()
    faults, waits = [], []
    for _ in range(4):
        before = now[0]
        send_due()
        one = Sending.objects.get()
        faults.append(one.error)
        waits.append(one.due_at - before)
        now[0] = one.due_at
    assert faults == ["broken-off", "timeout", "http-500", ""]
    assert waits[0] < waits[1] < waits[2]
    assert (len(gateway.came), len(gateway.taken)) == (4, 1)


def test_what_is_refused_or_tried_too_often_is_given_up_and_proved(gateway, now):
    gateway.trouble = ["http-422"]
    tell(is_right=True)
    tell(kind="case.suspended", is_right=True)
    assert send_due() == 1
    gateway.is_down = True
    tell(kind="case.extension_granted", is_right=True)
    Sending.objects.filter(state=State.WAITING).update(attempts=MOST_TRIES - 1)
    send_due()
    assert states() == [State.FAILED, State.SENT, State.FAILED]
    refused, sent, given_up = Notice.objects.order_by("pk")
    assert verbs(refused) == verbs(given_up) == ["notice.given", "notice.failed"]
    *_, entry = journal.history(services.subject(sent.pk))
    proof = Sending.objects.get(notice=sent)
    assert entry.verb == "notice.sent"
    assert entry.data == {
        "channel": "sms", "kind": "case.suspended", "digest": proof.digest, "receipt": proof.receipt,
    }  # fmt: skip
    assert "13900000001" not in json.dumps([entry.data, refused.words], ensure_ascii=False)


def test_whose_number_is_gone_is_not_tried_for_ever(gateway, now):
    tell()
    Sending.objects.update(channel="wechat")
    assert send_due() == 0
    assert Sending.objects.values_list("state", "error").get() == (State.FAILED, "no-address")


def test_a_mail_server_that_knows_nobody_of_the_name_is_not_asked_again(post, now):
    post.refuses = {"zhou@example.com"}
    wish(channels=["email"], email="zhou@example.com")
    tell()
    assert send_due() == 0
    assert Sending.objects.values_list("state", "error").get() == (State.FAILED, "smtp-550")


def test_a_mail_server_that_is_away_is_asked_later(post, now, settings):
    settings.YANLU_SMTP_URL = "smtp://127.0.0.1:9"
    wish(channels=["email"], email="zhou@example.com")
    tell()
    assert send_due() == 0
    assert Sending.objects.values_list("state", "error").get() == (State.WAITING, "unreachable")


def test_a_way_that_was_switched_off_meanwhile_keeps_what_waits(gateway, now, settings):
    wish(channels=["wechat"])
    Preference.objects.update(openid="o-zhou")
    tell()
    settings.YANLU_WECHAT_URL = ""
    assert send_due() == 0
    assert Sending.objects.values_list("state", "error").get() == (State.WAITING, "off")


def test_a_run_that_breaks_off_is_made_up_for_when_its_claim_is_over(gateway, now, monkeypatch):
    tell()
    sending._claim(10, set())
    assert send_due() == 0, "somebody else is at it"
    now[0] += sending.CLAIM
    assert send_due() == 1


def test_what_is_no_news_any_more_is_not_sent(gateway, now):
    tell(is_right=True)
    now[0] += timedelta(days=3, minutes=1)
    tell()
    assert send_due() == 1
    assert states() == [State.FAILED, State.SENT]
    assert verbs(Notice.objects.earliest("pk")) == ["notice.given", "notice.failed"]


def test_a_code_that_the_gateway_does_not_take_is_told_to_who_waits_for_it(gateway, client):
    gateway.is_down = True
    answer = client.post("/sign-in/", {"phone": "13900000001"})
    assert answer.status_code == 422
    assert "短信没有发出去" in answer.content.decode()
    gateway.is_down = False
    services.send_sms(phone="13900000001", text="123456")
    assert gateway.texts == ["123456"]


def test_addresses_are_sealed_and_take_a_new_key(now):
    wish(channels=["email"], email="zhou@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT email FROM notices_preference")
        (before,) = cursor.fetchone()
        assert b"zhou" not in bytes(before)
        assert len(list(services.reseal())) == 1
        cursor.execute("SELECT email FROM notices_preference")
        (after,) = cursor.fetchone()
    assert bytes(after) != bytes(before)
    assert Preference.objects.get().email == "zhou@example.com"


def test_a_message_names_no_person_no_matter_and_no_place(gateway, post, now):
    """Whatever a kind's words hold, what leaves the house holds number, date, unit and link."""
    personal = {"reason": "周桂妹举报邻居", "place": "宝林一村12号楼", "title": "轮椅过不去"}
    wish(channels=["sms", "email", "wechat"], email="zhou@example.com")
    Preference.objects.update(openid="o-zhou")
    kinds = set(NoticeText.objects.values_list("kind", flat=True)) - {"digest"}
    notes = [
        Note(people.aunt_zhou().pk, kind, CASE, WORDS | personal, is_right=True)
        for kind in [*kinds, "nobody.wrote_it"]
    ]
    notify_all(actor=people.TESTS, notes=notes)
    assert send_due() == 3 * len(notes)
    outside = json.dumps([gateway.came, post.mails], ensure_ascii=False)
    for word in personal.values():
        assert word not in outside
    for text in NoticeText.objects.all():
        assert placeholders(text.subject) | placeholders(text.push) <= PUSHED


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("push", "{reason}"),
        ("subject", "{place}有事"),
        ("push", "{unit.code}"),
        ("push", "{number!r}"),
        ("push", "{number:>9999999}"),
        ("body", "{name}您好"),
        ("body", "{}"),
        ("body", "{number"),
    ],
)
def test_a_text_that_tells_too_much_is_refused(now, field, text):
    said = {"subject": "标题", "body": "正文", "push": "短信", field: text}
    with pytest.raises(Invalid) as refused:
        load_texts(actor=people.TESTS, texts=[{"kind": "case.new", "zh": said}])
    assert refused.value.field == field
    assert not NoticeText.objects.filter(kind="case.new").exists()


def test_texts_that_a_district_edited_stay(now):
    NoticeText.objects.filter(kind="digest").update(push="看看：{link}")
    texts = [{"kind": "digest", "zh": {"subject": "一", "body": "二", "push": "三"}}]
    assert load_texts(actor=people.TESTS, texts=texts) == 0
    assert NoticeText.objects.filter(kind="digest", push="看看：{link}").count() == 2


def test_a_district_edits_texts_within_bounds(now, client, settings):
    settings.YANLU_DEMO = True
    client.force_login(people.account("administrator"))
    address = f"/admin/notices/noticetext/{NoticeText.objects.get(kind='digest', language='en').pk}/change/"
    said = {"subject": "News", "body": "Look.", "push": "{place}: {link}"}
    assert "{place}" in client.post(address, said).content.decode()
    assert not NoticeText.objects.filter(subject="News").exists()
    assert client.post(address, said | {"push": "{count}: {link}"}).status_code == 302
    assert NoticeText.objects.filter(subject="News", push="{count}: {link}").exists()
