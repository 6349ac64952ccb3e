"""What is handed in is kept word for word, comes once, and names nobody it should not."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD, Base

from tests import people
from yanlu.intake import codes, photos, selectors, services
from yanlu.intake.models import Submission
from yanlu.kernel import journal, seals
from yanlu.kernel.errors import Conflict, Invalid, JournalBroken
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db


def take(**fields):
    words = services.Words(**{"text": people.STAIRS, "channel": "web", **fields})
    return services.receive_submission(actor=people.TESTS, words=words)


def photo_bytes(size=(800, 600), **more) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG", **more)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def test_words_are_kept_as_they_came(db):
    text = "  第一行\r\n第二行\t👵🏻 １２３\u3000 "
    submission, new = take(text=text)
    assert new
    assert selectors.by_code(submission.query_code).text == text


@pytest.mark.parametrize(
    "sql", ["UPDATE intake_submission SET text = '改了'", "DELETE FROM intake_submission"]
)
def test_nobody_alters_or_deletes_what_was_said(db, sql):
    take()
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.django_db(transaction=True)
def test_words_altered_behind_our_back_are_found_out():
    submission, _ = take()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE intake_submission DISABLE TRIGGER USER")
        cursor.execute("UPDATE intake_submission SET text = '什么事也没有'")
        cursor.execute("ALTER TABLE intake_submission ENABLE TRIGGER USER")
    with pytest.raises(JournalBroken, match=f"submission.received.*{submission.pk}"):
        seals.verify()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": " \n "}, "text"),
        ({"text": "长" * 50_001}, "text"),
        ({"text": "空\x00字符"}, "text"),
        ({"title": "题" * 201}, "title"),
        ({"kind": "revenge"}, "kind"),
        ({"channel": "pigeon"}, "channel"),
        ({"place_id": 999_999}, "place"),
        ({"lat": 31.4}, "lat"),
        ({"lat": 131.4, "lon": 121.5}, "lat"),
        ({"lat": float("nan"), "lon": 121.5}, "lat"),
    ],
)
def test_what_can_not_be_taken_in_is_refused_by_name(db, fields, field):
    with pytest.raises(Invalid) as refusal:
        take(**fields)
    assert refusal.value.field == field


def test_the_same_original_comes_in_once(db):
    first, new = take(source="12345", source_number="A-1")
    again, new_again = take(source="12345", source_number="A-1", text="同一件，措辞不同")
    assert (new, new_again) == (True, False)
    assert again.pk == first.pk
    other, _ = take(source="微博", source_number="A-1")
    assert other.pk != first.pk


def test_an_idempotency_key_with_another_content_is_a_conflict(db):
    first, _ = take(idempotency_key="k1:1", request_digest="a")
    again, new = take(idempotency_key="k1:1", request_digest="a")
    assert (again.pk, new) == (first.pk, False)
    with pytest.raises(Conflict):
        take(idempotency_key="k1:1", request_digest="b")


def test_a_point_finds_its_community(district):
    baolin = place_by_code(people.BAOLIN)
    submission, _ = take(lat=baolin.lat, lon=baolin.lon)
    assert submission.place_id == baolin.id
    assert submission.cell
    outside, _ = take(lat=39.9, lon=116.4)
    assert outside.place_id is None


def test_anonymous_is_anonymous_even_for_whoever_is_signed_in(district):
    submission, _ = take(
        account=people.aunt_zhou(), is_anonymous=True, contact=services.Contact(phone="13900000001")
    )
    assert submission.account_id is None
    assert submission.identity_id is None


def test_who_handed_in_is_sealed(db):
    submission, _ = take(
        contact=services.Contact(name="周惠英", phone="13900000001", address="12号楼")
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT real_name, phone, address FROM people_sealedidentity")
        stored = b" ".join(bytes(part) for part in cursor.fetchone())
    assert "周惠英".encode() not in stored
    assert b"13900000001" not in stored
    assert submission.identity.real_name == "周惠英"


def test_confidential_words_are_never_published(db):
    submission, _ = take(is_confidential=True, may_publish=True)
    assert not submission.may_publish


def test_the_journal_holds_no_word_of_it(db):
    submission, _ = take()
    (row,) = journal.history(services.subject(submission.pk))
    assert "楼道" not in str(row.data)
    assert row.data["digest"] == submission.words_digest


def test_a_photo_loses_its_metadata_and_gets_a_thumbnail(db):
    exif = Image.Exif()
    exif[Base.Make] = "Telltale"
    exif.get_ifd(IFD.GPSInfo)[1] = "N"
    upload = SimpleUploadedFile("事发现场.jpg", photo_bytes((4000, 3000), exif=exif))
    services.receive_submission(
        actor=people.TESTS,
        words=services.Words(text="现场照片", channel="mobile"),
        files=[upload],
    )
    submission = selectors.by_code(_latest_code())
    (photo,) = selectors.attachments(submission.pk)
    kept = Image.open(photos.default_storage.open(photo.file))
    assert not kept.getexif()
    assert max(kept.size) == photos.LONG_SIDE
    assert (
        max(Image.open(photos.default_storage.open(photo.thumbnail)).size) == photos.THUMBNAIL_SIDE
    )


def _latest_code() -> str:
    return Submission.objects.latest("pk").query_code


def _bomb() -> bytes:
    """A picture that claims 400 million pixels."""
    content = bytearray(_png())
    content[16:24] = (20_000).to_bytes(4, "big") * 2
    return bytes(content)


def _png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (10, 10)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"0" * 100,
        b"<svg onload=alert(1)>",
        b"MZ" + b"0" * 500,
        b"\xff\xd8\xff" * 50,
        _bomb(),
    ],
    ids=["empty", "gif", "svg", "program", "half a jpeg", "bomb"],
)
def test_a_file_that_is_no_photo_is_refused_whatever_its_name(db, content):
    with pytest.raises(Invalid) as refusal:
        photos.keep(SimpleUploadedFile("photo.jpg", content))
    assert refusal.value.field == "photos"


def test_too_many_or_too_large_photos_are_refused_and_nothing_is_kept(db):
    many = [SimpleUploadedFile(f"{n}.jpg", photo_bytes()) for n in range(photos.MAX_COUNT + 1)]
    with pytest.raises(Invalid):
        photos.within_limits(many)
    large = SimpleUploadedFile("large.jpg", b"0" * (photos.MAX_BYTES + 1))
    with pytest.raises(Invalid):
        photos.within_limits([large])


@given(st.text(alphabet=codes.ALPHABET, min_size=12, max_size=12))
def test_a_code_is_read_back_however_it_is_written(code):
    assert codes.read_code(codes.spaced(code).lower()) == code
    assert codes.read_code(f"  {code[:4]} {code[4:]} ") == code


@given(st.text())
def test_whatever_is_typed_is_a_code_or_nothing(typed):
    read = codes.read_code(typed)
    assert read == "" or (len(read) == 12 and set(read) <= set(codes.ALPHABET))


def test_misread_letters_are_forgiven():
    assert codes.read_code("O123-456I-789L") == "012345617891"


def test_codes_do_not_repeat():
    assert len({codes.new_code() for _ in range(10_000)}) == 10_000
