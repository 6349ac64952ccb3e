"""E-mail, by an SMTP server."""

from email.utils import make_msgid
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from yanlu.notices.transports.message import Message, Rejected, Undelivered

#: Seconds for one try.
SECONDS = 10


def is_on() -> bool:
    """Whether e-mails can go out."""
    return bool(settings.YANLU_SMTP_URL)


def send(message: Message) -> str:
    """Send it; the number that it carries. Raises `Undelivered`."""
    number = f"<{message.key}@{_domain()}>" if message.key else make_msgid(domain=_domain())
    mail = EmailMessage(
        message.subject,
        message.text,
        settings.YANLU_MAIL_FROM,
        [message.to],
        connection=_server(settings.YANLU_SMTP_URL),
        headers={"Message-ID": number, "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except TimeoutError as error:
        raise Undelivered("timeout") from error
    except (SMTPException, OSError) as error:
        raise _why(error) from error
    return number


def _server(url: str) -> EmailBackend:
    """For ``smtp://user:password@host:587`` (STARTTLS where there is a user) or ``smtps://…``."""
    parts = urlsplit(url)
    is_wrapped = parts.scheme == "smtps"
    return EmailBackend(
        host=parts.hostname,
        port=parts.port or (465 if is_wrapped else 587),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=is_wrapped,
        use_tls=not is_wrapped and bool(parts.username),
        timeout=SECONDS,
    )


def _why(error: Exception) -> Undelivered:
    """A 5xx answer is about the message or the address; all else may pass by itself."""
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _said in error.recipients.values()]
    elif isinstance(error, SMTPResponseException):
        codes = [error.smtp_code]
    else:
        return Undelivered("unreachable" if isinstance(error, OSError) else "broken-off")
    kind = Rejected if all(500 <= code < 600 for code in codes) else Undelivered
    return kind(f"smtp-{codes[0]}")


def _domain() -> str:
    return settings.YANLU_MAIL_FROM.rpartition("@")[2].strip(">") or "localhost"
