"""Traditional and simplified characters.

For matching, traditional ones are read as simplified ones, 樓 as 楼, 號 as 号: one for one, by
OpenCC's table t2s, so that nothing moves. What Yanlu itself says is told in traditional ones by
:func:`traditional`. What a resident wrote is never shown in the other script.
"""

import re
from functools import cache
from typing import Final

from opencc import OpenCC

#: OpenCC's way from mainland characters and words to those of Taiwan, which Hong Kong reads, too.
CONVERSION: Final = "s2twp"
#: Where OpenCC takes an office's word for a programmer's, and what both places write otherwise.
REWORDED: Final = {
    "檢視": "查看",
    "型別": "類型",
    "程式碼": "代碼",
    "引數": "參數",
    "許可權": "權限",
    "個人資訊": "個人資料",
    "身份資訊": "身份資料",
    "賬號": "帳號",
    "演示": "示範",
    "退出登入": "登出",
    "反饋": "回饋",
    "瞭解": "了解",
    "臺": "台",
    "“": "「",
    "”": "」",
}


def _table() -> dict[int, str]:
    """The characters that have a simplified form; twice, since 薴 leads over 苧 to 苎."""
    letters = [chr(code) for code in range(0x3400, 0xA000)]
    convert = OpenCC("t2s").convert
    plain = convert(convert("\n".join(letters))).split("\n")
    return {
        ord(letter): simplified
        for letter, simplified in zip(letters, plain, strict=True)
        if letter != simplified
    }


_SIMPLIFIED: Final = _table()
# Most texts hold none, which is seen ten times faster than it is changed.
_TRADITIONAL: Final = re.compile(f"[{''.join(map(chr, _SIMPLIFIED))}]")


def simplify(text: str) -> str:
    """Return *text* in simplified characters, each in the place of the one it stands for."""
    return text.translate(_SIMPLIFIED) if _TRADITIONAL.search(text) else text


def traditional(text: str) -> str:
    """What Yanlu says in simplified characters, in traditional ones and their words."""
    told: str = _converter().convert(text)
    for word, better in REWORDED.items():
        told = told.replace(word, better)
    return told


@cache
def _converter() -> OpenCC:
    return OpenCC(CONVERSION)
