"""What is handed in with each act on a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.cases import guards, states
from yanlu.cases import selectors as cases
from yanlu.cases.files import CaseFile
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel.errors import Refused
from yanlu.web import labels
from yanlu.web.staff import choices
from yanlu.web.staff.fields import Folds, StaffForm, dress, long_text, number_of, yes_no


class ActForm(StaffForm):
    """An act on a case, bound to the version of the case that the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, file: CaseFile, verb: str, files: Any = None) -> None:
        initial = {"version": file.case.version}
        super().__init__(data, files, initial=initial, auto_id=f"{verb}-%s")
        self.file = file
        self.prepare(file)

    def prepare(self, file: CaseFile) -> None:
        """Fill in what can be chosen for this case."""


class DoneForm(ActForm):
    """An act that may be recorded after it was done, in a danger (先处置后补录)."""

    def prepare(self, file: CaseFile) -> None:
        if guards.is_danger(file.case):
            self.fields["done_at"] = field = forms.DateTimeField(
                label=_("When it was done, if earlier than now"),
                required=False,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            )
            dress(field)


class DispatchForm(ActForm):
    """Confirm or correct what was proposed. Empty choices leave it to the rules."""

    unit = number_of(gettext_lazy("Unit in charge"), required=False)
    deadline_class = number_of(gettext_lazy("Time limit"), required=False)
    category = number_of(gettext_lazy("Category"), required=False)
    place = number_of(gettext_lazy("Place"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    urgency = forms.ChoiceField(label=gettext_lazy("Urgency"))
    assisting = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Assisting units"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = long_text(gettext_lazy("Note to the units"), rows=2, required=False, max_length=2000)
    is_petition = forms.BooleanField(
        label=gettext_lazy("Decide it in writing, as a petition"),
        required=False,
        help_text=gettext_lazy(
            "A suggestion, a complaint or a request for help: notice within 15 days, an opinion"
            " within 60, two reviews."
        ),
    )
    folds: Folds = (
        (gettext_lazy("Correct what it is"), ("category", "place", "kind", "urgency")),
        (gettext_lazy("Assisting units, note"), ("assisting", "note")),
        (gettext_lazy("Petition"), ("is_petition",)),
    )
    #: Stands before the code of a scheme in its field's name.
    scheme_prefix = "scheme-"

    def prepare(self, file: CaseFile) -> None:
        case = file.case
        units = choices.units(case.place_id)
        self._choose_unit(file, units)
        self.choose("assisting", units[0][1])
        self.choose("deadline_class", [("", _("As the rules say")), *choices.deadline_classes()])
        known = choices.categories(dispatch.categories())
        self.choose("category", [("", _("None fits")), *known])
        self.choose("place", [("", _("Not known")), *choices.places_of_case(case.place_id)])
        self.choose("kind", choices.labelled(labels.KINDS))
        self.choose("urgency", choices.labelled(labels.URGENCIES))
        self.initial = {
            **self.initial,
            "category": case.category_id,
            "place": case.place_id,
            "kind": case.kind,
            "urgency": case.urgency,
        }
        self._add_schemes(file)
        if file.petition or case.first_due_at:
            del self.fields["is_petition"]
        for name in ("category", "place", *self._scheme_fields()):
            self.fields[name].widget.attrs["data-narrow"] = _("Type to narrow the list")

    def _add_schemes(self, file: CaseFile) -> None:
        """A choice for each scheme beside the main one; left alone, nothing is learned from it."""
        for code, name in dispatch.other_schemes().items():
            field = number_of(name, required=False)
            self.add(f"{self.scheme_prefix}{code}", field)
            proposed = file.decision.reasons.get(f"scheme:{code}", [])
            first = _("As proposed: %s") % proposed[0]["name"] if proposed else _("Not known")
            known = choices.categories(dispatch.categories(code))
            self.choose(f"{self.scheme_prefix}{code}", [("", first), *known])
            self.initial[f"{self.scheme_prefix}{code}"] = file.decision.also.get(code)
        self.folds = (
            *self.folds,
            (_("Categories of other schemes"), tuple(self._scheme_fields())),
        )

    def _scheme_fields(self) -> list[str]:
        return [name for name in self.fields if name.startswith(self.scheme_prefix)]

    def also(self) -> dict[str, int]:
        """What was chosen of other schemes, by their codes."""
        return {
            name.removeprefix(self.scheme_prefix): self.cleaned_data[name]
            for name in self._scheme_fields()
            if self.cleaned_data.get(name)
        }

    def _choose_unit(self, file: CaseFile, units: choices.Grouped) -> None:
        """A proposed unit may simply be confirmed; after a return somebody has to choose."""
        field = self.fields["unit"]
        field.widget.attrs["data-narrow"] = _("Type to narrow the list")
        if file.case.state == states.RETURNED:
            field.required = True
            field.help_text = _("Returned by %s. Choose anew.") % file.unit_name
            self.choose("unit", [("", _("Choose…")), *units])
        elif file.unit_name:
            field.help_text = _("If you correct the category or place, the rules are asked again.")
            first = _("As proposed: %s") % file.unit_name
            self.choose("unit", [("", first), *units])
        else:
            self.choose("unit", [("", _("As the rules say")), *units])

    def corrected(self, name: str) -> Any:
        """What was chosen, where it differs from the case as it stands."""
        chosen = self.cleaned_data.get(name)
        held = {"category": "category_id", "place": "place_id"}.get(name, name)
        return None if chosen == getattr(self.file.case, held) else chosen


class CatalogueForm(ActForm):
    """An item of the catalogue, chosen with one click."""

    item = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, error: Refused) -> None:
        self.add_error(None, str(error.message))


class DeclineForm(ActForm):
    """Not accepted, with the ground, whose standing reply names the proper route."""

    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    explanation = long_text(
        gettext_lazy("Why this ground, in your words"),
        help_text=gettext_lazy("The resident reads this below the reply."),
        max_length=2000,
    )

    def prepare(self, file: CaseFile) -> None:
        self.grounds = cases.grounds()
        self.choose("ground", [(code, name) for code, name, _reply in self.grounds])

    def lines(self) -> list[tuple[Any, str]]:
        """Each ground's radio button with the reply that goes with it."""
        replies = {code: reply for code, _name, reply in self.grounds}
        return [(radio, replies[radio.data["value"]]) for radio in self["ground"]]


class ReasonForm(ActForm):
    """A reason from the code table, and an explanation."""

    table = ""
    reason = forms.ChoiceField(label=gettext_lazy("Reason"))
    explanation = long_text(gettext_lazy("Explanation"), max_length=2000)

    def prepare(self, file: CaseFile) -> None:
        self.choose("reason", [("", _("Choose…")), *cases.reasons(self.table)])


class CancelForm(ReasonForm):
    """Cancelled, since nothing that could be handled was said."""

    table = "cancel"


class ReturnForm(ReasonForm):
    """Given back by the unit; the whole clock runs on."""

    table = "return"
    evidence = long_text(
        gettext_lazy("What proves it: rule, list of duties, or document"), rows=2, max_length=2000
    )


class RaiseForm(ReasonForm):
    """Handed up by a neighbourhood, with what it did already."""

    table = "raise"
    explanation = long_text(gettext_lazy("What you did already"), max_length=2000)


class ExplainForm(ActForm):
    """An act that is explained."""

    explanation = long_text(gettext_lazy("Explanation"), max_length=2000)


class GiveForm(ExplainForm):
    """Another unit is put in charge."""

    unit = number_of(gettext_lazy("Unit in charge"))
    field_order = ("unit", "explanation")

    def prepare(self, file: CaseFile) -> None:
        self.choose("unit", [("", _("Choose…")), *choices.units(file.case.place_id)])
        self.fields["unit"].widget.attrs["data-narrow"] = _("Type to narrow the list")


class PassDownForm(GiveForm):
    """A unit below one's own."""

    def prepare(self, file: CaseFile) -> None:
        self.choose("unit", [("", _("Choose…")), *choices.units_below(file.case)])
        self.fields["unit"].widget.attrs["data-narrow"] = _("Type to narrow the list")


class WaiveForm(GiveForm):
    """An assisting unit's part is not waited for."""

    unit = number_of(gettext_lazy("Assisting unit"))

    def prepare(self, file: CaseFile) -> None:
        owed = guards.owed_parts(file.case)
        self.choose("unit", [(str(one.unit_id), choices.unit_name(one.unit)) for one in owed])


class RecuseForm(ExplainForm):
    """A person or a unit that must not see the case."""

    account = number_of(gettext_lazy("Person"), required=False)
    unit = number_of(gettext_lazy("or a whole unit"), required=False)
    ground = forms.ChoiceField(label=gettext_lazy("Ground"), widget=forms.RadioSelect)
    field_order = ("account", "unit", "ground", "explanation")

    def prepare(self, file: CaseFile) -> None:
        case = file.case
        handling = {case.lead_unit_id or 0, *(one.unit_id for one in file.assists)}
        self.choose("account", [("", _("Choose…")), *choices.members(handling)])
        self.choose("unit", [("", _("Choose…")), *choices.units(case.place_id)])
        self.choose("ground", choices.labelled(labels.RECUSAL_GROUNDS))
        self.fields["unit"].widget.attrs["data-narrow"] = _("Type to narrow the list")


class ReadmitForm(ExplainForm):
    """Who may see the case again."""

    recusal = number_of(gettext_lazy("Who was kept out"))
    field_order = ("recusal", "explanation")

    def prepare(self, file: CaseFile) -> None:
        self.choose("recusal", [(str(number), name) for number, name in file.kept_out])


class ReleaseForm(ExplainForm):
    """What a joint conference asked of a unit is not waited for."""

    task = number_of(gettext_lazy("Task"))
    field_order = ("task", "explanation")

    def prepare(self, file: CaseFile) -> None:
        self.choose("task", choices.parts(guards.owed_tasks(file.case)))


class UntilForm(ExplainForm):
    """Put off to a date."""

    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("until", "explanation")


class ExtensionForm(ReasonForm):
    """More time is asked for."""

    table = "extension"
    until = forms.DateField(
        label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"})
    )
    field_order = ("until", "reason", "explanation")


class WhyForm(ActForm):
    """An act that wants its reason in a sentence."""

    why = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class MergeForm(WhyForm):
    """Put together with the case that goes on."""

    into = forms.CharField(
        label=gettext_lazy("Number of the case that goes on"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "20260101-000001"}),
    )
    field_order = ("into", "why")


class SplitForm(WhyForm):
    """The words that are another matter."""

    words = long_text(
        gettext_lazy("The words of the other matter"),
        rows=3,
        help_text=gettext_lazy("Copied from what was said, as they stand there."),
        max_length=5000,
    )
    field_order = ("words", "why")


class PartForm(WhyForm):
    """Give a co-signer a case of their own."""

    submission_id = forms.IntegerField(widget=forms.HiddenInput)


class ContactForm(DoneForm):
    """First contact with the resident, or why there was none."""

    was_reached = yes_no(gettext_lazy("Did you reach the resident?"))
    reason = forms.ChoiceField(label=gettext_lazy("Why not"), required=False)
    note = long_text(gettext_lazy("What was said"), rows=2, required=False, max_length=500)

    def prepare(self, file: CaseFile) -> None:
        super().prepare(file)
        self.choose("reason", [("", _("Choose…")), *cases.reasons("no_contact")])
        self.fields["reason"].widget.attrs["data-if"] = "no"

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("was_reached") is False and not asked.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return asked


class ContributeForm(ActForm):
    """A unit's part; which one, where it has several."""

    part = number_of(gettext_lazy("Which part"))
    contribution = long_text(gettext_lazy("What your unit did"), rows=4, max_length=5000)

    def prepare(self, file: CaseFile) -> None:
        self.choose("part", choices.parts(file.own_parts))
        if len(file.own_parts) < 2:
            del self.fields["part"]


class AnswerForm(DoneForm):
    """The closing form (办结单): what was found, what is answered, how."""

    on_site = forms.BooleanField(label=gettext_lazy("Checked on site"), required=False)
    facts_found = yes_no(gettext_lazy("Are the facts as the resident says?"))
    facts = long_text(gettext_lazy("What was found"), max_length=5000)
    appeal_recognised = yes_no(gettext_lazy("Is the request recognised?"))
    appeal = long_text(
        gettext_lazy("Why"),
        rows=2,
        help_text=gettext_lazy("More than the tick above: the rule, the circumstances."),
        max_length=5000,
    )
    points = long_text(
        gettext_lazy("Main points of the answer"),
        rows=5,
        help_text=gettext_lazy("The resident reads this word for word."),
        max_length=5000,
    )
    result = forms.ChoiceField(label=gettext_lazy("What came of it"))
    way = forms.ChoiceField(label=gettext_lazy("How it was answered"), widget=forms.RadioSelect)
    resident_said = long_text(
        gettext_lazy("What the resident said to it"), rows=2, required=False, max_length=2000
    )
    is_public = forms.BooleanField(label=gettext_lazy("May be shown in public"), required=False)

    def prepare(self, file: CaseFile) -> None:
        super().prepare(file)
        self.choose("result", choices.labelled(labels.RESULTS, _("Choose…")))
        self.choose("way", choices.labelled(labels.WAYS))
        said = file.submission
        if file.case.patrol_by_id:
            self._prepare_for_patrol()
        elif not said.may_publish or said.is_confidential or file.case.is_sealed:
            del self.fields["is_public"]

    def _prepare_for_patrol(self) -> None:
        """Nobody asked and nobody is told: what was found and what was done."""
        for name in ("appeal_recognised", "appeal", "way", "resident_said", "is_public"):
            del self.fields[name]
        self.fields["facts_found"].label = _("Are the facts as the patrol reported?")
        self.fields["points"].label = _("What was done")
        self.fields["points"].help_text = _("Whoever checks on site goes by this.")


class CheckForm(ActForm):
    """What a grid worker sees on site after the unit's answer."""

    is_settled = yes_no(gettext_lazy("Is it settled on site?"))
    photo = forms.FileField(
        label=gettext_lazy("Photo of how it is now"),
        widget=forms.FileInput(
            attrs={
                "accept": "image/jpeg,image/png,image/webp",
                "capture": "environment",
                "data-shrink": "yes",
            }
        ),
    )
    note = long_text(gettext_lazy("What is still missing"), rows=2, required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("is_settled") is False and not asked.get("note"):
            self.add_error("note", _("Say what is still missing, so that the unit can work on it."))
        return asked


class CallbackForm(ActForm):
    """What the resident told the callback clerk. Ratings may be left out."""

    was_reached = yes_no(gettext_lazy("Did you reach the resident?"))
    is_solved = yes_no(gettext_lazy("Does the resident call it solved?"), required=False)
    attitude = forms.ChoiceField(
        label=gettext_lazy("The unit's attitude"), required=False, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label=gettext_lazy("The outcome"), required=False, widget=forms.RadioSelect
    )
    not_solved_reason = forms.ChoiceField(label=gettext_lazy("Why not solved"), required=False)
    note = long_text(
        gettext_lazy("What is still missing, or what was said"),
        rows=3,
        required=False,
        max_length=2000,
    )

    def prepare(self, file: CaseFile) -> None:
        ratings = [(code, str(text)) for code, text in labels.SATISFACTION.items()]
        self.choose("attitude", ratings)
        self.choose("outcome", ratings)
        self.choose("not_solved_reason", [("", _("Choose…")), *cases.reasons("not_solved")])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("was_reached") and asked.get("is_solved") is None:
            self.add_error("is_solved", _("Say whether the resident calls it solved."))
        return asked

    def reason_id(self) -> int | None:
        """Number of the reason chosen."""
        code = self.cleaned_data.get("not_solved_reason")
        return cases.reason_ids("not_solved").get(code) if code else None


class IdentityForm(StaffForm):
    """Why somebody needs to see who the resident is."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you need to see it?"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
