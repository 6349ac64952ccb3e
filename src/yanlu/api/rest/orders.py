"""Work orders that a partner sends, signed: one or many, each taken in by itself."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_noop as noted
from ninja import Router
from ninja.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict, Field

from yanlu.api.problems import INVALID, problem
from yanlu.api.rest.answers import problems
from yanlu.exchange.access import admit
from yanlu.exchange.incoming import json_row
from yanlu.exchange.services import Received, receive_orders
from yanlu.kernel.signing import MOMENT, NONCE, SIGNATURE, Signed

if TYPE_CHECKING:
    from yanlu.exchange.models import Partner

router = Router(tags=["orders"])

#: Orders in one request at most.
MOST = 100
PUSH = "push"


class PartnerSignature(APIKeyHeader):
    """A partner's signature is needed."""

    param_name = SIGNATURE

    def authenticate(self, request: HttpRequest, key: str | None) -> "Partner":
        """The partner that signed the request.

        :raises BadSignature: nobody did, or not just now.
        """
        assert request.resolver_match is not None
        signed = Signed(
            method=str(request.method),
            path=request.get_full_path(),
            body=request.body,
            moment=request.headers.get(MOMENT, ""),
            nonce=request.headers.get(NONCE, ""),
        )
        return admit(request.resolver_match.kwargs["partner"], signed, key or "")


class OrdersIn(BaseModel):
    """Work orders under the partner's own headings."""

    model_config = ConfigDict(extra="forbid")

    orders: list[dict[str, str | int | float | bool | None]] = Field(
        min_length=1,
        max_length=MOST,
        description=noted("Each order flat, under the headings that were agreed"),
    )


class RefusedOut(BaseModel):
    """An order that was not taken in."""

    row: int = Field(description=noted("Its place in the list, from 1"))
    number: str
    field: str
    reason: str


class OrdersOut(BaseModel):
    """What became of each order."""

    taken: list[str] = Field(description=noted("Numbers of the orders that are new"))
    known: list[str] = Field(description=noted("Numbers of the orders that came before"))
    refused: list[RefusedOut]


@router.post(
    "/exchange/{partner}/orders",
    auth=PartnerSignature(),
    response={200: OrdersOut, **problems(400, 401, 411, 413, 415, 422, 503)},
    openapi_extra={
        "parameters": [
            {"in": "header", "name": name, "required": True, "schema": {"type": "string"}}
            for name in (MOMENT, NONCE)
        ]
    },
    summary=noted("Send work orders"),
    description=noted(
        "Each order is taken in, known from before, or refused with the reason; 422 if all are"
        " refused. What is signed, and how, stands in the operator's guide."
    ),
)
def send_orders(request: HttpRequest, partner: str, sent: OrdersIn) -> Any:
    """Take orders in."""
    del partner  # the signature says whose it is
    known: Partner = request.auth  # type: ignore[attr-defined]
    rows = [json_row(place, order) for place, order in enumerate(sent.orders, 1)]
    received = receive_orders(actor=known, partner=known, way=PUSH, rows=rows)
    with translation.override(translation.get_language_from_request(request)):
        answer = _answer(received)
    return answer if answer.taken or answer.known else _all_refused(request, answer)


def _answer(received: Received) -> OrdersOut:
    return OrdersOut(
        taken=received.taken,
        known=received.known,
        refused=[
            RefusedOut(row=one.row, number=one.number, field=one.field, reason=str(one.reason))
            for one in received.refusals
        ],
    )


def _all_refused(request: HttpRequest, answer: OrdersOut) -> HttpResponse:
    errors = [
        {"field": f"orders.{one.row}.{one.field}", "message": one.reason} for one in answer.refused
    ]
    return problem(request, INVALID, errors=errors)
