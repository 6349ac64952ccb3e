"""Traditional characters read as simplified ones, for matching: 樓 as 楼, 號 as 号.

One character for one, by OpenCC's table t2s, so that nothing moves. What a resident wrote is never
shown in the other script by this.
"""

import re
from typing import Final

from opencc import OpenCC


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
