from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "yanlu.notices"
