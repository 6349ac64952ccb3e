"""Partners, their orders and what they are told. Nobody but ``exchange`` imports this module."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.exchange.dialect import Dialect
from yanlu.kernel.fields import SealedTextField


class Partner(models.Model):
    """A system that work orders come from and results go to, such as the city's 12345.

    ``code`` is also the source of what came of its orders. ``address``: below it, ``/results``
    takes what we tell, and where the partner ``is_asked``, ``/orders`` gives orders and
    ``/receipts`` takes what became of them; without one, results go by file. ``columns`` and
    ``values`` are its :class:`~yanlu.exchange.dialect.Dialect`. ``cursor``: up to where its orders
    were fetched; ``asked_at`` and ``fault``: when that was tried last, and what was wrong then;
    ``told_at``: when it took a result last.
    """

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=60)
    address = models.URLField(max_length=200, blank=True)
    secret = SealedTextField()
    columns = models.JSONField()
    values = models.JSONField()
    is_asked = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    cursor = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("partner of the exchange")
        verbose_name_plural = _("partners of the exchange")
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        """Name in the journal."""
        return f"exchange:{self.pk}"

    @property
    def dialect(self) -> Dialect:
        """How it words a work order."""
        return Dialect(self.columns, self.values)


class Way(models.TextChoices):
    """How orders came."""

    FILE = "file", "file"
    PUSH = "push", "push"  # the partner sent them
    PULL = "pull", "pull"  # we fetched them


class Delivery(models.Model):
    """Orders that came together, and which of them were refused.

    ``refusals`` holds, of the first ones, row, number, field and reason; never their text.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=8, choices=Way.choices)
    at = models.DateTimeField()
    taken = models.IntegerField(default=0)
    known = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    refusals = models.JSONField(default=list)

    class Meta:
        indexes = (models.Index(fields=("partner", "-id"), name="delivery_latest"),)

    def __str__(self) -> str:
        return f"delivery {self.pk}"


class Order(models.Model):
    """A partner's work order (工单), and the submission that it became.

    ``details``: what it says besides the words and the person, by our fields. ``original``: the
    whole row as it came, sealed, for the day on which the two sides compare what they hold.
    """

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="orders", db_index=False)
    number = models.CharField(max_length=80)
    original_number = models.CharField(max_length=80, blank=True)
    submission = models.ForeignKey("intake.Submission", models.PROTECT, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="orders", db_index=False)
    details = models.JSONField()
    original = SealedTextField()
    came_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("partner", "number"), name="order_once"),)

    def __str__(self) -> str:
        return self.number


class State(models.TextChoices):
    """What became of a message. The first two keep those behind it waiting."""

    WAITING = "waiting", "waiting"
    DEAD = "dead", "dead"  # refused, or tried too often: a person decides
    SENT = "sent", "sent"
    WITHHELD = "withheld", "withheld"  # confidential or sealed: not the partner's to know
    SET_ASIDE = "set_aside", "set aside"  # by a person


class Message(models.Model):
    """Something that happened to an order's case and that the partner is told (反馈).

    What it says is read from the journal's row ``entry`` when it is sent, so no text is kept
    twice. ``sequence`` counts the messages of an order from 1; they are sent in this order, one
    after another, and by it the partner knows one that comes twice. ``fault``: why the last try
    failed; ``note``: what the partner said to it, or why somebody set it aside; ``receipt``: the
    number that the partner gave it.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="messages", db_index=False)
    entry = models.BigIntegerField()
    event = models.CharField(max_length=60)
    sequence = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.IntegerField(default=0)
    queued_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)
    receipt = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("order", "sequence"), name="message_in_turn"),
            models.UniqueConstraint(fields=("order", "entry"), name="message_once"),
        )
        indexes = (
            models.Index(
                fields=("next_at", "id"),
                name="message_undone",
                condition=models.Q(state__in=("waiting", "dead")),
            ),
        )

    def __str__(self) -> str:
        return f"message {self.sequence} about {self.order_id}"


class Nonce(models.Model):
    """A nonce that a partner used; remembered until its moment is out of the window."""

    partner = models.ForeignKey(Partner, models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("partner", "nonce"), name="nonce_once"),)

    def __str__(self) -> str:
        return f"nonce {self.pk}"
