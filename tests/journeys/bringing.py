"""Running the import as an operator does."""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import CommandError, call_command
from django.utils import translation

from yanlu.intake.models import Submission
from yanlu.kernel import clock

LAMP = "友谊路三十五弄门口的路灯坏了三天，晚上看不清路。"
NOISE = "工地夜里十一点还在打桩，老人睡不着。"
HEADER = "编号,标题,留言时间,留言详情\n"
TWO = f"{HEADER}A1,路灯,2020/1/8 13:54:22,{LAMP}\nA2,噪声,2019-02-28 11:25:05,{NOISE}\n"


@dataclass
class Outcome:
    """How the command left, and what it said."""

    code: int
    out: str
    err: str


def bring(path: Path, *options: str) -> Outcome:
    """Run the import as an English-speaking operator does."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        with translation.override("en"):
            call_command("import_submissions", str(path), *options, stdout=out, stderr=err)
    except SystemExit as left:
        code = int(left.code or 0)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return Outcome(code, out.getvalue(), err.getvalue())


def naive(*parts: int) -> datetime:
    """A moment without a zone, as spreadsheets hold it."""
    return datetime(*parts, tzinfo=clock.ZONE).replace(tzinfo=None)


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def texts() -> list[str]:
    return list(Submission.objects.order_by("pk").values_list("text", flat=True))
