"""Acts on a case as forms: which form an act takes, and which service carries it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.cases import merging, services
from yanlu.cases.files import CaseFile
from yanlu.web.staff import forms

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
        ),
        assisting=asked["assisting"],
    )


def _decline(who: Who, form: forms.DeclineForm) -> None:
    services.decline_case(**who, **_without_version(form))


def _cancel(who: Who, form: forms.CancelForm) -> None:
    services.cancel_case(**who, **_without_version(form))


def _return(who: Who, form: forms.ReturnForm) -> None:
    services.return_case(**who, **_without_version(form))


def _contact(who: Who, form: forms.ContactForm) -> None:
    services.record_contact(**who, **_without_version(form))


def _contribute(who: Who, form: forms.ContributeForm) -> None:
    services.contribute(**who, **_without_version(form))


def _answer(who: Who, form: forms.AnswerForm) -> None:
    services.answer_case(**who, form=services.ClosingForm(**_without_version(form)))


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


def _plainly(service: Callable[..., Any]) -> Callable[[Who, Any], Any]:
    return lambda who, _form: service(**who)


ACTS = (
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
        "answer", frozenset({"answer"}), _("Answer"), _("Send the answer"), "w",
        forms.AnswerForm, _answer, _("Answered. Another body asks the resident now."),
        hint=_("The resident gets the answer; another body verifies it."),
    ),
    Act(
        "contribute", frozenset({"contribute"}), _("Report your part"), _("Report your part"), "p",
        forms.ContributeForm, _contribute, _("Your unit's part is reported."),
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
        "return", frozenset({"return"}), _("Return the case"), _("Return the case"), "r",
        forms.ReturnForm, _return, _("Returned to the dispatcher. The clock runs on."), "grave",
        _("Your unit is not in charge. The clock runs on."),
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
