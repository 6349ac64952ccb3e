"""Addresses below ``/staff/``."""

from django.urls import path

from yanlu.web.staff import case, hand_in, journal, queue, rules

urlpatterns = [
    path("", queue.queue, name="staff_queue"),
    path("dispatch-many/", queue.dispatch_many, name="staff_dispatch_many"),
    path("cases/<int:case_id>/", case.case_page, name="staff_case"),
    path("cases/<int:case_id>/identity/", case.identity, name="staff_identity"),
    path("cases/<int:case_id>/<slug:verb>/", case.act, name="staff_act"),
    path("hand-in/", hand_in.hand_in, name="staff_hand_in"),
    path("hand-in/done/", hand_in.handed_in, name="staff_handed_in"),
    path("journal/", journal.journal_page, name="staff_journal"),
    path("journal/retry/", journal.retry, name="staff_journal_retry"),
    path("rules/", rules.rules_page, name="staff_rules"),
]
