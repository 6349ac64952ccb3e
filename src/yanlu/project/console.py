"""Django's management with a database at hand, and errors told in one line."""

import os
import signal
import sys
import warnings
from collections.abc import Sequence

import django
from django.core.management import execute_from_command_line, get_commands, load_command_class

from yanlu.kernel.errors import OperatorError
from yanlu.project import database, environment
from yanlu.project import home as data_folder
from yanlu.project.exits import Exit

#: Commands that work without a database; ``up`` sees to its own.
WITHOUT_DATABASE = frozenset(
    {
        "check",
        "collectstatic",
        "compilemessages",
        "diffsettings",
        "evaluate_categories",
        "find_duplicates",
        "find_topics",
        "findstatic",
        "help",
        "makemessages",
        "makemigrations",
        "messages",
        "score_pairs",
        "up",
        "version",
    }
)
_HELP = frozenset({"-h", "--help", "--version"})


def run(arguments: Sequence[str]) -> int:
    """Run the command with these arguments; returns its exit code."""
    try:
        _run(arguments)
    except OperatorError as error:
        return _complain(error)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever reads, as `head` does, has read enough; nothing is left to say at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except OSError as error:
        if error.errno in data_folder.FULL_DISK:
            return _complain(OperatorError(f"disk full: {error.filename or error}", Exit.DISK_FULL))
        raise
    except Exception as error:
        if reason := database.explain(error):
            return _complain(reason)
        raise
    return 0


def _run(arguments: Sequence[str]) -> None:
    home = environment.home()
    data_folder.prepare(home)
    database.choose(home)
    if not arguments or list(arguments) in (["help"], ["-h"], ["--help"]):
        sys.stdout.write(overview())
        return
    if _needs_database(arguments):
        database.require(home)
    else:
        # makemigrations also compares with the database, if there happens to be one.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration")
    execute_from_command_line(["yanlu", *arguments])


def overview() -> str:
    """What can be done: our own commands with a line each, then the names of Django's."""
    django.setup()
    commands = get_commands()
    ours = sorted(name for name, app in commands.items() if app.startswith("yanlu."))
    lines = ["Usage: yanlu <command> [options]      (yanlu <command> --help tells more)", ""]
    for name in ours:
        summary = (load_command_class(commands[name], name).help or "").strip().partition("\n")[0]
        lines.append(f"  {name:<18} {summary}")
    others = ", ".join(sorted(set(commands) - set(ours)))
    return "\n".join([*lines, "", f"Also, from the framework: {others}", ""])


def _needs_database(arguments: Sequence[str]) -> bool:
    return arguments[0] not in WITHOUT_DATABASE and _HELP.isdisjoint(arguments)


def _complain(error: OperatorError) -> int:
    sys.stderr.write(f"yanlu: {' '.join(str(error).split())}\n")
    return error.exit_code
