"""What residents fill in."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanlu.cases import selectors as cases
from yanlu.cases.services import Rating
from yanlu.intake.codes import read_code
from yanlu.intake.services import MAX_TEXT, Contact, Words
from yanlu.kernel.journal import digest
from yanlu.web.accounts.phones import read_phone
from yanlu.web.labels import KIND_WORDS, SATISFACTION
from yanlu.web.resident.choices import communities
from yanlu.web.resident.similar import read_token

OPEN, CONFIDENTIAL, ANONYMOUS = "open", "confidential", "anonymous"
WHO = (
    (OPEN, _("The office in charge may know, so that it can ask me")),
    (CONFIDENTIAL, _("Only the suggestion office may know (confidential)")),
    (ANONYMOUS, _("Nobody (anonymous)")),
)
#: Fields that may differ when the same matter is sent twice.
PASSING = frozenset({"token", "looked"})
_RATINGS = [(code, text) for code, text in SATISFACTION.items() if code]


class HandInForm(forms.Form):
    """What a resident hands in.

    ``token`` makes a second press of the button harmless. ``seconds`` names somebody's matter that
    this one joins; ``looked``: whether such matters were shown before.
    """

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=MAX_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Please write what it is about. One sentence is enough.")},
    )
    kind = forms.ChoiceField(
        required=False, choices=[("", ""), *KIND_WORDS.items()], widget=forms.RadioSelect
    )
    place = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Please choose the community from the list.")},
    )
    address = forms.CharField(required=False, max_length=200)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    who = forms.ChoiceField(choices=WHO, initial=OPEN, widget=forms.RadioSelect, required=False)
    may_publish = forms.BooleanField(required=False)
    seconds = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)
    looked = forms.BooleanField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(required=False, max_length=60)
    phone = forms.CharField(required=False, max_length=30)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", _("Not sure, or the whole district")), *communities()]  # type: ignore[attr-defined]

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"])

    def clean_seconds(self) -> int | None:
        """The submission that is seconded; one that is forged or too old is none."""
        return read_token(self.cleaned_data["seconds"])

    def words(self, account: Any, files: Sequence[Any], channel: str) -> Words:
        """What intake takes in; an anonymous one is tied to nobody."""
        said = self.cleaned_data
        is_anonymous = said["who"] == ANONYMOUS
        contact = Contact(name=said["name"].strip(), phone=said["phone"])
        return Words(
            text=said["text"],
            channel=channel,
            kind=said["kind"],
            place_id=said["place"],
            lat=said["lat"],
            lon=said["lon"],
            address=said["address"].strip(),
            account=None if is_anonymous else account,
            contact=Contact() if is_anonymous or account else contact,
            is_anonymous=is_anonymous,
            is_confidential=said["who"] == CONFIDENTIAL,
            may_publish=said["may_publish"],
            seconds_id=said["seconds"],
            idempotency_key=f"web:{said['token']}",
            request_digest=self._digest(files),
        )

    def renew_token(self) -> None:
        """Let the next press of the button hand in a new matter."""
        self.data = {**self.data.dict(), "token": new_token()}  # type: ignore[attr-defined]

    def _digest(self, files: Sequence[Any]) -> str:
        said = {name: value for name, value in self.cleaned_data.items() if name not in PASSING}
        return digest(said, [[file.name, file.size] for file in files])


class CodeForm(forms.Form):
    """A query code, however it is typed."""

    code = forms.CharField(
        max_length=40,
        error_messages={"required": _("Please enter the code from your receipt.")},
    )

    def clean_code(self) -> str:
        code = read_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("A code has twelve letters and digits, like 7K2M-9QXW-4TBD. Please check it.")
            )
        return code


class RatingForm(forms.Form):
    """What the resident says of an answer: whether it is settled, attitude and outcome apart."""

    is_solved = forms.TypedChoiceField(
        choices=[("yes", _("Yes, it is settled")), ("no", _("No, something is missing"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": _("Please say whether it is settled.")},
    )
    attitude = forms.ChoiceField(choices=_RATINGS, required=False, widget=forms.RadioSelect)
    outcome = forms.ChoiceField(choices=_RATINGS, required=False, widget=forms.RadioSelect)
    reason = forms.ChoiceField(required=False)
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", _("Please choose")), *cases.reasons("not_solved")]  # type: ignore[attr-defined]

    def rating(self) -> Rating:
        """As the write door wants it."""
        said = self.cleaned_data
        return Rating(
            attitude=said["attitude"],
            outcome=said["outcome"],
            not_solved_reason_id=cases.reason_ids("not_solved").get(said["reason"]),
            note=said["note"].strip(),
        )


class ReopenForm(forms.Form):
    """Why it is not over."""

    why = forms.CharField(
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Please write what is still open.")},
    )


class AskForm(forms.Form):
    """What the resident wants decided, or finds wrong with a decision."""

    why = forms.CharField(
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": _("Please write what it is about.")},
    )


def new_token() -> str:
    """A token for a fresh form."""
    return secrets.token_urlsafe(24)
