"""The statements by which rollups are made: one set, whether of a few cases or of all.

``fresh`` is what the book of cases says now; ``insight_counted`` what of each case stands in the
rollups; ``cells`` puts such rows together by hour, day and month.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Case, CharField, DateTimeField, F, Func, QuerySet, Value, When

from yanlu.dispatch.selectors import top_categories
from yanlu.insight.models import Counted, Detail, Grain, Rollup
from yanlu.kernel import clock
from yanlu.kernel.journal import digest
from yanlu.oversight import selectors as oversight
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY

OPEN, ANSWERED, SOLVED, EXPLAINED, UNSOLVED, UNHEARD = (
    "open", "answered", "solved", "explained", "unsolved", "unheard",
)  # fmt: skip
OUTCOMES: Final = (OPEN, ANSWERED, SOLVED, EXPLAINED, UNSOLVED, UNHEARD)
RATES: Final = ("contact", "on_time", "solved", "satisfied", "inside")
MEASURES: Final = (
    "matters", "voices", *(f"{code}_{part}" for code in RATES for part in ("whole", "part")),
)  # fmt: skip
DIMENSIONS: Final = ("place_id", "category_id", "kind", "channel", "level", "outcome")
COLUMNS: Final = ("case_id", "hour", "entry", *DIMENSIONS, *MEASURES)
KEY: Final = ("grain", "detail", "place_id", "start", *DIMENSIONS[1:])

#: What has come of a case, by its record.
OUTCOME = Case(
    When(is_solved=True, result="solved", then=Value(SOLVED)),
    When(is_solved=True, then=Value(EXPLAINED)),
    When(is_solved=False, then=Value(UNSOLVED)),
    When(ended_at__isnull=False, then=Value(UNHEARD)),
    When(answered_at__isnull=False, then=Value(ANSWERED)),
    default=Value(OPEN),
    output_field=CharField(),
)
#: Not Django's truncation, whose moments have lost their zone until Python reads them.
_HOUR = Func(
    Value("hour"), F("opened_at"), Value(str(clock.ZONE)),
    function="date_trunc", output_field=DateTimeField(),
)  # fmt: skip
#: Where it is kept what was counted of each case, and the sums; with the columns to put in.
KEPT, ROLLED = Counted._meta.db_table, Rollup._meta.db_table
INTO_KEPT = f"{KEPT} ({', '.join(COLUMNS)})"
INTO_ROLLED = f"{ROLLED} ({', '.join((*KEY, *MEASURES))})"
NOUGHT = f"({', '.join('0' for _ in MEASURES)})"
_NAMES = ", ".join(COLUMNS)
_SUMS = ", ".join(f"sum({name})::int AS {name}" for name in MEASURES)
_NONE = f"({', '.join(f'sum({name})' for name in MEASURES)}) = {NOUGHT}"
_BY_HOUR = f"""
SELECT {Grain.HOUR}::smallint AS grain, {Detail.ALL}::smallint AS detail, place_id, hour AS start,
       {", ".join(DIMENSIONS[1:])}, {_SUMS}
  FROM {{source}} GROUP BY place_id, hour, {", ".join(DIMENSIONS[1:])} HAVING NOT {_NONE}
"""  # noqa: S608
_GRAINS = ", ".join(
    f"({grain}, '{unit}', {detail})"
    for grain, unit in ((Grain.DAY, "day"), (Grain.MONTH, "month"))
    for detail in Detail
)
_BY_AREA = f"""
SELECT grain::smallint, detail::smallint, area AS place_id,
       date_trunc(unit, hour, '{clock.ZONE}') AS start,
       CASE WHEN detail <> {Detail.WAY} THEN top END AS category_id,
       CASE WHEN detail = {Detail.ALL} THEN kind ELSE '' END AS kind,
       CASE WHEN detail <> {Detail.SUBJECT} THEN channel ELSE '' END AS channel,
       CASE WHEN detail <> {Detail.SUBJECT} THEN level END AS level,
       CASE WHEN detail <> {Detail.SUBJECT} THEN outcome ELSE '' END AS outcome, {_SUMS}
  FROM {{source}}
  JOIN unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS lies(place, area, is_small)
       ON place_id IS NOT DISTINCT FROM place
  LEFT JOIN unnest(%s::bigint[], %s::bigint[]) AS below(leaf, top) ON category_id = leaf
  JOIN (VALUES {_GRAINS}) AS grains(grain, unit, detail)
       ON NOT is_small OR (grain = {Grain.MONTH} AND detail <> {Detail.ALL})
 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING NOT {_NONE}
"""  # noqa: S608


@dataclass(frozen=True)
class Shape:
    """Which areas every place lies in, and which category at the top every category belongs to.

    ``lies``: place, area, and whether the area is a neighbourhood.
    """

    lies: tuple[tuple[int | None, int, bool], ...]
    below: tuple[tuple[int, int], ...]

    @property
    def digest(self) -> str:
        """Tells one shape from another."""
        return digest(self.lies, self.below)

    @property
    def parameters(self) -> list[list[Any]]:
        """Five lists, for :func:`cells`."""
        return [
            *([row[side] for row in self.lies] for side in range(3)),
            *([pair[side] for pair in self.below] for side in range(2)),
        ]


def shape() -> Shape:
    """The trees of places and categories as they are now.

    What has no place lies in what the installation serves. Places above that hold nothing else.
    """
    known = territory()
    if known.home is None:
        return Shape((), ())
    lies: list[tuple[int | None, int, bool]] = [(None, known.home.id, False)]
    lies += [
        (place, area.id, area.level == COMMUNITY)
        for place in known.within(known.home.id)
        for area in known.ancestors(place)
        if known.home.level <= area.level <= COMMUNITY
    ]
    return Shape(tuple(sorted(lies, key=str)), tuple(sorted(top_categories().items())))


def fresh(at: datetime, case_ids: Collection[int] | None = None) -> tuple[str, tuple[Any, ...]]:
    """Statement and parameters of what the book says of these cases, or of all.

    Sealed cases are in no book that is counted, nor are merged, cancelled and not accepted ones.
    """
    rows: QuerySet[Any, Any] = oversight.book(RATES, at)
    if case_ids is not None:
        rows = rows.filter(case__in=case_ids)
    spoken = Case(When(is_patrol=True, then=0), default=1)
    made = rows.annotate(
        hour=_HOUR, ending=OUTCOME, matters=Value(1),
        voices=spoken + F("case__co_signer_count"),
    )  # fmt: skip
    names = ["ending" if name == "outcome" else name for name in COLUMNS]
    statement: tuple[str, tuple[Any, ...]] = made.values_list(*names).query.sql_with_params()
    return statement


def cells(source: str) -> str:
    """Statement that puts rows of ``source`` together, for the parameters of a shape."""
    return f"{_BY_HOUR.format(source=source)} UNION ALL {_BY_AREA.format(source=source)}"


def renewal(made: str) -> str:
    """Statement that counts anew the cases which ``made`` tells of.

    Takes the parameters of ``made``, then the numbers of the cases twice, then the shape.
    """
    put = ", ".join(f"{name} = EXCLUDED.{name}" for name in COLUMNS[1:])
    less = ", ".join(f"-{name}" for name in MEASURES)
    alike = ", ".join(("hour", *DIMENSIONS))
    added = ", ".join(f"{name} = {ROLLED}.{name} + EXCLUDED.{name}" for name in MEASURES)
    return f"""
WITH fresh ({_NAMES}) AS MATERIALIZED ({made}),
old AS MATERIALIZED (SELECT * FROM {KEPT} WHERE case_id = ANY(%s)),
gone AS (DELETE FROM {KEPT} WHERE case_id = ANY(%s)
             AND case_id NOT IN (SELECT case_id FROM fresh)),
kept AS (INSERT INTO {INTO_KEPT} SELECT {_NAMES} FROM fresh
             ON CONFLICT (case_id) DO UPDATE SET {put}),
change AS MATERIALIZED (SELECT {alike}, {", ".join(MEASURES)} FROM fresh
             UNION ALL SELECT {alike}, {less} FROM old)
INSERT INTO {INTO_ROLLED} {cells("change")}
ON CONFLICT ({", ".join(KEY)}) DO UPDATE SET {added}
"""  # noqa: S608
