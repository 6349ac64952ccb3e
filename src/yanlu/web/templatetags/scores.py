"""Figures of scorecards in templates: shares with what they are out of, and how sure they are."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yanlu.oversight import rates
from yanlu.oversight.intervals import Interval
from yanlu.oversight.periods import Period, quarter, year
from yanlu.oversight.rates import Figure, Figures

register = template.Library()


@register.filter
def share(figure: Figure) -> str:
    """A rate as people read it: ``73 % (41/56)``, and for nothing at all a dash."""
    known = figure.interval
    shown = f"{known.value * 100:.0f} %" if known else "–"
    return f"{shown} ({figure.part}/{figure.whole})"


@register.filter
def sureness(figure: Figure) -> str:
    """Between which shares it lies with 95 %."""
    known = figure.interval
    if known is None:
        return ""
    low, high = (f"{share * 100:.0f} %" for share in (known.low, known.high))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


@register.filter
def interval_bar(figure: Figure) -> SafeString:
    """The interval as a bar from 0 to 100 with the figure as a mark; words say the same."""
    known = figure.interval
    return _bar(known, 100) if known else SafeString("")


@register.filter
def score_bar(score: Interval) -> SafeString:
    """A score's interval as a bar from 0 to 100."""
    return _bar(score, 1)


@register.filter
def tenth(value: float | None) -> str:
    """A score to a tenth, as ranks go by it."""
    return "–" if value is None else f"{value:.1f}"


@register.filter
def rate_label(code: str) -> str:
    """What a rate is called."""
    return rates.BY_CODE[code].label


@register.filter
def rate_meaning(code: str) -> str:
    """What a rate counts."""
    return str(rates.BY_CODE[code].meaning)


@register.filter
def rate_aside(code: str) -> str:
    """What is told beside a rate; empty for nothing."""
    return str(rates.BY_CODE[code].aside_label)


@register.filter
def figure_of(figures: Figures, code: str) -> Figure:
    """One of the rates."""
    return figures[code]


@register.filter
def period_words(period: Period) -> str:
    """A month, quarter or year in words."""
    first = period.first
    if period == year(first):
        return _("%(year)d, whole year") % {"year": first.year}
    if period == quarter(first):
        return _("%(year)d, quarter %(number)d") % {
            "year": first.year, "number": first.month // 3 + 1,
        }  # fmt: skip
    # Translators: a month, in Django's date format, such as "Y年n月".
    return date_format(first, _("F Y"))


def _bar(known: Interval, scale: int) -> SafeString:
    low, high, value = (round(one * scale, 1) for one in (known.low, known.high, known.value))
    return format_html(
        '<svg class="interval" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="interval__reach" x="{}" width="{}" y="1" height="6"></rect>'
        '<rect class="interval__mark" x="{}" width="2" y="0" height="8"></rect></svg>',
        low,
        round(high - low, 1),
        min(max(value - 1, 0), 98),
    )
