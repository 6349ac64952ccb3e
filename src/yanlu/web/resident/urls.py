"""Addresses of the residents' pages."""

from django.urls import path

from yanlu.web.resident import hand_in, matters, notices, pool, similar

urlpatterns = [
    path("", matters.home, name="home"),
    path("hand-in/", hand_in.hand_in, name="hand_in"),
    path("hand-in/similar/", similar.similar, name="similar"),
    path("receipt/<str:code>/", hand_in.receipt, name="receipt"),
    path("look-up/", matters.look_up, name="look_up"),
    path("matter/<str:code>/", matters.matter, name="matter"),
    path("matter/<str:code>/rate/", matters.rate, name="rate"),
    path("matter/<str:code>/reopen/", matters.reopen, name="reopen"),
    path("matter/<str:code>/petition/<slug:verb>/", matters.ask, name="ask"),
    path("matter/<str:code>/paper/<slug:name>/", matters.paper, name="paper"),
    path("matter/<str:code>/leave/", matters.leave, name="leave"),
    path("matter/<str:code>/pool/", pool.pool, name="pool"),
    path("mine/", matters.mine, name="mine"),
    path("notices/", notices.inbox, name="notices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/settings/", notices.wishes, name="notice_wishes"),
    path("notices/<int:notice_id>/", notices.notice, name="notice"),
]
