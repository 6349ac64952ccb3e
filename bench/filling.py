"""A work queue as it stands after years: cases made up in SQL, by the hundred thousand.

Only for a database of the benchmark's own, whose name says so: triggers are off meanwhile, and the
journal rows have no valid hashes.

Nine in a hundred cases are under way, opened within the last month; the others ended within three
years. Places and categories are as uneven as in life: the square of a random number chooses.
"""

import re
from typing import Any

import psycopg

from bench.settings import Settings
from bench.texts import texts
from yanlu.textkit.segment import words
from yanlu.textkit.vectors import cold_start

#: Different texts; each case gets one of them, with its own number as a further word.
TEXTS = 3_000
#: Cases in a thousand for each state that a case is under way in, and ended in.
STATES = {
    "opened": 3, "awaiting_dispatch": 12, "dispatched": 10, "accepted": 8, "in_handling": 33,
    "answered": 10, "callback": 8, "re_handling": 4, "returned": 2,
    "closed": 870, "not_accepted": 30, "cancelled": 10,
}  # fmt: skip
ENDED = ("closed", "not_accepted", "cancelled")
BATCH = 100_000

_DRAFT = """
CREATE UNLOGGED TABLE bench_draft AS
SELECT n,
       (SELECT name FROM bench_state s WHERE s.upto > r.state ORDER BY s.upto LIMIT 1) AS state,
       r.kind > 0.995 AS is_sealed,
       (ARRAY['help','help','complaint','complaint','suggestion','consultation','praise'])
           [1 + floor(r.kind * 7)::int] AS kind,
       (ARRAY['ordinary','ordinary','ordinary','ordinary','complex','utility','danger'])
           [1 + floor(r.urgency * 7)::int] AS urgency,
       (SELECT id FROM bench_place p
         WHERE p.place = floor(r.place * r.place * %(places)s)) AS place,
       (SELECT id FROM bench_category c
         WHERE c.place = floor(r.category * r.category * %(categories)s)) AS category,
       1 + floor(r.text * %(texts)s)::int AS text,
       r.age, r.long, upper(substr(md5(n::text || 'code'), 1, 12)) AS code
  FROM (SELECT n, random() AS state, random() AS kind, random() AS urgency, random() AS place,
               random() AS category, random() AS text, random() AS age, random() AS long
          FROM generate_series(%(first)s, %(last)s) n) r
"""
_DATED = """
CREATE UNLOGGED TABLE bench_dated AS
SELECT d.*, t.title, t.body, t.lexemes, u.id AS unit,
       o.opened,
       o.opened + interval '1 day' * (3 + floor(d.long * 12)) AS due,
       CASE WHEN d.state IN ('closed', 'not_accepted', 'cancelled')
            THEN least(o.opened + interval '1 day' * (1 + d.long * 20), now()) END AS ended
  FROM bench_draft d
  JOIN bench_text t ON t.id = d.text
  LEFT JOIN bench_unit u ON u.place = d.place AND u.pick = d.n %% u.among
 CROSS JOIN LATERAL (SELECT now() - d.age * interval '1 day' *
     CASE WHEN d.state IN ('closed', 'not_accepted', 'cancelled') THEN 1095 ELSE 30 END) o(opened)
"""
_SUBMISSION = """
INSERT INTO intake_submission (id, query_code, title, text, kind, channel, said_at, received_at,
    place_id, cell, address, is_anonymous, is_confidential, may_publish, was_read_back,
    source, source_number, idempotency_key, request_digest)
SELECT n, code, title, body, kind, 'mobile', opened, opened, place, '', '', false, is_sealed,
       n %% 3 = 0 AND NOT is_sealed, false, '', '', '', ''
  FROM bench_dated
"""
_DECISION = """
INSERT INTO dispatch_decision (id, submission_id, category_id, place_id, urgency, kind, unit_id,
    level, deadline_class_id, confidence, is_automatic, reasons, also, method, made_by,
    made_at, part)
SELECT n, n, category, place, urgency, kind, unit, 3,
       (SELECT min(id) FROM dispatch_deadlineclass), 0.5 + long / 2, long > 0.8,
       jsonb_build_object('category', jsonb_build_array(jsonb_build_object('id', category,
           'name', title, 'confidence', 0.9, 'because', jsonb_build_array('word:' || title))),
           'place', '[]'::jsonb, 'urgency', '[]'::jsonb, 'kind', '[]'::jsonb, 'unit', '[]'::jsonb),
       '{}', 'bench', 'system:dispatch', opened, ''
  FROM bench_dated
"""
_CASE = """
INSERT INTO cases_case (id, number, submission_id, decision_id, title, state, version,
    category_id, place_id, kind, urgency, lead_unit_id, is_sealed, opened_at, dispatched_at,
    answered_at, ended_at, first_due_at, due_at, sort_at, result, co_signer_count, state_before,
    given_at, is_unit_final, words, part)
SELECT n, to_char(opened, 'YYYYMMDD') || '-' || lpad(n::text, 6, '0'), n, n, left(title, 80),
       state, 3, category, place, CASE WHEN is_sealed THEN 'report' ELSE kind END, urgency,
       CASE WHEN state <> 'opened' THEN unit END, is_sealed, opened, opened, ended, ended,
       due, due, CASE WHEN state IN ('opened', 'awaiting_dispatch') THEN opened ELSE due END,
       CASE WHEN state = 'closed' THEN 'solved' ELSE '' END, 0, '',
       opened, false,
       lexemes || array_to_tsvector(ARRAY[lower(code), to_char(opened, 'YYYYMMDD'),
           lpad(n::text, 6, '0')]), ''
  FROM bench_dated
"""
_TRACE = """
INSERT INTO dispatch_trace (submission_id, place_id, received_at, vector_by, vector, meaning_by)
SELECT d.n, d.place, d.opened, 'projection-1', t.vector, ''
  FROM bench_dated d JOIN bench_text t ON t.id = d.text
 WHERE d.ended IS NULL AND NOT d.is_sealed
"""
_JOURNAL = """
INSERT INTO kernel_journal (id, at, actor, verb, subject_type, subject_id, seq, data, prev_hash,
    hash)
SELECT nextval('kernel_journal_id_seq'), opened, 'system:bench', verb, subject, n, seq,
       jsonb_build_object('unit', unit, 'decision', n), ''::bytea, sha256((n || verb)::bytea)
  FROM bench_dated,
       (VALUES ('submission.received', 'submission', 1), ('case.opened', 'case', 1),
               ('case.dispatched', 'case', 2), ('case.answered', 'case', 3)) v(verb, subject, seq)
"""
_LOOKUPS = """
CREATE TABLE bench_place AS
SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM places_place WHERE level = 4;
CREATE TABLE bench_category AS
SELECT c.id, row_number() OVER (ORDER BY c.code) - 1 AS place
  FROM dispatch_category c JOIN dispatch_categoryscheme s ON s.id = c.scheme_id
 WHERE s.is_main AND c.parent_id IS NOT NULL;
-- The units of a community's subdistrict take turns.
CREATE TABLE bench_unit AS
SELECT p.id AS place, u.id, row_number() OVER (PARTITION BY p.id ORDER BY u.code) - 1 AS pick,
       count(*) OVER (PARTITION BY p.id) AS among
  FROM places_place p JOIN people_unit u ON u.place_id = p.parent_id WHERE p.level = 4;
CREATE TABLE bench_state (name text, upto float);
CREATE TABLE bench_text (id int, title text, body text, lexemes tsvector, vector halfvec);
"""


def fill(database: psycopg.Connection[Any], settings: Settings) -> None:
    """Fill an empty bench database with ``settings.cases`` cases; connected as superuser."""
    name = database.info.dbname
    if not name.startswith("bench_"):
        raise ValueError(f"{name} is no database of the benchmark's")
    database.execute("SET session_replication_role = replica")
    database.execute("SET maintenance_work_mem = '512MB'")
    database.execute("SET synchronous_commit = off")
    database.execute("SELECT setseed(%s)", [settings.seed / 10_000])
    _prepare(database, settings)
    indexes = _drop_indexes(
        database, ("intake_submission", "dispatch_decision", "cases_case", "dispatch_trace")
    )
    for first in range(1, settings.cases + 1, BATCH):
        _fill_batch(database, first, min(first + BATCH - 1, settings.cases))
    for index in indexes:
        database.execute(index)
    _settle(database, settings.cases)


def _prepare(database: psycopg.Connection[Any], settings: Settings) -> None:
    database.execute(_LOOKUPS)
    upto = 0
    for state, share in STATES.items():
        upto += share
        database.execute("INSERT INTO bench_state VALUES (%s, %s)", [state, upto / 1000])
    places = database.execute("SELECT name FROM places_place WHERE level = 4").fetchall()
    made = texts(settings.seed, TEXTS, [name for (name,) in places])
    vectors = cold_start().embed([f"{title}\n{body}" for title, body in made])
    with database.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO bench_text VALUES (%s, %s, %s, array_to_tsvector(%s), %s)",
            [
                (number, title, body, _lexemes(title, body), str(vector.tolist()))
                for number, ((title, body), vector) in enumerate(zip(made, vectors, strict=True), 1)
            ],
        )


def _lexemes(title: str, body: str) -> list[str]:
    return sorted(set(words(f"{title}\n{body}")))


def _fill_batch(database: psycopg.Connection[Any], first: int, last: int) -> None:
    counts = {
        "places": _count(database, "bench_place"),
        "categories": _count(database, "bench_category"),
        "texts": TEXTS,
        "first": first,
        "last": last,
    }
    database.execute(_literal(_DRAFT, counts))
    database.execute(_DATED.replace("%%", "%"))
    for statement in (_SUBMISSION, _DECISION, _CASE, _TRACE, _JOURNAL):
        database.execute(statement.replace("%%", "%"))
    database.execute("DROP TABLE bench_draft, bench_dated")


def _literal(statement: str, values: dict[str, int]) -> str:
    """With the numbers written in: no statement that makes a table takes parameters."""
    return re.sub(r"%\((\w+)\)s", lambda found: str(values[found[1]]), statement)


def _count(database: psycopg.Connection[Any], name: str) -> int:
    row = database.execute(f"SELECT count(*) FROM {name}").fetchone()
    return int(row[0]) if row else 0


def _drop_indexes(database: psycopg.Connection[Any], tables: tuple[str, ...]) -> list[str]:
    """Drop what no constraint needs; how to make it again."""
    found = database.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)",
        [list(tables)],
    ).fetchall()
    for name, _definition in found:
        database.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in found]


def _settle(database: psycopg.Connection[Any], cases: int) -> None:
    """Numbers go on behind the last one; followers have nothing to do; statistics are fresh."""
    for table in ("intake_submission", "dispatch_decision", "cases_case"):
        database.execute(f"SELECT setval('{table}_id_seq', {cases})")
    database.execute(f"SELECT setval('cases_number_seq', {cases})")
    database.execute(
        "INSERT INTO kernel_position (follower, done_id)"
        " SELECT name, (SELECT last_value FROM kernel_journal_id_seq)"
        " FROM unnest(ARRAY['dispatch.decide', 'cases.open', 'cases.alarm', 'cases.trace',"
        "                   'exchange.results', 'oversight.watch']) name"
        " ON CONFLICT (follower) DO UPDATE SET done_id = excluded.done_id"
    )
    database.execute("VACUUM (ANALYZE)")
