"""Charts in a document are read back from its package, as an office program would."""

import io

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsmap, qn
from docx.shared import Mm

from yanlu.kernel.charts import Chart, alt_text, size
from yanlu.kernel.official import OfficialDocument

TOWNS = ("大场镇", "杨行镇", "月浦镇")
RANKING = Chart("大场镇来件最多", TOWNS, [("件数", (1204, 980, 12))], "件", is_ranking=True)
YEARS = Chart(
    "来电一年比一年快", ("来信", "来电"), [("去年", (81.5, 88)), ("今年", (93.2, 98.8))], "%"
)


def document_of(*charts):
    return Document(io.BytesIO(OfficialDocument("题", body=charts).to_docx()))


def parts(document):
    frames = document.element.body.iter(qn("c:chart"))
    return [document.part.related_parts[frame.get(qn("r:id"))] for frame in frames]


@pytest.fixture(params=[RANKING, YEARS])
def chart(request):
    return request.param


@pytest.fixture
def drawn(chart):
    (part,) = parts(document_of(chart))
    return parse_xml(part.blob)


def found(drawn, path):
    return drawn.findall(f".//{path}", nsmap)


def texts(drawn, path):
    return [one.text for one in found(drawn, path)]


def value(drawn, path):
    (one,) = found(drawn, path)
    return one.get("val")


def test_a_chart_says_its_title_labels_and_values_without_a_workbook(chart, drawn):
    assert texts(drawn, "c:title//a:t")[0] == chart.title
    assert texts(drawn, "c:ser/c:tx/c:v") == [name for name, _ in chart.series]
    for series, (_, values) in zip(found(drawn, "c:ser"), chart.series, strict=True):
        assert texts(series, "c:cat//c:v") == list(chart.labels)
        assert [float(one) for one in texts(series, "c:val//c:v")] == list(values)
    assert not found(drawn, "c:externalData")


def test_bars_begin_at_zero_and_wear_their_values(drawn):
    assert value(drawn, "c:valAx/c:scaling/c:min") == "0"
    labels = found(drawn, "c:ser/c:dLbls/c:showVal")
    assert {one.get("val") for one in labels} == {"1"}
    assert len(labels) == len(found(drawn, "c:ser"))


def test_a_ranking_lies_with_its_first_label_on_top_and_a_comparison_stands():
    ranking, years = (parse_xml(one.blob) for one in parts(document_of(RANKING, YEARS)))
    assert value(ranking, "c:barDir") == "bar"
    assert value(ranking, "c:catAx/c:scaling/c:orientation") == "maxMin"
    assert value(years, "c:barDir") == "col"
    assert not found(ranking, "c:legend")
    assert found(years, "c:legend")


def test_letters_are_those_of_official_documents(drawn):
    fonts = {one.get("typeface") for one in found(drawn, "a:ea")}
    assert fonts == {"黑体", "仿宋"}
    assert {one.get("typeface") for one in found(drawn, "c:title//a:ea")} <= fonts
    assert not found(drawn, "c:view3D")


def test_series_differ_in_colour_and_in_grey():
    (part,) = parts(document_of(YEARS))
    first, second = found(parse_xml(part.blob), "c:ser/c:spPr")
    assert first.find("a:solidFill/a:srgbClr", nsmap).get("val") == "0B6E69"
    assert second.find("a:pattFill/a:fgClr/a:srgbClr", nsmap).get("val") == "A86408"


def test_the_frame_has_room_and_words_for_who_hears_it_read():
    document = document_of(RANKING, YEARS)
    first, second = document.element.body.iter(qn("wp:inline"))
    about = first.find(qn("wp:docPr"))
    assert (
        about.get("descr")
        == "大场镇来件最多（单位：件）。件数：大场镇 1204，杨行镇 980，月浦镇 12。"
    )
    assert about.get("id") != second.find(qn("wp:docPr")).get("id")
    room = first.find(qn("wp:extent"))
    assert (int(room.get("cx")), int(room.get("cy"))) == (Mm(150), Mm(80))
    assert document.paragraphs[-4].paragraph_format.line_spacing == 1.0


def test_each_chart_is_a_part_of_its_own():
    names = [(str(one.partname), one.content_type) for one in parts(document_of(RANKING, YEARS))]
    kind = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
    assert names == [("/word/charts/chart1.xml", kind), ("/word/charts/chart2.xml", kind)]


def test_a_long_ranking_is_higher_but_fits_a_page():
    labels = [f"{n}号居委会" for n in range(1, 201)]
    long, longer = (Chart("题", labels[:n], [("件", range(n))], "", True) for n in (20, 200))
    assert 80 < size(long)[1] < size(longer)[1] <= 225


def test_a_bar_below_zero_is_seen_and_a_missing_value_leaves_a_gap():
    odd = Chart("一升一降", TOWNS, [("同比", (3.0, -2.5, float("nan")))], "%")
    drawn = parse_xml(parts(document_of(odd))[0].blob)
    assert not found(drawn, "c:valAx/c:scaling/c:min")
    assert [float(one) for one in texts(drawn, "c:val//c:v")] == [3, -2.5]
    assert "月浦镇 –" in alt_text(odd)


def test_what_can_not_be_printed_is_left_out():
    hostile = Chart("\x00标\x0b题<&>\ud800", ["大\x01场"], [("件\x02", [1])], "件\x03")
    drawn = parse_xml(parts(document_of(hostile))[0].blob)
    assert texts(drawn, "c:title//a:t") == ["标题<&>", "单位：件"]
    assert texts(drawn, "c:cat//c:v") == ["大场"]


@pytest.mark.parametrize(
    ("labels", "series"),
    [
        ((), [("件", ())]),
        (TOWNS, []),
        (TOWNS, [("件", (1, 2))]),
        (TOWNS, [(str(n), (1, 2, 3)) for n in range(4)]),
    ],
)
def test_a_chart_without_sense_is_refused(labels, series):
    with pytest.raises(ValueError, match="chart"):
        Chart("题", labels, series)
