"""Names of people where a text introduces them: 我叫…, 我是业主…, 本人…, 联系人：….

A name is a surname of the usual ones with one or two characters after it, or syllables joined by a
dot (买买提·艾力). After a label with a colon anything short in Han characters counts; elsewhere the
name must end where a name can end, and must not be a word of everyday speech, since 我是顾客, 我是
江苏人 and 本人于昨日 begin with surnames, too.
"""

import re
from collections.abc import Iterator
from typing import Final

import rjieba

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"

_COMPOUND_SURNAMES: Final = (
    "欧阳|司马|上官|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|司空|西门|南宫|端木|呼延|长孙|宇文|申屠|"
    "太史|澹台|濮阳|淳于|钟离|轩辕|闻人|公冶|宗政|拓跋|独孤"
)
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏"
    "魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚"
    "邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘"
    "祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁蒲房滕屈饶解"
    "牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞"
    "姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚"
    "鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相"
)
#: Surnames that are as well the word that stands most often after 本人.
_PREPOSITIONS: Final = "于向应曾从时常都连因和"

_NAME: Final = re.compile(
    rf"(?P<dotted>[{_HAN}]{{1,6}}(?:[·•][{_HAN}]{{1,8}})+)"
    rf"|(?P<surname>{_COMPOUND_SURNAMES}|[{_SURNAMES}])(?P<given>[{_HAN}]{{1,2}})"
)
#: What may stand right after a name.
_END: Final = re.compile(
    rf"[^{_HAN}]|\Z|[是系住家在来自男女的现今因与和想要向从已曾原我目每有买对就也于反投举建咨求"
    rf"代电联手身地户您你先师阿同老及等为申请]"
)
_LABELLED: Final = re.compile(rf"[{_HAN}]{{2,4}}(?![{_HAN}])")

_ROLE: Final = "业主|居民|村民|住户|租户|租客|户主|家长|市民|老人|党员|志愿者|楼组长|代表|商户|职工"
_LABEL: Final = (
    "姓名|联系人|投诉人|反映人|举报人|来信人|来访人|求助人|建议人|申请人|当事人|户主|业主"
)
_LABEL_WITH_COLON: Final = re.compile(rf"(?:{_LABEL})(?:姓名)?[ \u3000]?[:：][ \u3000]?")
_SPOKEN: Final = (
    re.compile(rf"我(?:的?名字|名)?叫做?|本人(?:名?叫|姓名)|(?:{_LABEL})[是为 \u3000]"),
    # 我是宝钢一村三号楼的业主王建国; what is hidden in between counts as one character
    re.compile(rf"(?:我是|本人)(?:[^，。,.;；！!？?\n\uffff]|\uffff++){{0,20}}?(?:{_ROLE})(?!们)"),
    re.compile(r"我是|本人[是系]?"),
)

# The dictionary's parts of speech (jieba): of a word that is no name although it begins with a
# surname, such as nouns, places and times; and of one that does not even follow a surname.
_NO_NAME: Final = frozenset({"n", "ns", "nt", "t", "m", "r", "d", "c", "p", "l", "i", "s", "f"})
# Words that the dictionary takes for names.
_NO_NAME_ALL_THE_SAME: Final = frozenset({"顾客", "谢谢", "申请", "高中生", "白领"})
_NO_GIVEN_NAME: Final = frozenset({"t", "m", "r", "d", "c", "p", "f"})


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand that *text* introduces; some may be found twice."""
    for cue in _LABEL_WITH_COLON.finditer(text):
        if name := _labelled_name(text, cue.end()) or _spoken_name(text, cue.end()):
            yield name
    for pattern in _SPOKEN:
        for cue in pattern.finditer(text):
            if name := _spoken_name(text, cue.end(), after_self=cue[0] == "本人"):
                yield name


def _labelled_name(text: str, start: int) -> tuple[int, int] | None:
    """Return the whole entry that begins at *start*, None where it is long or a mere noun."""
    entry = _LABELLED.match(text, start)
    if entry and (_NAME.fullmatch(entry[0]) or not _is_everyday_speech(entry[0])):
        return entry.span()
    return None


def _spoken_name(text: str, start: int, *, after_self: bool = False) -> tuple[int, int] | None:
    """Return the name that begins at *start* of running text, None where none does."""
    name = _NAME.match(text, start)
    if name is None or (after_self and text[start] in _PREPOSITIONS):
        return None
    if name["dotted"]:
        return name.span()
    is_plain = len(name["surname"]) > 1
    for end in range(name.end(), name.end("surname"), -1):
        if _END.match(text, end) and (is_plain or not _is_everyday_speech(text[start:end])):
            return start, end
    return None


def _is_everyday_speech(words: str) -> bool:
    """Whether the dictionary knows *words*, or their beginning or end, as something else."""
    if words.endswith("人"):  # 江苏人, 本地人
        return True
    (word, tag), *others = rjieba.tag(words, hmm=False)
    return (len(word) > 1 and (tag in _NO_NAME or word in _NO_NAME_ALL_THE_SAME)) or any(
        len(other) > 1 and other_tag in _NO_GIVEN_NAME for other, other_tag in others
    )
