"""Figures of the insight centre in templates."""

from django import template
from django.utils.translation import gettext as _

from yanlu.oversight.rates import Figure

register = template.Library()


@register.filter
def thousands(many: int) -> str:
    """A number with its thousands apart, as it reads in Chinese and English alike."""
    return f"{many:,}"


@register.filter
def percent(figure: Figure) -> str:
    """A rate as a share of a hundred."""
    known = figure.interval
    return f"{known.value * 100:.0f} %" if known else "–"


@register.filter
def change(now: int, before: int) -> str:
    """How much more or less than in the period before; of few, or many times as much, no share."""
    if before < 10 or now > 2 * before:
        return _("%(before)d in the period before") % {"before": before}
    share = (now - before) / before * 100
    return _("%(share)+.0f %% on the period before") % {"share": share}


@register.filter
def unlocal(value: float) -> str:
    """A number as drawings want it, whatever the reader's language."""
    return f"{value:.1f}"
