"""Whether a text holds several matters: 一是路灯不亮，二是停车难; 另外，楼道里还堆着纸箱.

A text is cut where its writer counts or turns to something else. Whether the parts are different
matters is for whoever knows the categories to say: most lists give the reasons of one matter.
"""

import re
from typing import Final

from yanlu.textkit.matcher import Folded

#: Letters below which a part says no matter of its own.
FEWEST: Final = 6

_NUMBERS: Final = "一二三四五六七八九"
_STYLES: Final = (
    r"(?:\({n}\)|{n}[、.)](?![0-9]))",
    r"(?:\({c}\)|{c}、)",
    r"(?:第{c}(?:件事?|个问题|点)?[,、:]|其{c}[,、:]?|{c}(?:是|来)[,、:]?)",
)
_TURNS: Final = (
    r"(?:另外|此外|还有(?:一件事|一个问题|就是)?|顺便(?:说一下|反映)?|再(?:一个|反映)|同时,)[,:]?"
)
_ENDS: Final = r"[\n。!?;,:]"


def _marks(style: str) -> list[re.Pattern[str]]:
    """How the first, the second … part begins in this style."""
    return [
        re.compile(
            rf"(?:^|(?<={_ENDS}))\s*" + style.replace("{n}", str(number)).replace("{c}", numeral)
        )
        for number, numeral in enumerate(_NUMBERS, 1)
    ]


_COUNTS: Final = [_marks(style) for style in _STYLES]
_TURN: Final = re.compile(rf"(?:^|(?<={_ENDS}))\s*{_TURNS}")
# Most texts count and turn nowhere, which is seen in a fifth of the time of looking for each mark.
_MARKED: Final = re.compile(
    rf"{_ENDS}\s*(?:{'|'.join(_STYLES)}|{_TURNS})".replace("{n}", "1").replace("{c}", "一")
)


def parts(text: Folded) -> list[Folded]:
    """Return the parts of *text* if its writer counts them or turns to another, else none."""
    if not _MARKED.search(f"\n{text}"):
        return []
    cuts = max((_counted(text, marks) for marks in _COUNTS), key=len)
    cuts = cuts if len(cuts) > 1 else [0, *(turn.start() for turn in _TURN.finditer(text))]
    ends = [*cuts[1:], len(text)]
    found = [text[start:end] for start, end in zip(cuts, ends, strict=True)]
    kept = [Folded(part) for part in found if sum(map(str.isalnum, part)) >= FEWEST]
    return kept if len(kept) > 1 else []


def _counted(text: str, marks: list[re.Pattern[str]]) -> list[int]:
    """Where the first, the second … begin, as far as they are counted in order."""
    places: list[int] = []
    end = 0
    for mark in marks:
        found = mark.search(text, end)
        if found is None:
            break
        places.append(found.start())
        end = found.end()
    return places
