"""The life of a case (案件) as one table. Plain Python; ``docs/states.md`` is drawn from it.

Steps follow GB/T 30428 (信息采集 → 案卷建立 → 任务派遣 → 任务处理 → 处理反馈 → 核查结案):
who handles never verifies, and no unit closes its own case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

OPENED = "opened"  # 已立案, nobody proposed a unit yet
AWAITING_DISPATCH = "awaiting_dispatch"  # 待派遣, a unit is proposed
DISPATCHED = "dispatched"  # 已派遣, the whole clock runs
ACCEPTED = "accepted"  # 已接收
IN_HANDLING = "in_handling"  # 处理中
ANSWERED = "answered"  # 已答复, waits for verification
CALLBACK = "callback"  # 回访中
CLOSED = "closed"  # 已结案
RETURNED = "returned"  # 已退单
NOT_ACCEPTED = "not_accepted"  # 不予受理, with the proper route
CANCELLED = "cancelled"  # 已作废
REOPENED = "reopened"  # 重新打开, by the resident
RE_HANDLING = "re_handling"  # 重办, not satisfied
MERGED = "merged"  # 已并案, goes on together with another case
RAISED = "raised"  # 已上报, exceeds a neighbourhood's remit
DISPUTED = "disputed"  # 争议裁定中, unit and dispatcher disagree
SUSPENDED = "suspended"  # 已挂账, until a date
OPINION_GIVEN = "opinion_given"  # 已出具处理意见, a review may be asked for
IN_REVIEW = "in_review"  # 复查中
REVIEWED = "reviewed"  # 已复查, a second review may be asked for
IN_SECOND_REVIEW = "in_second_review"  # 复核中
FINAL = "final"  # 信访终结, not taken up again

#: Target of the acts that undo a merge or end a suspension: whatever the case was before.
AS_BEFORE = "as_before"

ALL = (
    OPENED,
    AWAITING_DISPATCH,
    DISPATCHED,
    ACCEPTED,
    IN_HANDLING,
    ANSWERED,
    CALLBACK,
    CLOSED,
    RETURNED,
    NOT_ACCEPTED,
    CANCELLED,
    REOPENED,
    RE_HANDLING,
    MERGED,
    RAISED,
    DISPUTED,
    SUSPENDED,
    OPINION_GIVEN,
    IN_REVIEW,
    REVIEWED,
    IN_SECOND_REVIEW,
    FINAL,
)
#: States in which nothing is owed any more.
ENDED = frozenset({CLOSED, NOT_ACCEPTED, CANCELLED, MERGED, FINAL})
#: States that wait for a dispatcher.
TO_DISPATCH = frozenset({OPENED, AWAITING_DISPATCH, RETURNED, REOPENED, RAISED})
#: States that wait for the handling unit.
TO_HANDLE = frozenset({DISPATCHED, ACCEPTED, IN_HANDLING, RE_HANDLING})
#: States of a petition that wait for a unit above the one that decided.
TO_REVIEW = frozenset({IN_REVIEW, IN_SECOND_REVIEW})
#: States in which a unit or a dispatcher owes something by a date.
OWED = TO_DISPATCH | TO_HANDLE | {DISPUTED} | TO_REVIEW
#: States that wait for somebody else's verification.
TO_VERIFY = frozenset({ANSWERED, CALLBACK})
#: States of a petition in which its resident may ask for a review, until a date.
OPEN_TO_REVIEW = frozenset({OPINION_GIVEN, REVIEWED})

#: States that wait for somebody above, and for a date.
TO_SETTLE = frozenset({DISPUTED})
PUT_OFF = frozenset({SUSPENDED})

# Who may act. What makes a person one of these for a case stands in ``access.parties``.
RESIDENT = "resident"  # who handed it in
MERGED_RESIDENT = "merged_resident"  # who handed in a case that was merged into it
DISPATCHER = "dispatcher"  # a dispatcher whose territory holds the case
LEAD_UNIT = "lead_unit"  # a handler or head of the lead unit (主办)
LEAD_HEAD = "lead_head"  # the head of the lead unit
ASSISTING_UNIT = "assisting_unit"  # a handler or head of an assisting unit (协办)
VERIFIER = "verifier"  # a callback clerk of a body that handles nothing here
DUTY_OFFICER = "duty_officer"  # who is on duty and was alarmed about this danger
CHECKER = "checker"  # a grid worker of such a body, who did not find it: of patrols' cases only
DESK = "desk"  # a dispatcher, for a resident who has no account
REVIEWER = "reviewer"  # a head of the unit that reviews, who has no part in the case before
ARBITER = "arbiter"  # a supervisor above both, of a body that has no part in the case
SYSTEM = "system"  # Yanlu itself


@dataclass(frozen=True)
class Transition:
    """``verb`` leads from any of ``sources`` to ``target`` (the same state when empty).

    Where the target is :data:`AS_BEFORE`, the journal row names the state.

    :param event: verb in the journal.
    :param who: parties that may do it.
    :param demands: what has to be handed in with it.
    :param reason: in words, for the documentation and the reader.
    """

    verb: str
    sources: frozenset[str]
    target: str
    event: str
    who: frozenset[str]
    demands: str
    reason: str


def _row(
    verb: str, sources: str, target: str, event: str, who: str, demands: str, reason: str
) -> Transition:
    return Transition(
        verb,
        frozenset(sources.split()),
        target,
        f"case.{event}",
        frozenset(who.split()),
        demands,
        reason,
    )


_TO_DISPATCH = "opened awaiting_dispatch returned reopened raised"
_TO_HANDLE = "dispatched accepted in_handling re_handling"
_OWED = f"{_TO_DISPATCH} {_TO_HANDLE}"
_UNDER_WAY = f"{_OWED} disputed suspended answered callback"

#: Several units meet (联席会议): about one case, or about this one among others.
_CONFERENCES = (
    _row(
        "convene", f"{_OWED} disputed", "", "conference_convened", "dispatcher arbiter",
        "units, subject, time and place",
        "Several units meet about it, since none can settle it alone.",
    ),
    _row(
        "confer", f"{_OWED} disputed answered callback suspended", "", "conference_held",
        "dispatcher arbiter", "minutes, resolution, a sentence for the resident",
        "They met; what was asked of each unit is a part that the case waits for.",
    ),
    _row(
        "decide", f"{_OWED} disputed", DISPATCHED, "conference_decided", "arbiter",
        "unit, minutes, resolution, a sentence for the resident",
        "They met; the unit named there is in charge and may not return the case.",
    ),
    _row(
        "release", _TO_HANDLE, "", "task_released", "dispatcher arbiter",
        "a task of a conference, explanation",
        "What a conference asked of a unit is not waited for.",
    ),
)  # fmt: skip

TABLE = (
    _row("open", "", OPENED, "opened", "system", "a Decision",
         "Every submission becomes a case; nothing that was said gets lost."),
    _row("propose", "opened", AWAITING_DISPATCH, "proposed", "system", "a unit in the Decision",
         "A unit is proposed, a person confirms."),
    _row("dispatch", _TO_DISPATCH, DISPATCHED, "dispatched", "dispatcher system",
         "unit, category, urgency",
         "The matter goes to its unit; the whole clock starts, once and for all."),
    _row("decline", _TO_DISPATCH, NOT_ACCEPTED, "not_accepted", "dispatcher",
         "ground, explanation", "Another route is the proper one; the resident is told which."),
    _row("cancel", "opened awaiting_dispatch returned", CANCELLED, "cancelled", "dispatcher",
         "reason, explanation", "Nothing that could be handled was said."),
    _row("accept", "dispatched", ACCEPTED, "accepted", "lead_unit", "",
         "The unit takes the matter on."),
    _row("return", "dispatched accepted", RETURNED, "returned", "lead_unit",
         "reason, explanation, evidence",
         "The unit says that it is not in charge, once and in time; the clock runs on."),
    _row("refuse_return", "returned", DISPATCHED, "return_refused", "dispatcher", "explanation",
         "The unit is in charge after all; it may dispute that once."),
    _row("dispute", "dispatched", DISPUTED, "disputed", "lead_unit", "explanation",
         "The unit still says that it is not in charge; whoever is above both decides."),
    _row("settle", "disputed", DISPATCHED, "dispute_settled", "arbiter", "unit, explanation",
         "The unit named now is in charge and may not return the case."),
    _row("transfer", _TO_HANDLE, DISPATCHED, "transferred", "dispatcher", "unit, explanation",
         "Another unit takes over; the clock runs on."),
    *_CONFERENCES,
    _row("raise", _TO_HANDLE, RAISED, "raised", "lead_unit", "reason, what was done already",
         "It exceeds what a neighbourhood can do: the level above takes it up."),
    _row("send_back", "raised", DISPATCHED, "sent_back", "dispatcher", "explanation",
         "The neighbourhood can settle it after all."),
    _row("pass_down", "dispatched accepted in_handling", DISPATCHED, "passed_down", "lead_unit",
         "a unit below, explanation",
         "A unit below is nearer to it; a neighbourhood gets only what is on its list."),
    _row("ask_extension", _TO_HANDLE, "", "extension_asked", "lead_unit",
         "date, reason, explanation",
         "More time is needed; asked before the time is up, granted twice at most."),
    _row("review_extension", _TO_HANDLE, "", "extension_reviewed", "lead_head", "",
         "The head of the unit stands behind it."),
    _row("grant_extension", _TO_HANDLE, "", "extension_granted", "dispatcher", "",
         "The dispatcher approves the later date and the resident is told why."),
    _row("refuse_extension", _TO_HANDLE, "", "extension_refused", "lead_head dispatcher",
         "explanation", "The promise stays as it was."),
    _row("suspend", "accepted in_handling re_handling", SUSPENDED, "suspended", "dispatcher",
         "date, explanation", "It can't be settled before a date; once, for a year at most."),
    _row("resume", "suspended", AS_BEFORE, "resumed", "dispatcher system", "",
         "The date has come, or the obstacle is gone; the time left then is left now."),
    _row("start", "accepted", IN_HANDLING, "handling_started", "lead_unit", "",
         "Work on the matter begins."),
    _row("contact", _TO_HANDLE, "", "contacted", "lead_unit", "when, or why not",
         "First contact with the resident, due within one working day."),
    _row("contribute", "accepted in_handling re_handling", "", "contributed", "assisting_unit",
         "what was done", "An assisting unit reports its part."),
    _row("waive", "accepted in_handling re_handling", "", "waived", "lead_unit dispatcher",
         "an assisting unit, explanation", "The part of an assisting unit is not waited for."),
    _row("answer", _TO_HANDLE, ANSWERED, "answered", "lead_unit",
         "closing form, every assisting unit's part; accepted and started, but for a danger",
         "The unit answers; it can't close."),
    _row("call_back", "answered", CALLBACK, "callback_begun", "verifier", "",
         "Another body asks the resident."),
    _row("miss", "callback", "", "callback_missed", "verifier", "note",
         "The resident was not reached; another try follows."),
    _row("confirm", "callback", CLOSED, "confirmed", "verifier", "solved, two ratings",
         "The resident says that it is settled."),
    _row("object", "callback", RE_HANDLING, "objected", "verifier",
         "two ratings, what is missing",
         "The resident is not satisfied: handled again within three working days."),
    _row("give_up", "callback", CLOSED, "closed_unreached", "verifier", "three misses",
         "Three calls reached nobody; the resident may still reopen."),
    _row("find_settled", "answered", CLOSED, "found_settled", "checker", "photo",
         "Nobody handed in what a patrol found: another grid worker sees on site that it is done."),
    _row("find_unsettled", "answered", RE_HANDLING, "found_unsettled", "checker",
         "photo, what is missing",
         "It is not settled on site: handled again within three working days."),
    _row("approve", "answered callback", CLOSED, "approved", "resident", "two ratings",
         "The resident says so directly."),
    _row("reject", "answered callback", RE_HANDLING, "rejected", "resident merged_resident",
         "two ratings, what is missing", "The resident says that it is not settled."),
    _row("reopen", "closed not_accepted", REOPENED, "reopened", "resident merged_resident",
         "reason", "Within 14 days the resident may say that it is not over."),
    _row("rehandle", "reopened", RE_HANDLING, "rehandling_ordered", "dispatcher", "",
         "The same unit handles it again within three working days."),
    _row("merge", _OWED, MERGED, "merged", "dispatcher",
         "an open case that is promised no later, reason",
         "Another case says the same; it goes on as that one, and nobody loses a word."),
    _row("separate", "merged", AS_BEFORE, "separated", "dispatcher", "reason",
         "It was another matter after all; the case goes on by itself, just as it was."),
    _row("split", _OWED, "", "split", "dispatcher", "the words of the other matter, reason",
         "What was said holds another matter, which gets a case beside this one."),
    _row("take_alarm", _UNDER_WAY, "", "alarm_taken", "duty_officer", "",
         "Whoever is on duty sees to the danger; the others who were told need not any more."),
    _row("step_back", _UNDER_WAY, "", "stepped_back", "lead_unit assisting_unit verifier arbiter",
         "explanation", "Who is related to somebody in the case does not see it any more."),
    _row("recuse", _UNDER_WAY, "", "recused", "dispatcher",
         "a person or a unit, ground, explanation",
         "Who is named in the case or complained of must not see it."),
    _row("readmit", _UNDER_WAY, "", "readmitted", "dispatcher", "who was kept out, explanation",
         "The recusal rested on a mistake."),
    _row("part", f"{_OWED} answered callback", "", "parted", "dispatcher", "a co-signer, reason",
         "A co-signer says something else after all and gets a case of their own."),
    _row("begin_petition", _OWED, "", "petition_begun", "resident desk", "what is to be decided",
         "The resident asks for a written decision; a dispatcher may choose it when dispatching."),
    _row("give_notice", _TO_HANDLE, "", "notice_given", "lead_unit dispatcher",
         "the demand, whom to ask",
         "The resident is told in writing, within 15 days, who decides what and by when."),
    _row("issue_opinion", "in_handling re_handling", OPINION_GIVEN, "opinion_issued", "lead_head",
         "the opinion's parts, every assisting unit's part",
         "The head signs the written decision, which takes the place of the answer."),
    _row("record_delivery", "opinion_given reviewed", "", "opinion_delivered", "dispatcher",
         "the day",
         "A decision on paper reached the resident: from that day a review may be asked for."),
    _row("ask_review", "opinion_given", IN_REVIEW, "review_asked", "resident desk",
         "what is wrong with the opinion",
         "Within 30 days the resident may have the level above look at it."),
    _row("name_reviewer", "in_review in_second_review", "", "reviewer_named", "dispatcher",
         "a unit above the one that decided", "Who handled it never reviews it."),
    _row("decide_review", "in_review", REVIEWED, "review_decided", "reviewer",
         "the opinion's parts", "The unit above upholds or changes the opinion, within 30 days."),
    _row("ask_second_review", "reviewed", IN_SECOND_REVIEW, "second_review_asked",
         "resident desk", "what is wrong with the opinion",
         "Within 30 days, once more, by the level above that."),
    _row("decide_second_review", "in_second_review", FINAL, "second_review_decided", "reviewer",
         "the opinion's parts",
         "This opinion is final: the same facts and grounds are not taken up again."),
    _row("lapse", "opinion_given reviewed", FINAL, "review_lapsed", "system", "the date is over",
         "Nobody asked for a review in time: the opinion stands."),
)  # fmt: skip

#: Ends that the resident may open again.
REOPENABLE = next(step.sources for step in TABLE if step.verb == "reopen")
BY_VERB = {transition.verb: transition for transition in TABLE}
BY_EVENT = {transition.event: transition for transition in TABLE}


def leads_from(state: str) -> list[Transition]:
    """What may happen next, in the table's order."""
    return [transition for transition in TABLE if state in transition.sources]


def after(state: str, event: str, data: Mapping[str, Any]) -> str:
    """The state after a journal row, so that a case can be replayed from the journal."""
    transition = BY_EVENT.get(event)
    target = transition.target if transition else ""
    return str(data["state"]) if target == AS_BEFORE else target or state
