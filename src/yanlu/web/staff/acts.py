"""Acts on a case as forms: which form an act takes, and which service carries it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.cases import (
    alarms,
    conferences,
    extending,
    merging,
    patrols,
    petitions,
    recusing,
    returning,
    services,
)
from yanlu.cases.files import CaseFile
from yanlu.web.staff import forms, petition_forms

if TYPE_CHECKING:
    from yanlu.people.models import Account

Who = dict[str, Any]


@dataclass(frozen=True)
class Act:
    """One act: ``steps`` are the rows of the state table that it carries out.

    :param key: the letter that opens or carries out the act from the keyboard.
    :param tone: ``main`` for what usually comes next, ``quiet`` for what seldom does, ``grave`` for
        what turns a matter away.
    :param is_beside: whether its form stands elsewhere on the page, beside what it is about.
    """

    verb: str
    steps: frozenset[str]
    label: Promise
    button: Promise
    key: str
    form: type[forms.ActForm]
    perform: Callable[[Who, Any], Any]
    done: Promise
    tone: str = "main"
    hint: Promise | str = ""
    is_beside: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a single button does it."""
        return self.form is forms.ActForm


def _dispatch(who: Who, form: forms.DispatchForm) -> None:
    asked = form.cleaned_data
    services.dispatch_case(
        **who,
        correction=services.Correction(
            unit_id=asked["unit"],
            deadline_class_id=asked["deadline_class"],
            category_id=form.corrected("category"),
            place_id=form.corrected("place"),
            kind=form.corrected("kind"),
            urgency=form.corrected("urgency"),
            also=form.also(),
            note=asked["note"],
            is_petition=asked.get("is_petition", False),
        ),
        assisting=asked["assisting"],
    )


def _decline(who: Who, form: forms.DeclineForm) -> None:
    services.decline_case(**who, **_without_version(form))


def _cancel(who: Who, form: forms.CancelForm) -> None:
    services.cancel_case(**who, **_without_version(form))


def _return(who: Who, form: forms.ReturnForm) -> None:
    returning.return_case(**who, **_without_version(form))


def _contact(who: Who, form: forms.ContactForm) -> None:
    services.record_contact(**who, **_without_version(form))


def _contribute(who: Who, form: forms.ContributeForm) -> None:
    services.contribute(**who, **_without_version(form))


def _answer(who: Who, form: forms.AnswerForm) -> None:
    filled = {"appeal": "", "way": "", **_without_version(form)}
    done_at = filled.pop("done_at", None)
    services.answer_case(**who, form=services.ClosingForm(**filled), done_at=done_at)


def _callback(who: Who, form: forms.CallbackForm) -> None:
    asked = form.cleaned_data
    rating = services.Rating(
        attitude=asked["attitude"],
        outcome=asked["outcome"],
        not_solved_reason_id=form.reason_id(),
        note=asked["note"],
    )
    services.record_callback(
        **who, was_reached=asked["was_reached"], is_solved=asked["is_solved"], rating=rating
    )


def _merge(who: Who, form: forms.MergeForm) -> None:
    merging.merge_case(**who, **_without_version(form))


def _separate(who: Who, form: forms.WhyForm) -> None:
    merging.separate_case(**who, **_without_version(form))


def _part(who: Who, form: forms.PartForm) -> None:
    merging.part_co_signer(**who, **_without_version(form))


def _without_version(form: forms.ActForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "version"}


def _as_asked(service: Callable[..., Any]) -> Callable[[Who, Any], Any]:
    return lambda who, form: service(**who, **_without_version(form))


def _in_parts(service: Callable[..., Any]) -> Callable[[Who, Any], Any]:
    return lambda who, form: service(**who, parts=petitions.Parts(**_without_version(form)))


def _plainly(service: Callable[..., Any]) -> Callable[[Who, Any], Any]:
    return lambda who, _form: service(**who)


ACTS = (
    Act(
        "take_alarm", frozenset({"take_alarm"}), _("Take the alarm"), _("I see to it"), "i",
        forms.ActForm, _plainly(alarms.take_alarm),
        _("The danger is yours now. Help comes first; record afterwards what was done."),
        hint=_("Danger: the others who were told are relieved."),
    ),
    Act(
        "rehandle", frozenset({"rehandle"}), _("Order re-handling"), _("Order re-handling"), "h",
        forms.ActForm, _plainly(services.order_rehandling),
        _("Given back to the unit, to be handled again within three working days."),
        hint=_("The same unit handles it again within three working days."),
    ),
    Act(
        "dispatch", frozenset({"dispatch"}), _("Dispatch"), _("Dispatch"), "d",
        forms.DispatchForm, _dispatch, _("Dispatched. The unit sees it now."),
    ),
    Act(
        "catalogue", frozenset({"dispatch"}), _("Dispatch by the catalogue"), _("Dispatch"), "",
        forms.CatalogueForm, _as_asked(services.dispatch_by_catalogue),
        _("Dispatched by the catalogue. The unit sees it now."), is_beside=True,
    ),
    Act(
        "accept", frozenset({"accept"}), _("Accept"), _("Accept"), "a",
        forms.ActForm, _plainly(services.accept_case), _("Accepted by your unit."),
        hint=_("Your unit takes the matter on."),
    ),
    Act(
        "start", frozenset({"start"}), _("Start handling"), _("Start handling"), "s",
        forms.ActForm, _plainly(services.start_handling), _("Handling has started."),
        hint=_("Work on the matter begins."),
    ),
    Act(
        "contact", frozenset({"contact"}), _("Record a contact"), _("Record the contact"), "c",
        forms.ContactForm, _contact, _("The contact is recorded."),
    ),
    Act(
        "give_notice", frozenset({"give_notice"}), _("Give notice of acceptance"),
        _("Give notice"), "m", petition_forms.NoticeForm, _as_asked(petitions.give_notice),
        _("Notice given. The resident reads it now."),
        hint=_("It also names the unit in charge and the date of the decision."),
    ),
    Act(
        "answer", frozenset({"answer"}), _("Answer"), _("Send the answer"), "w",
        forms.AnswerForm, _answer, _("Answered. Another body verifies it now."),
        hint=_("Your unit can't close the case."),
    ),
    Act(
        "issue_opinion", frozenset({"issue_opinion"}), _("Issue the opinion"), _("Issue it"), "w",
        petition_forms.OpinionForm, _in_parts(petitions.issue_opinion),
        _("Issued. The resident may ask for a review."),
        hint=_("How it can be reviewed, and until when, is added by itself."),
    ),
    Act(
        "name_reviewer", frozenset({"name_reviewer"}), _("Name who reviews it"), _("Name it"), "d",
        petition_forms.ReviewerForm, _as_asked(petitions.name_reviewer),
        _("Named. The unit's head decides the review."),
        hint=_("Who handled it never reviews it."),
    ),
    Act(
        "decide_review", frozenset({"decide_review"}), _("Decide the review"),
        _("Issue the decision"), "w", petition_forms.ReviewForm, _in_parts(petitions.decide_review),
        _("Decided. The resident may ask for a second review."),
        hint=_("How it can be reviewed, and until when, is added by itself."),
    ),
    Act(
        "decide_second_review", frozenset({"decide_second_review"}),
        _("Decide the second review"), _("Issue the decision"), "w", petition_forms.ReviewForm,
        _in_parts(petitions.decide_second_review), _("Decided. The petition has ended."),
        hint=_("This decision is final."),
    ),
    Act(
        "record_delivery", frozenset({"record_delivery"}), _("Record that the paper was received"),
        _("Record it"), "l", petition_forms.DeliveryForm, _as_asked(petitions.record_delivery),
        _("Recorded. The time to ask for a review runs from that day."),
    ),
    Act(
        "contribute", frozenset({"contribute"}), _("Report your part"), _("Report your part"), "p",
        forms.ContributeForm, _contribute, _("Your unit's part is reported."),
    ),
    Act(
        "waive", frozenset({"waive"}), _("Do not wait for a part"), _("Do not wait for it"), "l",
        forms.WaiveForm, _as_asked(services.waive_part),
        _("Recorded. That part is not waited for."), "quiet",
        _("An assisting unit does not report, or its part is not needed."),
    ),
    Act(
        "release", frozenset({"release"}), _("Release from a conference's task"), _("Release"), "",
        forms.ReleaseForm, _as_asked(conferences.release_task),
        _("Recorded. That task is not waited for."), "quiet",
        _("What was asked there can't be done, or is not needed any more."),
    ),
    Act(
        "call_back", frozenset({"call_back"}), _("Begin the callback"), _("Begin the callback"),
        "b", forms.ActForm, _plainly(services.begin_callback), _("The callback has begun."),
        hint=_("You ask the resident whether it is settled."),
    ),
    Act(
        "callback", frozenset({"miss", "confirm", "object", "give_up"}), _("Record the callback"),
        _("Record the callback"), "b", forms.CallbackForm, _callback,
        _("The callback is recorded."),
    ),
    Act(
        "check", frozenset({"find_settled", "find_unsettled"}), _("Check on site"),
        _("Record the check"), "b", forms.CheckForm, _as_asked(patrols.record_check),
        _("The check is recorded."),
        hint=_("Go and see; a photo shows how it is now."),
    ),
    Act(
        "return", frozenset({"return"}), _("Return the case"), _("Return the case"), "r",
        forms.ReturnForm, _return, _("Returned to the dispatcher. The clock runs on."), "grave",
        _("Your unit is not in charge. The clock runs on."),
    ),
    Act(
        "refuse_return", frozenset({"refuse_return"}), _("Refuse the return"),
        _("Refuse the return"), "n", forms.ExplainForm, _as_asked(returning.refuse_return),
        _("The case stays with the unit, which may dispute that once."), "quiet",
        _("The unit is in charge after all."),
    ),
    Act(
        "dispute", frozenset({"dispute"}), _("Dispute it"), _("Dispute it"), "u",
        forms.ExplainForm, _as_asked(returning.dispute_case),
        _("Whoever is above both decides now. The clock runs on."), "grave",
        _("The supervisor names the unit in charge, for good."),
    ),
    Act(
        "settle", frozenset({"settle"}), _("Settle the dispute"), _("Settle the dispute"), "d",
        forms.GiveForm, _as_asked(returning.settle_dispute),
        _("Settled. The unit named is in charge and can't return the case."),
        hint=_("The unit that you name can't return the case."),
    ),
    Act(
        "raise", frozenset({"raise"}), _("Hand it up"), _("Hand it up"), "g",
        forms.RaiseForm, _as_asked(returning.raise_case),
        _("Handed up to the level above. The clock runs on."), "quiet",
        _("It exceeds what a neighbourhood can do."),
    ),
    Act(
        "send_back", frozenset({"send_back"}), _("Send it back down"), _("Send it back down"), "n",
        forms.ExplainForm, _as_asked(returning.send_back),
        _("Sent back to the neighbourhood."), "quiet",
        _("The neighbourhood can settle it after all."),
    ),
    Act(
        "pass_down", frozenset({"pass_down"}), _("Pass it down"), _("Pass it down"), "v",
        forms.PassDownForm, _as_asked(returning.pass_down),
        _("Passed to the unit below. The clock runs on."), "quiet",
        _("A neighbourhood gets only what is on its list."),
    ),
    Act(
        "transfer", frozenset({"transfer"}), _("Transfer to another unit"), _("Transfer"), "o",
        forms.GiveForm, _as_asked(returning.transfer_case),
        _("Transferred. The clock runs on."), "quiet", _("Another unit takes over."),
    ),
    Act(
        "ask_extension", frozenset({"ask_extension"}), _("Ask for more time"),
        _("Ask for more time"), "e", forms.ExtensionForm, _as_asked(extending.ask_extension),
        _("Asked. Your head reviews it; unless it is a petition, the dispatcher decides."),
        "quiet", _("Only before the time is up: twice at most, of a petition once."),
    ),
    Act(
        "review_extension", frozenset({"review_extension"}), _("Support the extension"),
        _("Support the extension"), "y", forms.ActForm, _plainly(extending.review_extension),
        _("Supported. It is granted if it is a petition; otherwise the dispatcher decides."),
    ),
    Act(
        "grant_extension", frozenset({"grant_extension"}), _("Grant the extension"),
        _("Grant the extension"), "y", forms.ActForm, _plainly(extending.grant_extension),
        _("Granted. The resident is told the new date and why."),
    ),
    Act(
        "refuse_extension", frozenset({"refuse_extension"}), _("Refuse the extension"),
        _("Refuse the extension"), "q", forms.ExplainForm,
        _as_asked(extending.refuse_extension), _("Refused. The date stays as it was."), "quiet",
    ),
    Act(
        "suspend", frozenset({"suspend"}), _("Suspend to a date"), _("Suspend"), "k",
        forms.UntilForm, _as_asked(extending.suspend_case),
        _("Suspended. It is taken up again by itself on that day."), "quiet",
        _("Once, for a year at most. What is left of the time is kept."),
    ),
    Act(
        "resume", frozenset({"resume"}), _("Take it up again"), _("Take it up again"), "k",
        forms.ActForm, _plainly(extending.resume_case), _("Taken up again."),
    ),
    Act(
        "begin_petition", frozenset({"begin_petition"}), _("Register as a petition"),
        _("Register"), "f", petition_forms.AskForm, _as_asked(petitions.begin_petition),
        _("Registered. Notice of acceptance is due within 15 days."), "quiet",
        _("The resident, who has no account, asks for a written decision."),
    ),
    Act(
        "ask_review", frozenset({"ask_review"}), _("Record a request for review"),
        _("Record the request"), "f", petition_forms.AskForm, _as_asked(petitions.ask_review),
        _("Recorded. Name the unit that reviews it."), "quiet",
        _("The resident, who has no account, asks for it."),
    ),
    Act(
        "ask_second_review", frozenset({"ask_second_review"}),
        _("Record a request for a second review"), _("Record the request"), "f",
        petition_forms.AskForm, _as_asked(petitions.ask_second_review),
        _("Recorded. Name the unit that reviews it."), "quiet",
        _("The resident, who has no account, asks for it."),
    ),
    Act(
        "merge", frozenset({"merge"}), _("Merge into another case"), _("Merge"), "t",
        forms.MergeForm, _merge, _("Merged. Everybody keeps their own code and is told."), "quiet",
        _("Another case says the same and goes on for both."),
    ),
    Act(
        "separate", frozenset({"separate"}), _("Separate again"), _("Separate"), "t",
        forms.WhyForm, _separate, _("The case goes on by itself, just as it was."), "quiet",
        _("It was another matter after all."),
    ),
    Act(
        "split", frozenset({"split"}), _("Split another matter off"), _("Split it off"), "j",
        forms.SplitForm, _as_asked(merging.split_case),
        _("Split off: it has a case of its own, and the resident follows both by one code."),
        "quiet", _("What was said holds another matter for another unit."),
    ),
    Act(
        "step_back", frozenset({"step_back"}), _("Step back"), _("Step back"), "x",
        forms.ExplainForm, _as_asked(recusing.step_back),
        _("You are out of this case. Somebody else goes on with it."), "quiet",
        _("You are related to somebody in it. You won't see the case any more."),
    ),
    Act(
        "recuse", frozenset({"recuse"}), _("Keep somebody out"), _("Keep them out"), "x",
        forms.RecuseForm, _as_asked(recusing.recuse),
        _("Kept out: they find no trace of this case any more."), "quiet",
        _("Who is named in it, complained of, or related to somebody in it."),
    ),
    Act(
        "readmit", frozenset({"readmit"}), _("Let somebody in again"), _("Let them in again"), "z",
        forms.ReadmitForm, _as_asked(recusing.readmit), _("They may see the case again."), "quiet",
        _("They were kept out by mistake."),
    ),
    Act(
        "part", frozenset({"part"}), _("Give a co-signer a case of their own"),
        _("Open a case of its own"), "", forms.PartForm, _part,
        _("The co-signer has a case of their own now."), "quiet", is_beside=True,
    ),
    Act(
        "decline", frozenset({"decline"}), _("Do not accept"), _("Do not accept"), "x",
        forms.DeclineForm, _decline, _("Not accepted. The resident is told the proper route."),
        "grave", _("Another route is the proper one; the resident is told which."),
    ),
    Act(
        "cancel", frozenset({"cancel"}), _("Cancel the case"), _("Cancel the case"), "z",
        forms.CancelForm, _cancel, _("Cancelled."), "grave",
        _("Nothing that could be handled was said."),
    ),
)  # fmt: skip
BY_VERB = {act.verb: act for act in ACTS}


def allowed(file: CaseFile) -> list[Act]:
    """The acts that the person may do on this case now, what usually comes next first."""
    steps = {step.verb for step in file.allowed}
    return [act for act in ACTS if act.steps & steps]


def perform(act: Act, *, actor: "Account", form: forms.ActForm) -> None:
    """Carry the act out with what was handed in.

    :raises Refused: whatever the service refuses.
    """
    who = {
        "actor": actor,
        "case_id": form.file.case.pk,
        "version": form.cleaned_data["version"],
    }
    act.perform(who, form)
