"""What the documents say is what the code does."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

from yanlu.cases import states
from yanlu.oversight import orders, reports
from yanlu.people import roles
from yanlu.project import documents

SOURCE = Path(settings.PACKAGE)


def recorded_verbs() -> set[str]:
    """Verbs that the code hands to the journal as literals."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _records(node.func):
                found |= _literals(node.args[0])
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "verb":
                found |= {text for text in _literals(node.value) if "." in text}
    return found


def _literals(node: ast.expr) -> set[str]:
    return {
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }


def _records(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"record", "Event", "_record"}


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_generated_documents_are_up_to_date(name):
    assert name not in documents.stale(settings.ROOT / "docs"), "run `yanlu docs`"


def test_every_event_is_documented():
    assert recorded_verbs() - set(documents.all_events()) == set()


def test_every_documented_event_exists():
    steps = [step.event for step in (*states.TABLE, *orders.TABLE, *reports.TABLE)]
    in_code = recorded_verbs() | set(steps)
    assert set(documents.all_events()) - in_code == set()


def test_every_party_and_role_is_explained():
    parties = {party for step in states.TABLE for party in step.who}
    assert parties == set(documents.PARTIES)
    text = documents.permissions_document()
    assert all(f"`{role}`" in text for role in roles.ALL)
