"""The life of an order of supervision as one table. Plain Python.

Whoever has to answer never takes their own answer: the unit replies, supervision accepts or sends
it back. A rectification (整改) goes demand, plan, proof, verified: it can't be answered unplanned.
"""

from dataclasses import dataclass
from typing import Final

ISSUED = "issued"  # 已下发
PLANNED = "planned"  # 已报方案
REPLIED = "replied"  # 已回复
SENT_BACK = "sent_back"  # 退回重报
DONE = "done"  # 已销号
WITHDRAWN = "withdrawn"  # 已撤回

ALL: Final = (ISSUED, PLANNED, REPLIED, SENT_BACK, DONE, WITHDRAWN)
#: What waits for the unit.
OWED: Final = frozenset({ISSUED, PLANNED, SENT_BACK})
ENDED: Final = frozenset({DONE, WITHDRAWN})

UNIT = "unit"  # a handler or head of the unit that it was given to
SUPERVISOR = "supervisor"  # whose place holds that of the unit, and who is not of it
CHECKER = "checker"  # a supervisor as above, or a grid worker of the place who is not of the unit


@dataclass(frozen=True)
class Step:
    """``verb`` leads from ``sources`` to ``target`` (the same state when empty).

    ``kinds``: of orders that know the step; all of them when empty.
    """

    verb: str
    sources: frozenset[str]
    target: str
    who: frozenset[str]
    reason: str
    kinds: frozenset[str] = frozenset()

    def is_of(self, kind: str) -> bool:
        """Whether orders of this kind know the step."""
        return not self.kinds or kind in self.kinds

    @property
    def event(self) -> str:
        """Verb in the journal."""
        return f"order.{EVENTS[self.verb]}"


EVENTS: Final = {
    "plan": "planned",
    "reply": "replied",
    "accept": "accepted",
    "send_back": "sent_back",
    "check": "checked",
    "report": "reported",
    "visit": "visited",
    "withdraw": "withdrawn",
}


def _step(verb: str, sources: str, target: str, who: str, reason: str, kinds: str = "") -> Step:
    return Step(
        verb, frozenset(sources.split()), target, frozenset(who.split()), reason,
        frozenset(kinds.split()),
    )  # fmt: skip


TABLE: Final = (
    _step("plan", "issued sent_back planned", PLANNED, UNIT,
          "The unit says what it will do and by when."),
    _step("reply", "issued planned sent_back", REPLIED, UNIT,
          "The unit answers for what it has done, with its proof."),
    _step("accept", "replied", DONE, SUPERVISOR, "The reply is taken; the order is done with."),
    _step("send_back", "replied", SENT_BACK, SUPERVISOR,
          "The reply is not enough; the unit answers again by a new date."),
    _step("check", "issued planned replied sent_back", "", CHECKER,
          "Somebody looked on site, with a photo, the position and the time."),
    _step("report", "issued planned replied sent_back", "", f"{UNIT} {SUPERVISOR}",
          "How it is going: what was done, a result."),
    _step("visit", "issued planned replied sent_back", "", f"{UNIT} {SUPERVISOR}",
          "Of a key item: somebody went to see those concerned, on a day, with what came of it.",
          kinds="key_item"),
    _step("withdraw", "issued planned replied sent_back", WITHDRAWN, SUPERVISOR,
          "It was given by mistake, or the matter has gone another way."),
)  # fmt: skip
BY_VERB: Final = {step.verb: step for step in TABLE}
