"""Notices, the ways they go, and what people wish. Nobody but ``notices`` imports this module."""

from datetime import time

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.fields import SealedTextField


class NoticeText(models.Model):
    """What a kind of notice says in a language (通知文案).

    ``subject`` and ``push`` leave the house, so that they may speak of little; ``body`` stands in
    the inbox, behind the sign-in. See :mod:`yanlu.notices.wording`.
    """

    kind = models.CharField(max_length=60)
    language = models.CharField(
        max_length=8, choices=(("zh-hans", _("Simplified Chinese")), ("en", _("English")))
    )
    subject = models.CharField(max_length=80)
    body = models.TextField(max_length=1_000)
    push = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("text of notices")
        verbose_name_plural = _("texts of notices")
        ordering = ("kind", "-language")
        constraints = (
            models.UniqueConstraint(fields=("kind", "language"), name="notice_text_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} ({self.language})"


class Notice(models.Model):
    """Something that an account is told (通知). It is in the inbox as soon as it exists.

    ``subject_type`` and ``subject_id`` say what it is about, ``words`` what the text's
    placeholders stand for. ``is_right``: the law wants the person to be told, so the row stays;
    a trigger refuses to delete it. ``once`` makes the same note given twice one.
    """

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    words = models.JSONField()
    is_right = models.BooleanField(default=False)
    is_urgent = models.BooleanField(default=False)
    once = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "once"), name="notice_once", condition=~models.Q(once="")
            ),
        )
        indexes = (
            models.Index(fields=("account", "-id"), name="notice_latest"),
            models.Index(
                fields=("account",), name="notice_unread", condition=models.Q(read_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Channel(models.TextChoices):
    """Ways out of the house; the inbox is none of them and always open."""

    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
    WECHAT = "wechat", _("WeChat")


class State(models.TextChoices):
    """What became of a sending."""

    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"  # for good


class Sending(models.Model):
    """A notice on one of the ways to its person.

    ``due_at`` is put off by quiet hours, a daily digest and retries. ``receipt``: the gateway's
    number; ``error``: in one word why the last try failed; ``digest`` binds the text as it was
    sent. Sendings of a digest share receipt and text.
    """

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="sendings", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    receipt = models.CharField(max_length=80, blank=True)
    error = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "channel"), name="sending_once"),)
        indexes = (
            models.Index(
                fields=("due_at", "id"),
                name="sending_due",
                condition=models.Q(state="waiting"),
            ),
        )

    def __str__(self) -> str:
        return f"sending {self.pk} by {self.channel}"


class Rhythm(models.TextChoices):
    """Whether what is neither urgent nor a right waits for the others of the day."""

    AT_ONCE = "off", "at once"
    DAILY = "daily", "once a day"


class Preference(models.Model):
    """How a person wishes to be told, beside the inbox. Who never said so has no row.

    From ``quiet_from`` to ``quiet_to``, Shanghai's time, only what is urgent goes out; no quiet
    hours where the two are the same. ``openid`` is what WeChat knows the person by; ``language``
    that of what goes out.
    """

    account = models.OneToOneField("people.Account", models.PROTECT, related_name="+")
    channels = models.JSONField(default=list)
    quiet_from = models.TimeField(default=time(22))
    quiet_to = models.TimeField(default=time(7))
    rhythm = models.CharField(max_length=8, choices=Rhythm.choices, default=Rhythm.AT_ONCE)
    language = models.CharField(max_length=8, default="zh-hans")
    email = SealedTextField(null=True)
    openid = SealedTextField(null=True)

    def __str__(self) -> str:
        return f"wishes of {self.account_id}"
