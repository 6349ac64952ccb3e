"""The journal (日志): every accountable act, in the same transaction as the change itself.

It is the audit trail and the outbox in one: what happened, to what, by whom, in which order.
Rows of one subject form a hash chain; a database trigger computes it and refuses every later
change, and a signed Merkle root over all rows is sealed from time to time (``seals``). Only
accountable acts belong here, never likes or page views, and never personal data: a text is
represented by its digest.
"""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Field, Model

from yanlu.kernel import clock
from yanlu.kernel.models import Entry

COLUMNS = ("at", "actor", "verb", "subject_type", "subject_id", "data")
# One parameter for all rows: a place for each value costs more than the row itself.
_ROWS = f"""
INSERT INTO kernel_journal ({", ".join(COLUMNS)})
SELECT %s, %s, row->>0, row->>1, (row->>2)::bigint, (row->3)::jsonb
  FROM json_array_elements(%s::json) WITH ORDINALITY AS given(row, n) ORDER BY n
RETURNING id
"""  # noqa: S608

# All rows of a subject as one text: reading them one by one takes three times as long.
_HISTORIES = """
SELECT subject_id, json_agg(json_build_array(
         id, (extract(epoch FROM at) * 1000000)::bigint, verb, data) ORDER BY id)::text
  FROM kernel_journal
 WHERE subject_type = %s AND subject_id = ANY(%s) AND (%s::bigint IS NULL OR id <= %s)
 GROUP BY subject_id
"""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Actor(Protocol):
    """Whoever acts: a person's account, a partner system or a part of Yanlu itself."""

    @property
    def ref(self) -> str:
        """A stable name without personal data, such as ``account:12``."""
        ...


@dataclass(frozen=True)
class System:
    """Yanlu itself acting, by the name of its part."""

    name: str

    @property
    def ref(self) -> str:
        return f"system:{self.name}"


@dataclass(frozen=True)
class Subject:
    """What an act is about: the kind of record and its number."""

    type: str
    id: int


@dataclass(frozen=True)
class Event:
    """An act about to be recorded."""

    verb: str
    subject: Subject
    data: dict[str, Any]


def digest(*parts: object) -> str:
    """SHA-256 (hex) of some facts in order, to bind them to a journal row without storing them."""
    return sha256(json.dumps(parts, cls=DjangoJSONEncoder, ensure_ascii=False).encode()).hexdigest()


def record(verb: str, subject: Subject, *, actor: Actor, data: dict[str, Any] | None = None) -> int:
    """Write one row within the caller's transaction and return its number.

    The caller holds the lock on the subject's own row, which orders the chain. A writer that
    does not meets the unique constraint ``journal_chain`` instead of breaking the chain.
    """
    return record_all([Event(verb, subject, data or {})], actor=actor)[0]


def record_all(events: Sequence[Event], *, actor: Actor) -> list[int]:
    """Write rows in the given order within the caller's transaction; their numbers."""
    if not events:
        return []
    rows = [(e.verb, e.subject.type, e.subject.id, e.data) for e in events]
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [clock.now(), actor.ref, _json(rows)])
        return [number for (number,) in cursor.fetchall()]


def insert(row: Model, verb: str, subject_type: str, *, actor: Actor, data: dict[str, Any]) -> None:
    """Insert a new row and the first row of its chain in one statement, and set its number.

    One round trip to the database and, outside a transaction, one that commits by itself: for the
    door that everything comes in by.
    """
    fields = _stored(type(row))
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    about = (clock.now(), actor.ref, verb, subject_type, _json(data))
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(row)), (*values, *about))
        row.pk = cursor.fetchone()[0]


@cache
def _insertion(model: type[Model]) -> str:
    """The statement that inserts a row of this model and its first journal row."""
    fields = _stored(model)
    names = ", ".join(f'"{field.column}"' for field in fields)
    return (
        f"WITH made AS (INSERT INTO {model._meta.db_table} ({names})"  # noqa: S608
        f" VALUES ({', '.join(['%s'] * len(fields))}) RETURNING {model._meta.pk.column} AS id)"
        f" INSERT INTO kernel_journal ({', '.join(COLUMNS)})"
        " SELECT %s, %s, %s, %s, made.id, %s FROM made RETURNING subject_id"
    )


@cache
def _stored(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def history(*subjects: Subject) -> list[Entry]:
    """Every row about these subjects, oldest first."""
    rows = Entry.objects.none()
    for subject in subjects:
        rows |= Entry.objects.filter(subject_type=subject.type, subject_id=subject.id)
    return list(rows.order_by("id"))


class Told(NamedTuple):
    """What one row says, without who did it and what proves it."""

    id: int
    at: datetime
    verb: str
    data: dict[str, Any]


def histories(type_: str, ids: Collection[int], up_to: int | None = None) -> dict[int, list[Told]]:
    """What every row says about each of these subjects of one type, oldest first.

    :param up_to: number of the last row that counts, for what was known then; ``None`` for now.
    """
    told: dict[int, list[Told]] = {number: [] for number in ids}
    with connection.cursor() as cursor:
        cursor.execute(_HISTORIES, [type_, list(told), up_to, up_to])
        for subject, rows in cursor.fetchall():
            told[subject] = [
                Told(number, _EPOCH + timedelta(microseconds=at), verb, data)
                for number, at, verb, data in json.loads(rows)
            ]
    return told


def those_with(verb: str, type_: str, ids: Collection[int]) -> set[int]:
    """Of these subjects of one type those that the journal has a row of this verb about."""
    rows = Entry.objects.filter(subject_type=type_, subject_id__in=ids, verb=verb)
    return set(rows.values_list("subject_id", flat=True))


def entries(*, after: int, up_to: int, verbs: Iterable[str], limit: int) -> list[Entry]:
    """Rows with ``after < id ≤ up_to`` of the given verbs, in order, at most ``limit``."""
    chosen = Entry.objects.filter(id__gt=after, id__lte=up_to, verb__in=list(verbs))
    return list(chosen.order_by("id")[:limit])


def hash_at(number: int) -> str:
    """The hash (hex) of the last row up to this number; empty where there is none."""
    rows = Entry.objects.filter(pk__lte=number).order_by("-pk")
    return bytes(rows.values_list("hash", flat=True).first() or b"").hex()


def row_hash(
    prev_hash: bytes, at: datetime, act: tuple[str, str], subject: Subject, seq: int, data: str
) -> bytes:
    """The hash that the trigger gives to a row; ``data`` as PostgreSQL prints its jsonb.

    SHA-256 over these lines: previous hash (hex), moment (UTC, microseconds), actor, verb,
    subject's type, number and place in its chain, data. jsonb prints no line break, and a
    constraint keeps them out of the other fields, so that no two rows share one form.
    """
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S.%f")
    lines = (prev_hash.hex(), stamp, *act, subject.type, str(subject.id), str(seq), data)
    return sha256("\n".join(lines).encode()).digest()


def _json(data: object) -> str:
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False)


#: Facts that a row's ``digest`` binds: verb → (subject numbers → their digests today).
Witness = Callable[[Sequence[int]], dict[int, str]]
_witnesses: dict[str, Witness] = {}


def attest(verb: str, witness: Witness) -> None:
    """Let ``verify`` compare the ``digest`` in rows of this verb with the facts as they stand."""
    _witnesses[verb] = witness


def witnesses() -> Iterator[tuple[str, Witness]]:
    """Verbs whose digests can be compared, with who computes them."""
    yield from _witnesses.items()
