"""Whether the text around a word takes it back: 没有危险, 未发生火灾, 险情已排除.

Only plain cases close by. A question (有没有危险), a double negation (不是没有危险) and a fear
(万一着火) take nothing back: what is overlooked here costs more than what is taken for urgent.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from yanlu.textkit.matcher import Folded, Hit

#: Characters before and after a word that are looked at.
REACH: Final = 10

_BETWEEN: Final = r"(?:任何|什么|明显|太大|再次?|有|出现|发生|造成|引起|导致|人员|人|的)*\Z"
_TAKEN_BACK_BEFORE: Final = re.compile(
    r"(?:(?<![淹沉吞])没有?|(?<![得能可])不|不存在|不会|不是|不构成|未曾?|尚未|毫?无|并?非|谈不上)"
    + _BETWEEN
)
_STANDS_ALL_THE_SAME: Final = re.compile(
    r"(?:有没有?|是不是|会不会|有无|不是没有?|并非没有?|不[能会]没有?|难道没有?|难道不[是会]?|莫非)"
    + _BETWEEN
)
_TAKEN_BACK_AFTER: Final = re.compile(
    r"(?:情况|隐患|问题)?(?:已经?|均已|都已经?|业已)(?:全部|彻底|基本)?(?:排除|解除|消除|扑灭|恢复)"
)


def standing(text: Folded, hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield those of *hits*, from left to right, that nothing around them plainly takes back.

    Words that touch are taken back together (没有触电危险).
    """
    touching, end = 0, -1
    for hit in hits:
        touching, end = (touching if hit.start == end else hit.start), hit.end
        if not _is_negated(text, touching, end):
            yield hit


def _is_negated(text: Folded, start: int, end: int) -> bool:
    before = text[max(start - REACH, 0) : start]
    if _TAKEN_BACK_BEFORE.search(before) and not _STANDS_ALL_THE_SAME.search(before):
        return True
    return _TAKEN_BACK_AFTER.match(text, end, end + REACH) is not None
