"""The demo district's reference data, from ``data/`` through the write doors into the database."""

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import transaction

from yanlu.cases import configuration as cases
from yanlu.dispatch import configuration as dispatch
from yanlu.exchange import configuration as exchange
from yanlu.kernel import clock, journal
from yanlu.notices import configuration as notices
from yanlu.oversight import configuration as oversight
from yanlu.people import roles
from yanlu.people import selectors as found
from yanlu.people import services as people
from yanlu.places import services as places
from yanlu.places.selectors import place_by_code
from yanlu.places.territory import Node
from yanlu.project.demo import boundaries
from yanlu.project.demo.files import read
from yanlu.textkit.categories import Lexicon

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit

LOADER = journal.System("demo")
#: The demo dispatches alone only what it is all but sure of.
AUTOMATIC_ABOVE = 0.9
LEVELS = {"city": 1, "district": 2, "subdistrict": 3, "community": 4, "building": 5}


@cache
def lexicon() -> Lexicon:
    """The words of the main scheme, without a database."""
    main = next(scheme for scheme in read("categories")["schemes"] if scheme["is_main"])
    return Lexicon(
        (category["code"], word, weight)
        for category in main["categories"]
        for word, weight in category.get("words", {}).items()
    )


@transaction.atomic
def load() -> tuple[int, int]:
    """Load everything but the messages; how many places and units."""
    nodes = load_places()
    units = load_units(nodes)
    load_knowledge(nodes, units)
    load_accounts(units)
    dispatch.set_policy(actor=LOADER, automatic_above=AUTOMATIC_ABOVE)
    return len(nodes), len(units)


def load_places() -> dict[str, Node]:
    """Places with boundaries, and sites; places by code."""
    content = read("places")
    shapes = boundaries.district(content["places"], content["outline"])
    nodes: dict[str, Node] = {}
    for row in content["places"]:
        lon, lat = row["center"]
        nodes[row["code"]] = places.add_place(
            actor=LOADER,
            level=LEVELS[row["level"]],
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            parent=nodes.get(row["parent"]),
            aliases=row["aliases"],
            boundary=shapes.get(row["code"]),
            lat=lat,
            lon=lon,
            households=row.get("households"),
            residents=row.get("residents"),
            is_demo=True,
        )
    for row in content["sites"]:
        places.add_site(
            actor=LOADER,
            kind=row["kind"],
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            place=nodes[row["community"]],
            lat=row["lat"],
            lon=row["lon"],
        )
    return nodes


def load_units(nodes: dict[str, Node]) -> "dict[str, Unit]":
    """Units of the city, the district, and of each place below it, by code."""
    content = read("units")
    units: dict[str, Unit] = {}
    for row in content["units"]:
        place = nodes[row["code"].split("-")[0]]
        _add_unit(units, row, place)
    below = ("subdistrict", "community", "building")
    templates = {level: content[f"{level}_template"] for level in below}
    for level, rows in templates.items():
        for place in read("places")["places"]:
            if place["level"] == level:
                for row in rows:
                    _add_unit(units, _filled(row, place), nodes[place["code"]])
    return units


def load_knowledge(nodes: dict[str, Node], units: "dict[str, Unit]") -> None:
    """Categories, cues, limits, rules, the catalogue, code tables, notices' texts, the ladder."""
    dispatch.load_schemes(actor=LOADER, schemes=read("categories")["schemes"])
    dispatch.load_cues(actor=LOADER, cues=read("cues"))
    dispatch.load_deadlines(actor=LOADER, classes=read("deadlines")["classes"])
    dispatch.load_rules(
        actor=LOADER,
        rules=[
            row | {"place": nodes[row["place"]].id if row["place"] else None,
                   "level": LEVELS[row["target_level"]]}
            for row in read("rules")["rules"]
        ],
    )  # fmt: skip
    dispatch.load_catalogue(
        actor=LOADER,
        items=[row | {"level": LEVELS[row["level"]]} for row in read("catalogue")["items"]],
    )
    dispatch.load_admissions(actor=LOADER, matters=read("admissions"))
    cases.load_code_tables(actor=LOADER, **read("code_tables"))
    notices.load_texts(actor=LOADER, texts=read("notices"))
    oversight.load_clock_rules(actor=LOADER, rules=oversight.usual("clock_rules"))
    oversight.load_ladder(actor=LOADER, ladder=oversight.usual("ladder"))
    oversight.load_score_weights(actor=LOADER, weights=oversight.usual("score_weights"))
    oversight.load_report_plans(actor=LOADER, plans=oversight.usual("report_plans"))


def load_partner() -> None:
    """The city's hotline, whose orders come and whose results go by table."""
    exchange.add_partner(
        actor=LOADER, code="12345", name="市12345热线", dialect=exchange.usual_dialect()
    )


def load_accounts(units: "dict[str, Unit]") -> None:
    """Staff with their roles, and residents."""
    content = read("accounts")
    for row in content["staff"]:
        account = people.create_account(
            actor=LOADER,
            username=row["username"],
            display_name=row["display_name"],
            password=content["password"],
            is_staff=row["role"] == roles.ADMINISTRATOR,
        )
        if row["role"] == roles.ADMINISTRATOR:
            people.make_administrator(actor=LOADER, account=account)
        _grant(account, row, units)
    for row in content["duties"]:
        _put_on_duty(row)
    for row in content["residents"]:
        account = people.admit_resident(
            actor=LOADER, phone=row["phone"], display_name=row["display_name"]
        )
        people.verify_phone(actor=LOADER, account=account)
        people.settle_resident(
            actor=LOADER,
            account=account,
            real_name=row["real_name"],
            home_place=place_by_code(row["community"]),
        )


def _grant(account: "Account", row: dict[str, Any], units: "dict[str, Unit]") -> None:
    unit = units.get(row["unit"] or "")
    place = place_by_code(row["place"]) if row["place"] else None
    if unit is not None and place is None and row["role"] not in roles.OF_A_UNIT:
        place = place_by_code(row["unit"].split("-")[0])
    people.grant_role(actor=LOADER, account=account, name=row["role"], place=place, unit=unit)


def _put_on_duty(row: dict[str, str]) -> None:
    """For a year: the demo does without a roster that changes."""
    account, place = found.account_by_username(row["username"]), place_by_code(row["place"])
    assert account is not None
    assert place is not None
    now = clock.now()
    people.set_duty(
        actor=LOADER, account=account, place=place, starts_at=now, ends_at=now + timedelta(days=365)
    )


def _add_unit(units: "dict[str, Unit]", row: dict[str, Any], place: Node) -> None:
    units[row["code"]] = people.add_unit(
        actor=LOADER,
        code=row["code"],
        name=row["name"],
        name_en=row["name_en"],
        level=LEVELS[row["level"]],
        function=row["function"],
        place=place,
        parent=units.get(row["parent"] or ""),
    )


def _filled(template: dict[str, Any], place: dict[str, Any]) -> dict[str, Any]:
    """A template row with the place's own words put in."""
    words = {**place, "place": place["code"], "subdistrict": place["parent"]}
    return {key: _put(value, words) for key, value in template.items()}


def _put(value: Any, words: dict[str, Any]) -> Any:
    return value.format_map(words) if isinstance(value, str) else value
