"""A confidential complaint: the unit complained of learns nothing of who complained.

A promise (``domain.md`` §8): whoever belongs to that unit walks through every door of every page,
form, export and interface, and neither name nor phone, photo data nor an address at door level
stands in anything that comes back.
"""

import io
import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import Base

from tests import people
from tests.journeys.test_doors import doors
from yanlu.cases import recusing, services
from yanlu.cases.models import Case
from yanlu.dispatch import configuration
from yanlu.intake.services import Words, receive_submission
from yanlu.kernel import followers
from yanlu.places.selectors import place_by_code
from yanlu.web.staff import acts

pytestmark = pytest.mark.django_db

TEAM = ("urban_management", "310113003")
DOOR = "友谊支路128弄12号楼302室"
SAID = f"我是周桂妹，住{DOOR}，电话13900000001。城管队员收了摊贩的烟，对占道经营不管不问。"
#: What would tell who it was; the camera's name stands in the photo's metadata.
SECRETS = ("周桂妹", "宝林老邻居", "13900000001", "302室", "12号楼", "31.40321", "TelltaleCam")
#: Written down by others who know her, in the course of the case.
NOTE = "请回访周桂妹，13900000001，住12号楼302室。"


def photo() -> SimpleUploadedFile:
    exif, held = Image.Exif(), io.BytesIO()
    exif[Base.Make] = "TelltaleCam"
    Image.new("RGB", (640, 480), "gray").save(held, "JPEG", exif=exif)
    return SimpleUploadedFile("周桂妹家门口.jpg", held.getvalue(), "image/jpeg")


@pytest.fixture
def case(district) -> Case:
    """周阿姨's complaint about the enforcement team, which has to answer it, called back once."""
    configuration.set_policy(actor=people.TESTS, automatic_above=1.1)
    words = Words(
        text=SAID, title="城管队员收烟", channel="mobile", account=people.aunt_zhou(),
        kind="complaint", address=DOOR, lat=31.40321, lon=121.48765,
        place_id=place_by_code(people.BAOLIN).id, is_confidential=True,
    )  # fmt: skip
    said, _ = receive_submission(actor=people.aunt_zhou(), words=words, files=[photo()])
    followers.drain()
    case = people.case_of(said)
    services.dispatch_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        correction=services.Correction(unit_id=people.unit(*TEAM).pk, note=NOTE),
        assisting=[people.unit("housing", "310113003").pk],
    )
    team, clerk = people.account("handler-enforcement"), people.account("callback")
    services.accept_case(actor=team, case_id=case.pk)
    services.start_handling(actor=team, case_id=case.pk)
    services.waive_part(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        unit=people.unit("housing", "310113003").pk,
        explanation=NOTE,
    )
    services.answer_case(actor=team, case_id=case.pk, form=people.form())
    services.begin_callback(actor=clerk, case_id=case.pk)
    services.record_callback(
        actor=clerk,
        case_id=case.pk,
        was_reached=True,
        is_solved=False,
        rating=services.Rating(note=NOTE),
    )
    return Case.objects.select_related("submission").get(pk=case.pk)


def addresses(case: Case) -> list[str]:
    """Every door, with everything about this case that could open it."""
    said = case.submission
    (photo_id,) = said.attachments.values_list("pk", flat=True)
    gaps = {
        "case_id": [case.pk], "attachment_id": [photo_id], "size": ["small", "large"],
        "verb": sorted(acts.BY_VERB), "number": [case.number], "code": [said.query_code],
    }  # fmt: skip
    found = []
    for route in doors():
        ways = [route]
        for gap in re.findall(r"<[^>]*>", route):
            values = gaps.get(gap.strip("<>").split(":")[-1], [case.pk])
            ways = [way.replace(gap, str(value), 1) for way in ways for value in values]
        found += ways
    views = ("to_handle", "to_dispatch", "to_verify", "overdue", "ended", "all")
    searches = [quote(word) for word in (*SECRETS, said.query_code, case.number)]
    return [
        *found,
        *(f"/staff/?view={view}" for view in views),
        *(f"/staff/?view=all&search={word}" for word in searches),
        f"/staff/?view=all&pane={case.pk}",
        f"/staff/cases/{case.pk}/?shared=1",
        f"/answered/?search={searches[0]}",
    ]


def leaks(client, address: str, asked: dict[str, str] | None = None) -> list[str]:
    """Secrets in what comes back from a door, but for those that stood in the question."""
    found = []
    for answer in (client.get(address), client.post(address, asked or {})):
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        headers = "".join(f"{name}{value}" for name, value in answer.headers.items())
        told = body.decode("utf-8", "replace") + headers
        found += [one for one in SECRETS if one in told and quote(one) not in address]
    return found


@pytest.mark.parametrize("who", ["handler-enforcement", "head-enforcement"])
def test_whoever_handles_it_walks_every_door_and_learns_nobody_s_name(client, case, who):
    client.force_login(people.account(who), "django.contrib.auth.backends.ModelBackend")
    asked = addresses(case)
    assert len(asked) > 100
    page = client.get(f"/staff/cases/{case.pk}/")
    assert "占道经营" in page.content.decode(), "the matter itself is theirs to read"

    for address in asked:
        assert leaks(client, address) == [], address
        form = {"version": str(case.version), "reason": "想知道是谁反映的", "explanation": "看看"}
        assert leaks(client, address, form) == [], address


def test_the_walk_would_find_what_leaks(client, case):
    client.force_login(people.account("dispatcher"), "django.contrib.auth.backends.ModelBackend")
    found = leaks(client, f"/staff/cases/{case.pk}/")
    assert {"周桂妹", "13900000001", "302室", "31.40321"} <= set(found)


def test_kept_out_the_unit_does_not_even_learn_that_there_is_a_case(client, district):
    said = people.hand_in(SAID, by=people.aunt_zhou(), is_confidential=True)
    case = people.case_of(said)
    recusing.recuse(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        unit=people.unit(*TEAM).pk,
        ground="complained_of",
        explanation="投诉的就是这个队。",
    )
    handler = people.account("handler-enforcement")
    client.force_login(handler, "django.contrib.auth.backends.ModelBackend")
    for view in ("to_handle", "to_dispatch", "all"):
        assert case.number not in client.get(f"/staff/?view={view}").content.decode()
    assert client.get(f"/staff/cases/{case.pk}/").status_code == 404
    for verb in acts.BY_VERB:
        answer = client.post(f"/staff/cases/{case.pk}/{verb}/", {"version": "1"})
        assert answer.status_code == 404, verb
