"""A district without the demo brings its own way to sort matters, by file and without code."""

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from yanlu.dispatch.models import Category, CategoryScheme
from yanlu.kernel.models import Entry

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("YANLU_SHARED_DATA", ROOT.parent / "shared/data"))
DEMO = ROOT / "src/yanlu/project/demo/data/categories.json"

TABLE = "一级分类,二级分类,三级分类\n城乡建设,房产,物业\n城乡建设,市政,\n环境,房产,物业\n"


@dataclass
class Outcome:
    code: int
    said: str


def load(path, *options):
    """Run the command as an English-speaking operator does."""
    out = io.StringIO()
    try:
        with translation.override("en"):
            call_command("load_scheme", str(path), *options, stdout=out)
    except CommandError as error:
        return Outcome(error.returncode, str(error))
    return Outcome(0, out.getvalue())


def written(tmp_path, content, name="table.csv"):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def names(scheme):
    rows = Category.objects.filter(scheme__code=scheme).order_by("code")
    return dict(rows.values_list("code", "name"))


def loads():
    return Entry.objects.filter(verb="categories.loaded").count()


def test_a_table_becomes_a_scheme_with_codes(tmp_path):
    outcome = load(written(tmp_path, TABLE), "--code", "ours", "--name", "本区分类", "--main")
    assert outcome == Outcome(0, "ours: 7 categories and 0 words added.\n")
    assert names("ours") == {
        "01": "城乡建设", "0101": "房产", "010101": "物业", "0102": "市政",
        "02": "环境", "0201": "房产", "020101": "物业",
    }  # fmt: skip
    scheme = CategoryScheme.objects.get(code="ours")
    assert scheme.name == "本区分类"
    assert scheme.is_main


def test_a_second_run_changes_nothing_and_leaves_no_trace(tmp_path):
    path = written(tmp_path, TABLE)
    load(path, "--code", "ours")
    before = names("ours"), loads()
    assert load(path, "--code", "ours").said == "ours: 0 categories and 0 words added.\n"
    assert (names("ours"), loads()) == before


def test_a_table_that_grew_in_the_middle_keeps_the_codes(tmp_path):
    load(written(tmp_path, TABLE), "--code", "ours")
    before = names("ours")
    grown = TABLE.replace("城乡建设,市政,", "城乡建设,燃气,\n城乡建设,市政,路灯")
    load(written(tmp_path, grown), "--code", "ours")
    assert names("ours") == before | {"0103": "燃气", "010201": "路灯"}


def test_a_shorter_table_takes_nothing_away(tmp_path):
    load(written(tmp_path, TABLE), "--code", "ours")
    before = names("ours")
    load(written(tmp_path, "level1,level2\n环境,房产\n"), "--code", "ours")
    assert names("ours") == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("一级分类,二级分类,三级分类\n城乡建设,,物业\n", "Row 2: level 2 is empty"),
        ("大类,二级分类\n城乡建设,物业\n", "Row 1: “大类” is no level"),
        ("level1,level2\n城建,物业\n城建," + "长" * 61 + "\n", "Row 3: a name has at most 60"),
        ("level1\n" + "".join(f"类{n}\n" for n in range(100)), "Row 101: more than 99"),
        ("level1,level2\n", "There is no category in the file."),
        ("", "The file is empty."),
    ],
)
def test_a_slip_in_a_table_is_told_with_its_row_and_nothing_is_loaded(tmp_path, content, says):
    outcome = load(written(tmp_path, content), "--code", "ours")
    assert outcome.code == 2
    assert says in outcome.said
    assert not CategoryScheme.objects.exists()


def test_a_table_wants_a_code_and_a_file_that_is_there(tmp_path):
    assert load(written(tmp_path, TABLE)) == Outcome(2, "A table wants --code.")
    assert load(tmp_path / "none.csv", "--code", "ours").code == 2
    assert load(tmp_path / "none.json").code == 2


def test_the_shipped_lexicons_serve_a_district_without_the_demo():
    assert load(DEMO).code == 0
    assert set(CategoryScheme.objects.values_list("code", "is_main")) == {
        ("seven", True), ("hotline12", False), ("grid", False),
    }  # fmt: skip
    assert Category.objects.get(scheme__code="grid", name="路灯").words["路灯不亮"] == 3
    again = load(DEMO)
    assert "hotline12: 0 categories and 0 words added." in again.said


def test_one_scheme_of_several_may_be_taken():
    assert load(DEMO, "--code", "grid", "--main").code == 0
    assert list(CategoryScheme.objects.values_list("code", "is_main")) == [("grid", True)]
    assert load(DEMO, "--code", "gird").said == "One scheme is wanted (--code), found: none."


def test_the_rules_keep_their_main_scheme(tmp_path):
    load(written(tmp_path, TABLE), "--code", "ours", "--main")
    assert "The rules go by ours" in load(DEMO, "--code", "seven", "--main").said
    load(DEMO, "--code", "seven")
    assert CategoryScheme.objects.get(is_main=True).code == "ours"


def test_what_a_district_edited_stays(tmp_path):
    load(DEMO, "--code", "grid")
    lamps = Category.objects.get(scheme__code="grid", name="路灯")
    lamps.name, lamps.words = "路灯与照明", {"路灯": 1.5, "灯杆歪了": 2}
    lamps.save()
    load(DEMO, "--code", "grid")
    lamps.refresh_from_db()
    assert lamps.name == "路灯与照明"
    assert lamps.words["路灯"] == 1.5
    assert {"灯杆歪了", "路灯不亮"} <= set(lamps.words)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"parent": "77"}, "Category 01: there is no 77 above it."),
        ({"words": {"路灯": 0}}, "Category 01: the weight of '路灯' must be above 0"),
        ({"words": {" ": 1}}, "Category 01: a word is empty."),
        ({"code": "1" * 13}, "a code has 1 to 12"),
        ({"name": ""}, "a name 1 to 60"),
        ({"name": None}, "Not the shape of a scheme"),
    ],
)
def test_a_slip_in_json_is_told_with_its_category(tmp_path, change, says):
    category = {"code": "01", "name": "照明", "words": {"路灯": 1}} | change
    scheme = {"code": "ours", "name": "本区", "categories": [category]}
    outcome = load(written(tmp_path, json.dumps({"schemes": [scheme]}), "ours.json"))
    assert outcome.code == 2
    assert says in outcome.said
    assert not CategoryScheme.objects.exists()


def test_json_that_breaks_off_is_told_with_its_line(tmp_path):
    outcome = load(written(tmp_path, '{"schemes": [\n{"code":\n', "ours.json"))
    assert outcome.code == 2
    assert outcome.said.startswith("Line 3: ")


def test_a_real_taxonomy_comes_in():
    source = SHARED / "messages/taxonomy.csv"
    if not source.exists():
        pytest.skip(f"no shared data at {SHARED}: set YANLU_SHARED_DATA")
    assert load(source, "--code", "board").code == 0
    by_level = [
        {name for code, name in names("board").items() if len(code) == length}
        for length in (2, 4, 6)
    ]
    assert [len(level) for level in by_level] == [15, 103, 390]
    assert load(source, "--code", "board").said == "board: 0 categories and 0 words added.\n"
