"""Numbers that residents write in figures or as they are said: 3, 三; 105, 一百零五, 一〇五; 2, 两.

Figures and Chinese numerals meet only where a number names a part of an address or a place, right
before one of `UNITS`. Everywhere else they stay apart, since 三轮车 and 万一 hold numerals, too.
"""

import re
from typing import Final

#: Parts of addresses and of places' names that a number stands before.
UNITS: Final = "弄|支弄|号|楼|栋|幢|座|室|单元|层|组|期|新?村|居|街坊|路|线|社区|队"
#: A number in figures or in Chinese, as `value` reads it.
NUMERAL: Final = r"(?:[0-9]{1,5}|[零〇○一二两三四五六七八九十廿百千]{1,8})"

_DIGITS: Final = "零一二三四五六七八九"
_VALUES: Final = {digit: n for n, digit in enumerate(_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_PLACES: Final = re.compile(
    "(?:([一二两三四五六七八九])千)?[零〇]?(?:([一二两三四五六七八九])百)?[零〇]?"
    "(?:([一二三四五六七八九]?)十)?[零〇]?([一二两三四五六七八九])?"
)
_BEFORE_UNIT: Final = re.compile(rf"(?<![0-9a-z.]){NUMERAL}(?={UNITS})")
#: Numbers above are not said in words; no house bears one.
LARGEST: Final = 9999


def value(numeral: str) -> int | None:
    """Return the number that *numeral* names, None for what is no number (十百, 零).

    Read are figures (105), places named (一百零五; 二百五 is 250) and digits in a row (一〇五).
    """
    if numeral.isdecimal():
        return int(numeral) or None
    numeral = numeral.replace("廿", "二十")
    if all(digit in _VALUES for digit in numeral):
        return int("".join(str(_VALUES[digit]) for digit in numeral)) or None
    return _of_places(numeral)


def in_figures(text: str) -> str:
    """Return *text* with its numbers before `UNITS` in figures: 一百零五弄三号 is 105弄3号."""
    return _BEFORE_UNIT.sub(_figures, text)


def in_words(number: int) -> str:
    """Return 1 to `LARGEST` as it is said: 12 is 十二, 105 一百零五, 1010 一千零一十."""
    if not 0 < number <= LARGEST:
        raise ValueError(f"{number} is not said in words here")
    words = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, place)
        if digit:
            words += _DIGITS[digit] + name
        elif words and number and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if words.startswith("一十") else words


def _figures(numeral: re.Match[str]) -> str:
    number = value(numeral[0])
    return numeral[0] if number is None else str(number)


def _of_places(numeral: str) -> int | None:
    found = _PLACES.fullmatch(numeral)
    if not found:
        return None
    thousands, hundreds, tens, ones = (_VALUES.get(digit or "", 0) for digit in found.groups())
    if found[3] == "":
        tens = 1
    if ones and (last := numeral[-2:-1]) in ("百", "千"):  # 二百五
        ones *= 10 if last == "百" else 100
    return (1000 * thousands + 100 * hundreds + 10 * tens + ones) or None
