"""周阿姨 is told what concerns her: in her inbox at once, by message when and how she wishes."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests import people
from yanlu.kernel import journal
from yanlu.kernel.errors import NotFound
from yanlu.notices import selectors, services
from yanlu.notices.models import Notice, Sending
from yanlu.notices.services import Note, notify_all
from yanlu.textkit.characters import traditional

pytestmark = pytest.mark.django_db

CASE = journal.Subject("case", 7)


@pytest.fixture(autouse=True)
def _at_work(district, settings):
    settings.YANLU_DEMO = True


def note(account, **more) -> Note:
    said = {"kind": "case.answered", "subject": CASE, "words": {"number": "2026-000007"}}
    return Note(account.pk, **said | more)


def test_a_note_is_in_the_inbox_and_on_its_way():
    aunt = people.aunt_zhou()
    notify_all(actor=people.TESTS, notes=[note(aunt)])
    (told,) = selectors.inbox(aunt).rows
    assert (told.about_type, told.about_id, told.is_read) == ("case", 7, False)
    assert "2026-000007" in told.body
    assert [one.channel for one in Sending.objects.all()] == ["sms"]
    assert selectors.unread(aunt) == 1
    assert selectors.unread(people.neighbour_wu()) == 0


def test_whoever_reads_traditional_characters_is_told_in_them():
    aunt = people.aunt_zhou()
    notify_all(actor=people.TESTS, notes=[note(aunt)])
    bodies = {}
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            bodies[language] = selectors.inbox(aunt).rows[0].body
    assert len(set(bodies.values())) == 3
    assert bodies["zh-hant"] == traditional(bodies["zh-hans"])


def test_a_note_given_twice_is_one():
    aunt, wu = people.aunt_zhou(), people.neighbour_wu()
    for _ in "ab":
        notify_all(actor=people.TESTS, notes=[note(aunt, once="7")] * 2 + [note(wu, once="7")])
    notify_all(actor=people.TESTS, notes=[note(aunt), note(aunt)])
    assert (len(selectors.inbox(aunt).rows), len(selectors.inbox(wu).rows)) == (3, 1)


def test_who_works_here_is_told_on_the_pages_and_of_dangers_by_message_too():
    officer = people.account("dispatcher")
    notify_all(actor=people.TESTS, notes=[note(officer), note(officer, is_urgent=True)])
    assert selectors.unread(officer) == 2
    assert not Sending.objects.exists(), "there is no telephone number"


def test_a_word_that_no_text_knows_is_a_mistake_and_nobody_is_told():
    aunt = people.aunt_zhou()
    for words in ({"name": "周桂妹"}, {"reason": "很长" * 300}):
        with pytest.raises(ValueError, match="of a notice"):
            notify_all(actor=people.TESTS, notes=[note(aunt), note(aunt, words=words)])
    assert not Notice.objects.exists()


def test_notices_are_read_by_whom_they_are_for():
    aunt = people.aunt_zhou()
    notify_all(actor=people.TESTS, notes=[note(aunt), note(aunt)])
    later, earlier = selectors.inbox(aunt).rows
    with pytest.raises(NotFound):
        services.mark_read(actor=people.neighbour_wu(), notice_id=later.id)
    services.mark_read(actor=aunt, notice_id=later.id)
    assert selectors.notice(aunt, later.id).is_read
    assert not selectors.notice(aunt, earlier.id).is_read
    assert services.mark_all_read(actor=aunt) == 1
    assert selectors.unread(aunt) == 0


def test_the_inbox_goes_on_page_by_page():
    aunt = people.aunt_zhou()
    notify_all(actor=people.TESTS, notes=[note(aunt) for _ in range(selectors.PAGE + 1)])
    first = selectors.inbox(aunt)
    rest = selectors.inbox(aunt, first.next)
    assert (len(first.rows), len(rest.rows), rest.next) == (selectors.PAGE, 1, 0)


def test_a_notice_of_rights_stays_and_its_giving_is_in_the_journal():
    aunt = people.aunt_zhou()
    notify_all(actor=people.TESTS, notes=[note(aunt, is_right=True), note(aunt)])
    right, other = Notice.objects.order_by("-is_right")
    (entry,) = journal.history(services.subject(right.pk))
    assert (entry.verb, entry.data) == (
        "notice.given", {"kind": "case.answered", "type": "case", "about": 7},
    )  # fmt: skip
    for rows in (Sending.objects.filter(notice=right), Notice.objects.filter(pk=right.pk)):
        with pytest.raises(IntegrityError, match="notice of rights"), transaction.atomic():
            rows._raw_delete(rows.db)
    Sending.objects.filter(notice=other).delete()
    other.delete()
    assert Notice.objects.get() == right


def test_many_cost_what_one_costs():
    residents = [people.aunt_zhou(), people.neighbour_wu(), people.old_gu()]
    asked = []
    for notes in ([note(residents[0], once="1", is_right=True)], [
        note(one, once=f"{n}", is_right=True) for one in residents for n in range(2, 50)
    ]):  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            notify_all(actor=people.TESTS, notes=notes)
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 12
