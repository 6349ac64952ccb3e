"""Which encoding a text is in: UTF-8 or GB18030, which holds GBK and GB 2312."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from yanlu.intake.channels.file.tables import Unusable

#: Lines with other than ASCII bytes that are looked at; a text shows itself long before.
ENOUGH = 1_000
#: Share of those lines that has to be readable: single broken ones are refused by themselves.
MOSTLY = 0.9
UTF16 = (b"\xff\xfe", b"\xfe\xff")


def detect(lines: Iterable[bytes]) -> str:
    """``utf-8`` or ``gb18030``; Chinese text in the one is hardly ever valid in the other.

    :raises Unusable: no text, or one in another encoding.
    """
    telling = 0
    readable = dict.fromkeys(("utf-8", "gb18030"), 0)
    for place, line in enumerate(lines):
        if place == 0 and line.startswith(UTF16):
            raise Unusable(_("The text is in UTF-16: save it as UTF-8."), "file")
        if line.isascii():
            continue
        telling += 1
        for encoding in readable:
            readable[encoding] += _is_readable(line, encoding)
        if telling == ENOUGH:
            break
    for encoding, count in readable.items():
        if count >= MOSTLY * telling:
            return encoding
    raise Unusable(_("This is no text in UTF-8 or GB18030."), "file")


def _is_readable(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
