"""What residents handed in. Nobody but ``intake`` imports this module."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.journal import digest


class Channel(models.TextChoices):
    """The six channels 信、访、电、网、端、走."""

    LETTER = "letter", "letter"
    VISIT = "visit", "visit"
    PHONE = "phone", "phone"
    WEB = "web", "web"
    MOBILE = "mobile", "mobile app"
    WALK = "walk", "outreach walk"


class Kind(models.TextChoices):
    """What the resident wants (诉求类型)."""

    CONSULTATION = "consultation", _("consultation")  # 咨询
    HELP = "help", _("help")  # 求助
    COMPLAINT = "complaint", _("complaint")  # 投诉
    REPORT = "report", _("report of wrongdoing")  # 举报
    SUGGESTION = "suggestion", _("suggestion")  # 建议
    PRAISE = "praise", _("praise")  # 表扬


class Submission(models.Model):
    """What one person handed in, verbatim. A trigger refuses every update and delete.

    ``query_code`` lets whoever holds it look the matter up. ``place``, ``lat``/``lon``
    (WGS-84) and ``kind`` are what the person said, not what dispatch made of it.
    ``identity`` is empty for an anonymous one. ``source`` + ``source_number`` name the
    original in the system that it came from; ``idempotency_key`` (scoped to the sender) makes
    a repeated request harmless.
    """

    query_code = models.CharField(max_length=16, unique=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    kind = models.CharField(max_length=16, choices=Kind.choices, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    said_at = models.DateTimeField()
    received_at = models.DateTimeField()
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, db_index=False)
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    cell = models.CharField(max_length=16, blank=True)
    address = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    identity = models.ForeignKey(
        "people.SealedIdentity", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_anonymous = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    may_publish = models.BooleanField(default=False)
    helper = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    was_read_back = models.BooleanField(default=False)
    seconds = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=60, blank=True)
    source_number = models.CharField(max_length=80, blank=True)
    idempotency_key = models.CharField(max_length=120, blank=True)
    request_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("source", "source_number"),
                condition=~models.Q(source_number=""),
                name="original_once",
            ),
            models.UniqueConstraint(
                fields=("idempotency_key",),
                condition=~models.Q(idempotency_key=""),
                name="request_once",
            ),
        )
        indexes = (models.Index(fields=("said_at",), name="submission_said"),)

    def __str__(self) -> str:
        return self.query_code

    @property
    def words_digest(self) -> str:
        """Binds the words, and how and when they came, to the journal."""
        return digest(self.query_code, self.title, self.text, self.channel, self.kind)


class Attachment(models.Model):
    """A photo that came with the words: re-encoded without metadata, named by its content."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="attachments")
    file = models.CharField(max_length=120)
    thumbnail = models.CharField(max_length=120)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.file


class ImportRun(models.Model):
    """One import of a file: how far it got, so that it resumes, and what it refused."""

    source = models.CharField(max_length=60)
    file_digest = models.CharField(max_length=64)
    rows_done = models.IntegerField(default=0)
    added = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "file_digest"), name="import_resumes"),
        )

    def __str__(self) -> str:
        return f"{self.source}: {self.rows_done} rows"
