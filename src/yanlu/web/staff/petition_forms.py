"""Forms of the petition procedure (信访) on the staff's case page."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.cases import petitions
from yanlu.cases.files import CaseFile
from yanlu.kernel import clock
from yanlu.web import labels
from yanlu.web.staff import choices
from yanlu.web.staff.fields import long_text, number_of
from yanlu.web.staff.forms import ActForm


class NoticeForm(ActForm):
    """The notice that a petition is accepted (受理告知书)."""

    demand = long_text(
        gettext_lazy("What is accepted and will be decided"),
        rows=4,
        help_text=gettext_lazy("The resident reads this word for word."),
        max_length=2000,
    )
    enquiries = forms.CharField(
        label=gettext_lazy("Whom to ask: office hours, telephone"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class OpinionForm(ActForm):
    """The written decision on a petition (处理意见书)."""

    outcomes: tuple[str, ...] = petitions.DECIDES
    demand = long_text(gettext_lazy("What the resident asks for"), rows=4, max_length=5000)
    facts = long_text(gettext_lazy("Facts and reasons"), rows=5, max_length=10000)
    outcome = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    ruling = long_text(gettext_lazy("The decision in words"), rows=5, max_length=10000)
    basis = long_text(
        gettext_lazy("Laws and rules that it rests on"),
        help_text=gettext_lazy("Name and article of each."),
        max_length=2000,
    )

    def prepare(self, file: CaseFile) -> None:
        self.choose("outcome", [(code, str(labels.OUTCOMES[code])) for code in self.outcomes])
        self.initial["demand"] = file.petition.petition.demand if file.petition else ""


class ReviewForm(OpinionForm):
    """The written decision of a review (复查意见书, 复核意见书)."""

    outcomes = petitions.REVIEWS


class ReviewerForm(ActForm):
    """The unit that reviews: above the one whose opinion it is."""

    unit = number_of(gettext_lazy("Unit that reviews"))

    def prepare(self, file: CaseFile) -> None:
        self.choose("unit", [("", _("Choose…")), *choices.reviewers(file.case)])


class DeliveryForm(ActForm):
    """When a written decision reached the resident."""

    on = forms.DateField(
        label=gettext_lazy("Received on"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def prepare(self, file: CaseFile) -> None:
        self.initial["on"] = f"{clock.today():%Y-%m-%d}"


class AskForm(ActForm):
    """What a resident without an account asks for."""

    why = long_text(gettext_lazy("What the resident says"), rows=4, max_length=2000)
