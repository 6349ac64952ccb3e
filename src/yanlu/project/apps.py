from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Top of the layers: commands, settings, the demo."""

    name = "yanlu.project"
