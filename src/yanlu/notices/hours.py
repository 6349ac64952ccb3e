"""When a message may go out."""

from datetime import datetime, time, timedelta
from typing import Final

from yanlu.kernel.clock import ZONE

#: When a daily digest goes out.
DIGEST_AT: Final = time(9)


def after_quiet(moment: datetime, quiet_from: time, quiet_to: time) -> datetime:
    """The moment, or the end of the quiet hours that it lies in; they may go over midnight."""
    local = moment.astimezone(ZONE)
    now, is_over_midnight = local.time(), quiet_from > quiet_to
    if is_over_midnight:
        is_quiet = now >= quiet_from or now < quiet_to
    else:
        is_quiet = quiet_from <= now < quiet_to
    if not is_quiet:
        return moment
    is_evening = is_over_midnight and now >= quiet_from
    day = local.date() + timedelta(days=1 if is_evening else 0)
    return datetime.combine(day, quiet_to, ZONE)


def next_digest(moment: datetime) -> datetime:
    """The next time at which digests go out."""
    local = moment.astimezone(ZONE)
    is_late = local.time() > DIGEST_AT
    day = local.date() + timedelta(days=1 if is_late else 0)
    return datetime.combine(day, DIGEST_AT, ZONE)
