"""The shapes of personal data in Chinese texts, for `yanlu.textkit.privacy`.

Every pattern is bounded, so that no text makes it slow. Where a pattern has a group "data", that is
the data and what stands before it the cue.
"""

import re
from enum import StrEnum
from typing import Final


class DataKind(StrEnum):
    """Kinds of personal data that have a shape or a cue."""

    EMAIL = "email"
    IDENTITY = "identity"  # 身份证, 护照
    WECHAT = "wechat"
    QQ = "qq"
    CARD = "card"  # 银行卡, 账号
    PHONE = "phone"
    PLATE = "plate"  # 车牌
    DOOR = "door"  # 楼栋、单元、室号
    NAME = "name"


# Between a cue and its data.
_IS: Final = r"(?:[:：是为 \u3000]|号码?){0,4}"

# Between groups of digits.
_GAP: Final = r"[ \u3000\-–—._·/]{0,2}"

_NUMERAL: Final = "0-9零〇○一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_MOBILE: Final = (
    # Anywhere, whatever stands around it; figures may be Chinese.
    rf"[1一幺壹][3-9三四五六七八九叁肆伍陆柒捌玖][{_NUMERAL}]{{9}}"
    rf"|1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|1[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}}"
    r"|1(?P<gap>[ \-.])[3-9](?:(?P=gap)[0-9]){9}"
)
_LANDLINE: Final = (
    r"(?<![0-9])[(（]?0(?:10|2[0-9]|[3-9][0-9]{2})[)）]?[ \-–—]{0,2}"
    r"[0-9]{3,4}[ \-]?[0-9]{4}(?![0-9])(?:[\-转][0-9]{1,6})?"
)
_DATE: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY: Final = (
    rf"(?<![0-9])[1-9][0-9]{{5}}{_GAP}(?:18|19|20)[0-9]{{2}}{_DATE}{_GAP}[0-9]{{3}}[0-9Xx](?![0-9])"
    rf"|(?<![0-9])[1-9][0-9]{{7}}{_DATE}[0-9]{{3}}(?![0-9])"
)
_CARD: Final = r"(?<![0-9])[3-6][0-9]{3}(?:[ \-]?[0-9]{4}){3}(?:[ \-]?[0-9]{1,3})?(?![0-9])"
_PLATE: Final = (
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Za-hj-np-z]"
    r"[·•. \-]?(?=[A-Za-z]{0,5}[0-9])[A-Za-z0-9]{4,5}[A-Za-z0-9挂学警港澳](?![A-Za-z0-9])"
)
_EMAIL: Final = r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]++@[A-Za-z0-9\-]++(?:\.[A-Za-z0-9\-]++)+"

# Doors: a building, a unit or a room, with all that belongs to it on either side.
_FIGURE: Final = r"(?:[A-Za-z]?[0-9]{1,4}[A-Za-z]?)"
_HAN_FIGURE: Final = r"(?:第?[一二三四五六七八九十百零〇]{1,5})"
# 三栋楼房 counts buildings, 三栋楼下 names one.
_NOT_COUNTED: Final = r"(?!楼[^上下道顶内前后里]|房|高层|别墅|建筑|住宅)"
_BUILDING: Final = (
    rf"(?:{_FIGURE}(?:幢|栋|号楼|#楼)|{_HAN_FIGURE}号楼"
    rf"|(?!一[幢栋]){_HAN_FIGURE}[幢栋]{_NOT_COUNTED}|一[幢栋](?=[0-9一二三四五六七八九十])"
    r"|[A-Za-z][0-9]?座)"
)
_UNIT: Final = rf"(?:(?:{_FIGURE}|{_HAN_FIGURE})(?:单元|门洞))"
_ROOM: Final = (
    rf"(?:(?:{_FIGURE}-){{0,3}}[A-Za-z]?[0-9]{{1,5}}[A-Za-z]?(?<=[0-9A-Za-z]{{2}})室"
    r"|[一二三四五六七八九零〇]{3,4}室)"
)
_FLOOR: Final = rf"(?:(?:{_FIGURE}|{_HAN_FIGURE})[楼层])"
# 3栋501, but not 3栋200户
_BARE_ROOM: Final = r"(?:[0-9]{3,4}(?![0-9A-Za-z路线元年月日户人名家台平米㎡个块斤次天多余号室]))"
_THEN: Final = r"[ \u3000\-,，、]?"
_DOOR: Final = (
    # The first look keeps a text without figures from being tried at every letter.
    r"(?=[0-9A-Za-z第一二三四五六七八九十百零〇])(?:"
    rf"(?:{_FIGURE}号{_THEN})?(?:{_FLOOR}{_THEN})?(?:{_BUILDING}|{_UNIT}|{_ROOM})"
    rf"(?:{_THEN}(?:{_BUILDING}|{_UNIT}|{_ROOM}|{_FLOOR})|[ \-]?{_BARE_ROOM})*+"
    rf"|(?<=弄){_FIGURE}号{_BARE_ROOM}"
    # 3-2-501, but not a date
    r"|(?<![0-9A-Za-z\-])[A-Za-z]?[0-9]{1,3}-[0-9]{1,2}-(?!(?:19|20)[0-9]{2})[0-9]{3,4}"
    r"(?![0-9A-Za-z\-]))"
)

_WECHAT: Final = (
    rf"(?:微信|薇信|(?<![A-Za-z])(?i:wechat|weixin|vx|wx)){_IS}"
    r"(?P<data>[A-Za-z][A-Za-z0-9_\-]{5,19}|[0-9]{5,12})"
)
_QQ: Final = rf"(?:(?<![A-Za-z])[Qq][Qq]|扣扣){_IS}(?P<data>[1-9][0-9]{{4,11}})"
_ACCOUNT: Final = (
    rf"(?:卡号|账号|帐号|账户|帐户|银行卡|存折){_IS}(?P<data>[0-9](?:[ \-]?[0-9]){{7,24}})"
)
_PAPERS: Final = (
    rf"身份证{_IS}(?P<data>[0-9]{{6,18}}[Xx]?)",
    rf"(?:护照|通行证){_IS}(?P<data>[A-Za-z]{{0,2}}[0-9]{{7,9}})",
)
_LOCAL_PHONE: Final = (
    rf"(?:电话|座机|固话|宅电|联系方式|(?i:tel|phone)){_IS}"
    r"(?P<data>[2-9][0-9]{2,3}[ \-]?[0-9]{4})(?![0-9])"
)

#: The patterns, those that must not be cut short by others first.
PATTERNS: Final = tuple(
    (kind, re.compile(pattern))
    for kind, *patterns in (
        (DataKind.EMAIL, _EMAIL),
        (DataKind.IDENTITY, _IDENTITY, *_PAPERS),
        (DataKind.WECHAT, _WECHAT),
        (DataKind.QQ, _QQ),
        (DataKind.CARD, _ACCOUNT, _CARD),
        (DataKind.PHONE, rf"(?:\+86[ \-]?)?(?:{_MOBILE})", _LANDLINE, _LOCAL_PHONE),
        (DataKind.PLATE, _PLATE),
        (DataKind.DOOR, _DOOR),
    )
    for pattern in patterns
)
