"""What the inboxes of residents and of staff have in common."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import Invalid
from yanlu.notices import selectors, services
from yanlu.people.access import is_staff

if TYPE_CHECKING:
    from django.http import HttpRequest

    from yanlu.people.models import Account

RHYTHMS = (
    ("off", _("At once")),
    ("daily", _("Once a day, all in one message at 9 in the morning")),
)
#: Largest number of a notice that an address may name.
LARGEST = 2**63 - 1


class TimeInput(forms.TimeInput):
    """A time of day as browsers ask for it."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class WishesForm(forms.Form):
    """How a person wishes to be told, beside the inbox."""

    channels = forms.MultipleChoiceField(
        label=_("Also tell me by"), required=False, widget=forms.CheckboxSelectMultiple
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    rhythm = forms.ChoiceField(label=_("When I am told"), choices=RHYTHMS, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=TimeInput())
    quiet_to = forms.TimeField(label=_("until"), widget=TimeInput())

    def __init__(self, account: "Account", data: Any = None) -> None:
        """Begin with what the person wished before."""
        self._account = account
        kept = selectors.preference(account, works_here=is_staff(account))
        names = ("channels", "rhythm", "quiet_from", "quiet_to")
        said = {name: getattr(kept, name) for name in names} | {"email": kept.email or ""}
        super().__init__(data, initial=said)
        self.offered = selectors.offered(kept)
        self.fields["channels"].choices = self.offered  # type: ignore[attr-defined]
        if "email" not in dict(self.offered):
            del self.fields["email"]

    def keep(self) -> bool:
        """Keep what was chosen; whether that was possible."""
        if not self.is_valid():
            return False
        said: dict[str, Any] = {"email": self.initial["email"], **self.cleaned_data}
        try:
            services.set_preferences(
                actor=self._account,
                wishes=services.Wishes(language=get_language() or "zh-hans", **said),
            )
        except Invalid as error:
            self.add_error(error.field if error.field in self.fields else None, str(error.message))
            return False
        return True


def page_of(request: "HttpRequest", account: "Account") -> dict[str, Any]:
    """What the list shows: from the notice that the address names as ``before``, or the latest."""
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isdecimal() and len(typed) < 20 else 0
    found = selectors.inbox(account, min(before, LARGEST))
    return {"rows": found.rows, "next": found.next, "tab": "notices", "here": "notices"}


def opened(account: "Account", notice_id: int) -> selectors.Told:
    """One notice, which counts as read from now on.

    :raises NotFound: somebody else's, or missing.
    """
    told = selectors.notice(account, min(notice_id, LARGEST))
    services.mark_read(actor=account, notice_id=told.id)
    return told
