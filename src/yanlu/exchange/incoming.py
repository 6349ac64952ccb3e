"""A partner's row as a work order: what is said, by whom, under which numbers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.exchange.dialect import DETAILS, NO, YES, Cell, Dialect
from yanlu.intake.channels.file.batches import Refusal
from yanlu.intake.channels.file.moments import read_moment
from yanlu.intake.services import Contact, Words
from yanlu.kernel.errors import Invalid
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, SUBDISTRICT, Node

#: Longest number, name, telephone number, and other detail, in characters.
MAX_NUMBER, MAX_NAME, MAX_PHONE, MAX_DETAIL = 80, 60, 40, 200
#: By which of the six channels, where the partner does not say: a hotline is called.
CHANNEL = "phone"


@dataclass(frozen=True)
class Row:
    """A row as it came: its number, as a spreadsheet or a list counts, and its cells by heading.

    :param trouble: why it can't be read; its cells mean nothing then.
    """

    number: int
    cells: Mapping[str, Cell]
    trouble: str | Promise = ""

    @property
    def original(self) -> str:
        """The whole row, to be sealed."""
        return json.dumps(dict(self.cells), default=str)


def json_row(number: int, order: Mapping[str, object]) -> Row:
    """A row as JSON has it: numbers become texts, true and false ours, nothing an empty cell."""
    return Row(number, {heading: _as_text(value) for heading, value in order.items()})


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return YES if value else NO
    return "" if value is None else str(value)


@dataclass(frozen=True)
class OrderRefusal(Refusal):
    """An order that was not taken in; ``field`` is the partner's heading, ``number`` its number,
    where it can be read."""

    number: str = ""


@dataclass(frozen=True)
class Said:
    """What a row says."""

    number: str
    original_number: str
    words: Words
    details: dict[str, str]


def read_order(dialect: Dialect, row: Row, source: str) -> Said:
    """The order in this row.

    :param source: the partner's code, by which intake knows the original.
    :raises Invalid: why the row is refused, and its field.
    """
    if row.trouble:
        raise Invalid(row.trouble)
    cells = _Cells(dialect, row)
    number = cells.number("number")
    if not number:
        raise Invalid(_("An order needs its number."), "number")
    return Said(
        number=number,
        original_number=cells.number("original_number"),
        words=_words(cells, source, number),
        details={field: text for field in DETAILS if (text := cells.text(field, MAX_DETAIL))},
    )


def number_of(dialect: Dialect, row: Row) -> str:
    """The partner's number, to name a refused row by; empty where it can't be read."""
    try:
        return _Cells(dialect, row).number("number")
    except Invalid:
        return ""


def _words(cells: "_Cells", source: str, number: str) -> Words:
    return Words(
        text=cells.text("description"),
        title=cells.text("title"),
        channel=cells.known("source") or CHANNEL,
        kind=cells.agreed("kind"),
        said_at=cells.moment("received_at") or cells.moment("found_at"),
        place_id=_place(cells.text("subdistrict"), cells.text("committee")),
        address=cells.text("actual_address") or cells.text("reported_address"),
        contact=Contact(
            name=cells.short("contact", MAX_NAME), phone=cells.short("phone", MAX_PHONE)
        ),
        is_anonymous=cells.flag("is_anonymous"),
        is_confidential=cells.flag("is_confidential"),
        source=source,
        source_number=number,
    )


class _Cells:
    """The cells of a row by our fields."""

    def __init__(self, dialect: Dialect, row: Row) -> None:
        self._dialect = dialect
        self._cells = dialect.read(row.cells)

    def text(self, field: str, most: int | None = None) -> str:
        """Without blanks around it, cut off after ``most`` characters."""
        value = self._cells.get(field, "")
        text = value.isoformat(" ") if isinstance(value, datetime) else value.strip()
        if "\x00" in text or not _is_storable(text):
            raise Invalid(_("There is a character that can't be stored."), field)
        return text[:most]

    def short(self, field: str, most: int) -> str:
        text = self.text(field)
        if len(text) > most:
            raise Invalid(_("This is too long."), field)
        return text

    def number(self, field: str) -> str:
        text = self.short(field, MAX_NUMBER)
        if not text.isprintable():
            raise Invalid(_("There is a character that can't be stored."), field)
        return text

    def moment(self, field: str) -> datetime | None:
        written = self.text(field)
        try:
            return read_moment(self._cells[field]) if written else None
        except (ValueError, OverflowError):
            raise Invalid(_("This is no date and time that has passed."), field) from None

    def known(self, field: str) -> str:
        """Our value for the partner's word; empty for none, and for one that was not agreed."""
        text = self.text(field)
        return (text and self._dialect.value(field, text)) or ""

    def agreed(self, field: str) -> str:
        """As :meth:`known`, where a word that was not agreed could mean anything."""
        value = self.known(field)
        if self.text(field) and not value:
            raise Invalid(_("This value was not agreed with the partner."), field)
        return value

    def flag(self, field: str) -> bool:
        return self.agreed(field) == YES


def _place(subdistrict: str, committee: str) -> int | None:
    """The community that the partner names, else the subdistrict, else none: dispatch looks."""
    nodes = territory().nodes.values()
    town = next((n for n in nodes if n.level == SUBDISTRICT and _is_called(n, subdistrict)), None)
    named = [
        node.id
        for node in nodes
        if node.level == COMMUNITY
        and (town is None or node.parent_id == town.id)
        and _is_called(node, committee)
    ]
    if len(named) == 1:
        return named[0]
    return town.id if town else None


def _is_called(node: Node, name: str) -> bool:
    names = {_plain(known) for known in (node.name, *node.aliases)}
    return bool(name) and _plain(name) in names


def _plain(name: str) -> str:
    return name.removesuffix("居委会").removesuffix("村委会")


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
