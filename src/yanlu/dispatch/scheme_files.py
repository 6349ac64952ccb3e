"""Category schemes in files: JSON with words and weights, or a table of names.

A table has a column a level (``level1,level2`` or 一级分类,二级分类) and a row a path through them.
Its codes are made here, two digits a level as in GB/T 39666-2020; names that are known already
keep the code that they have, so that a table may grow anywhere.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from yanlu.intake.channels.file.tables import Table, Unusable, open_table
from yanlu.kernel.errors import Invalid
from yanlu.textkit.evidence import checked_weight

#: Six levels fill a code of twelve characters.
DEEPEST, MOST_BELOW, LONGEST_NAME, LONGEST_ENGLISH = 6, 99, 60, 80
_LEVEL = re.compile(r"level[ _]?\d|[一二三四五六]级(分类|类别)?", re.IGNORECASE)

#: Code of a category by the code above it (empty: none) and its name.
Codes = Mapping[tuple[str, str], str]


def read_json(path: Path) -> list[dict[str, Any]]:
    """The schemes of a JSON file: ``{"schemes": [{"code", "name", "categories": […]}]}``.

    :raises Invalid: not JSON, or not of that shape; says which line or category.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Invalid(
            _("Line %(line)s: %(reason)s") % {"line": error.lineno, "reason": error.msg}
        ) from error
    except UnicodeDecodeError as error:
        raise Invalid(_("The file is not UTF-8.")) from error
    try:
        return [_checked_scheme(row) for row in content["schemes"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise Invalid(
            _("Not the shape of a scheme: %(reason)s is missing or misplaced.") % {"reason": error}
        ) from error


def scheme(code: str, categories: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A scheme as ``load_schemes`` takes it; *more* says what is known of it.

    :raises Invalid: the code or a name is too long, or empty.
    """
    row: dict[str, Any] = {"name": code, "name_en": "", "is_main": False} | more
    if not re.fullmatch(r"\w{1,20}", code) or not _is_named(row):
        raise Invalid(
            _("Scheme %(code)s: a code has 1 to 20 letters or digits, a name 1 to 60.")
            % {"code": code}
        )
    return row | {"code": code, "categories": categories}


def _checked_scheme(row: dict[str, Any]) -> dict[str, Any]:
    for category in row["categories"]:
        _check_category(category)
    return scheme(**row)


def _is_named(row: dict[str, Any]) -> bool:
    english = row.get("name_en", "")
    return 0 < len(row["name"]) <= LONGEST_NAME and len(english) <= LONGEST_ENGLISH


def _check_category(category: dict[str, Any]) -> None:
    code = category["code"]
    if not re.fullmatch(r"\w{1,12}", code) or not _is_named(category):
        raise Invalid(
            _("Category %(code)s: a code has 1 to 12 letters or digits, a name 1 to 60.")
            % {"code": code}
        )
    for word, weight in category.get("words", {}).items():
        try:
            checked_weight(word, weight)
        except (TypeError, ValueError) as error:
            raise Invalid(
                _("Category %(code)s: %(reason)s") % {"code": code, "reason": error}
            ) from error
        if not word.strip():
            raise Invalid(_("Category %(code)s: a word is empty.") % {"code": code})


def read_table(path: Path, known: Codes) -> list[dict[str, Any]]:
    """The categories of a table, parents before children; *known* are those that exist.

    :raises Invalid: columns that are no levels, a gap, too many or too long names; says the row.
    """
    codes = dict(known)
    categories: dict[str, dict[str, Any]] = {}
    with open_table(path) as table:
        _check_levels(table.header)
        for number, names in _paths(table):
            above = ""
            for name in names:
                code = codes.get((above, name)) or _next(codes, above, number)
                codes[above, name] = code
                categories.setdefault(code, {"code": code, "name": name, "parent": above or None})
                above = code
    if not categories:
        raise Invalid(_("There is no category in the file."))
    return list(categories.values())


def _check_levels(header: tuple[str, ...]) -> None:
    for name in header:
        if not _LEVEL.fullmatch(name.strip()):
            raise _row(
                1,
                _("“%(name)s” is no level: level1, level2 … or 一级分类, 二级分类 …")
                % {"name": name},
            )
    if len(header) > DEEPEST:
        raise _row(1, _("at most six levels"))


def _paths(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Number and names of each row, from the first level down, as deep as it goes."""
    for row in table.rows():
        if row.trouble:
            raise _row(row.number, str(row.trouble))
        names = [str(cell).strip() for cell in row.cells]
        while names and not names[-1]:
            names.pop()
        if "" in names:
            raise _row(row.number, _("level %(level)s is empty") % {"level": names.index("") + 1})
        if any(len(name) > LONGEST_NAME for name in names):
            raise _row(row.number, _("a name has at most 60 characters"))
        yield row.number, names


def _next(codes: Codes, above: str, row: int) -> str:
    """The code below *above* that follows the highest there."""
    tails = (code[len(above) :] for (parent, _name), code in codes.items() if parent == above)
    following = 1 + max((int(tail) for tail in tails if tail.isdecimal()), default=0)
    if following > MOST_BELOW:
        raise _row(row, _("more than 99 categories side by side"))
    return f"{above}{following:02}"


def _row(number: int, reason: str) -> Unusable:
    return Unusable(_("Row %(row)s: %(reason)s") % {"row": number, "reason": reason})
