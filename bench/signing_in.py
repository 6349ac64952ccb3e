"""Session cookies for staff, as a sign-in makes them: ``python -m bench.signing_in NAME …``."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanlu.project.settings")

import django

django.setup()

from django.conf import settings  # noqa: E402 - after setup
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from yanlu.people import selectors as people  # noqa: E402


def cookie(username: str) -> str:
    """The cookie of a new session of this person."""
    account = people.account_by_username(username)
    if account is None:
        raise LookupError(f"no account {username}")
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


if __name__ == "__main__":
    json.dump({name: cookie(name) for name in sys.argv[1:]}, sys.stdout)
