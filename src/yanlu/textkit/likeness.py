"""How alike two texts are in what they say, from 0 to 1, without labels.

Nothing is fitted; how the few numbers below were picked stands in docs/adr/0012-similar-matters.md.
How much a character or word tells is learnt from usage: what stands in few
texts tells much, as the logarithm of how rare it is (inverse document frequency). Three questions
make the score of two texts:

*agreement*  How much of what both say do they share? Twice the weight shared by the weight of
    both (Dice), for characters and for words, in equal parts: characters forgive another word
    for the same thing (纠正, 矫正), words do not fall for the same characters in another order.
*evidence*   How much is that in all? Two texts of which both say 谢谢 share everything and prove
    nothing. Each further weight shared leaves half of the rest in doubt, by `HALF_PROVED`.
*oddity*     What is the most telling thing that only one says, and does only one of them deny? One
    word (怎么样 or 怎么用, 男生 or 女生) turns a short question into another, so this takes away by
    as much as is still in doubt; in a long letter one word more or less means little.

The same text in another spelling scores 1. Words for the same thing, with which residents ask and
complain, count as one (`SAME`).
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import rjieba

from yanlu.textkit.matcher import fold

#: Weight that two texts must share for the evidence to be half: about ten characters of middling
#: rarity, as long as the shortest sentence that makes a matter plain.
HALF_PROVED: Final = 5.5
#: What the oddest word and a denial on one side only take away at most.
ODD: Final = 0.8
DENIED: Final = 0.3
#: The most telling common words, enough to say why two texts were held to be alike.
MOST_COMMON: Final = 6

#: Different words for the same thing, one group a line, the first stands for all.
SAME: Final = """
怎么 怎样 如何 怎么样 咋 咋样 怎么办 咋办 怎么才能 怎样才能 如何才能
什么 啥 何 哪些 有哪些 哪个 哪种 哪
为什么 为何 为啥 怎么回事 怎么会
哪里 哪儿 何处 在哪 在哪里 什么地方
谁 哪位 什么人 何人
多少 几
什么时候 何时 几时
多久 多长时间
吗 么 嘛 是不是 是否 有没有 能不能 可不可以 会不会
可以 能 能够 可
没有 没 无
不能 不可以 无法 没法
想 想要 要
知道 了解 晓得
电话 号码 电话号码
多少钱 价格 价钱 费用
地址 位置 地方
意思 含义
英语 英文
父亲 爸爸 爸
母亲 妈妈 妈
丈夫 老公
妻子 老婆
孩子 小孩 宝宝 儿童 少儿 小孩子
手机 移动电话
电脑 计算机
网站 网址
图片 照片
去掉 去除 消除 祛除 除去
办理 办
治疗 治 医治
修 维修 修理 修复
坏 损坏 破损 故障
噪音 噪声
漏水 渗水
公交 公交车 公共汽车
车位 停车位
小区 社区
最好 比较好
快 快速 迅速
查 查询 查看 查找
买 购买
做 制作 弄
用 使用
"""
_ONE_FOR_ALL: Final = {
    word: group[0] for group in map(str.split, SAME.strip().splitlines()) for word in group
}
_DENYING: Final = frozenset("不没无未")

#: How much a character or a word tells, as a share of what the rarest one tells: above 0, up to 1.
Weigh = Callable[[str], float]


@dataclass(frozen=True)
class Portrait:
    """What is compared of a text: its words, its characters, both with their numbers."""

    folded: str
    words: Counter[str]
    characters: Counter[str]

    @property
    def denies(self) -> bool:
        """Whether anything is denied."""
        return not _DENYING.isdisjoint(self.characters)


@dataclass(frozen=True)
class Likeness:
    """How alike two texts are, and the most telling words that both hold."""

    score: float
    common: tuple[str, ...]


def portray(text: str) -> Portrait:
    """Return what is compared of *text*; portraits can be kept and compared with many others."""
    folded = "".join(filter(str.isalnum, fold(text)))
    words = [_ONE_FOR_ALL.get(word, word) for word in rjieba.cut(folded, hmm=False)]
    return Portrait(folded, Counter(words), Counter("".join(words)))


def compare(one: Portrait, other: Portrait, weigh: Weigh) -> Likeness:
    """Return how alike two portrays are; symmetric, 1 for the same text and for that alone.

    Texts without any letter or digit are like none but themselves.
    """
    shared = _shared(one.words, other.words)
    score = 1.0 if one.folded == other.folded else _score(one, other, shared, weigh)
    return Likeness(score, _most_telling(shared, weigh))


def cover(typed: Portrait, said: Portrait, weigh: Weigh) -> Likeness:
    """Return how much of what was *typed* so far has been *said*, however much else was said.

    For a sentence beside a letter, which `compare` would find unlike: by words alone, since a
    letter holds most of the common characters.
    """
    shared = _shared(typed.words, said.words)
    whole, common = _weight(typed.words, weigh), _weight(shared, weigh)
    score = common / whole * common / (common + HALF_PROVED / 2) if whole else 0.0
    return Likeness(score, _most_telling(shared, weigh))


def usage(portraits: Iterable[Portrait]) -> Weigh:
    """Return how much characters and words tell, by how many of *portraits* hold them."""
    holding: Counter[str] = Counter()
    number = 0
    for portrait in portraits:
        holding.update(portrait.words.keys() | portrait.characters.keys())
        number += 1

    @cache
    def weigh(token: str) -> float:
        return rarity(holding[token], number)

    return weigh


def rarity(holding: float, number: float) -> float:
    """Return what a token tells that *holding* of *number* texts hold, by what a new one would."""
    return (1 + math.log((number + 1) / (holding + 1))) / (1 + math.log(number + 1))


def _score(one: Portrait, other: Portrait, shared: Counter[str], weigh: Weigh) -> float:
    characters = _shared(one.characters, other.characters)
    common = _weight(characters, weigh)
    agreement = (
        _dice(common, one.characters, other.characters, weigh)
        + _dice(_weight(shared, weigh), one.words, other.words, weigh)
    ) / 2
    evidence = common / (common + HALF_PROVED)
    oddity = ODD * _oddest(one, other, weigh) + DENIED * (one.denies != other.denies)
    return agreement * evidence * max(0.0, 1 - (1 - evidence) * oddity)


def _shared(one: Counter[str], other: Counter[str]) -> Counter[str]:
    """What both hold, each as often as both do."""
    if len(other) < len(one):
        one, other = other, one
    return Counter({token: min(n, other[token]) for token, n in one.items() if token in other})


def _weight(tokens: Counter[str], weigh: Weigh) -> float:
    return math.fsum(weigh(token) * number for token, number in tokens.items())


def _dice(common: float, one: Counter[str], other: Counter[str], weigh: Weigh) -> float:
    whole = _weight(one, weigh) + _weight(other, weigh)
    return min(1.0, 2 * common / whole) if whole else 0.0


def _oddest(one: Portrait, other: Portrait, weigh: Weigh) -> float:
    """The weight of the rarest character that one holds oftener than the other."""
    odd = map(weigh, (one.characters - other.characters) | (other.characters - one.characters))
    return max(odd, default=0.0)


def _most_telling(shared: Counter[str], weigh: Weigh) -> tuple[str, ...]:
    words = sorted((w for w in shared if len(w) > 1), key=lambda word: (-weigh(word), word))
    return tuple(words[:MOST_COMMON])
