"""Hand something in and wait until the insight centre counts it: prints seconds."""

import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")

import django

django.setup()

from yanlu.insight.selectors import Asked, total  # noqa: E402 - after setup
from yanlu.intake.services import Words, receive_submission  # noqa: E402
from yanlu.kernel import clock, journal  # noqa: E402
from yanlu.oversight.periods import month  # noqa: E402
from yanlu.places.selectors import place_by_code  # noqa: E402

#: Seconds after which it is called lost.
LONGEST = 60


def main() -> None:
    """One matter of 宝林一村, from the write door to the district's figure."""
    district, here = place_by_code("310113"), place_by_code("310113003001")
    assert district
    assert here
    asked = Asked(month(clock.today().year, clock.today().month), district.id)
    before = total(asked)["matters"]
    began = time.monotonic()
    words = Words(text=f"楼道灯坏了，{time.time_ns()}。", channel="web", place_id=here.id)
    receive_submission(actor=journal.System("bench"), words=words)
    while total(asked)["matters"] == before:
        if time.monotonic() - began > LONGEST:
            raise TimeoutError("the figures never told of it")
        time.sleep(0.02)
    print(round(time.monotonic() - began, 3))


if __name__ == "__main__":
    main()
