"""Files that 老沈 was sent and that are no tables, or traps; and reading, as properties."""

import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from tests.journeys.bringing import LAMP, NOISE, TWO, bring, naive, texts
from yanlu.intake.channels.file.columns import guess
from yanlu.intake.channels.file.moments import EXCEL_EPOCH, read_moment
from yanlu.intake.channels.file.tables import Unusable, open_table
from yanlu.intake.models import Submission
from yanlu.kernel import clock

# --- files that are no tables, or traps


def zip_bomb() -> bytes:
    """A workbook whose table of texts unpacks to 300 MB."""
    out = io.BytesIO()
    Workbook().save(out)
    with (
        zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(300):
            part.write(b" " * 2**20)
    return out.getvalue()


HOSTILE = {
    "empty": b"",
    "blank lines": b"\n\n\n",
    "noise": bytes(range(128, 256)) * 50,
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "UTF-16": TWO.encode("utf-16"),
    "cut gzip": gzip.compress(TWO.encode() * 999)[:-40],
    "gzip that is none": b"\x1f\x8b" + b"nonsense" * 9,
    "archive in archive": gzip.compress(gzip.compress(TWO.encode())),
    "gzip bomb": gzip.compress(b"a," * (60 * 2**20)),
    "zip that is no workbook": b"PK\x03\x04" + bytes(40),
    "zip bomb": zip_bomb(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_table_is_turned_away_in_one_line(tmp_path, kind):
    (tmp_path / "letters.csv").write_bytes(HOSTILE[kind])

    outcome = bring(tmp_path / "letters.csv")

    assert outcome.code == 2
    assert outcome.err.strip()
    assert "Traceback" not in outcome.err
    assert not Submission.objects.filter(text__contains="a,a").exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there(tmp_path):
    assert bring(tmp_path / "nowhere.csv").code == 2


def workbook_with_sheet(sheet: str) -> bytes:
    out, plain = io.BytesIO(), io.BytesIO()
    Workbook().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, sheet if is_sheet else old.read(name))
    return out.getvalue()


NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "哈" * 10}">' for i in range(12))
EVIL_SHEETS = {
    "a row far away": f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="99999999999">'
    '<c t="str"><v>内容</v></c></row></sheetData></worksheet>',
    "a billion laughs": f"<!DOCTYPE worksheet [{LAUGHS}]>"
    f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1"><c t="str"><v>&l11;</v></c></row>'
    "</sheetData></worksheet>",
    "cut off": f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1">',
    "a text that is not there": f'<worksheet xmlns="{NAMESPACE}"><sheetData><row r="1">'
    '<c t="s"><v>77</v></c></row></sheetData></worksheet>',
}


@pytest.mark.parametrize("kind", EVIL_SHEETS)
def test_an_evil_sheet_is_turned_away(tmp_path, kind):
    (tmp_path / "board.xlsx").write_bytes(workbook_with_sheet(EVIL_SHEETS[kind]))

    with pytest.raises(Unusable), open_table(tmp_path / "board.xlsx") as table:
        list(table.rows())


@pytest.mark.django_db
def test_the_name_of_a_file_says_nothing_about_it(tmp_path):
    book = Workbook()
    book.active.append(["内容"])
    book.active.append([LAMP])
    book.save(tmp_path / "really.csv")
    packed = tmp_path / "letters.xlsx"
    packed.write_bytes(gzip.compress(f"内容\n{NOISE}\n".encode("gb18030")))

    assert bring(tmp_path / "really.csv").code == 0
    assert bring(packed).code == 0
    assert texts() == [LAMP, NOISE]


# --- reading, as properties

#: After the last summer time in China (1991).
MOMENTS = st.datetimes(
    min_value=naive(1992, 1, 1), max_value=naive(2026, 1, 1), timezones=st.none()
).map(lambda moment: moment.replace(microsecond=0, fold=0))
WAYS = (
    "{0:%Y-%m-%d %H:%M:%S}",
    "{0.year}/{0.month}/{0.day} {0.hour}:{0.minute}:{0.second}",
    "{0.year}年{0.month}月{0.day}日 {0.hour}时{0.minute}分{0.second}秒",
    "{0:%Y.%m.%d %H:%M:%S}",
    "{0:%Y-%m-%dT%H:%M:%S}+08:00",
)


@settings(deadline=None)
@given(moment=MOMENTS, way=st.sampled_from(WAYS))
def test_a_moment_is_read_back_however_it_is_written(moment, way):
    assert read_moment(way.format(moment)) == moment.replace(tzinfo=clock.ZONE)


@settings(deadline=None)
@given(moment=MOMENTS)
def test_a_moment_is_read_back_from_a_count_of_days(moment):
    days = (moment - EXCEL_EPOCH).total_seconds() / 86_400
    assert read_moment(f"{days:.8f}") == moment.replace(tzinfo=clock.ZONE)


@settings(deadline=None)
@given(text=st.text(max_size=30))
def test_whatever_stands_there_is_a_past_moment_or_refused(text):
    try:
        moment = read_moment(text)
    except (ValueError, OverflowError):
        return
    assert moment.tzinfo is not None
    assert moment.year >= 1900


@settings(deadline=None)
@given(content=st.binary(max_size=400))
def test_no_file_at_all_brings_the_reader_down(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    try:
        with open_table(path) as table:
            numbers = [row.number for row in table.rows()]
    except Unusable:
        return
    assert numbers == sorted(set(numbers))


def test_columns_are_known_by_many_names():
    assert [guess(name) for name in ("标题", "留言详情", "Created At", "ID", "来电人", "点赞数")] == [
        "title", "text", "said_at", "number", "name", "",
    ]  # fmt: skip
