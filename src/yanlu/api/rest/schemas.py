"""What partners send and get, as JSON. Descriptions are shown on the page of the interface."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noted
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from yanlu.intake.channels.vocabulary import CHANNELS, KINDS, WEB
from yanlu.intake.services import MAX_TEXT, MAX_TITLE
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid

#: No character that PostgreSQL can't store.
STORABLE = r"^[^\x00]*$"
#: How far a partner's clock may be ahead, and since when anything can have been said.
AHEAD = timedelta(minutes=10)
OLDEST = datetime(1900, 1, 1, tzinfo=clock.ZONE)


def _written(value: Any) -> Any:
    """Only texts like 2026-11-23T09:30:00+08:00: a bare number could mean anything."""
    if isinstance(value, str) and value[4:5] == "-":
        return value
    raise ValueError("no moment")


Line = Annotated[str, Field(pattern=STORABLE)]
Degrees = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, BeforeValidator(_written)]


class Contact(BaseModel):
    """Who said it; encrypted at once and never given out again."""

    model_config = ConfigDict(extra="forbid")

    name: Line = Field("", max_length=60, description=noted("Real name"))
    phone: Line = Field("", max_length=40, description=noted("Telephone number"))
    address: Line = Field("", max_length=200, description=noted("Home address"))


class SubmissionIn(BaseModel):
    """What a resident said to a partner."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(
        min_length=1,
        max_length=MAX_TEXT,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*$",
        description=noted("What was said, word for word"),
    )
    title: Line = Field("", max_length=MAX_TITLE, description=noted("Title, if there is one"))
    kind: str | None = Field(
        None,
        description=noted("What the resident wants, if the resident said so"),
        json_schema_extra={"enum": [*KINDS, None]},
    )
    channel: str = Field(
        WEB,
        description=noted("How it was said"),
        json_schema_extra={"enum": list(CHANNELS)},
    )
    place: Line | None = Field(
        None,
        max_length=20,
        description=noted("Official code of the place or site in question"),
    )
    lat: Degrees | None = Field(None, ge=-90, le=90, description=noted("Latitude, with lon"))
    lon: Degrees | None = Field(None, ge=-180, le=180, description=noted("Longitude, with lat"))
    datum: Literal["wgs84", "gcj02"] = Field(
        "wgs84", description=noted("What lat and lon refer to: gcj02 from maps of China")
    )
    contact: Contact | None = Field(None, description=noted("Who said it"))
    confidential: StrictBool = Field(
        default=False, description=noted("The unit complained of never learns who said it")
    )
    anonymous: StrictBool = Field(
        default=False, description=noted("Nobody learns who said it: the contact is not kept")
    )
    may_publish: StrictBool = Field(
        default=False, description=noted("The resident agrees that it is shown once answered")
    )
    said_at: Moment | None = Field(None, description=noted("When it was said, if earlier than now"))
    source_id: Line | None = Field(
        None,
        min_length=1,
        max_length=80,
        description=noted("Number in your own system: the same one comes in only once"),
    )


class Links(BaseModel):
    """Where to go on."""

    self: str
    page: str = Field(description=noted("Page for the resident"))


class Receipt(BaseModel):
    """Proof that the words were taken in."""

    code: str = Field(description=noted("Query code: whoever holds it may look the matter up"))
    spaced_code: str = Field(description=noted("The code as people read it"))
    received_at: datetime
    links: Links


class Step(BaseModel):
    """One line of the timeline."""

    at: datetime
    event: str
    unit: str = Field(description=noted("Unit that the matter went to, if this step says so"))


class MatterOut(BaseModel):
    """How a matter stands. Neither words nor anything personal."""

    code: str
    spaced_code: str
    state: str
    received_at: datetime
    due_at: datetime | None = Field(description=noted("When it is promised to be settled"))
    unit: str = Field(description=noted("Unit in charge; empty while there is none"))
    steps: list[Step]
    links: Links


class FieldError(BaseModel):
    """What is wrong with one field."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """Why a request can't be carried out (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


def check_moment(said_at: datetime | None) -> None:
    """Refuse a moment that is still to come or that nobody remembers.

    :raises Invalid: naming ``said_at``.
    """
    if said_at is not None and not OLDEST <= said_at <= clock.now() + AHEAD:
        raise Invalid(_("Nobody can have said that then."), "said_at")
