"""Addresses below ``/staff/``."""

from django.urls import path

from yanlu.web.staff import case, conferences, hand_in, journal, queue, rules

app_name = "staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("dispatch-many/", queue.dispatch_many, name="dispatch_many"),
    path("cases/<int:case_id>/", case.case_page, name="case"),
    path("cases/<int:case_id>/identity/", case.identity, name="identity"),
    path("cases/<int:case_id>/alike/", case.alike, name="alike"),
    path("cases/<int:case_id>/<slug:verb>/", case.act, name="act"),
    path("conferences/", conferences.listing, name="conferences"),
    path("conferences/convene/", conferences.convene, name="convene"),
    path("conferences/<int:conference_id>/", conferences.conference_page, name="conference"),
    path("conferences/<int:conference_id>/change/", conferences.change, name="conference_change"),
    path("conferences/<int:conference_id>/cancel/", conferences.cancel, name="conference_cancel"),
    path("conferences/<int:conference_id>/record/", conferences.record, name="conference_record"),
    path("conferences/<int:conference_id>/ics/", conferences.calendar_file, name="conference_ics"),
    path("conferences/<int:conference_id>/docx/", conferences.minutes, name="conference_docx"),
    path("hand-in/", hand_in.hand_in, name="hand_in"),
    path("hand-in/done/", hand_in.handed_in, name="handed_in"),
    path("journal/", journal.journal_page, name="journal"),
    path("journal/retry/", journal.retry, name="journal_retry"),
    path("rules/", rules.rules_page, name="rules"),
]
