"""What of a message is compared to find topics: its words, and those among them that name a place.

Words come from the dictionary (`yanlu.textkit.segment`), Latin ones as they stand. A name that the
dictionary does not know falls into single characters there (丽发新城 into 丽, 发, 新城); each is
joined to the piece after it (丽发, 发新城), so that unknown names tell texts apart like known ones.

Where a message is about is told by its own place, and by what its title, or else its beginning,
says before the word for a kind of place: 魅力之城小区, 黄兴路, masked A3区. Nobody has to know
where such a name begins: a few words before are taken, and those that are usual elsewhere weigh
little.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Final, NamedTuple

import rjieba

from yanlu.textkit.matcher import Folded, fold
from yanlu.textkit.segment import STOP_WORDS

#: Letters of a text that are looked at: what a matter is has been said by then.
LOOKED_AT: Final = 300
#: Letters in which a text without a title says where, and words before a kind of place.
BEGINNING: Final = 80
NAME_WORDS: Final = 3
#: How often a word of the title counts.
TITLE: Final = 2
#: Letters from which a word or number is none that two people would write.
TOO_LONG: Final = 24

#: The last character of what names a place.
_KINDS: Final = frozenset("区县市镇乡村组路街巷弄桥苑府园城湾庭邸墅厦院校河湖山")
_LONG_KINDS: Final = ("大道", "街道", "公寓", "广场", "小学", "中学", "大学", "酒店", "地铁站")
#: What any letter to an office may say: no topic, and no name of a place. The stream teaches the
#: rest, but a young one has not seen enough to know these.
_USUAL_WORDS: Final = """
投诉 举报 反映 咨询 请问 请求 建议 希望 关于 强烈 再次 附近 旁边 门口 小区 社区 政府 居民 业主
怎么 怎样 如何 什么 为何 为什么 哪里 多少 可以 不能 没有 已经 一直 现在 目前 今天 这个 那个
我们 他们 你们 自己 大家 问题 情况 事情 解决 处理 答复 回复 有关 相关 部门 领导 尊敬 您好 你好
谢谢 感谢 因为 所以 但是 而且 如果 就是 还是 以及 时候 时间 之后 以后 之前 非常 严重 多次 至今
"""
_USUAL: Final = frozenset(_USUAL_WORDS.split())


class Message(NamedTuple):
    """One word spoken.

    :param place: a name, or nothing where none is known but what the text says.
    :param at: when, None for now.
    :param source: whoever sent it, as any token; "" where that is not known.
    :param key: by which whoever keeps the message finds it again.
    """

    text: str
    title: str = ""
    place: str = ""
    at: datetime | None = None
    source: str = ""
    key: str = ""


class Said(NamedTuple):
    """What is compared of a message.

    :param words: each word with how often it is said.
    :param places: those words that name where.
    :param print_: a number (64 bits) that texts of the same letters share.
    """

    words: dict[str, int]
    places: list[str]
    print_: int


def read(message: Message) -> Said:
    """Return what is compared of *message*; it looks at no other, so processes can share the work.

    The same text at another place is another text.
    """
    title, place = fold(message.title), fold(message.place)
    text = Folded(fold(message.text)[:LOOKED_AT])
    words: dict[str, int] = {}
    for word in _words(_cut(title)):
        words[word] = words.get(word, 0) + TITLE
    for word in _words(_cut(text)):
        words[word] = words.get(word, 0) + 1
    places = _place_words(title or text[:BEGINNING])
    places = list(dict.fromkeys([*_words(_cut(place)), *places]))
    for word in places:
        words.setdefault(word, 1)
    return Said(words, places, _print(title, text, place))


def _cut(text: str) -> list[str]:
    return rjieba.cut(text, hmm=False)


def _words(pieces: Sequence[str]) -> list[str]:
    """The words worth comparing, single characters joined to what follows."""
    found = []
    before = ""
    for piece in pieces:
        if len(piece) == 1:
            if piece in STOP_WORDS or piece.isascii() or not piece.isalnum():
                before = ""
                continue
            if before:
                found.append(before + piece)
            before = "" if piece in _KINDS else piece  # 区 ends a name, and begins none
        elif piece in _USUAL:
            before = ""
        elif piece[0].isalnum() and len(piece) < TOO_LONG:
            if before and not piece.isascii():
                found.append(before + piece)
            before = ""
            found.append(piece)
        else:
            before = ""
    return found


def _place_words(text: str) -> list[str]:
    """The words of what ends as places do, as far back as no mark or stop word stands before."""
    found: list[str] = []
    pieces = _cut(text)
    for at, piece in enumerate(pieces):
        if piece[-1] in _KINDS or piece.endswith(_LONG_KINDS):
            start = at
            while start > max(at - NAME_WORDS, 0) and _is_of_name(pieces[start - 1]):
                start -= 1
            found += _words(pieces[start : at + 1])
    return found


def _is_of_name(piece: str) -> bool:
    """Whether a name goes on to the left: not past a mark, a stop word, or where another ends."""
    if len(piece) == 1:
        return piece == "之" or not (piece in STOP_WORDS or piece in "市区县" or piece.isascii())
    return piece[0].isalnum()


def _print(*texts: Folded) -> int:
    letters = "\n".join("".join(filter(str.isalnum, text)) for text in texts)
    return int.from_bytes(blake2b(letters.encode(), digest_size=8).digest(), "big", signed=True)
