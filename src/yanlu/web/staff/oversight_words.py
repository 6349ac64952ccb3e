"""Words for the codes of oversight; an unknown code is shown as it is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from yanlu.web.labels import StateWords, Text

ORDER_KINDS: list[tuple[str, Text]] = [
    ("order", _("Supervision order")),
    ("listed", _("Listed supervision")),
    ("interview", _("Interview")),
    ("bulletin", _("Bulletin")),
    ("rectification", _("Rectification demand")),
    ("key_item", _("Key item of the district committee")),
]
ORDER_WAYS: list[tuple[str, Text]] = [
    ("online", _("Online")),
    ("phone", _("By phone")),
    ("writing", _("In writing")),
    ("on_site", _("On site")),
]
CLOCKS: dict[str, Text] = {
    "whole": _("The whole matter"),
    "rehandling": _("Re-handling"),
    "dispatch": pgettext_lazy("clock", "Dispatch"),
    "accept": _("To accept"),
    "contact": _("First contact"),
    "handle": _("To handle"),
    "callback": _("Callback"),
    "notice": _("Notice of acceptance"),
    "review": _("Review"),
}
OWED_BY: dict[str, Text] = {
    "unit": _("the unit in charge"),
    "dispatcher": _("a dispatcher"),
    "verifier": _("the callback"),
}
MEANS: dict[str, Text] = {
    "reminder": _("Reminder"),
    "notice": _("Reminder notice"),
    "order": _("Supervision order"),
    "listed": _("Listed supervision"),
    "interview": _("Interview"),
    "bulletin": _("Bulletin"),
}
WHATS: dict[str, Text] = {
    "due_today": _("Due today"),
    "overdue": _("Overdue"),
    "silent": _("Silent"),
    "returned": _("Returned twice"),
}
VIEWS: dict[str, Text] = {
    "owed": _("Waiting for a reply"),
    "late": _("Reply is late"),
    "replied": _("To be looked at"),
    "key": _("Key items"),
    "done": _("Done with"),
}
STEPS: dict[str, Text] = {
    "plan": _("Plan"),
    "reply": _("Reply"),
    "accept": _("Accepted"),
    "send_back": _("Sent back"),
    "check": _("Checked on site"),
    "report": _("Progress"),
    "visit": pgettext_lazy("step", "Visit"),
    "withdraw": _("Withdrawn"),
}
ORDER_STATES: dict[str, StateWords] = {
    "issued": StateWords(_("Waiting for a reply"), "", "clock", "work"),
    "planned": StateWords(_("Planned"), "", "pen", "work"),
    "replied": StateWords(_("Replied"), "", "answer", "work"),
    "sent_back": StateWords(_("Sent back"), "", "again", "late"),
    "done": StateWords(_("Done with"), "", "check", "good"),
    "withdrawn": StateWords(_("Withdrawn"), "", "cross", "wait"),
}
REPORT_KINDS: list[tuple[str, Text]] = [
    ("weekly", _("Weekly summary")),
    ("monthly", _("Monthly bulletin")),
    ("quarterly", _("Quarterly inspection")),
    ("half_year", _("Half-year report")),
    ("annual", _("Annual summary")),
]
REPORT_STATES: dict[str, StateWords] = {
    "asked": StateWords(_("Being drawn up"), "", "clock", "wait"),
    "draft": StateWords(pgettext_lazy("report", "Draft"), "", "pen", "work"),
    "issued": StateWords(_("Issued"), "", "check", "good"),
    "discarded": StateWords(_("Discarded"), "", "cross", "wait"),
}
FINDINGS: dict[str, StateWords] = {
    "solved": StateWords(_("Really solved"), "", "check", "good"),
    "not_solved": StateWords(_("Not solved"), "", "alert", "late"),
    "unseen": StateWords(_("Could not be seen"), "", "eye", "soon"),
    "": StateWords(_("Not looked at yet"), "", "clock", "wait"),
}


def _tables(name: str, states: dict[str, StateWords]) -> dict[str, dict[str, Text]]:
    """Words, icons and tones of what can stand in several ways."""
    return {
        f"{name}_state": {code: words.label for code, words in states.items()},
        f"{name}_icon": {code: words.icon for code, words in states.items()},
        f"{name}_tone": {code: words.tone for code, words in states.items()},
    }


TABLES: dict[str, dict[str, Text]] = {
    "kind": dict(ORDER_KINDS),
    "way": dict(ORDER_WAYS),
    "clock": CLOCKS,
    "owed_by": OWED_BY,
    "means": MEANS,
    "what": WHATS,
    "view": VIEWS,
    "step": STEPS,
    "state": {code: words.label for code, words in ORDER_STATES.items()},
    "icon": {code: words.icon for code, words in ORDER_STATES.items()},
    "tone": {code: words.tone for code, words in ORDER_STATES.items()},
    "report_kind": dict(REPORT_KINDS),
    **_tables("report", REPORT_STATES),
    **_tables("finding", FINDINGS),
}


def limit_words(amount: int, unit: str) -> str:
    """A limit in words."""
    count = {"count": amount}
    if unit == "hours":
        return ngettext("%(count)d hour", "%(count)d hours", amount) % count
    if unit == "working_hours":
        return ngettext("%(count)d working hour", "%(count)d working hours", amount) % count
    if unit == "working_days":
        return ngettext("%(count)d working day", "%(count)d working days", amount) % count
    return ngettext("%(count)d day", "%(count)d days", amount) % count
