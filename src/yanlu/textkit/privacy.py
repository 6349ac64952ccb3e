"""Masking of personal data in what residents wrote, before others than the unit in charge read it.

The rules lean towards masking: a number taken away for nothing costs a question, one left in place
may cost a whistle-blower. They know shapes and cue words, not people; a name that nothing
introduces stays. Public numbers (12345, 110, 400 lines) stay.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple

from yanlu.textkit.normalise import INVISIBLE
from yanlu.textkit.person_names import find_names
from yanlu.textkit.personal_data import PATTERNS, DataKind

#: What stands in the place of each kind of data.
MASKS: Final = {
    DataKind.EMAIL: "〔邮箱〕",
    DataKind.IDENTITY: "〔证件号〕",
    DataKind.WECHAT: "〔微信号〕",
    DataKind.QQ: "〔QQ号〕",
    DataKind.CARD: "〔卡号〕",
    DataKind.PHONE: "〔电话〕",
    DataKind.PLATE: "〔车牌〕",
    DataKind.DOOR: "〔门牌〕",
    DataKind.NAME: "〔姓名〕",
}

# A character that no text holds once invisible ones are dropped, and that no pattern lets pass.
_BARRIER: Final = "\uffff"
_MASK: Final = re.compile("|".join(map(re.escape, MASKS.values())))

# What an ordinary Chinese text does not hold; a text without it is its own shadow.
_UNUSUAL: Final = re.compile("[^\n -~\u3001-\u303f\u4e00-\u9fff·–—‘’“”…！（），：；？]")


class Span(NamedTuple):
    """Where personal data stood in the original text: ``text[start:end]``."""

    kind: DataKind
    start: int
    end: int


class Masked(NamedTuple):
    """A text with its personal data masked, and what was masked, from left to right."""

    text: str
    spans: tuple[Span, ...]


class _Shadow:
    """A text as the patterns see it: plain letters, nothing invisible, masks as barriers.

    `places` tells for each character of `text` the character of the original it comes from.
    """

    def __init__(self, original: str) -> None:
        text = _MASK.sub(lambda mask: _BARRIER * len(mask[0]), original)
        self.text = text
        self.places: range | list[int] = range(len(text))
        if _UNUSUAL.search(text):
            self._spell_plainly(original)

    def _spell_plainly(self, original: str) -> None:
        plain = [
            (letter, place)
            for place, (character, was) in enumerate(zip(self.text, original, strict=True))
            if not INVISIBLE.match(was)
            for letter in unicodedata.normalize("NFKC", character)
        ]
        self.text = "".join(letter for letter, _ in plain)
        self.places = [place for _, place in plain]

    def hide(self, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Put barriers where personal data was found; return where in the original that is.

        Of pieces that overlap the first is taken, and pieces are widened to whole characters of
        the original.
        """
        places: list[tuple[int, int]] = []
        pieces: list[str] = []
        end = 0
        for start, stop in sorted(found):
            if start >= end:
                wide_start, wide_stop = self._whole(start, stop)
                pieces += self.text[end:wide_start], _BARRIER * (wide_stop - wide_start)
                places.append((self.places[wide_start], self.places[wide_stop - 1] + 1))
                end = wide_stop
        self.text = "".join([*pieces, self.text[end:]])
        return places

    def _whole(self, start: int, end: int) -> tuple[int, int]:
        while start and self.places[start - 1] == self.places[start]:
            start -= 1
        while end < len(self.text) and self.places[end] == self.places[end - 1]:
            end += 1
        return start, end


def mask(text: str) -> Masked:
    """Return *text* with personal data masked. Takes any string; a masked text stays as it is."""
    shadow = _Shadow(text)
    spans: list[Span] = []
    # What is hidden may bare what stood beside it, as a card number that ran into a phone number.
    while found := _hide_all(shadow):
        spans += found
    spans.sort(key=lambda span: span.start)
    return Masked(_render(text, spans), tuple(spans))


def _hide_all(shadow: _Shadow) -> list[Span]:
    """Hide personal data in the shadow, kind by kind; return where it was in the original."""
    spans: list[Span] = []
    for kind, pattern in PATTERNS:
        group = "data" if "data" in pattern.groupindex else 0
        found = [match.span(group) for match in pattern.finditer(shadow.text)]
        spans += (Span(kind, *place) for place in shadow.hide(found))
    names = shadow.hide(find_names(shadow.text))
    return spans + [Span(DataKind.NAME, *place) for place in names]


def _render(text: str, spans: list[Span]) -> str:
    pieces: list[str] = []
    end = 0
    for span in spans:
        pieces += text[end : span.start], MASKS[span.kind]
        end = span.end
    return "".join([*pieces, text[end:]])
