"""Pytest plugin: the real database for every test, in a home of the tests' own.

Loaded by ``-p tests.database`` before Django's settings are read. ``YANLU_DATABASE_URL`` names
another server to test on.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

os.environ["YANLU_HOME"] = os.environ.get("YANLU_TEST_HOME", str(ROOT / ".yanlu-test"))
os.environ["DJANGO_SETTINGS_MODULE"] = "yanlu.project.settings"

from yanlu.project import database, environment  # noqa: E402 - after the home is chosen
from yanlu.project import home as data_folder  # noqa: E402

data_folder.prepare(environment.home())
(environment.home() / "static").mkdir(exist_ok=True)
database.choose(environment.home())
database.require(environment.home())
