"""``yanlu account``: staff accounts and their roles, where there is no administrator yet."""

import getpass
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand
from django.db import transaction

from yanlu.kernel import journal
from yanlu.kernel.errors import OperatorError
from yanlu.people import roles, selectors, services
from yanlu.places.selectors import place_by_code

if TYPE_CHECKING:
    from yanlu.people.models import Account

OPERATOR = journal.System("operator")


class Command(BaseCommand):
    """Add somebody, give or take a role, switch somebody off; each stands in the journal."""

    help = "Add staff (password asked or read from standard input), give and take roles"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--add", metavar="NAME", help="make the account; the name others see")
        parser.add_argument("--grant", choices=roles.ALL, help="give a role")
        parser.add_argument("--withdraw", choices=roles.ALL, help="take a role away")
        parser.add_argument("--place", help="code of the place that the role reaches")
        parser.add_argument("--unit", help="code of the unit that the role belongs to")
        parser.add_argument(
            "--new-second-factor", action="store_true", help="forget the second factor: it is lost"
        )
        parser.add_argument("--switch-off", action="store_true", help="nobody signs in by it")

    @transaction.atomic
    def handle(self, *_: Any, username: str, **asked: Any) -> None:
        account = _added(username, asked["add"]) if asked["add"] else _known(username)
        if asked["grant"]:
            _grant(account, asked["grant"], asked["place"], asked["unit"])
        if asked["withdraw"]:
            services.withdraw_role(actor=OPERATOR, account=account, name=asked["withdraw"])
        if asked["new_second_factor"]:
            Authenticator.objects.filter(user=account).delete()
            subject = services.account_subject(account)
            journal.record("account.second_factor_forgotten", subject, actor=OPERATOR)
        if asked["switch_off"]:
            services.switch_off_account(actor=OPERATOR, account=account)
        self.stdout.write(f"{account.username}: done")


def _added(username: str, name: str) -> "Account":
    if selectors.account_by_username(username):
        raise OperatorError(f"there is an account {username} already")
    typed = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if len(typed) < 10:
        raise OperatorError("a password has at least ten characters")
    return services.create_account(
        actor=OPERATOR, username=username, display_name=name, password=typed
    )


def _known(username: str) -> "Account":
    account = selectors.account_by_username(username)
    if account is None:
        raise OperatorError(f"there is no account {username}")
    return account


def _grant(account: "Account", role: str, place_code: str | None, unit_code: str | None) -> None:
    place = place_by_code(place_code) if place_code else None
    unit = next((one for one in selectors.units() if one.code == unit_code), None)
    if (place_code and place is None) or (unit_code and unit is None):
        raise OperatorError(f"unknown place or unit: {place_code or unit_code}")
    if place is None and unit is None:
        raise OperatorError("a role needs --place or --unit")
    services.grant_role(actor=OPERATOR, account=account, name=role, place=place, unit=unit)
    if role == roles.ADMINISTRATOR:
        services.make_administrator(actor=OPERATOR, account=account)
