"""What the exchange writes to the journal."""

EVENTS = {
    "partner.added": "A partner to exchange work orders with was set up.",
    "partner.secret_changed": "A partner got a new secret; the old one is worthless.",
    "orders.delivered": "Work orders came from a partner; the row counts them.",
    "order.received": "A partner's work order became a submission.",
    "order.opened": "Somebody looked at an order as it came; the row holds the reason.",
    "result.sent": "The partner took a result; the row binds it by its digest.",
    "result.withheld": "A result was kept from the partner: the matter is confidential or sealed.",
    "result.died": "A result was refused by the partner, or tried too often.",
    "result.sent_again": "Somebody had a result sent again.",
    "result.set_aside": "Somebody let the following results go out without this one.",
    "results.exported": "Somebody took all results of a partner out as a table.",
}
