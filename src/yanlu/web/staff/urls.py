"""Addresses below ``/staff/``."""

from django.urls import path

from yanlu.web.staff import (
    case,
    catalogue,
    conferences,
    exchange,
    hand_in,
    journal,
    levels,
    patrol,
    queue,
    rules,
)

app_name = "staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("dispatch-many/", queue.dispatch_many, name="dispatch_many"),
    path("cases/<int:case_id>/", case.case_page, name="case"),
    path("cases/<int:case_id>/identity/", case.identity, name="identity"),
    path("cases/<int:case_id>/alike/", case.alike, name="alike"),
    path("cases/<int:case_id>/catalogue-search/", catalogue.search, name="catalogue"),
    path("cases/<int:case_id>/paper/<slug:name>/", case.paper, name="paper"),
    path("cases/<int:case_id>/<slug:verb>/", case.act, name="act"),
    path("alarms/", queue.alarms, name="alarms"),
    path("checks/<int:check_id>/<str:size>.jpg", patrol.check_photo, name="check_photo"),
    path("patrol/", patrol.patrol, name="patrol"),
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
    path("levels/", levels.levels_page, name="levels"),
    path("journal/", journal.journal_page, name="journal"),
    path("journal/retry/", journal.retry, name="journal_retry"),
    path("rules/", rules.rules_page, name="rules"),
    path("exchange/", exchange.exchange_page, name="exchange"),
    path("exchange/orders/", exchange.upload, name="exchange_upload"),
    path("exchange/results/", exchange.download, name="exchange_download"),
    path("exchange/again/", exchange.send_again, name="exchange_again"),
    path("exchange/<int:message_id>/aside/", exchange.set_aside, name="exchange_aside"),
]
