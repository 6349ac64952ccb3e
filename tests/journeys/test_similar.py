"""吴师傅 begins to write of the lamp that 周阿姨 has reported, and joins her instead."""

import html
import re

import pytest
from django.core import signing
from django.test import Client

from tests import people
from yanlu.intake.models import Submission
from yanlu.web.resident.forms import HandInForm
from yanlu.web.resident.similar import SALT, make_token, read_token

pytestmark = pytest.mark.django_db

LAMP = "宝林一村3号楼门口的路灯坏了一个星期，晚上黑漆漆的，老人摔了一跤，请快点来修路灯。"
TYPED = "3号楼门口路灯坏了"


def ask(client: Client, text: str = TYPED, place: str = people.BAOLIN, **more: str) -> str:
    """What the form shows below the words after a pause in typing."""
    node = people.place_by_code(place)
    answer = client.post("/hand-in/similar/", {"text": text, "place": node.id, **more})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def tokens(page: str) -> list[str]:
    return [token for token in re.findall(r'name="seconds"[^>]* value="([^"]*)"', page) if token]


def hand_in(client: Client, **more: str):
    said = {"token": "a" * 32, "text": f"宝林一村{TYPED}", "who": "open"}
    place = people.place_by_code(people.BAOLIN).id
    return client.post("/hand-in/", {**said, "place": place, **more})


def test_a_neighbours_public_matter_is_shown_without_personal_data(district, client):
    lamp = people.hand_in(
        f"{LAMP}我叫周兰英，电话13900000001。", by=people.aunt_zhou(), may_publish=True
    )
    page = ask(client)
    assert "路灯坏了一个星期" in page
    assert "友谊路街道" in page
    assert "2 open" not in page
    for secret in (lamp.query_code, "13900000001", "周兰英", "宝林一村"):
        assert secret not in page
    assert [read_token(token) for token in tokens(page)] == [lamp.pk]


def test_of_a_matter_that_is_not_public_no_word_is_told(district, client):
    lamp = people.hand_in(LAMP)
    page = ask(client)
    assert "路灯坏了" not in page
    assert "老人" not in page
    assert "宝林一村" in page
    assert lamp.query_code not in page
    assert len(tokens(page)) == 1


@pytest.mark.parametrize("more", [{"is_confidential": True}, {"kind": "report"}])
def test_sealed_matters_are_shown_to_nobody(district, client, more):
    people.hand_in(LAMP, **more)
    assert tokens(ask(client)) == []


def test_nobody_is_shown_an_own_matter(district, client):
    people.hand_in(LAMP, by=people.aunt_zhou())
    client.force_login(people.aunt_zhou(), "django.contrib.auth.backends.ModelBackend")
    assert tokens(ask(client)) == []
    client.force_login(people.neighbour_wu(), "django.contrib.auth.backends.ModelBackend")
    assert len(tokens(ask(client))) == 1


def test_the_choice_stays_while_typing_goes_on(district, client):
    lamp = people.hand_in(LAMP)
    (token,) = tokens(ask(client))
    page = ask(client, "完全是另外一件事情，想问护照", seconds=token)
    assert [read_token(kept) for kept in tokens(page)] == [lamp.pk]
    assert "checked" in page.split(tokens(page)[0])[1][:20]


def test_without_script_the_neighbours_matter_is_a_step_between(district, client):
    lamp = people.hand_in(LAMP)
    page = hand_in(client)
    assert page.status_code == 200
    shown = html.unescape(page.content.decode())
    (token,) = tokens(shown)
    assert f"宝林一村{TYPED}" in shown, "what was typed is kept"
    assert 'name="looked"' in shown
    assert Submission.objects.count() == 1

    assert hand_in(client, looked="on", seconds=token).status_code == 302
    assert Submission.objects.exclude(pk=lamp.pk).get().text == f"宝林一村{TYPED}"


def test_with_script_or_nothing_alike_there_is_no_step_between(district, client):
    assert hand_in(client).status_code == 302
    people.hand_in(LAMP)
    page = client.post(
        "/hand-in/",
        {"token": "b" * 32, "text": TYPED, "who": "open"},
        headers={"HX-Request": "true"},
    )
    assert "HX-Redirect" in page.headers


def test_a_token_names_the_matter_until_it_is_too_old_or_forged():
    token = make_token(7)
    form = HandInForm({"token": "x", "text": LAMP, "who": "open", "seconds": token})
    assert form.is_valid()
    assert form.cleaned_data["seconds"] == 7
    assert read_token(f"{token}x") is None
    assert read_token("") is None
    assert read_token(signing.dumps(7, salt="another")) is None
    assert read_token(signing.dumps("7", salt=SALT)) is None


@pytest.mark.parametrize("place", ["", "0", "99999999", "九", "-1", "12345678901234567890"])
def test_any_place_is_borne_and_any_text(district, client, place):
    answer = client.post("/hand-in/similar/", {"text": "路" * 60_000, "place": place})
    assert answer.status_code == 200


def test_whoever_asks_too_often_keeps_what_is_shown(district, client):
    answers = [client.post("/hand-in/similar/", {"text": TYPED}).status_code for _ in range(32)]
    assert answers[0] == 200
    assert answers[-1] == 204


def test_nobody_looks_from_elsewhere(district):
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/hand-in/similar/", {"text": TYPED}).status_code == 403
    assert stranger.get("/hand-in/similar/").status_code == 405
