"""The forms in which residents write the name of a place.

友谊路街道 is also 友谊街道 and 友谊路, 顾村镇 is 顾村; 通河三村一居委会 is 通河3村第1居委, or
通河三村 to those who do not know that it has several committees. How telling a form is, from 0 to
1, is a judgement: the whole name leaves little doubt, a bare 罗店 more, a bare 新桥 much.
"""

import re
from collections.abc import Iterator
from typing import Final

import rjieba

from yanlu.textkit.numbers import in_words

#: The name as it stands in the register, or an alias a district entered.
WHOLE: Final = 0.8
#: The name with another of the usual endings.
REWORDED: Final = 0.75
#: The name without its ending; short ones are often something else.
BARE_TOWN: Final = 0.6
BARE_LONG: Final = 0.7
BARE_SHORT: Final = 0.3
#: The estate that several committees share (大华一村 for 大华一村三居委会).
ESTATE: Final = 0.6

_TOWN: Final = re.compile(r"(?P<stem>.{2,}?)(?:街道(?:办事处)?|镇|乡)")
_DISTRICT: Final = re.compile(r"(?P<stem>.{2,}?)(?:新区|区|市|县)")
_VILLAGE: Final = re.compile(r"(?P<stem>.{2,}?)村(?:村民委员会|村?委会|村委)")
_COMMITTEE: Final = re.compile(r"(?P<stem>.{2,}?)(?:社区)?(?:居民委员会|居委会?|居民区|社区|小区)")
_NUMBERED: Final = re.compile(
    r"(?P<estate>.*[村苑城里园庭弄])第?(?P<number>[一二三四五六七八九十]+)"
)

_STREET_ENDINGS: Final = ("街道", "街道办", "街道办事处")
_TOWN_ENDINGS: Final = ("镇", "镇政府", "乡")
_COMMITTEE_ENDINGS: Final = ("居委会", "居委", "居民委员会", "居民区", "社区", "小区", "社区居委会")
_VILLAGE_ENDINGS: Final = ("村", "村委会", "村委", "村村委会", "村民委员会", "村村民委员会")

#: The dictionary's tags of people, places, organisations, other names.
_NAME_TAGS: Final = frozenset({"nr", "ns", "nt", "nz"})

_ORDINAL: Final = re.compile(r"(?<![0-9a-z.])[1-9][0-9]?(?=新?村|居|街坊|期|社区|组)")


def spell_numbers(text: str) -> str:
    """Return *text* with the numbers of estates and committees in Chinese (11村 to 十一村)."""
    return _ORDINAL.sub(lambda number: in_words(int(number[0])), text)


def forms(name: str) -> dict[str, float]:
    """Return the forms of a place's official *name*, each with how telling it is."""
    name = spell_numbers(name)
    telling: dict[str, float] = {}
    for form, strength in _forms(name):
        telling[form] = max(strength, telling.get(form, 0))
    return telling


def _forms(name: str) -> Iterator[tuple[str, float]]:
    yield name, WHOLE
    if town := _TOWN.fullmatch(name):
        yield from _town_forms(town["stem"], is_street=name.endswith(("街道", "办事处")))
    elif village := _VILLAGE.fullmatch(name):
        yield from _ended(village["stem"], _VILLAGE_ENDINGS)
        yield from _bare(village["stem"])
    elif committee := _COMMITTEE.fullmatch(name):
        yield from _committee_forms(committee["stem"])
    elif district := _DISTRICT.fullmatch(name):
        yield from _bare(district["stem"], BARE_TOWN)


def _town_forms(stem: str, *, is_street: bool) -> Iterator[tuple[str, float]]:
    yield from _ended(stem, _STREET_ENDINGS if is_street else _TOWN_ENDINGS)
    yield from _bare(stem, BARE_TOWN)
    if is_street and stem.endswith("路") and len(stem) > 2:
        yield from _ended(stem.removesuffix("路"), _STREET_ENDINGS)


def _committee_forms(stem: str) -> Iterator[tuple[str, float]]:
    yield from _ended(stem, _COMMITTEE_ENDINGS)
    numbered = _NUMBERED.fullmatch(stem)
    if not numbered:
        yield from _bare(stem)
        return
    estate, number = numbered["estate"], numbered["number"]
    yield from _ended(f"{estate}{number}", ("居", *_COMMITTEE_ENDINGS))
    yield from _ended(f"{estate}第{number}", ("居", *_COMMITTEE_ENDINGS))
    yield estate, ESTATE
    yield f"{estate}小区", ESTATE


def _ended(stem: str, endings: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    for ending in endings:
        yield stem + ending, REWORDED


def _bare(stem: str, strength: float | None = None) -> Iterator[tuple[str, float]]:
    """Yield *stem* by itself, unless that is a word of everyday speech (联合, 光明)."""
    if not _is_everyday_word(stem):
        yield stem, strength or (BARE_LONG if len(stem) > 2 else BARE_SHORT)


def _is_everyday_word(stem: str) -> bool:
    """Whether the dictionary has *stem* as one word that it does not tag as a name."""
    (_, tag), *others = rjieba.tag(stem, hmm=False)
    return not others and tag[:2] not in _NAME_TAGS
