"""What notices may speak of: known words in the inbox, and fewer still in what leaves the house.

A message passes through the hands of networks and gateways and lights up on a locked telephone, so
it names no person, no matter and no place: only a number, a date, a unit and a link.
"""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import Invalid

#: Placeholders that a message may use.
PUSHED: Final = frozenset({"number", "date", "unit", "link", "count"})
#: Placeholders that the inbox may use, and what they stand for.
WORDS: Final = {
    "number": "number of the case, the order or the report",
    "date": "day that it is about (ISO): the new limit, the end of a suspension, a meeting",
    "unit": "name of the unit",
    "link": "address of the notice",
    "count": "how many",
    "place": "name of the place",
    "step": "step of the ladder, or of a procedure",
    "reason": "reason, from a code table",
    "route": "proper route or remedy, from a code table",
    "result": "what came of it",
    "ground": "ground, from a list",
    "demand": "what is asked of a unit",
    "period": "period of a report",
    "title": "title of a report or a document",
}


def check_text(subject: str, body: str, push: str) -> None:
    """Refuse placeholders that nothing stands for, and in a message those that tell too much.

    :raises Invalid: naming the field.
    """
    for field, text, known in (
        ("subject", subject, PUSHED),
        ("body", body, frozenset(WORDS)),
        ("push", push, PUSHED),
    ):
        if unknown := placeholders(text, field) - known:
            message = _("Here nothing stands for %(names)s.")
            names = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            raise Invalid(message % {"names": names}, field)


def placeholders(text: str, field: str = "") -> set[str]:
    """Names between braces. An index, an attribute or a format makes it another, unknown name.

    :raises Invalid: the braces do not match.
    """
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        raise Invalid(_("A brace is open, or one too many."), field) from None
    return {
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _text, name, form, conversion in parts
        if name is not None
    }


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with its words put in, a date as the reader's language writes it.

    What nothing was said for stays empty.
    """
    said = {name: _spoken(name, words.get(name, "")) for name in placeholders(text)}
    return text.format_map(said)


def _spoken(name: str, value: str) -> str:
    if name != "date":
        return value
    try:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    except ValueError:
        return value
