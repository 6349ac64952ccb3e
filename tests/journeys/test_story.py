"""The demo's tales of petitions come to where they are said to stand."""

import pytest

from yanlu.cases.selectors import QueueFilters, queue
from yanlu.people.selectors import account_by_username
from yanlu.project.demo import story

pytestmark = pytest.mark.django_db


def test_petitions_are_told_to_their_stage(district, monkeypatch):
    told = [one for one in story.messages() if "asks" in one]
    monkeypatch.setattr(story, "messages", lambda: told)
    monkeypatch.setattr(story, "patrol_finds", list)

    assert story.Narrator().tell() == len(told) == 3

    rows = queue(account_by_username("dispatcher"), QueueFilters(view="all")).rows
    assert {row.state for row in rows} == {one["stage"] for one in told}
    owing = [row.state for row in rows if row.notice_due_at]
    assert owing == ["in_handling"]
    assert not any(row.is_overdue for row in rows)


def test_a_patrol_a_dispute_and_a_case_handed_up(district, monkeypatch):
    told = [one for one in story.messages() if one["stage"] in ("raised", "disputed")]
    found = story.patrol_finds()
    monkeypatch.setattr(story, "messages", lambda: told)

    assert story.Narrator().tell() == len(told) + len(found) == 5

    rows = queue(account_by_username("dispatcher"), QueueFilters(view="all")).rows
    assert {row.state for row in rows} == {one["stage"] for one in [*told, *found]}
