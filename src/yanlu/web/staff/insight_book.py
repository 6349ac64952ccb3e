"""The figures of a screen as a workbook: the same tables, to count with."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from yanlu.dispatch import selectors as dispatch
from yanlu.insight.screens import SHOWN, Screen
from yanlu.kernel.cells import Cell
from yanlu.kernel.official import Block, Paragraph, Table
from yanlu.oversight.rates import BY_CODE
from yanlu.places.selectors import territory
from yanlu.web.labels import CHANNELS, ENDINGS, level_label
from yanlu.web.staff.choices import place_name
from yanlu.web.staff.oversight_words import MEANS


def book(shown: Screen, taken: Mapping[str, int]) -> tuple[str, list[Block]]:
    """The title of the workbook and its tables."""
    asked = shown.asked
    title = _("%(place)s: what residents said, %(first)s to %(last)s") % {
        "place": place_name(territory().nodes[asked.place]),
        "first": asked.period.first,
        "last": asked.period.last,
    }
    said = _("%(matters)d matters of %(voices)d voices; sealed ones are in no figure.") % {
        "matters": shown.total["matters"], "voices": shown.total["voices"],
    }  # fmt: skip
    return title, [Paragraph(said), *_tables(shown, taken)]


def _tables(shown: Screen, taken: Mapping[str, int]) -> Iterator[Table]:
    names = dispatch.category_names({one.category for one in shown.categories if one.category})
    first, before = _("Matters"), _("The period before")
    yield Table(
        [_("Rate"), _("Fulfilled"), _("Of")],
        [[BY_CODE[code].label, shown.rates[code].part, shown.rates[code].whole] for code in SHOWN],
        [2, 1, 1], _("Rates"),
    )  # fmt: skip
    yield Table(
        [_("What it is about"), first, before],
        [
            [names.get(one.category or 0) or _("Not sorted yet"), one.matters, one.before]
            for one in shown.categories
        ],
        [2, 1, 1], _("What residents talk about"),
    )  # fmt: skip
    yield Table(
        [_("Month") if shown.is_by_month else _("Day"), first, _("A year earlier")],
        [[str(one.day), one.matters, _known(one.year_ago)] for one in shown.trend],
        [2, 1, 1], _("Trend"),
    )  # fmt: skip
    yield Table(
        [
            _("Area"), first, _("Residents"), _("For each 1,000 residents"), _("At least"),
            _("At most"),
        ],
        [
            [
                place_name(one.place) if one.place else _("In none of them"),
                one.figures["matters"],
                _known(one.residents),
                *([round(bound, 2) for bound in one.spoken] if one.spoken else ["", "", ""]),
            ]
            for one in shown.areas
        ],
        [2, 1, 1, 1, 1, 1], _("Areas"),
    )  # fmt: skip
    yield Table(
        [_("Channel"), _("Level"), _("Outcome"), first],
        [
            [
                str(CHANNELS.get(one.channel, one.channel)),
                str(level_label(one.level)) if one.level else _("No unit yet"),
                str(ENDINGS[one.outcome]),
                one.matters,
            ]
            for one in shown.streams
        ],
        [1, 1, 1, 1], _("From channel to outcome"),
    )  # fmt: skip
    yield Table(
        [_("Means"), _("Times")],
        [[str(label), taken.get(code, 0)] for code, label in MEANS.items()],
        [2, 1], _("Ladder of supervision"),
    )  # fmt: skip


def _known(many: int | None) -> Cell:
    return "" if many is None else many
