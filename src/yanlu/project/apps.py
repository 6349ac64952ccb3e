import gc

from django.apps import AppConfig

#: New objects after which Python looks for cycles among them. Its own 700 make it walk through the
#: candidates of every few messages: a third of the time that dispatch takes.
NEW_OBJECTS = 20_000


class ProjectConfig(AppConfig):
    """Top of the layers: commands, settings, the demo."""

    name = "yanlu.project"

    def ready(self) -> None:
        """What is loaded by now stays for the life of the process: look for garbage elsewhere."""
        gc.freeze()
        gc.set_threshold(NEW_OBJECTS, 10, 10)
