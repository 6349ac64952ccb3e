"""Who gets in at the staff's door, and what stands at the top of every page of theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yanlu.exchange.access import may_look_after
from yanlu.insight.access import may_look
from yanlu.kernel.errors import NotAllowed
from yanlu.oversight import board, inspecting, report_files, scoreboard
from yanlu.people import access, roles
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.web.accounts import gate
from yanlu.web.labels import role_label
from yanlu.web.staff.choices import place_name

if TYPE_CHECKING:
    from yanlu.people.models import Account

View = Callable[..., HttpResponse]

#: Roles that have cases to look at in the work queue.
QUEUE = frozenset(roles.ALL) - {
    roles.HOTLINE_OPERATOR, roles.STATION_ATTENDANT, roles.GRID_WORKER, roles.ADMINISTRATOR,
}  # fmt: skip
#: Roles that look after the journal.
JOURNAL = frozenset({roles.AUDITOR, roles.ADMINISTRATOR})
#: Roles that compare the levels.
LEVELS = frozenset({roles.DISPATCHER, roles.SECRETARY}) | roles.WATCHING
#: Roles that may convene a joint conference.
CONVENING = frozenset({roles.DISPATCHER, roles.SUPERVISOR})
#: Roles that try out the dispatch rules.
RULES = frozenset({roles.DISPATCHER, roles.ADMINISTRATOR})


@dataclass(frozen=True)
class Desk:
    """What the top bar says and offers to the person at work."""

    name: str
    works_as: str
    works_in: str
    has_queue: bool
    may_patrol: bool
    may_assist: bool
    may_compare_levels: bool
    may_watch: bool
    may_see_scores: bool
    may_see_reports: bool
    may_look: bool
    may_inspect: bool
    may_see_journal: bool
    may_try_rules: bool
    may_edit_rules: bool
    may_exchange: bool


def at_work(request: HttpRequest) -> "Account":
    """The member of staff behind the request, once :func:`staff_only` let them in."""
    return cast("Account", request.user)


def staff_only(*names: str) -> Callable[[View], View]:
    """Let in who works for the district, in one of these roles if any are named.

    :raises NotAllowed: the person's roles do not reach this page.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if names and not access.has_role(at_work(request), names):
                raise NotAllowed(_("Your role does not reach this page."))
            return view(request, *args, **kwargs)

        return gate.staff_only(guarded)

    return guard


def staff_page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of the staff's with its top bar; what it shows is never kept by the browser."""
    desk = desk_of(at_work(request))
    response = render(request, template, {"desk": desk, **context}, status=status)
    response["Cache-Control"] = "no-store"
    return response


def desk_of(account: "Account") -> Desk:
    """The person's desk."""
    held = access.reach_of(account)
    return Desk(
        name=account.display_name,
        works_as=_listed([str(role_label(reach.role)) for reach in held]),
        works_in=_listed(_places(account)),
        has_queue=access.has_role(account, QUEUE),
        may_patrol=access.has_role(account, {roles.GRID_WORKER}),
        may_assist=access.may_assist(account),
        may_watch=board.may_watch(account),
        may_see_scores=scoreboard.may_see(account),
        may_see_reports=report_files.may_see(account),
        may_look=may_look(account),
        may_inspect=inspecting.may_inspect(account),
        may_compare_levels=access.has_role(account, LEVELS),
        may_see_journal=access.has_role(account, JOURNAL),
        may_try_rules=access.has_role(account, RULES),
        may_edit_rules=account.is_staff,
        may_exchange=may_look_after(account),
    )


def _places(account: "Account") -> list[str]:
    """Names of the units and the territory in which the person works."""
    units = {reach.unit_id for reach in access.reach_of(account) if reach.unit_id}
    names = people.unit_names(units) if units else {}
    nodes = [territory().get(place) for place in access.places_of(account, roles.ALL)]
    return [*names.values(), *[place_name(node) for node in nodes if node]]


def _listed(names: list[str]) -> str:
    return " · ".join(dict.fromkeys(names))
