"""A row of a table as the words that somebody handed in."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from yanlu.intake.channels.file.columns import Columns
from yanlu.intake.channels.file.moments import read_moment
from yanlu.intake.channels.file.tables import Row
from yanlu.intake.channels.spots import spot
from yanlu.intake.services import Contact, Words, check_words
from yanlu.kernel.errors import Invalid

#: Longest number of an original, as the database holds it.
MAX_NUMBER = 80
#: What the words of the field name (诉求类型); any other is left to dispatch.
KINDS = {
    "咨询": "consultation", "求助": "help", "投诉": "complaint", "举报": "report",
    "投诉举报": "complaint", "建议": "suggestion", "意见建议": "suggestion", "表扬": "praise",
    "consultation": "consultation", "help": "help", "complaint": "complaint", "report": "report",
    "suggestion": "suggestion", "praise": "praise",
}  # fmt: skip
#: The six channels 信、访、电、网、端、走; any other is the one that the import names.
CHANNELS = {
    "信": "letter", "来信": "letter", "信件": "letter", "访": "visit", "来访": "visit",
    "电": "phone", "电话": "phone", "来电": "phone", "12345": "phone", "网": "web", "网站": "web",
    "网络": "web", "端": "mobile", "微信": "mobile", "小程序": "mobile", "app": "mobile",
    "走": "walk", "走访": "walk", "letter": "letter", "visit": "visit", "phone": "phone",
    "web": "web", "mobile": "mobile", "walk": "walk",
}  # fmt: skip
YES = frozenset({"是", "yes", "y", "true", "1", "√", "✓"})
NO = frozenset({"", "否", "no", "n", "false", "0", "×"})


@dataclass(frozen=True)
class Origin:
    """What holds for the whole file: where it comes from, by which channel, what columns mean."""

    source: str
    channel: str
    columns: Columns


def read_words(row: Row, origin: Origin) -> Words:
    """The words of this row, checked.

    :raises Invalid: why the row is refused, and its field.
    """
    if row.trouble:
        raise Invalid(row.trouble)
    cells = _Cells(row, origin.columns)
    words = Words(
        text=cells.verbatim("text") or cells.verbatim("title"),
        title=cells.text("title") if cells.verbatim("text") else "",
        channel=CHANNELS.get(cells.text("channel").lower(), origin.channel),
        kind=KINDS.get(cells.text("kind").lower(), ""),
        said_at=cells.moment(),
        address=cells.text("address"),
        contact=Contact(cells.text("name"), cells.text("phone"), cells.text("home_address")),
        is_anonymous=cells.flag("is_anonymous"),
        is_confidential=cells.flag("is_confidential"),
        may_publish=cells.flag("may_publish"),
        source=origin.source,
        source_number=_number(row, cells.text("number")),
        **_where(cells),
    )
    check_words(words)
    return words


class _Cells:
    """The cells of a row by field."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self._row, self._columns = row, columns

    def raw(self, field: str) -> str | datetime:
        place = self._columns.get(field)
        return self._row.cells[place] if place is not None and place < len(self._row.cells) else ""

    def verbatim(self, field: str) -> str:
        """As it stands; nothing when there is nothing but blanks."""
        value = self.raw(field)
        text = value.isoformat(sep=" ") if isinstance(value, datetime) else value
        if "\x00" in text:
            raise Invalid(_("There is a character that can't be stored."), field)
        return text if text.strip() else ""

    def text(self, field: str) -> str:
        """Without blanks around it."""
        return self.verbatim(field).strip()

    def moment(self) -> datetime | None:
        value = self.raw("said_at")
        try:
            return read_moment(value) if value else None
        except (ValueError, OverflowError):
            raise Invalid(_("This is no date and time that has passed."), "said_at") from None

    def flag(self, field: str) -> bool:
        text = self.text(field).lower()
        if text not in YES | NO:
            raise Invalid(_("Write yes or no."), field)
        return text in YES

    def degrees(self, field: str) -> float | None:
        text = self.text(field)
        try:
            return float(text) if text else None
        except ValueError:
            raise Invalid(_("This is no number of degrees."), field) from None


def _where(cells: _Cells) -> dict[str, Any]:
    lat, lon = cells.degrees("lat"), cells.degrees("lon")
    code = cells.text("place")
    if not code:
        return {"lat": lat, "lon": lon}
    found = spot(code)
    if found is None:
        raise Invalid(_("Unknown place."), "place")
    if lat is None and lon is None:
        lat, lon = found.lat, found.lon
    return {"place_id": found.place_id, "lat": lat, "lon": lon}


def _number(row: Row, written: str) -> str:
    """The original's number; without one a digest of the whole row, so that it comes in once."""
    if len(written) > MAX_NUMBER:
        raise Invalid(_("The number is too long: at most 80 characters."), "number")
    if written:
        return written
    whole = "\x1f".join(str(cell) for cell in row.cells)
    return "row:" + sha256(whole.encode()).hexdigest()[:40]
