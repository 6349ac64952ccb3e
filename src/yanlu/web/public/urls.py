"""Addresses that are open to everybody."""

from django.urls import path

from yanlu.web.public import answered, files, preferences, statistics

urlpatterns = [
    path("answered/", answered.answered, name="answered"),
    path("answered/<str:number>/", answered.answered_matter, name="answered_matter"),
    path("open-data/", statistics.page, name="open_data"),
    path("open-data/<str:month>.json", statistics.as_json, name="open_data_json"),
    path("open-data/<str:month>.csv", statistics.as_csv, name="open_data_csv"),
    path("settings/", preferences.preferences, name="settings"),
    path("photos/<int:attachment_id>/<str:size>.jpg", files.photo, name="photo"),
    path("map/boundaries.json", files.boundaries, name="boundaries"),
    path("healthz/", files.health, name="healthz"),
]
