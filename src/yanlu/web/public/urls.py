"""Addresses that are open to everybody."""

from django.urls import path

from yanlu.web.public import answered, files, preferences

urlpatterns = [
    path("answered/", answered.answered, name="answered"),
    path("answered/<str:number>/", answered.answered_matter, name="answered_matter"),
    path("settings/", preferences.preferences, name="settings"),
    path("photos/<int:attachment_id>/<str:size>.jpg", files.photo, name="photo"),
    path("map/boundaries.json", files.boundaries, name="boundaries"),
    path("healthz/", files.health, name="healthz"),
]
