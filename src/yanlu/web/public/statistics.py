"""Open statistics: what was released of each month, as a page, as JSON and as CSV."""

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yanlu.insight import releasing
from yanlu.insight.disclosure import SMALL
from yanlu.kernel.errors import NotFound
from yanlu.web.labels import CHANNELS, ENDINGS

if TYPE_CHECKING:
    from yanlu.insight.models import Release

DAY: Final = 24 * 3600
#: Columns of the file, one row a number; what a table does not tell of stays empty.
COLUMNS: Final = (
    "month", "table", "area", "area_name", "category", "category_name", "channel", "outcome",
    "rate", "matters", "part", "whole", "step",
)  # fmt: skip
RULES: Final = (
    "Every number is rounded by itself to a multiple of the step that stands beside the total; "
    "null (JSON) or an empty field (CSV) stands for fewer than 5, perhaps none. Sums therefore "
    "need not add up. Matters count in the month in which they came in. Reports of wrongdoing are "
    "left out. Released once, never changed."
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The months that were released, one of them shown."""
    months = releasing.releases()
    asked = request.GET.get("month", "")
    chosen = next((one for one in months if f"{one:%Y-%m}" == asked), months[0] if months else None)
    context = {
        "months": months,
        "chosen": chosen,
        "shown": _shown(releasing.release_of(chosen)) if chosen else None,
        "small": SMALL,
        "columns": COLUMNS,
    }
    return render(request, "public/open_data.html", context)


@require_safe
@cache_control(public=True, max_age=DAY)
def as_json(request: HttpRequest, month: str) -> JsonResponse:
    """What was released of a month, for programs."""
    release = releasing.release_of(_first(month))
    told = {
        "month": month,
        "released_at": release.released_at.isoformat(),
        "rules": RULES,
        "tables": release.tables,
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
@cache_control(public=True, max_age=DAY)
def as_csv(request: HttpRequest, month: str) -> HttpResponse:
    """The same as one table, for spreadsheets."""
    release = releasing.release_of(_first(month))
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for table, rows in release.tables.items():
        writer.writerows({"month": month, "table": table, **row} for row in rows)
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="yanlu-{month}.csv"'
    return response


def _shown(release: "Release") -> dict[str, Any]:
    """The tables as the page shows them: most first, words for codes."""
    tables = release.tables
    return {
        "released_at": release.released_at,
        **tables["total"][0],
        "categories": _lines(tables["categories"], "category_name"),
        "areas": _lines(tables["areas"], "area_name"),
        "channels": _lines(tables["channels"], "channel", CHANNELS),
        "outcomes": _lines(tables["outcomes"], "outcome", ENDINGS),
        "rates": tables["rates"],
    }


def _lines(
    rows: list[dict[str, Any]], name: str, words: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Name, number and length of its bar in hundredths of the longest."""
    longest = max((row["matters"] or 0 for row in rows), default=0) or 1
    told = [
        {
            "name": words.get(row[name], row[name]) if words else row[name] or _("Not sorted yet"),
            "matters": row["matters"],
            "share": round((row["matters"] or 0) / longest * 100),
        }
        for row in rows
    ]
    return sorted(told, key=lambda one: -(one["matters"] or 0))


def _first(typed: str) -> date:
    """The first day of a month that is told as ``2026-10``.

    :raises NotFound: it is none.
    """
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise NotFound(_("There is no such month.")) from None
