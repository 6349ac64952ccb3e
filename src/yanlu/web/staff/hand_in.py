"""Assisted entry (代录): a letter, a visit, a call or a walk, written down for the resident."""

import secrets
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from yanlu.intake.services import Contact, Words, receive_submission
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid
from yanlu.people import roles
from yanlu.web import labels
from yanlu.web.accounts.phones import read_phone
from yanlu.web.staff import choices
from yanlu.web.staff.fields import StaffForm, long_text, number_of
from yanlu.web.staff.gates import at_work, staff_only, staff_page

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: The channels by which somebody else has to write it down.
CHANNELS = ("phone", "visit", "letter", "walk")
#: Channels in which the resident is there to hear it read back.
READ_BACK = frozenset({"phone", "visit"})
#: Where the session keeps what was just handed in, until the next page has shown it.
SESSION_KEY = "staff_handed_in"


class PhotosInput(forms.ClearableFileInput):
    """Several photos at once."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of uploads; whether they are photos is for intake to say."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        return [super(PhotosField, self).clean(one, initial) for one in data or [] if one]


class HandInForm(StaffForm):
    """What somebody says, in the helper's writing."""

    channel = forms.ChoiceField(label=gettext_lazy("How it came"), widget=forms.RadioSelect)
    text = long_text(
        gettext_lazy("What the resident says, in their own words"), rows=8, strip=False
    )
    title = forms.CharField(label=gettext_lazy("In one line"), required=False, max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    place = number_of(gettext_lazy("Community"), required=False)
    address = forms.CharField(label=gettext_lazy("Where exactly"), required=False, max_length=200)
    said_on = forms.DateField(
        label=gettext_lazy("Date of the letter or talk"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("Empty for today."),
    )
    name = forms.CharField(label=pgettext_lazy("person", "Name"), required=False, max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    home = forms.CharField(label=gettext_lazy("Home address"), required=False, max_length=200)
    photos = PhotosField(
        label=gettext_lazy("Photos, or the scanned letter"),
        required=False,
        widget=PhotosInput(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True}),
        help_text=gettext_lazy("At most six, 12 MB each."),
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("Anonymous: nothing about the person is kept"), required=False
    )
    is_confidential = forms.BooleanField(
        label=gettext_lazy("Confidential: the unit in charge never learns who it was"),
        required=False,
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("The resident agrees that it may be shown in public, without names"),
        required=False,
    )
    was_read_back = forms.BooleanField(
        label=gettext_lazy("I read it back, and the resident said that it is right"),
        required=False,
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, data: Any, files: Any, account: "Account", initial: Any) -> None:
        super().__init__(data, files, initial=initial, auto_id="hand-in-%s")
        channels = {name: labels.CHANNELS[name] for name in CHANNELS}
        self.choose("channel", choices.labelled(channels))
        self.choose("kind", choices.labelled(labels.KINDS, _("As the words say")))
        self.choose("place", [("", _("Choose…")), *choices.places(choices.areas(account))])
        self.fields["place"].widget.attrs["data-narrow"] = _("Type to narrow the list")
        for name in ("name", "phone", "home"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.strip():
            raise forms.ValidationError(_("Please write what it is about."))
        return text

    def clean_phone(self) -> str:
        return read_phone(self.cleaned_data["phone"])

    def clean_said_on(self) -> date | None:
        said: date | None = self.cleaned_data["said_on"]
        if said and said > clock.today():
            raise forms.ValidationError(_("That day has not come yet."))
        return said

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or {}
        if asked.get("channel") in READ_BACK and not asked.get("was_read_back"):
            self.add_error("was_read_back", _("Read it back to the resident first."))
        given = asked.get("name") or asked.get("phone") or asked.get("home")
        if asked.get("is_anonymous") and given:
            self.add_error(
                "is_anonymous",
                _("There is a name, phone or address below: clear it, or untick this."),
            )
        return asked

    def words(self, account: "Account") -> Words:
        """As intake takes it in."""
        asked = self.cleaned_data
        return Words(
            text=asked["text"],
            title=asked["title"],
            channel=asked["channel"],
            kind=asked["kind"],
            said_at=_at_noon(asked["said_on"]),
            place_id=asked["place"],
            address=asked["address"],
            contact=Contact(name=asked["name"], phone=asked["phone"], address=asked["home"]),
            is_anonymous=asked["is_anonymous"],
            is_confidential=asked["is_confidential"],
            may_publish=asked["may_publish"],
            helper=account,
            was_read_back=asked["was_read_back"] and asked["channel"] in READ_BACK,
            idempotency_key=f"staff:{account.pk}:{asked['key']}:{self.digest[:16]}",
            request_digest=self.digest,
        )

    @property
    def digest(self) -> str:
        """Tells the same matter, handed in again, from another one; keyed, since a bare digest
        would let somebody try out every phone number there is."""
        said = [str(value) for name, value in self.cleaned_data.items() if name != "key"]
        return salted_hmac("staff.hand_in", "\n".join(said), algorithm="sha256").hexdigest()


@staff_only(*roles.ASSISTING)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Write it down; a second click on the button does not hand it in twice."""
    account = at_work(request)
    if request.method == "POST":
        form = HandInForm(request.POST, request.FILES, account, {})
        if form.is_valid() and (_was_last(request, form) or _take_in(request, form)):
            return redirect("staff:handed_in")
        return staff_page(
            request, "staff/hand_in.html", {"form": form, "here": "hand_in"}, status=422
        )
    initial = {
        "channel": request.GET.get("channel") or CHANNELS[0],
        "place": request.GET.get("place", account.home_place_id),
        "key": secrets.token_urlsafe(16),
    }
    form = HandInForm(None, None, account, initial)
    return staff_page(request, "staff/hand_in.html", {"form": form, "here": "hand_in"})


@staff_only(*roles.ASSISTING)
@require_GET
def handed_in(request: HttpRequest) -> HttpResponse:
    """The code to tell the resident, and the way to the next one."""
    kept = request.session.get(SESSION_KEY)
    if not kept:
        return redirect("staff:hand_in")
    again = urlencode({name: kept[name] for name in ("channel", "place") if kept[name]})
    return staff_page(request, "staff/handed_in.html", {"here": "hand_in", **kept, "again": again})


def _was_last(request: HttpRequest, form: HandInForm) -> bool:
    """Whether the very same was handed in just before, by going back and clicking again."""
    return bool(request.session.get(SESSION_KEY, {}).get("digest") == form.digest)


def _take_in(request: HttpRequest, form: HandInForm) -> bool:
    """Hand it in; a refusal goes back into the form."""
    account = at_work(request)
    try:
        submission, _is_new = receive_submission(
            actor=account, words=form.words(account), files=form.cleaned_data["photos"]
        )
    except Invalid as error:
        form.refuse(error)
        return False
    request.session[SESSION_KEY] = {
        "code": submission.query_code,
        "channel": submission.channel,
        "place": submission.place_id,
        "is_anonymous": submission.is_anonymous,
        "digest": form.digest,
    }
    return True


def _at_noon(day: date | None) -> datetime | None:
    """A day without an hour: noon in China; ``None`` for today, which is now."""
    if day is None or day == clock.today():
        return None
    return datetime.combine(day, time(12), tzinfo=clock.ZONE)
