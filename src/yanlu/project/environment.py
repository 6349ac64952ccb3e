"""What an operator may set, read from the environment in this one place.

``docs/settings.md`` is generated from :data:`VARIABLES`; a test keeps the two alike.
"""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Variable:
    """One environment variable: its default and what it means to an operator."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("YANLU_HOME", ".yanlu", "Folder of all data: database, photos, secrets, logs."),
    Variable("YANLU_PORT", "8000", "Port of the web server."),
    Variable("YANLU_HOST", "127.0.0.1", "Address that the web server listens on."),
    Variable(
        "YANLU_DATABASE_URL",
        "",
        "A PostgreSQL (16 or newer, with pgvector) to use instead of the embedded one, as"
        " postgresql://user:password@host:5432/name.",
    ),
    Variable(
        "YANLU_DEMO", "baoshan", "Demo district of a first `make up`; `none` for an empty one."
    ),
    Variable("YANLU_WEB_WORKERS", "0", "Web processes; 0 for one a core, at most four."),
    Variable(
        "YANLU_ALLOWED_HOSTS",
        "localhost,127.0.0.1,[::1]",
        "Host names that the web server answers to, separated by commas.",
    ),
    Variable(
        "YANLU_HTTPS",
        "no",
        "`yes` behind a proxy that ends TLS and sets X-Forwarded-Proto: cookies are secure then.",
    ),
    Variable(
        "YANLU_ENCODER",
        "",
        "A sentence encoder to find similar matters by, beside Yanlu's own vectors: a folder with"
        " model.onnx and tokenizer.json (needs the Python packages onnxruntime and tokenizers), or"
        " an address that speaks OpenAI's API, as https://host/v1#model. Texts go to an address"
        " masked.",
    ),
    Variable("YANLU_ENCODER_KEY", "", "Key for the address in YANLU_ENCODER."),
    Variable(
        "YANLU_ADDRESS",
        "",
        "Address at which people reach the pages, for links in messages, as"
        " https://jianyi.example.gov.cn; else http, host and port from above.",
    ),
    Variable(
        "YANLU_SMTP_URL",
        "",
        "Server that sends notices by e-mail, as smtp://user:password@host:587 (STARTTLS where a"
        " user is named) or smtps://…; without it, none go by e-mail.",
    ),
    Variable("YANLU_MAIL_FROM", "yanlu@localhost", "Sender of the e-mails."),
    Variable(
        "YANLU_SMS_URL",
        "",
        "Gateway for text messages: signed JSON goes to /messages below this address. Without it,"
        " residents can't sign in outside the demo.",
    ),
    Variable("YANLU_SMS_SECRET", "", "Secret that requests to YANLU_SMS_URL are signed with."),
    Variable("YANLU_WECHAT_URL", "", "Gateway for WeChat messages, as YANLU_SMS_URL."),
    Variable(
        "YANLU_WECHAT_SECRET", "", "Secret that requests to YANLU_WECHAT_URL are signed with."
    ),
    Variable(
        "YANLU_POOL",
        "",
        "Where the data pool lies: a folder, or an address that fsspec knows, as s3://bucket/pool"
        " (needs the Python package for it, as s3fs, and finds its credentials as that one does);"
        " without it, `pool` in YANLU_HOME.",
    ),
    Variable(
        "YANLU_RAY_ADDRESS",
        "",
        "A Ray cluster that works on the pool, as ray://host:10001 or host:6379 (needs"
        " requirements/cluster.lock on all its machines, and YANLU_POOL where all of them reach"
        " it); without it, this machine does.",
    ),
    Variable("YANLU_LOG_LEVEL", "WARNING", "Least level of log lines (JSON, on standard error)."),
    Variable("YANLU_TEST_DATABASE", "test_yanlu", "Name of the database that tests make."),
)
_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def value(name: str) -> str:
    """The variable as set, or its default."""
    return os.environ.get(name) or _DEFAULTS[name]


def home() -> Path:
    """The data folder, absolute; a relative one lies in the project's folder."""
    return (ROOT / Path(value("YANLU_HOME")).expanduser()).resolve()


def database_url() -> str:
    """The database in use; ``yanlu`` sets it to the embedded one when nobody else did."""
    return value("YANLU_DATABASE_URL")


def test_database() -> str:
    """Name of the tests' database."""
    return value("YANLU_TEST_DATABASE")


def allowed_hosts() -> list[str]:
    """Host names that are answered."""
    return value("YANLU_ALLOWED_HOSTS").split(",")


def trusted_origins() -> list[str]:
    """Origins that forms may come from when a proxy ends TLS."""
    return [f"https://{host}" for host in allowed_hosts()] if is_https() else []


def encoder() -> tuple[str, str]:
    """The sentence encoder to use beside our own vectors, if any, and its key."""
    return value("YANLU_ENCODER"), value("YANLU_ENCODER_KEY")


def pool() -> str:
    """Where the data pool lies: an address, or a folder, absolute as :func:`home` is."""
    given = value("YANLU_POOL")
    return given if "://" in given else str((ROOT / given).resolve() if given else home() / "pool")


def address() -> str:
    """Where people reach the pages, without a slash at the end."""
    given = value("YANLU_ADDRESS").rstrip("/")
    return given or f"http://{value('YANLU_HOST')}:{value('YANLU_PORT')}"


def smtp() -> tuple[str, str]:
    """The server for e-mails, if any, and their sender."""
    return value("YANLU_SMTP_URL"), value("YANLU_MAIL_FROM")


def gateway(name: str) -> tuple[str, str]:
    """The gateway for ``SMS`` or ``WECHAT``, if any, and its secret."""
    return value(f"YANLU_{name}_URL").rstrip("/"), value(f"YANLU_{name}_SECRET")


def is_https() -> bool:
    """Whether a proxy in front speaks TLS to the browsers."""
    return value("YANLU_HTTPS") == "yes"


def is_demo() -> bool:
    """Whether this installation shows the demo district."""
    return value("YANLU_DEMO") != "none"


def log_level() -> str:
    """The least level that is logged."""
    return value("YANLU_LOG_LEVEL").upper()
