"""Template filters and tags: labels, dates that say what they mean, icons."""

from datetime import date, datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yanlu.intake.codes import spaced as spaced_code
from yanlu.kernel import clock
from yanlu.kernel.calendars import calendar
from yanlu.places.selectors import territory
from yanlu.web import labels

register = template.Library()

for _filter in (
    labels.state_label,
    labels.state_words,
    labels.state_icon,
    labels.state_tone,
    labels.standing_label,
    labels.standing_icon,
    labels.standing_tone,
    labels.event_label,
    labels.event_words,
    labels.kind_label,
    labels.channel_label,
    labels.ending_label,
    labels.urgency_label,
    labels.result_label,
    labels.result_words,
    labels.satisfaction_label,
    labels.outcome_label,
    labels.paper_label,
    labels.petition_date_label,
    labels.way_label,
    labels.level_label,
    labels.role_label,
    labels.delivery_way_label,
    labels.message_state_label,
    labels.fault_label,
):
    register.filter(_filter.__name__, _filter)

HOUR = 3600


@register.simple_tag
def icon(name: str, title: str | Promise = "") -> SafeString:
    """An icon of our sprite; with a title it speaks, without it keeps silent beside its word."""
    address = f"{static('web/icons.svg')}#{name}"
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>',
            title,
            address,
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', address)


@register.simple_tag
def querystring_of(**values: Any) -> str:
    """The values as a query string, without the empty ones."""
    return urlencode({name: value for name, value in values.items() if value})


@register.filter
def spaced(code: str) -> str:
    """A query code as people read it: ``7K2M-9QXW-4TBD``."""
    return spaced_code(code)


@register.filter
def in_language(row: Any, field: str = "text") -> str:
    """A field of the district's own data in the reader's language (``text`` / ``text_en``)."""
    return labels.in_language(getattr(row, field), getattr(row, f"{field}_en"))


@register.filter
def place_label(place_id: int | None) -> str:
    """The place in words, from the subdistrict down, in the reader's language."""
    names = [labels.place_name(node) for node in territory().ancestors(place_id)]
    return " ".join(names[2:] or names[-1:])


@register.filter
def day(moment: datetime | date | None) -> str:
    """The day in China; the year only where it is not this one."""
    if moment is None:
        return ""
    local = moment.astimezone(clock.ZONE) if isinstance(moment, datetime) else moment
    this_year = local.year == clock.today().year
    # Translators: a day of this year, in Django's date format, such as "n月j日".
    in_year = _("j F")
    # Translators: a day of another year, in Django's date format, such as "Y年n月j日".
    with_year = _("j F Y")
    return date_format(local, in_year if this_year else with_year)


@register.filter
def full_day(at: datetime | None) -> str:
    """The day in China with its year, as a document says it."""
    # Translators: a day in an official document, in Django's date format, such as "Y年n月j日".
    written = pgettext("in a document", "j F Y")
    return date_format(at.astimezone(clock.ZONE), written) if at else ""


@register.filter
def moment(at: datetime | None) -> str:
    """Day and time in China."""
    if at is None:
        return ""
    return f"{day(at)} {at.astimezone(clock.ZONE):%H:%M}"


@register.filter
def promise(due: datetime | None) -> str:
    """What a due date means today: ``by 14 July, 3 working days left``."""
    if due is None:
        return _("no date yet")
    due = due.astimezone(clock.ZONE)
    if clock.now() > due:
        return _broken(due)
    if due.date() == clock.today():
        return _today(due)
    left = calendar().workdays_between(clock.today(), due.date())
    return ngettext(
        "by %(day)s, %(count)d working day left",
        "by %(day)s, %(count)d working days left",
        left,
    ) % {"day": day(due), "count": left}


@register.filter
def is_past(due: datetime | None) -> bool:
    """Whether a promise is broken by now."""
    return due is not None and clock.now() > due


@register.filter
def is_soon(due: datetime | None) -> bool:
    """Whether at most one working day is left."""
    if due is None or clock.now() > due:
        return False
    return calendar().workdays_between(clock.today(), due.astimezone(clock.ZONE).date()) <= 1


def _today(due: datetime) -> str:
    """Of a limit in hours the time counts, of one in days the whole day does."""
    if (due.hour, due.minute) == (23, 59):
        return _("by the end of today")
    hours = max(1, int((due - clock.now()).total_seconds() // HOUR))
    return ngettext(
        "by %(time)s today, %(count)d hour left",
        "by %(time)s today, %(count)d hours left",
        hours,
    ) % {"time": f"{due:%H:%M}", "count": hours}


def _broken(due: datetime) -> str:
    late = calendar().workdays_between(due.date(), clock.today())
    if late == 0:
        return _("overdue since %(moment)s") % {"moment": moment(due)}
    return ngettext(
        "overdue: was due on %(day)s, %(count)d working day ago",
        "overdue: was due on %(day)s, %(count)d working days ago",
        late,
    ) % {"day": day(due), "count": late}
