"""``yanlu load_scheme``: bring in a category scheme from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from yanlu.dispatch import configuration, scheme_files, selectors
from yanlu.kernel import journal
from yanlu.kernel.errors import Invalid

#: Exit code, as of ``import_submissions``.
FILE_UNUSABLE = 2


class Command(BaseCommand):
    """Read, add what is missing, say how much that was."""

    help = (
        "Add a category scheme from a JSON file (with words) or a table (a column a level);"
        " one that exists is extended, and a second run changes nothing"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--code", help="code of the scheme in a table; of JSON, only the scheme of this code"
        )
        parser.add_argument("--name", help="name of a new scheme (a table's default: its code)")
        parser.add_argument("--name-en", help="its English name")
        parser.add_argument("--main", action="store_true", help="dispatch goes by this scheme")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load; leaves with 2 when the file can't be used, and nothing is changed then."""
        try:
            given = configuration.load_schemes(
                actor=journal.System("command"), schemes=_schemes(options)
            )
        except (Invalid, OSError) as error:
            raise CommandError(str(error), returncode=FILE_UNUSABLE) from error
        for code, loaded in given.items():
            self.stdout.write(
                _("%(scheme)s: %(categories)s categories and %(words)s words added.")
                % {"scheme": code, "categories": loaded.categories, "words": loaded.words}
            )


def _schemes(options: dict[str, Any]) -> list[dict[str, Any]]:
    path: Path = options["file"]
    code: str | None = options["code"]
    if path.suffix.lower() == ".json":
        schemes = [
            row for row in scheme_files.read_json(path) if code is None or row["code"] == code
        ]
    elif code:
        categories = scheme_files.read_table(path, selectors.category_codes(code))
        schemes = [scheme_files.scheme(code, categories)]
    else:
        raise Invalid(_("A table wants --code."))
    return _as_asked(schemes, options)


def _as_asked(schemes: list[dict[str, Any]], options: dict[str, Any]) -> list[dict[str, Any]]:
    """The schemes with the name and the rank that the command line gives to one of them."""
    asked = {key: options[key] for key in ("name", "name_en") if options[key]}
    if options["main"]:
        asked["is_main"] = True
    if not schemes or (asked and len(schemes) > 1):
        found = ", ".join(row["code"] for row in schemes) or _("none")
        raise Invalid(_("One scheme is wanted (--code), found: %(codes)s.") % {"codes": found})
    main = selectors.main_scheme()
    if options["main"] and main not in {"", schemes[0]["code"]}:
        raise Invalid(_("The rules go by %(main)s, the main scheme.") % {"main": main})
    return [row | asked for row in schemes]
