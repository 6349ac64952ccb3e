"""Addresses that a text names: 友谊路1518弄3号, 宝林一村12号楼, 牡丹江路与友谊路路口.

A road is told by what follows it, a house number or another road, since 路 by itself is half of
路灯 and 一路上. Where its name begins is told by what cannot be a part of one (住在, 反映, 宝山区).
House numbers may be written as they are said (`yanlu.textkit.numbers`); they are told in figures.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from yanlu.textkit.matcher import Folded
from yanlu.textkit.numbers import NUMERAL, in_figures

_HAN: Final = "\u4e00-\u9fff"
_N: Final = rf"(?:[a-z]?{NUMERAL}[a-z]?)"
# Not the fifth of a month, not a metro line.
_NO_DATE: Final = r"(?!线|上午|下午|中午|早|晚|凌晨|夜|开始|以?前|以后|之前|之后|左右|起)"
_LANE: Final = rf"{_N}弄(?:{_N}支弄)?"
_HOUSE: Final = rf"{_N}(?:号楼|#楼?|幢|栋|座|号{_NO_DATE})"
# Which building: as much of an address as whoever passes by may see on its walls.
_OUTSIDE: Final = rf"(?:(?:{_LANE}[,、 ]?)(?:{_HOUSE})?|{_HOUSE}(?:[,、 ]?{_N}(?:号楼|幢|栋|座))?)"
_INSIDE: Final = (
    rf"(?P<inside>[,、 ]?{_N}(?:单元|门洞))?"
    rf"(?P<room>[,、 -]?(?:{_N}室|[0-9]{{3,4}}(?![0-9a-z年月日])))?"
)
_GATE: Final = rf"(?:地铁站|站)?(?:{_N}号?(?:出入口|出口|进口|口|门)|[a-h][出进]?口|[东南西北]门)"

_PARTS: Final = re.compile(rf"(?P<outside>{_OUTSIDE}){_INSIDE}")
_AFTER_NAME: Final = re.compile(
    rf"(?:小区|居委会?)?[,、 ]?(?:(?P<outside>{_OUTSIDE}){_INSIDE}|(?P<gate>{_GATE}))"
)
_ROAD: Final = re.compile(rf"(?:路|街|大道)(?=[ ]?{_N}(?:弄|号|#))[ ]?")
_JUNCTION: Final = re.compile(
    rf"路(?P<between>与|和|、|近|靠近|跟|/|,)?(?P<other>(?![上下口边段旁过中面灯])[{_HAN}]{{1,5}}?(?:路|街|大道|公路))"
    r"(?P<corner>的?(?:交叉|十字|丁字)?(?:路口|口|交界|交汇))?"
)

# The longest name of a road: 一二八纪念东路.
_LONGEST_STEM: Final = 7
_STEM: Final = re.compile(rf"[{_HAN}]*\Z")
#: What ends before the name of a road begins.
_BEFORE_NAME: Final = re.compile(
    r".*(?:反映|投诉|关于|请问|位于|地址|咨询|来到|路过|经过|我家|家住|本人|靠近|附近|小区|门口|旁边|对面"
    r"|今天|昨天|早上|晚上|上午|下午|中午|夜里|凌晨|点半?|号|和|以及|希望|建议|沿着?|住|在|到|从|是|的|至|去|往|离|因|由|对|就|把|被|给|向|有|了|说|这|那|每|该"
    r"|请|与|街道|居委会?|(?<=[^环龙古]..)[区市镇县村](?=.{2}))"
)


class Address(NamedTuple):
    """An address, told without what leads to a door, and where it stands in the folded text."""

    #: 友谊路1518弄3号 without unit and room, 牡丹江路/友谊路 for a corner.
    name: str
    start: int
    end: int
    #: Whether the text goes on to a unit or a room.
    has_door: bool = False


def find_addresses(text: Folded, names: Iterable[tuple[int, int]] = ()) -> list[Address]:
    """Return the addresses in *text* from left to right, none that overlap.

    *names* are where names of estates, parks and stations stand, which a building or a gate may
    follow.
    """
    found = [*_of_roads(text), *_corners(text), *_of_names(text, names)]
    kept: list[Address] = []
    for address in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or address.start >= kept[-1].end:
            kept.append(address)
    return kept


def _of_roads(text: Folded) -> Iterator[Address]:
    for road in _ROAD.finditer(text):
        start = _start_of_name(text, road.start())
        parts = _PARTS.match(text, road.end())
        if parts and start < road.start():
            yield _address(text, start, parts, text[start : road.end()])


def _corners(text: Folded) -> Iterator[Address]:
    for found in _JUNCTION.finditer(text):
        start = _start_of_name(text, found.start())
        other = found["other"]
        # 友谊路牡丹江路 is a corner by itself; 友谊路和牡丹江路 are two roads without one.
        is_corner = found["corner"] or (not found["between"] and len(other) > 2)
        if is_corner and start < found.start() and not _BEFORE_NAME.match(other):
            yield Address(f"{text[start : found.start() + 1]}/{other}", start, found.end())


def _of_names(text: Folded, names: Iterable[tuple[int, int]]) -> Iterator[Address]:
    for start, end in names:
        if parts := _AFTER_NAME.match(text, end):
            if parts["gate"]:
                gate = text[start:end] + in_figures(text[end : parts.end()])
                yield Address(gate, start, parts.end())
            else:
                yield _address(text, start, parts, text[start:end])


def _address(text: Folded, start: int, parts: re.Match[str], before: str) -> Address:
    name = f"{before.strip()}{in_figures(parts['outside'].strip(',、 '))}"
    has_door = bool(parts["inside"] or parts["room"])
    return Address(re.sub("[,、 ]", "", name), start, parts.end(), has_door)


def _start_of_name(text: Folded, end: int) -> int:
    """Return where the name of the road begins whose ending begins at *end*."""
    stem = _STEM.search(text, max(end - _LONGEST_STEM, 0), end)
    assert stem is not None  # it may be empty
    before = _BEFORE_NAME.match(stem[0])
    return stem.start() + (before.end() if before else 0)
