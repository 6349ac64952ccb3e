"""Words for the codes of the domain, in one place.

``*_label`` is the exact term for staff, ``*_words`` the same in plain words for residents.
An unknown code is shown as it is, so that nothing vanishes from a page.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from yanlu.places.territory import Node

Text = str | Promise


@dataclass(frozen=True)
class StateWords:
    """How a state is called and marked; ``tone`` is ``wait``, ``work``, ``good`` or ``late``."""

    label: Text
    words: Text
    icon: str
    tone: str


STATES: dict[str, StateWords] = {
    "opened": StateWords(_("Opened"), _("Received"), "inbox", "wait"),
    "awaiting_dispatch": StateWords(
        _("Awaiting dispatch"), _("Received, being passed on"), "inbox", "wait"
    ),
    "dispatched": StateWords(_("Dispatched"), _("Passed to the office in charge"), "send", "work"),
    "accepted": StateWords(_("Accepted"), _("Taken on by the office"), "hand", "work"),
    "in_handling": StateWords(_("In handling"), _("Being worked on"), "work", "work"),
    "answered": StateWords(_("Answered"), _("Answered, your word is asked"), "answer", "work"),
    "callback": StateWords(_("Callback"), _("We are asking you"), "phone", "work"),
    "closed": StateWords(_("Closed"), _("Settled"), "check", "good"),
    "returned": StateWords(_("Returned"), _("Looking for the right office"), "back", "wait"),
    "not_accepted": StateWords(_("Not accepted"), _("Another route applies"), "signpost", "wait"),
    "cancelled": StateWords(_("Cancelled"), _("Not taken further"), "cross", "wait"),
    "reopened": StateWords(_("Reopened"), _("Opened again"), "again", "wait"),
    "re_handling": StateWords(_("Re-handling"), _("Being worked on again"), "again", "work"),
    "merged": StateWords(_("Merged"), _("Goes on with others"), "people", "work"),
    "raised": StateWords(_("Handed up"), _("Handed to the level above"), "send", "wait"),
    "disputed": StateWords(
        _("Disputed"), _("It is being decided who is in charge"), "scales", "wait"
    ),
    "suspended": StateWords(_("Suspended"), _("Put off to a later date"), "clock", "wait"),
    "opinion_given": StateWords(_("Opinion given"), _("Decided in writing"), "answer", "work"),
    "in_review": StateWords(
        _("In review"), _("Being reviewed by the level above"), "scales", "work"
    ),
    "reviewed": StateWords(_("Reviewed"), _("Reviewed by the level above"), "answer", "work"),
    "in_second_review": StateWords(
        _("In second review"), _("Being reviewed a second time"), "scales", "work"
    ),
    "final": StateWords(_("Decided for good"), _("Finally decided"), "check", "good"),
}
#: What a resident sees before the matter was looked at.
JUST_RECEIVED = "received"
STATES[JUST_RECEIVED] = StateWords(_("Received"), _("Received"), "inbox", "wait")

EVENT_LABELS: dict[str, Text] = {
    "submission.received": _("Submission received"),
    "submission.joined": _("Joined the case of others"),
    "submission.parted": _("Given a case of its own"),
    "submission.left": _("Support taken back"),
    "decision.made": _("Decision made"),
    "decision.confirmed": _("Decision confirmed"),
    "decision.corrected": _("Decision corrected"),
    "case.opened": _("Case opened"),
    "case.proposed": _("Unit proposed"),
    "case.dispatched": _("Dispatched"),
    "case.not_accepted": _("Not accepted"),
    "case.cancelled": _("Cancelled"),
    "case.accepted": _("Accepted by the unit"),
    "case.returned": _("Returned by the unit"),
    "case.handling_started": _("Handling started"),
    "case.contacted": _("Contact with the resident"),
    "case.contributed": _("A unit reported its part"),
    "case.waived": _("An assisting unit's part is not waited for"),
    "case.answered": _("Answered"),
    "case.callback_begun": _("Callback begun"),
    "case.callback_missed": _("Callback reached nobody"),
    "case.confirmed": _("Resident confirmed in the callback"),
    "case.objected": _("Resident objected in the callback"),
    "case.closed_unreached": _("Closed after three missed callbacks"),
    "case.found_settled": _("Checked on site: settled"),
    "case.found_unsettled": _("Checked on site: not settled"),
    "case.approved": _("Resident approved"),
    "case.rejected": _("Resident rejected"),
    "case.reopened": _("Resident reopened"),
    "case.rehandling_ordered": _("Re-handling ordered"),
    "case.merged": _("Merged into another case"),
    "case.separated": _("Separated again"),
    "case.parted": _("A co-signer got a case of their own"),
    "case.return_refused": _("Return refused"),
    "case.disputed": _("Disputed by the unit"),
    "case.dispute_settled": _("Dispute settled"),
    "case.transferred": _("Transferred to another unit"),
    "case.raised": _("Handed up"),
    "case.sent_back": _("Sent back down"),
    "case.passed_down": _("Passed to a unit below"),
    "case.conference_convened": _("Joint conference convened"),
    "case.conference_changed": _("Joint conference changed"),
    "case.conference_cancelled": _("Joint conference called off"),
    "case.conference_held": _("Joint conference held"),
    "case.conference_decided": _("Unit in charge decided by a joint conference"),
    "case.task_released": _("A conference's task is not waited for"),
    "case.extension_asked": _("More time asked for"),
    "case.extension_reviewed": _("Extension supported by the head"),
    "case.extension_granted": _("Extension granted"),
    "case.extension_refused": _("Extension refused"),
    "case.suspended": _("Suspended"),
    "case.resumed": _("Taken up again"),
    "case.split": _("Another matter was split off"),
    "case.alarmed": _("Whoever is on duty was alarmed"),
    "case.alarm_taken": _("Whoever is on duty sees to it"),
    "case.stepped_back": _("Somebody stepped back"),
    "case.recused": _("Somebody was kept out"),
    "case.readmitted": _("Somebody was let in again"),
    "case.petition_begun": _("Petition registered"),
    "case.notice_given": _("Notice of acceptance given"),
    "case.opinion_issued": _("Opinion issued"),
    "case.opinion_delivered": _("Opinion delivered"),
    "case.review_asked": _("Review asked for"),
    "case.reviewer_named": _("Unit named for the review"),
    "case.review_decided": _("Review decided"),
    "case.second_review_asked": _("Second review asked for"),
    "case.second_review_decided": _("Second review decided"),
    "case.review_lapsed": _("Time to ask for a review over"),
    "case.took_in": _("Another case was merged into this one"),
    "case.let_go": _("A merged case goes on by itself"),
    "identity.opened": _("Sealed identity opened"),
}
EVENT_WORDS: dict[str, Text] = {
    "submission.received": _("We received what you said"),
    "submission.joined": _("Others said the same; your word counts with theirs"),
    "submission.parted": _("Your words are another matter and get a case of their own"),
    "submission.left": _("You took your support back"),
    "decision.made": _("We looked at what it is about and who is in charge"),
    "decision.corrected": _("A member of staff set right who is in charge"),
    "case.opened": _("Your matter has a number now and is being followed"),
    "case.proposed": _("An office was proposed; a person checks it"),
    "case.dispatched": _("Passed to the office in charge"),
    "case.not_accepted": _("This can't be settled here; another route applies"),
    "case.cancelled": _("Not taken further"),
    "case.accepted": _("The office took it on"),
    "case.returned": _("The office says that it is not in charge; we look for the right one"),
    "case.handling_started": _("Work on it has begun"),
    "case.contacted": _("The office tried to reach you"),
    "case.contributed": _("Another office did its part"),
    "case.answered": _("The office answered"),
    "case.callback_begun": _("We began to ask you whether it is settled"),
    "case.callback_missed": _("We called, but did not reach you"),
    "case.confirmed": _("You told us that it is settled"),
    "case.objected": _("You told us that it is not settled; the office goes on"),
    "case.closed_unreached": _("Closed after three calls that did not reach you"),
    "case.approved": _("You said that it is settled"),
    "case.rejected": _("You said that it is not settled; the office goes on"),
    "case.reopened": _("You opened it again"),
    "case.rehandling_ordered": _("The office works on it again"),
    "case.merged": _("Others said the same; it goes on as one matter"),
    "case.separated": _("It is a matter by itself again and goes on as before"),
    "case.return_refused": _("The office stays in charge"),
    "case.disputed": _("The offices do not agree who is in charge; the level above decides"),
    "case.dispute_settled": _("It was decided who is in charge"),
    "case.transferred": _("Another office took over"),
    "case.raised": _("Your neighbourhood handed it to the level above"),
    "case.sent_back": _("Your neighbourhood works on it again"),
    "case.passed_down": _("Passed to an office nearer to you"),
    "case.conference_convened": _("Several offices will meet about it"),
    "case.conference_cancelled": _("The meeting about it was called off"),
    "case.conference_held": _("Several offices met about it"),
    "case.conference_decided": _("Several offices met and decided who is in charge"),
    "case.extension_granted": _("The office needs more time; there is a new date"),
    "case.suspended": _("Put off to a later date, on which it goes on by itself"),
    "case.resumed": _("Taken up again"),
    "case.alarm_taken": _("Whoever is on duty sees to the danger"),
    "case.split": _("Your words hold another matter, too; it goes its own way from here"),
    "case.petition_begun": _("It is decided in writing now, as a petition"),
    "case.notice_given": _("You were given notice that your petition is accepted"),
    "case.opinion_issued": _("The office gave its decision in writing"),
    "case.opinion_delivered": _("The decision reached you"),
    "case.review_asked": _("You asked the level above for a review"),
    "case.reviewer_named": _("It was named who reviews the decision"),
    "case.review_decided": _("The review was decided"),
    "case.second_review_asked": _("You asked for a second review"),
    "case.second_review_decided": _("The second review was decided; that is final"),
    "case.review_lapsed": _("The time to ask for a review is over; the decision stands"),
}
KINDS: dict[str, Text] = {
    "consultation": _("Consultation"),
    "help": _("Help"),
    "complaint": _("Complaint"),
    "report": _("Report of wrongdoing"),
    "suggestion": _("Suggestion"),
    "praise": _("Praise"),
}
#: The kinds as a resident chooses among them.
KIND_WORDS: dict[str, Text] = {
    "suggestion": _("I have a suggestion"),
    "help": _("I need help"),
    "complaint": _("I am not content with something"),
    "consultation": _("I have a question"),
    "praise": _("I want to thank somebody"),
    "report": _("I report wrongdoing (kept sealed)"),
}
CHANNELS: dict[str, Text] = {
    "letter": _("Letter"),
    "visit": _("Visit"),
    "phone": pgettext_lazy("channel", "Phone"),
    "web": _("Web"),
    "mobile": _("Mobile app"),
    "walk": _("Outreach walk"),
}
#: How matters stand or ended, in figures (see the rollups).
ENDINGS: dict[str, Text] = {
    "open": _("Under way"),
    "answered": _("Answered, not verified"),
    "solved": _("Solved, resident agrees"),
    "explained": _("Explained, resident agrees"),
    "unsolved": _("Resident: not solved"),
    "unheard": _("Ended, nobody reached"),
    "not_accepted": _("Not accepted"),
    "cancelled": _("Cancelled"),
}
URGENCIES: dict[str, Text] = {
    "danger": _("Danger to life or property"),
    "utility": _("Water, power, gas or heat"),
    "ordinary": _("Ordinary"),
    "complex": _("Complex"),
}
RESULTS: dict[str, Text] = {
    "solved": _("Solved"),
    "explained": _("Explained"),
    "kept_for_reference": _("Kept for reference"),
    "asks_too_much": _("Asks too much"),
    "not_solved": _("Not solved"),
}
RESULT_WORDS: dict[str, Text] = {
    "solved": _("The office says: solved"),
    "explained": _("The office explains why things are as they are"),
    "kept_for_reference": _("The office keeps it for reference"),
    "asks_too_much": _("The office says that this is more than it can do"),
    "not_solved": _("The office says: not solved yet"),
}
#: What a unit decides on a petition, and what a review makes of that.
OUTCOMES: dict[str, Text] = {
    "supported": _("The request is supported"),
    "explained": _("The request is understandable, but no rule supports it: explained"),
    "not_supported": _("The request is not supported"),
    "upheld": _("The opinion is upheld"),
    "changed": _("The opinion is changed"),
}
PAPERS: dict[str, Text] = {
    "notice": _("Notice that a petition is accepted"),
    "opinion": _("Opinion on a petition"),
    "review": _("Opinion of the review"),
    "second_review": _("Opinion of the second review"),
}
#: Dates of a petition.
PETITION_DATES: dict[str, Text] = {
    "registered": _("Registered as a petition"),
    "notice": _("Notice of acceptance"),
    "extended": _("More time, until"),
    "opinion": _("Written decision"),
    "delivery": _("Decision received"),
    "window": _("A review may be asked for"),
    "review_asked": _("Review asked for"),
    "review": _("Decision of the review"),
    "second_review_asked": _("Second review asked for"),
    "second_review": _("Decision of the second review"),
    "final": _("Final since"),
}
SATISFACTION: dict[str, Text] = {
    "satisfied": _("Satisfied"),
    "acceptable": _("Acceptable"),
    "dissatisfied": _("Not satisfied"),
    "": _("Not rated"),
}
WAYS: dict[str, Text] = {
    "phone": _("By phone"),
    "writing": _("In writing"),
    "home": _("At the home"),
}
RECUSAL_GROUNDS: dict[str, Text] = {
    "complained_of": _("Complained of"),
    "named": _("Named in it"),
    "related": _("Related to somebody in it"),
}
LEVELS: dict[int, Text] = {
    1: _("City"),
    2: _("District"),
    3: _("Subdistrict"),
    4: _("Community"),
    5: _("Building"),
}
ROLES: dict[str, Text] = {
    "facilitator": _("Facilitator"),
    "secretary": _("Secretary"),
    "station_attendant": _("Station attendant"),
    "hotline_operator": _("Hotline operator"),
    "dispatcher": _("Dispatcher"),
    "handler": _("Handler"),
    "head": _("Head of unit"),
    "grid_worker": _("Grid worker"),
    "callback_clerk": _("Callback clerk"),
    "supervisor": _("Supervisor"),
    "analyst": _("Analyst"),
    "research_office": _("Research office"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}
#: How orders of a partner came.
DELIVERY_WAYS: dict[str, Text] = {
    "file": _("As a table"),
    "push": _("Sent by the partner"),
    "pull": _("Fetched from the partner"),
}
#: What became of a result that a partner is told.
MESSAGE_STATES: dict[str, Text] = {
    "waiting": _("waits"),
    "dead": _("given up"),
    "sent": _("sent"),
    "withheld": _("kept here"),
    "set_aside": _("set aside"),
}
#: Why a partner's system could not be reached, or did not take what was sent.
FAULTS: dict[str, Text] = {
    "timeout": _("no answer in time"),
    "unreachable": _("its system can't be reached"),
    "broken-off": _("the connection broke off"),
    "tls": _("its certificate is not trusted"),
    "no-json": _("its answer is no JSON"),
    "no-orders": _("its answer holds no orders"),
    "cursor-stands": _("it gives the same page again and again"),
    "too-large": _("its answer is too large"),
    "ours": _("a fault of ours: see the log"),
}
#: How it stands with a joint conference, and with what one asked for.
STANDINGS: dict[str, StateWords] = {
    "to_come": StateWords(_("To be held"), "", "clock", "wait"),
    "to_record": StateWords(_("To be recorded"), "", "pen", "wait"),
    "open": StateWords(_("Under way"), "", "work", "work"),
    "overdue": StateWords(_("Overdue"), "", "alert", "late"),
    "done": StateWords(_("Done"), "", "check", "good"),
    "waived": StateWords(_("Released"), "", "cross", "wait"),
    "dropped": StateWords(_("The case has ended"), "", "cross", "wait"),
    "cancelled": StateWords(_("Called off"), "", "cross", "wait"),
}
_UNKNOWN_ICON, _UNKNOWN_TONE = "info", "wait"


def in_language(text: str, text_en: str) -> str:
    """Data of the district in the reader's language; Chinese where there is no English."""
    return (text_en or text) if get_language() == "en" else text


def place_name(node: Node) -> str:
    """The place's name in the reader's language."""
    return in_language(node.name, node.name_en)


def state_label(state: str) -> Text:
    """The state's exact term."""
    return STATES[state].label if state in STATES else state


def state_words(state: str) -> Text:
    """The state in plain words."""
    return STATES[state].words if state in STATES else state


def state_icon(state: str) -> str:
    """Name of the state's icon in the sprite."""
    return STATES[state].icon if state in STATES else _UNKNOWN_ICON


def state_tone(state: str) -> str:
    """The state's tone: ``wait``, ``work``, ``good``."""
    return STATES[state].tone if state in STATES else _UNKNOWN_TONE


def standing_label(standing: str) -> Text:
    """How it stands with a joint conference or a task."""
    return STANDINGS[standing].label if standing in STANDINGS else standing


def standing_icon(standing: str) -> str:
    """Name of its icon in the sprite."""
    return STANDINGS[standing].icon if standing in STANDINGS else _UNKNOWN_ICON


def standing_tone(standing: str) -> str:
    """Its tone, as of a state."""
    return STANDINGS[standing].tone if standing in STANDINGS else _UNKNOWN_TONE


def event_label(event: str) -> Text:
    """What happened, in exact terms."""
    return EVENT_LABELS.get(event, event)


def event_words(event: str) -> Text:
    """What happened, told to the resident."""
    return EVENT_WORDS.get(event, event)


def kind_label(kind: str) -> Text:
    """What the resident wants; empty for none said."""
    return KINDS.get(kind, kind)


def channel_label(channel: str) -> Text:
    """By which of the six channels it came."""
    return CHANNELS.get(channel, channel)


def ending_label(outcome: str) -> Text:
    """How it stands or ended, in figures."""
    return ENDINGS.get(outcome, outcome)


def urgency_label(urgency: str) -> Text:
    """How soon."""
    return URGENCIES.get(urgency, urgency)


def result_label(result: str) -> Text:
    """What came of it, as the unit says, in exact terms."""
    return RESULTS.get(result, result)


def result_words(result: str) -> Text:
    """What came of it, as the unit says, told to the resident."""
    return RESULT_WORDS.get(result, result)


def satisfaction_label(rating: str) -> Text:
    """How attitude or outcome is rated; no answer is no rating."""
    return SATISFACTION.get(rating, rating)


def outcome_label(outcome: str) -> Text:
    """What was decided on a petition."""
    return OUTCOMES.get(outcome, outcome)


def paper_label(name: str) -> Text:
    """What a paper of a petition is called."""
    return PAPERS.get(name, name)


def petition_date_label(code: str) -> Text:
    """What a date of a petition is about."""
    return PETITION_DATES.get(code, code)


def way_label(way: str) -> Text:
    """How the answer was given."""
    return WAYS.get(way, way)


def level_label(level: int) -> Text:
    """The level of a place or unit."""
    return LEVELS.get(level, str(level))


def role_label(role: str) -> Text:
    """What a person is to the district."""
    return ROLES.get(role, role)


def delivery_way_label(way: str) -> Text:
    """How orders of a partner came."""
    return DELIVERY_WAYS.get(way, way)


def message_state_label(state: str) -> Text:
    """What became of a result."""
    return MESSAGE_STATES.get(state, state)


def fault_label(fault: str) -> Text:
    """Why a partner did not take something, from ``timeout`` or ``http-422``."""
    status = fault.removeprefix("http-")
    if status != fault:
        return gettext("it answered %(status)s") % {"status": status}
    return FAULTS.get(fault, fault)
