"""Forms of signing in. Most only put our words and sizes to allauth's."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from yanlu.web.accounts.phones import read_mobile

_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "autofocus": True,
    "placeholder": "",
}
_REQUIRED = {"required": _("Please fill this in.")}


class PhoneForm(forms.Form):
    """Where to send the code."""

    phone = forms.CharField(
        label=_("Mobile number"),
        max_length=24,
        error_messages={"required": _("Please enter your mobile number.")},
        widget=forms.TextInput(
            attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "autofocus": True}
        ),
    )

    def clean_phone(self) -> str:
        return read_mobile(self.cleaned_data["phone"])


class PhoneCodeForm(forms.Form):
    """The code that the phone received."""

    code = forms.CharField(
        label=_("The six digits"),
        max_length=12,
        error_messages={"required": _("Please enter the six digits.")},
        widget=forms.TextInput(attrs=_CODE),
    )


class StaffSignInForm(LoginForm):  # type: ignore[misc]
    """Name and password of somebody who works for the district."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["login"], _("User name"), autocomplete="username", autofocus=True)
        _reword(self.fields["password"], _("Password"), autocomplete="current-password")
        self.fields["password"].help_text = ""


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["password"], _("Password"), autocomplete="current-password")


class SecondFactorForm(second_factor.AuthenticateForm):  # type: ignore[misc]
    """The code of the authenticator app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], _("Code from your app, or a recovery code"), **_CODE)


class SecondFactorAgainForm(second_factor.ReauthenticateForm):  # type: ignore[misc]
    """The same, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], _("Code from your app, or a recovery code"), **_CODE)


class SetUpSecondFactorForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _reword(self.fields["code"], _("The six digits that the app shows now"), **_CODE)


def wrong_code(attempts_left: int) -> ValidationError:
    """What to say to a code that does not fit."""
    return ValidationError(
        _("That is not the code we sent. %(left)d more tries, then we send a new one."),
        code="wrong",
        params={"left": attempts_left},
    )


def _reword(field: forms.Field, label: Any, **attributes: Any) -> None:
    field.label = label
    field.error_messages |= _REQUIRED
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs |= {name: value for name, value in attributes.items() if value != ""}
