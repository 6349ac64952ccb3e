"""Limits on how often something may be done, counted for all processes in one place."""

from django.db import connection

from yanlu.kernel import clock

# One statement, so that two processes can't both take the last place of a window.
_USE = """
INSERT INTO kernel_quota AS q (key, "window", used) VALUES (%s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    used = CASE WHEN q."window" = excluded."window" THEN q.used + 1 ELSE 1 END,
    "window" = excluded."window"
RETURNING used
"""


def use(key: str, *, limit: int, seconds: int) -> int:
    """Use ``key`` once; 0 when within ``limit`` uses per window, else seconds to wait."""
    moment = int(clock.now().timestamp())
    window = moment // seconds
    with connection.cursor() as cursor:
        cursor.execute(_USE, [key, window])
        (used,) = cursor.fetchone()
    return 0 if used <= limit else (window + 1) * seconds - moment
