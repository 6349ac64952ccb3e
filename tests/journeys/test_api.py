"""街道小程序, a subdistrict's mini-program, hands in what residents told it."""

import json
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounded
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from tests import people
from yanlu.api.rest import keys, limits
from yanlu.api.rest.answers import MAX_BODY
from yanlu.intake.models import Submission
from yanlu.kernel import clock, followers, journal
from yanlu.people.models import ApiKey
from yanlu.people.services import create_api_key, revoke_api_key
from yanlu.places.selectors import sites

pytestmark = pytest.mark.django_db

#: Static files without a manifest, which tests do not make.
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
ADDRESS = "/api/v1/submissions"
LAMP = "友谊路三十五弄门口的路灯坏了三天，王秀兰老人晚上看不清路，电话13800138000。"
WANG = {"name": "王秀兰", "phone": "13800138000", "address": "友谊路35弄2号"}


class Partner:
    """A partner system with its key."""

    def __init__(
        self, client: Any, name: str = "街道小程序", per_minute: int | None = None
    ) -> None:
        self.client = client
        self.name = name
        self.token = create_api_key(actor=people.TESTS, name=name, per_minute=per_minute)

    @property
    def key(self) -> ApiKey:
        return ApiKey.objects.get(name=self.name)

    def sends(self, words: Any = None, **headers: str) -> Any:
        body = json.dumps({"text": LAMP} if words is None else words)
        return self.sends_raw(body, **headers)

    def sends_raw(self, body: str | bytes, kind: str = "application/json", **headers: str) -> Any:
        return self.client.post(ADDRESS, body, content_type=kind, headers=self._signed(headers))

    def asks(self, code: str, **headers: str) -> Any:
        return self.client.get(f"{ADDRESS}/{code}", headers=self._signed(headers))

    def _signed(self, headers: dict[str, str]) -> dict[str, str]:
        sent = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        return sent | {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def partner(client):
    return Partner(client)


def problem(answer: Any, status: int, name: str) -> dict[str, Any]:
    """The problem details, checked to be well-formed."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    content = answer.json()
    assert content["status"] == status
    assert content["type"] == f"/api/v1/docs#problem-{name}"
    assert content["title"]
    assert content["detail"]
    return content


# --- handing in


def test_the_mini_program_hands_in_and_gets_a_receipt(district, partner):
    answer = partner.sends(
        {
            "text": LAMP,
            "title": "路灯不亮",
            "kind": "help",
            "channel": "mobile",
            "place": people.BAOLIN,
            "contact": WANG,
            "confidential": True,
            "may_publish": True,
            "said_at": "2026-01-08T13:54:22+08:00",
            "source_id": "WX-1",
        }
    )

    assert answer.status_code == 201
    receipt = answer.json()
    submission = Submission.objects.get()
    assert receipt["code"] == submission.query_code
    assert receipt["spaced_code"].replace("-", "") == receipt["code"]
    assert receipt["received_at"].endswith("+08:00")
    assert answer["Location"] == receipt["links"]["self"] == f"{ADDRESS}/{receipt['code']}"
    assert (submission.text, submission.title, submission.kind) == (LAMP, "路灯不亮", "help")
    assert (submission.source, submission.source_number) == ("街道小程序", "WX-1")
    assert submission.place.code == people.BAOLIN
    assert submission.identity.real_name == "王秀兰"
    assert submission.is_confidential
    assert not submission.may_publish
    assert submission.said_at.astimezone(clock.ZONE).hour == 13
    (received,) = journal.history(journal.Subject("submission", submission.pk))
    assert received.actor == partner.key.ref


def test_what_was_handed_in_becomes_a_case(district, partner):
    partner.sends({"text": people.STAIRS, "place": people.BAOLIN})
    followers.drain()

    assert people.case_of(Submission.objects.get()).place.code == people.BAOLIN


def test_text_alone_is_enough(partner):
    assert partner.sends({"text": "楼道堆物"}).status_code == 201
    assert partner.sends({"text": "楼道堆物", "kind": None, "place": None, "contact": None})
    assert set(Submission.objects.values_list("channel", "kind")) == {("web", "")}


def test_an_anonymous_resident_stays_so_even_if_the_partner_says_who_it_is(partner):
    partner.sends({"text": LAMP, "contact": WANG, "anonymous": True})

    submission = Submission.objects.get()
    assert submission.is_anonymous
    assert submission.identity is None


def test_a_site_or_a_position_tells_where_it_is(district, partner):
    site = sites()[0]
    partner.sends({"text": LAMP, "place": site["code"]})
    partner.sends({"text": LAMP, "lat": site["lat"], "lon": site["lon"]})
    partner.sends({"text": LAMP, "lat": site["lat"], "lon": site["lon"], "datum": "gcj02"})

    named, pointed, shifted = Submission.objects.order_by("pk")
    assert named.place_id == site["place_id"]
    assert (named.lat, named.lon) == (pointed.lat, pointed.lon) == (site["lat"], site["lon"])
    assert named.cell == pointed.cell
    # Half a kilometre lies between the two datums in Shanghai.
    assert 0.001 < abs(shifted.lat - pointed.lat) + abs(shifted.lon - pointed.lon) < 0.02


# --- sent twice


def test_the_same_number_gives_the_same_receipt(partner):
    first = partner.sends({"text": LAMP, "source_id": "WX-1"})
    again = partner.sends({"text": LAMP, "source_id": "WX-1"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Submission.objects.count() == 1


def test_the_same_idempotency_key_gives_the_same_receipt_whatever_the_order(partner):
    first = partner.sends_raw('{"text": "路灯", "title": "a"}', Idempotency_Key="k-1")
    again = partner.sends_raw('{"title":"a","text":"路灯"}', Idempotency_Key="k-1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_the_same_idempotency_key_with_other_words_is_a_contradiction(partner):
    partner.sends({"text": "路灯"}, Idempotency_Key="k-1")

    problem(partner.sends({"text": "噪声"}, Idempotency_Key="k-1"), 409, "conflict")
    assert Submission.objects.count() == 1


def test_keys_and_numbers_of_two_partners_never_meet(client, partner):
    other = Partner(client, "园区通")
    sent = {"text": LAMP, "source_id": "1"}

    assert partner.sends(sent, Idempotency_Key="k").status_code == 201
    assert other.sends(sent, Idempotency_Key="k").status_code == 201
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("key", ["", "k" * 101, "路灯", "a b"])
def test_an_idempotency_key_that_is_none(partner, key):
    answer = partner.sends({"text": LAMP}, Idempotency_Key=key)

    content = problem(answer, 422, "invalid")
    assert content["errors"][0]["field"] == "Idempotency-Key"


# --- refused


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": "说" * 50_001}, "text"),
        ({"text": "零\x00"}, "text"),
        ({"text": 5}, "text"),
        ({"text": None}, "text"),
        ({"text": ["路灯"]}, "text"),
        ({"text": LAMP, "title": "题" * 201}, "title"),
        ({"text": LAMP, "kind": "gossip"}, "kind"),
        ({"text": LAMP, "channel": "pigeon"}, "channel"),
        ({"text": LAMP, "place": "999999999999"}, "place"),
        ({"text": LAMP, "lat": 31.4}, "lat"),
        ({"text": LAMP, "lat": 91, "lon": 121}, "lat"),
        ({"text": LAMP, "lat": "31.4", "lon": "121.4"}, "lat"),
        ({"text": LAMP, "datum": "bd09"}, "datum"),
        ({"text": LAMP, "confidential": "yes"}, "confidential"),
        ({"text": LAMP, "contact": "王秀兰"}, "contact"),
        ({"text": LAMP, "contact": {"name": "王" * 61}}, "contact.name"),
        ({"text": LAMP, "contact": {"phone": "\x00"}}, "contact.phone"),
        ({"text": LAMP, "said_at": "2026-01-08 13:54"}, "said_at"),
        ({"text": LAMP, "said_at": 1767850000}, "said_at"),
        ({"text": LAMP, "said_at": "2999-01-01T00:00:00+08:00"}, "said_at"),
        ({"text": LAMP, "said_at": "0001-01-01T00:00:00+14:00"}, "said_at"),
        ({"text": LAMP, "source_id": "9" * 81}, "source_id"),
        ({"text": LAMP, "confidental": True}, "confidental"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(partner, words, field):
    content = problem(partner.sends(words), 422, "invalid")

    assert field in [error["field"] for error in content["errors"]]
    assert all(error["message"] for error in content["errors"])
    assert not Submission.objects.exists()


@pytest.mark.parametrize("body", ["{", "text=路灯", '{"text": "路', "[" * 100_000, b"\xff\xfe"])
def test_what_is_no_json_is_refused(partner, body):
    answer = partner.sends_raw(body)

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", ["null", "5", '"路灯"', "[]", '{"text": NaN}', '{"text":"\\ud800"}']
)
def test_json_that_is_no_submission_is_refused(partner, body):
    problem(partner.sends_raw(body), 422, "invalid")


def test_a_form_is_no_json(partner):
    problem(partner.sends_raw("text=x", "application/x-www-form-urlencoded"), 415, "no-json")


def test_more_than_a_megabyte_is_not_even_read(partner):
    answer = partner.sends_raw(json.dumps({"text": LAMP, "title": "x" * MAX_BODY}))

    problem(answer, 413, "too-large")


def test_a_long_letter_in_escapes_still_fits(partner):
    assert partner.sends_raw(json.dumps({"text": "𠀀" * 50_000})).status_code == 201


def test_an_error_speaks_the_language_that_was_asked_for(partner):
    assert partner.sends({}, Accept_Language="en")["Content-Language"] == "en"
    assert partner.sends({}, Accept_Language="")["Content-Language"] == "zh-hans"


# --- keys


def test_nobody_hands_in_without_a_key(client):
    for sent in ({}, {"Authorization": "Bearer yk_guess"}, {"Authorization": "Basic eDp5"}):
        answer = client.post(ADDRESS, {"text": LAMP}, "application/json", headers=sent)
        problem(answer, 401, "no-key")
        assert answer["WWW-Authenticate"] == "Bearer"
    assert not Submission.objects.exists()


def test_a_revoked_key_stops_within_seconds(partner):
    assert partner.sends().status_code == 201
    revoke_api_key(actor=people.TESTS, name=partner.name)

    with clock.at(clock.now() + keys.STALE):
        problem(partner.sends(), 401, "no-key")
        problem(partner.asks("7K2M9QXW4TBD"), 401, "no-key")
    assert timedelta(seconds=5) >= keys.STALE


def test_the_command_prints_a_key_that_works(client, capsys):
    call_command("create_api_key", "园区通", "--rate", "none")
    token = capsys.readouterr().out.strip()

    assert token.startswith("yk_")
    assert ApiKey.objects.get(name="园区通").per_minute is None
    sent = {"Authorization": f"Bearer {token}"}
    assert client.post(ADDRESS, {"text": LAMP}, "application/json", headers=sent).status_code == 201
    assert token not in str(ApiKey.objects.values())
    with pytest.raises(CommandError):
        call_command("create_api_key", "园区通")
    with pytest.raises(CommandError):
        call_command("create_api_key", "商圈通", "--rate", "many")


# --- limits


def test_beyond_what_was_agreed_the_partner_waits(client):
    slow = Partner(client, "商圈通", per_minute=3)
    with clock.at(clock.now()):
        for number in range(3):
            answer = slow.sends({"text": LAMP, "source_id": str(number)})
            assert answer.status_code == 201
            assert answer["RateLimit-Policy"] == '"minute";q=3;w=60'
        refused = slow.sends()

    problem(refused, 429, "too-many")
    assert 0 < int(refused["Retry-After"]) <= 60
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert slow.sends().status_code == 201


def test_codes_can_not_be_guessed_for_long(client):
    with clock.at(clock.now()):
        for _ in range(limits.LOOKUPS_OF_ADDRESS):
            problem(client.get(f"{ADDRESS}/7K2M9QXW4TBD"), 404, "not-found")
        problem(client.get(f"{ADDRESS}/7K2M9QXW4TBD"), 429, "too-many")


# --- looking up


def test_the_look_up_shows_state_and_timeline_but_no_word_and_no_person(district, client, partner):
    words = {"text": people.STAIRS + LAMP, "title": "楼道堆物", "contact": WANG}
    code = partner.sends(words | {"place": people.BAOLIN}).json()["code"]
    followers.drain()
    people.bring_to(people.case_of(Submission.objects.get()), people.HANDLED)

    for answer in (partner.asks(code), client.get(f"{ADDRESS}/{code.lower()}")):
        assert answer.status_code == 200
        matter = answer.json()
        assert matter["state"] == "answered"
        assert matter["unit"]
        assert matter["due_at"]
        events = [step["event"] for step in matter["steps"]]
        assert events[0] == "submission.received"
        assert events[-1] == "case.answered"
        shown = answer.content.decode()
        for hidden in ("楼道", "路灯", "王秀兰", "138", "纸箱", "小陈", "account:"):
            assert hidden not in shown


def test_before_anybody_looked_it_is_received(partner):
    code = partner.sends().json()["code"]

    matter = partner.asks(code).json()

    assert (matter["state"], matter["unit"], matter["due_at"]) == ("opened", "", None)
    assert [step["event"] for step in matter["steps"]] == ["submission.received"]


@pytest.mark.parametrize("code", ["7K2M9QXW4TBD", "x", "路灯", "%00", "1' OR 1=1--"])
def test_an_unknown_code(client, code):
    answer = client.get(f"{ADDRESS}/{code}", headers={"Accept-Language": "en"})

    assert problem(answer, 404, "not-found")["detail"].startswith("We know no matter")


# --- everything else under the address


@pytest.mark.parametrize(
    "path", ["", "nothing", "submissions/", "submissions/a/b", "../v2", "docs/x"]
)
def test_an_address_that_is_none(client, path):
    problem(client.get(f"/api/v1/{path}"), 404, "not-found")


@pytest.mark.parametrize("path", ["/api/", "/api/v2/submissions"])
def test_another_version_is_nothing_either(client, path):
    problem(client.get(path), 404, "not-found")


@pytest.mark.parametrize("method", ["options", "delete", "put", "patch", "trace"])
def test_an_act_that_is_none(client, method):
    answer = getattr(client, method)(ADDRESS)

    problem(answer, 405, "no-method")
    assert answer["Allow"] == "POST"


def test_head_is_get_without_the_body(partner):
    code = partner.sends().json()["code"]

    assert partner.client.head(f"{ADDRESS}/{code}").status_code == 200
    assert partner.client.head(f"{ADDRESS}/7K2M9QXW4TBD").status_code == 404


def test_answers_are_kept_by_nobody_and_guessed_at_by_nobody(partner):
    for answer in (partner.sends(), partner.sends({}), partner.client.get("/api/v1/")):
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_page_explains_every_field_and_problem_from_our_own_house(client, settings):
    settings.STORAGES = settings.STORAGES | {"staticfiles": PLAIN}
    page = client.get("/api/v1/docs", headers={"Accept-Language": "en"})

    shown = page.content.decode()
    assert page.status_code == 200
    for needed in ("source_id", "contact.phone", "Idempotency-Key", 'id="problem-too-many"'):
        assert needed in shown
    assert 'src="http' not in shown
    assert 'href="http' not in shown


# --- what it costs


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("per_minute", "most"), [(None, 4), (600, 5)])
def test_a_submission_takes_few_statements(client, per_minute, most):
    partner = Partner(client, per_minute=per_minute)
    assert partner.sends().status_code == 201

    with CaptureQueriesContext(connection) as queries:
        answer = partner.sends({"text": LAMP, "source_id": "1"}, Idempotency_Key="1")

    assert answer.status_code == 201
    assert len(queries) <= most, [query["sql"][:60] for query in queries]


# --- as an adversary

SCHEMA_CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
    ignored_auth,
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("method", "path"), [("POST", ADDRESS), ("GET", ADDRESS + "/{code}")])
def test_the_interface_keeps_its_schema_whatever_is_sent(partner, monkeypatch, method, path):
    monkeypatch.setattr(limits, "LOOKUPS_OF_PARTNER", 1_000_000)
    monkeypatch.setattr(limits, "LOOKUPS_OF_ADDRESS", 1_000_000)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    operation = schema[path][method]
    cases = st.one_of(
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
    )

    @bounded(
        max_examples=200,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def anything(case: schemathesis.Case) -> None:
        case.call_and_validate(
            headers={"Authorization": f"Bearer {partner.token}"}, checks=SCHEMA_CHECKS
        )

    anything()
