"""Which view of the insight centre an address asks for, and the addresses of others beside it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch import selectors as dispatch
from yanlu.insight import access
from yanlu.insight.selectors import Asked
from yanlu.kernel import clock
from yanlu.oversight.periods import Period
from yanlu.places.territory import Node
from yanlu.web.labels import CHANNELS, KINDS
from yanlu.web.staff.choices import place_name
from yanlu.web.staff.gates import at_work

#: Days that are shown when none are asked for, and those that can be chosen with one click.
DAYS: Final = 30
SPANS: Final[tuple[tuple[int, "str | Promise"], ...]] = (
    (7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("a year")),
)  # fmt: skip
#: As far back as anybody may ask.
LONGEST: Final = 3660
#: As long as what is searched for may be.
LONGEST_TYPED: Final = 100
#: Reports of wrongdoing are in no figure.
SEALED: Final = "report"


@dataclass(frozen=True)
class View:
    """What the address asks for, and the addresses of what lies beside it."""

    asked: Asked
    place: Node
    page: str = "insight"
    typed: str = ""

    def address(self, name: str = "", **changes: Any) -> str:
        """The address of this view, or of one that differs from it; empty values are left out."""
        name = name or self.page
        asked, period = self.asked, self.asked.period
        given = {
            "place": asked.place, "since": period.first, "until": period.last,
            "category": asked.category, "kind": asked.kind, "channel": asked.channel,
            "typed": self.typed if name == self.page else "", **changes,
        }  # fmt: skip
        told = {key: value for key, value in given.items() if value not in (None, "")}
        return f"{reverse(f'staff:{name}')}?{urlencode(told)}"

    def cases(self, **narrowed: Any) -> str:
        """The address of the cases behind one of its figures."""
        return self.address("insight_cases", **narrowed)


def view_of(request: HttpRequest, page: str = "insight") -> View:
    """What the address asks for; what makes no sense is left out."""
    place = access.place_of(at_work(request), number_in(request, "place"))
    category = number_in(request, "category")
    known = category == 0 or category in dispatch.category_names({category or 0})
    kind, channel = request.GET.get("kind", ""), request.GET.get("channel", "")
    asked = Asked(
        _period(request),
        place.id,
        category if known else None,
        kind if kind in KINDS and kind != SEALED else "",
        channel if channel in CHANNELS else "",
    )
    return View(asked, place, page, request.GET.get("typed", "").strip()[:LONGEST_TYPED])


def _period(request: HttpRequest) -> Period:
    """The days asked for, none of them to come; the last thirty where nothing sensible is."""
    today = clock.today()
    until = min(_day(request, "until") or today, today)
    since = _day(request, "since") or until - timedelta(days=DAYS - 1)
    since = min(since, until)
    return Period(max(since, until - timedelta(days=LONGEST)), until + timedelta(days=1))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
    return day if day.year >= 2000 else None


def number_in(request: HttpRequest, name: str) -> int | None:
    """A number in the address, if there is one."""
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None


def _way(request: HttpRequest, view: View) -> list[tuple[str, str]]:
    """The places down to this one, with their addresses."""
    nodes = access.way_to(at_work(request), view.place)
    return [(place_name(node), view.address(place=node.id)) for node in nodes]


def _categories(view: View) -> list[tuple[int, str]]:
    """Those at the top, and the one that was chosen below."""
    chosen = view.asked.category
    return [
        (one.id, one.name)
        for one in dispatch.categories()
        if one.parent_id is None or one.id == chosen
    ]


def filters_of(request: HttpRequest, view: View) -> dict[str, Any]:
    """What a page needs to say which view it is, and to ask for another."""
    return {
        "way": _way(request, view),
        "chosen": _chosen(view),
        "spans": _spans(view),
        "categories": _categories(view),
        "kinds": [(code, label) for code, label in KINDS.items() if code != SEALED],
        "channels": list(CHANNELS.items()),
    }


def _chosen(view: View) -> list[tuple[str, str]]:
    """What is narrowed besides place and days, with the address of the view without it."""
    asked, found = view.asked, []
    if asked.category is not None:
        name = dispatch.category_names({asked.category}).get(asked.category)
        found.append((str(name or _("Not sorted yet")), view.address(category=None)))
    if asked.kind:
        found.append((str(KINDS[asked.kind]), view.address(kind="")))
    if asked.channel:
        found.append((str(CHANNELS[asked.channel]), view.address(channel="")))
    return found


def _spans(view: View) -> list[tuple[str, str, bool]]:
    today = clock.today()
    period = view.asked.period
    is_to_date = period.last == today
    days = (period.end - period.first).days
    return [
        (
            str(label),
            view.address(since=today - timedelta(days=many - 1), until=today),
            is_to_date and days == many,
        )
        for many, label in SPANS
    ]
