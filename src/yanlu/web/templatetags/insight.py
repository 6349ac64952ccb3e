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
def share_of_words(figure: Figure) -> str:
    """How many of all words: ``12 of 3,400 (0.35 %, 0.20 to 0.62 %)``."""
    known = figure.interval
    if known is None:
        return _("no words at all")
    share, low, high = (f"{one * 100:.2f}" for one in known)
    told = {"part": f"{figure.part:,}", "whole": f"{figure.whole:,}", "share": share}
    return _("%(part)s of %(whole)s words (%(share)s %%, %(low)s to %(high)s %%)") % {
        **told, "low": low, "high": high,
    }  # fmt: skip


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
