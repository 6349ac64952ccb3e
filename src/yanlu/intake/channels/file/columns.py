"""Which column holds what, guessed from the header in Chinese or English."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from yanlu.intake.channels.file.tables import Unusable

#: Names of columns for each field, in lower case without blanks and underscores.
NAMES: dict[str, list[str]] = {
    field: names.split()
    for field, names in {
        "number": (
            "id no number caseid casenumber ticket 编号 序号 留言编号 工单编号 工单号 "
            "受理编号 信件编号 案件编号 原编号 流水号"
        ),
        "title": (
            "title subject headline 标题 主题 留言主题 留言标题 工单标题 诉求标题 "
            "信件标题 事项标题 建议标题"
        ),
        "text": (
            "text body content message description words 内容 正文 描述 留言详情 留言内容 "
            "诉求内容 信件内容 来信内容 工单内容 问题描述 事项描述 建议内容 详情 反映内容"
        ),
        "said_at": (
            "time date datetime saidat createdat created submittedat 时间 日期 留言时间 "
            "留言日期 来电时间 来信时间 受理时间 提交时间 登记时间 诉求时间 创建时间 "
            "反映时间"
        ),
        "kind": "kind type 类型 诉求类型 事项类型 信件类型 工单类型",
        "channel": "channel 渠道 来源渠道 受理渠道 诉求渠道",
        "place": "place placecode 地点编码 地点代码 区划代码 行政区划代码",
        "address": "address location 地址 地点 事发地址 事发地点 诉求地址 发生地址",
        "lat": "lat latitude 纬度",
        "lon": "lon lng longitude 经度",
        "name": "name contact contactname 姓名 联系人 来电人 反映人 诉求人 建议人",
        "phone": "phone mobile tel telephone 电话 手机 手机号 联系电话 来电号码",
        "home_address": "homeaddress contactaddress 联系地址 家庭住址 住址",
        "is_anonymous": "anonymous isanonymous 匿名 是否匿名",
        "is_confidential": "confidential isconfidential 保密 是否保密 要求保密",
        "may_publish": "maypublish 同意公开",
    }.items()
}
FIELDS = tuple(NAMES)

Columns = dict[str, int]


def read_header(header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """Field → place of its column. Of several columns that fit a field, the first one counts.

    :param chosen: column's name → field, as the operator says; an empty field leaves it out.
    :raises Unusable: no column for the words, or a chosen one that is not there.
    """
    _check_chosen(header, chosen)
    columns: Columns = {field: list(header).index(name) for name, field in chosen.items() if field}
    for place, name in enumerate(header):
        field = "" if name in chosen else guess(name)
        if field:
            columns.setdefault(field, place)
    if "text" not in columns and "title" not in columns:
        raise Unusable(
            _("No column holds the words. Say which one: --map COLUMN=text. Columns: %(names)s")
            % {"names": _shown(header)},
            "file",
        )
    return columns


def guess(name: str) -> str:
    """The field that a column of this name holds; empty if none."""
    plain = name.lower().replace(" ", "").replace("_", "").replace("　", "")
    return next((field for field, names in NAMES.items() if plain in names), "")


def _check_chosen(header: Sequence[str], chosen: Mapping[str, str]) -> None:
    for name, field in chosen.items():
        if name not in header:
            raise Unusable(
                _("There is no column %(name)s. Columns: %(names)s")
                % {"name": name, "names": _shown(header)},
                "map",
            )
        if field and field not in NAMES:
            raise Unusable(
                _("There is no field %(field)s. Fields: %(fields)s")
                % {"field": field, "fields": ", ".join(FIELDS)},
                "map",
            )


def _shown(header: Sequence[str]) -> str:
    """Names that an operator may read; a file that is no table may hold anything."""
    names = ["".join(c if c.isprintable() else "�" for c in name[:30]) for name in header[:30]]
    return ", ".join(names)
