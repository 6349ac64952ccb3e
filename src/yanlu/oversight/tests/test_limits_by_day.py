"""The administrator sets another limit for the whole matter from a Monday on, a week ahead."""

from datetime import date, datetime, timedelta

import pytest

from tests import people
from yanlu.cases import extending
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.pictures import forget_all
from yanlu.oversight.models import Promise

pytestmark = pytest.mark.django_db

#: Tuesday, Friday before the change, the Monday of the change.
TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=clock.ZONE)
FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=clock.ZONE)
CHANGE = datetime(2026, 3, 9, 10, 0, tzinfo=clock.ZONE)
ADDRESS = "/admin/dispatch/deadlinelimit/add/"


@pytest.fixture
def editor(district, client):
    client.force_login(people.account("administrator"), "django.contrib.auth.backends.ModelBackend")
    return client


def set_limit(editor, amount, valid_from="2026-03-09", unit="working_days"):
    """Type the new limit of an ordinary matter into the editor."""
    ordinary = next(one for one in dispatch.deadline_classes() if one.code == "ordinary")
    answer = editor.post(
        ADDRESS,
        {
            "deadline_class": ordinary.id,
            "valid_from": valid_from,
            "amount": amount,
            "unit": unit,
            "note": "区政府2026年第3号文",
        },
    )
    forget_all()  # as the editor does once its transaction is through
    return answer


def dispatched(moment: datetime):
    with clock.at(moment):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
        return people.bring_to(waiting, ["dispatch"])


def promised(case) -> Promise:
    followers.drain()
    return Promise.objects.get(case=case.pk, clock="whole")


def local(moment: datetime) -> date:
    return moment.astimezone(clock.ZONE).date()


def test_a_limit_holds_from_its_day_on_and_what_was_promised_stays(editor):
    before = dispatched(TUESDAY)
    with clock.at(TUESDAY):
        assert set_limit(editor, 10).status_code == 302
    between, after = dispatched(FRIDAY), dispatched(CHANGE)
    assert local(before.due_at) == date(2026, 3, 10)
    assert local(between.due_at) == date(2026, 3, 13), "entered ahead, not in force yet"
    assert local(after.due_at) == date(2026, 3, 23)
    assert [promised(case).amount for case in (before, between, after)] == [5, 5, 10]


def test_more_time_is_as_long_again_as_was_promised_not_as_is_promised_now(editor):
    case = dispatched(FRIDAY)
    with clock.at(FRIDAY):
        set_limit(editor, 20)
    with clock.at(CHANGE + timedelta(days=1)):
        assert local(extending.latest_extension(case)) == date(2026, 3, 20)


def test_what_begins_before_every_limit_goes_by_the_first(editor):
    case = dispatched(datetime(2021, 6, 1, 10, 0, tzinfo=clock.ZONE))
    assert local(case.due_at) == date(2021, 6, 8)


def test_a_day_has_one_limit_and_the_change_stands_in_the_journal(editor):
    assert set_limit(editor, 10).status_code == 302
    again = set_limit(editor, 12)
    assert again.status_code == 200
    assert again.context["adminform"].form.errors
    row = dispatch.limit("ordinary", CHANGE)
    (entry,) = journal.history(journal.Subject("deadline_limit", row.pk))
    assert entry.data["added"]["amount"] == 10


def test_a_handler_edits_no_limit(district, client):
    client.force_login(
        people.account("handler-enforcement"), "django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(ADDRESS).status_code in (302, 403)
