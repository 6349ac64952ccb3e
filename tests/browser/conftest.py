"""A real browser on a real server, with one demo district for all browser tests.

Tests share the district, so each tells its own story with matters of its own. Pages speak
English unless a test asks otherwise: then what a test reads is what the source says.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import people
from yanlu.cases import services
from yanlu.kernel.models import Quota
from yanlu.people.models import Account
from yanlu.project.demo import reference

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SCREENS = Path("/tmp/yanlu-screens")  # noqa: S108 - only for whoever asks for pictures
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE, DESK = 390, 1440
#: What is in order is not asked for: telling it takes as long as finding what is not.
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": AXE_TAGS}, "resultTypes": ["violations"]}
#: Maps are drawn by the processor here, which takes longer than all else on a page: pages without
#: WebGL, as old phones are, show none.
NO_MAPS = """
const draw = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind.startsWith("webgl") ? null : draw.call(this, kind, ...more);
};
"""
#: Milliseconds for a page to show what it should; both cores are busy.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)

OpenPage = Callable[..., Page]


@pytest.fixture(scope="package")
def db(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[None]:
    """One demo district for all browser tests, instead of an empty database for each."""
    storages = django_settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    changed = override_settings(
        STORAGES=storages,
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    # Playwright runs an event loop in this thread, which Django would take for a mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "yes"
    with django_db_blocker.unblock(), changed:
        reference.load()
        people.let_repeats_stand_alone()
        people.let_answers_repeat()
        yield
        call_command("flush", verbosity=0, interactive=False)
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="package")
def server(db) -> Iterator[str]:
    """Address of a server on that district."""
    # No thread may hold the database when the tests are over and it goes.
    connections["default"].settings_dict["CONN_MAX_AGE"] = 0
    live = LiveServer("127.0.0.1")
    yield live.url
    live.stop()


@pytest.fixture(scope="package")
def browser(db) -> Iterator[Browser]:
    """Debian's Chromium; started after the database was made, which its event loop would irk."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("browser tests need Debian's package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        connections.close_all()  # those of the event loop, which nobody sees after it
        started.close()


@pytest.fixture(autouse=True)
def _limits_of_its_own(db: None) -> None:
    """How often somebody may ask for a code is counted for each test alone."""
    Quota.objects.all().delete()


@pytest.fixture
def open_page(server: str, browser: Browser) -> Iterator[OpenPage]:
    """Open a page: ``open_page(width=1440, language="zh-hans", text_size="22", dark=True,
    javascript=False, maps=True)``. A script error or a breach of the content security policy fails
    the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_one(
        *,
        width: int = PHONE,
        language: str = "en",
        text_size: str = "",
        dark: bool = False,
        javascript: bool = True,
        maps: bool = False,
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            base_url=server,
            viewport={"width": width, "height": 900 if width == DESK else 844},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            **more,
        )
        contexts.append(context)
        if not maps:
            context.add_init_script(NO_MAPS)
        cookies = {"django_language": language, "yanlu_text": text_size}
        context.add_cookies(
            [
                {"name": name, "value": value, "url": server}
                for name, value in cookies.items()
                if value
            ]
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: _note_breach(line.text, complaints))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints, complaints


@pytest.fixture
def phone(open_page: OpenPage) -> Page:
    """A page on a telephone, 390 pixels wide."""
    return open_page()


@pytest.fixture
def desk(open_page: OpenPage) -> Page:
    """A page on a desk, 1,440 pixels wide."""
    return open_page(width=DESK)


@pytest.fixture
def check_access() -> Callable[[Page], None]:
    """Assert that axe finds nothing that keeps somebody out (WCAG 2.2 A and AA)."""
    script = AXE.read_text()

    def check(page: Page) -> None:
        # The whole page at once, so that bars at the edge of the window cover nothing.
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": page.viewport_size["width"], "height": height})
        page.evaluate(script)
        found = page.evaluate("options => axe.run(document, options)", AXE_OPTIONS)
        assert not found["violations"], "\n".join(map(_told, found["violations"]))

    return check


@pytest.fixture
def signed_in(open_page: OpenPage, server: str) -> Callable[..., Page]:
    """Open a page as somebody who has signed in: ``signed_in(account, dark=True)``."""

    def open_one(account: Any, **options: Any) -> Page:
        visitor = Client()
        visitor.force_login(account, "django.contrib.auth.backends.ModelBackend")
        page = open_page(**options)
        session = visitor.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": server}])
        return page

    return open_one


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Keep a picture of the page when ``YANLU_SCREENSHOTS`` is set."""

    def keep(page: Page, name: str = "page") -> None:
        if os.environ.get("YANLU_SCREENSHOTS"):
            SCREENS.mkdir(exist_ok=True)
            story = request.node.name.replace("/", "_")
            page.evaluate("scrollTo(0, 0)")  # or what sticks to the top is drawn in the middle
            page.screenshot(path=SCREENS / f"{story}-{name}.png", full_page=True)

    return keep


@pytest.fixture
def sms(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """The last short message that the demo's console showed."""
    seen: list[str] = []

    def last() -> str:
        out = capsys.readouterr().out
        seen.extend(line for line in out.splitlines() if line.startswith("SMS to "))
        return seen[-1]

    return last


@pytest.fixture
def at_work(signed_in: Callable[..., Page]) -> Callable[..., Page]:
    """A page of staff at a desk: ``at_work("dispatcher", width=390, dark=True)``."""

    def enter(who: str | Account, *, width: int = DESK, **options: Any) -> Page:
        account = people.account(who) if isinstance(who, str) else who
        return signed_in(account, width=width, **options)

    return enter


@dataclass(frozen=True)
class World:
    """Matters at different points of their way."""

    answered: str
    closed: str
    published: str
    new: str


@pytest.fixture(scope="module")
def world(server) -> World:
    """周阿姨 handed in three matters: one waits for her word, one is settled, one is new."""
    zhou = people.aunt_zhou()
    answered = people.hand_in(by=zhou, may_publish=True)
    people.bring_to(people.case_of(answered), people.HANDLED)
    closed = people.hand_in(
        by=zhou, may_publish=True, text=f"{people.STAIRS}请打 13900000001 找我。"
    )
    case = people.bring_to(people.case_of(closed), ("dispatch", "accept", "start"))
    form = replace(people.form(), is_public=True)
    services.answer_case(actor=people.handler_of(case.lead_unit), case_id=case.pk, form=form)
    case.refresh_from_db()
    people.bring_to(case, ("call_back", "confirm"))
    new = people.hand_in(by=zhou, text="谢谢！", kind="praise")
    return World(answered.query_code, closed.query_code, case.number, new.query_code)


def _note_breach(line: str, complaints: list[str]) -> None:
    if "Content Security Policy" in line:
        complaints.append(line)


def _told(violation: dict[str, Any]) -> str:
    places = "; ".join(node["html"][:160] for node in violation["nodes"][:4])
    details = violation["nodes"][0]["any"][:1]
    return f"{violation['id']}: {violation['help']}: {places} {details}"
