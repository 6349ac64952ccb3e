"""Cases and what is done about them. Nobody but ``cases`` imports this module."""

from uuid import uuid4

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.cases import states
from yanlu.kernel import clock


class Result(models.TextChoices):
    """What the handling unit says came of it (办理结果)."""

    SOLVED = "solved", "solved"  # 实际解决
    EXPLAINED = "explained", "explained"  # 解释说明
    KEPT = "kept_for_reference", "kept for reference"  # 参考备案
    TOO_MUCH = "asks_too_much", "asks too much"  # 诉求过高
    NOT_SOLVED = "not_solved", "not solved"  # 未解决


class Satisfaction(models.TextChoices):
    """How the resident rates attitude or result. No answer is no rating (未评价)."""

    SATISFIED = "satisfied", "satisfied"  # 满意
    ACCEPTABLE = "acceptable", "acceptable"  # 认可
    DISSATISFIED = "dissatisfied", "dissatisfied"  # 不满意


class Case(models.Model):
    """A matter under way (案件). Changed by ``services`` alone, one verb at a time.

    ``version`` counts the acts, so that nobody acts on what they have not seen. ``due_at`` is
    the promise in force, ``first_due_at`` the one made at the first dispatch, by which rates
    are counted. Whether a case is overdue is computed, never stored. ``words`` is what search
    looks in, built from the masked text. ``is_sealed``: a report of wrongdoing, kept in a lane
    of its own (举报). ``fingerprint`` finds the same words again while the case is open. A case
    that was merged (并案) goes on as ``merged_into`` and remembers what it was in
    ``state_before``; ``co_signer_count`` counts whoever shares a case, those of merged ones, too.
    ``given_at``: when the unit in charge got it. ``is_unit_final``: named after a dispute or by a
    joint conference, it may not return the case. ``part``: the words that a case is about which was
    split off ``split_from`` another of the same submission (拆分); empty for all of them.
    ``patrol_by``: the grid worker who found it; empty for what was handed in.
    """

    number = models.CharField(max_length=24, unique=True)
    submission = models.ForeignKey("intake.Submission", models.PROTECT, related_name="cases")
    decision = models.ForeignKey(
        "dispatch.Decision", models.PROTECT, related_name="+", db_index=False
    )
    title = models.CharField(max_length=80)
    state = models.CharField(max_length=20)
    version = models.IntegerField(default=1)
    category = models.ForeignKey("dispatch.Category", models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("places.Place", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=16)
    urgency = models.CharField(max_length=10)
    lead_unit = models.ForeignKey(
        "people.Unit", models.PROTECT, null=True, related_name="+", db_index=False
    )
    is_sealed = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    is_unit_final = models.BooleanField(default=False)
    contacted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    first_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    sort_at = models.DateTimeField(help_text="What the work queue goes by: due, else opened.")
    result = models.CharField(max_length=20, blank=True)
    fingerprint = models.BigIntegerField(null=True)
    co_signer_count = models.IntegerField(default=0)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", db_index=False
    )
    state_before = models.CharField(max_length=20, blank=True)
    split_from = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="split_off", db_index=False
    )
    part = models.TextField(blank=True)
    patrol_by = models.ForeignKey(
        "people.Account", models.PROTECT, null=True, related_name="+", db_index=False
    )
    words = SearchVectorField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("state", "sort_at", "id"), name="case_by_state"),
            models.Index(fields=("lead_unit", "state", "sort_at", "id"), name="case_by_unit"),
            models.Index(fields=("place", "state", "sort_at", "id"), name="case_by_place"),
            models.Index(fields=("sort_at", "id"), name="case_by_time"),
            models.Index(
                fields=("sort_at", "id"),
                name="case_owed",
                condition=models.Q(state__in=tuple(sorted(states.OWED))),
            ),
            models.Index(fields=("-ended_at", "-id"), name="case_ended"),
            models.Index(
                fields=("fingerprint",),
                name="case_same_words",
                condition=models.Q(fingerprint__isnull=False)
                & (models.Q(ended_at=None) | models.Q(merged_into__isnull=False)),
            ),
            models.Index(
                fields=("split_from",),
                name="case_split_off",
                condition=models.Q(split_from__isnull=False),
            ),
            models.Index(
                fields=("merged_into",),
                name="case_merged",
                condition=models.Q(merged_into__isnull=False),
            ),
            models.Index(
                fields=("patrol_by", "-id"),
                name="case_by_patrol",
                condition=models.Q(patrol_by__isnull=False),
            ),
            GinIndex(fields=("words",), name="case_words"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def said(self) -> str:
        """The resident's words that the case is about, verbatim."""
        return self.part or self.submission.text


class Way(models.TextChoices):
    """How a submission came to join a case."""

    ME_TOO = "me_too", "me too"  # 附议
    SAME_WORDS = "same_words", "the same words"  # 内容相同


class CoSigner(models.Model):
    """Another submission that says the same and shares the case (附议人). It has no case itself.

    ``left_at``: the resident took the support back; it no longer counts, the words stay.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="co_signers")
    submission = models.OneToOneField("intake.Submission", models.PROTECT, related_name="+")
    way = models.CharField(max_length=12, choices=Way.choices)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.submission_id} joins {self.case_id}"


class Standing(models.TextChoices):
    """How it stands with a part that a unit owes; computed, never stored."""

    OPEN = "open", "open"  # 待完成
    OVERDUE = "overdue", "overdue"  # 逾期
    DONE = "done", "done"  # 已完成
    WAIVED = "waived", "waived"  # 免于反馈
    DROPPED = "dropped", "dropped"  # 案件已终结


class Assist(models.Model):
    """A unit's part in a case (协办), owed by a date of its own.

    ``task``: what is asked. ``conference``: which joint conference asks it, then also of the lead
    unit. ``waived_at``: the part is not waited for; the remark of the act says why.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="assists")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    conference = models.ForeignKey("Conference", models.PROTECT, null=True, related_name="tasks")
    task = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    waived_at = models.DateTimeField(null=True)
    contribution = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "unit"),
                name="assist_once",
                condition=models.Q(conference__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} assists {self.case_id}"

    @property
    def standing(self) -> Standing:
        """How it stands now; like a promise of days, due today is overdue tomorrow."""
        if self.done_at:
            return Standing.DONE
        if self.waived_at:
            return Standing.WAIVED
        if self.case.state in states.ENDED:
            return Standing.DROPPED
        return Standing.OVERDUE if self.due_at and clock.now() > self.due_at else Standing.OPEN


class Conference(models.Model):
    """Several units meet about a case, or about several (联席会议).

    ``year`` and ``no`` make its number, as 〔2026〕1号. ``version`` counts the acts on it; ``uid``
    names it in calendars. ``recorded_at``: when minutes and resolution were written down, once.
    """

    year = models.IntegerField()
    no = models.IntegerField()
    uid = models.UUIDField(default=uuid4)
    version = models.IntegerField(default=1)
    subject = models.CharField(max_length=120)
    reason = models.ForeignKey("Reason", models.PROTECT, related_name="+")
    venue = models.CharField(max_length=120)
    chair = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    agenda = models.TextField()
    cases = models.ManyToManyField(Case, through="Item", related_name="conferences")
    convened_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    convened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("year", "no"), name="conference_number"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Its number, as official documents are numbered (GB/T 9704-2012)."""
        return f"〔{self.year}〕{self.no}号"


class Item(models.Model):
    """A case on a conference, with what it came to (议题).

    ``unit``: named in charge there. ``told``: what the resident reads of it, masked.
    """

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="items")
    case = models.ForeignKey(Case, models.PROTECT, related_name="items")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    told = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conference", "case"), name="item_once"),)

    def __str__(self) -> str:
        return f"{self.case_id} on {self.conference_id}"


class Seat(models.Model):
    """A unit's seat on a conference (参会单位): whether it came, and what it said."""

    conference = models.ForeignKey(Conference, models.PROTECT, related_name="seats")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    is_present = models.BooleanField(null=True)
    said = models.TextField(blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("conference", "unit"), name="seat_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} sits on {self.conference_id}"


class Contact(models.Model):
    """A contact with the resident, or why there was none (先行联系)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    was_reached = models.BooleanField()
    reason = models.ForeignKey("Reason", models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact {self.pk}"


class Answer(models.Model):
    """The handling unit's answer: the closing form (办结单). Written once, kept for ever."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    on_site = models.BooleanField()
    facts_found = models.BooleanField()
    facts = models.TextField()
    appeal_recognised = models.BooleanField()
    appeal = models.TextField()
    points = models.TextField()
    way = models.CharField(
        max_length=8,
        choices=[("phone", "by phone"), ("writing", "in writing"), ("home", "at the home")],
    )
    resident_said = models.TextField(blank=True)
    result = models.CharField(max_length=20, choices=Result.choices)
    is_public = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("unit", "-id"), name="answer_of_unit"),)

    def __str__(self) -> str:
        return f"answer {self.pk}"


class CasePolicy(models.Model):
    """What the district asks of those who handle cases. One row.

    ``repeats_from``: share (0–1) of an answer that may stand in an earlier one of the unit before
    it is held back as a form letter (套话); above 1, never. Of 872 replies of city offices to their
    residents 0.7 would have held back one in fifteen. ``looks_back``: answers of the unit that it
    is compared with. ``alarm_minutes``: after how long the level above is alarmed, too (default).
    """

    repeats_from = models.FloatField(default=0.7)
    looks_back = models.PositiveIntegerField(default=200)
    alarm_minutes = models.PositiveIntegerField(default=10)

    class Meta:
        verbose_name = _("case policy")
        verbose_name_plural = _("case policy")
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_case_policy"),)

    def __str__(self) -> str:
        return f"held back from {self.repeats_from}"


class Alarm(models.Model):
    """A person on duty was told of a danger at once (值班告警). ``taken_at``: they saw to it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="alarms")
    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "account"), name="alarmed_once"),)
        indexes = (
            models.Index(
                fields=("account",), name="alarm_sounds", condition=models.Q(taken_at=None)
            ),
        )

    def __str__(self) -> str:
        return f"alarm {self.pk}"


class Verdict(models.Model):
    """What the resident says of an answer, told to a callback clerk or handed in directly."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="verdicts")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    was_reached = models.BooleanField(default=True)
    is_solved = models.BooleanField(null=True)
    attitude = models.CharField(max_length=12, choices=Satisfaction.choices, blank=True)
    outcome = models.CharField(max_length=12, choices=Satisfaction.choices, blank=True)
    not_solved_reason = models.ForeignKey("Reason", models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"verdict {self.pk}"


class Check(models.Model):
    """What a grid worker saw on site after the unit's answer (核查), with a photo. Written once.

    The photo's file is named by its content, which the journal holds, too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="checks")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    is_settled = models.BooleanField()
    note = models.TextField(blank=True)
    file = models.CharField(max_length=120)
    thumbnail = models.CharField(max_length=120)
    width = models.IntegerField()
    height = models.IntegerField()
    size = models.IntegerField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"check {self.pk}"


class Return(models.Model):
    """A unit's return of a case as somebody else's (退单): once for each unit."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="returns")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    refused_at = models.DateTimeField(null=True)
    disputed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "unit"), name="return_once"),)

    def __str__(self) -> str:
        return f"{self.unit_id} returned {self.case_id}"


class Extension(models.Model):
    """More time for a case (延期): asked by the unit, reviewed by its head, then approved.

    ``until``: the promise that is asked for; ``remark``: why. ``is_granted`` is empty while it is
    pending.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="extensions")
    remark = models.ForeignKey("Remark", models.PROTECT, related_name="+")
    until = models.DateTimeField()
    asked_by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    is_granted = models.BooleanField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                name="one_extension_pending",
                condition=models.Q(is_granted__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"extension {self.pk}"


class Suspension(models.Model):
    """A case put off to a date (挂账): once in its life.

    ``left_workdays`` or, where the limit is not counted in working days, ``left_seconds``: what was
    left of its promise.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="suspension")
    until = models.DateTimeField(db_index=True)
    left_seconds = models.BigIntegerField(null=True)
    left_workdays = models.IntegerField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"suspension of {self.case_id}"


class RecusalGround(models.TextChoices):
    """Why somebody must not see a case (回避情形)."""

    NAMED = "named", "named in it"  # 被提及
    COMPLAINED_OF = "complained_of", "complained of"  # 被投诉
    RELATED = "related", "related to somebody in it"  # 有利害关系


class Recusal(models.Model):
    """A person or a unit that must not see a case (回避)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="recusals")
    account = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    ground = models.CharField(max_length=16, choices=RecusalGround.choices)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case", "account", "unit"), name="recused_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) ^ models.Q(unit__isnull=False),
                name="recusal_names_one",
            ),
        )

    def __str__(self) -> str:
        return f"recusal {self.pk}"


class Petition(models.Model):
    """The petition procedure that a case goes by (信访程序), whatever its kind.

    The notice of acceptance (受理告知书) says what is decided (``demand``), by which unit
    (``notice_unit``), by when (``decide_by``), and whom to ask (``enquiries``).
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="petition")
    registered_at = models.DateTimeField()
    notice_due_at = models.DateTimeField()
    noticed_at = models.DateTimeField(null=True)
    notice_unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")
    decide_by = models.DateTimeField(null=True)
    demand = models.TextField(blank=True)
    enquiries = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"petition of {self.case_id}"


class Review(models.Model):
    """A review of the opinion on a petition (复查), or the second one (复核, ``round`` 2).

    ``unit`` is above the one whose opinion is reviewed; empty until it is named. ``remark``: what
    the resident finds wrong.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="reviews")
    round = models.SmallIntegerField()
    remark = models.ForeignKey("Remark", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    unit = models.ForeignKey("people.Unit", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("case", "round"), name="review_once"),)

    def __str__(self) -> str:
        return f"review {self.round} of {self.case_id}"


class Outcome(models.TextChoices):
    """What a unit decides on a petition (信访工作条例 art 32), and what a review makes of that."""

    SUPPORTED = "supported", "supported"  # 予以支持
    EXPLAINED = "explained", "explained"  # 解释说明
    NOT_SUPPORTED = "not_supported", "not supported"  # 不予支持
    UPHELD = "upheld", "upheld"  # 维持
    CHANGED = "changed", "changed"  # 变更


class Opinion(models.Model):
    """A written decision on a petition (处理意见书, 复查意见书, 复核意见书). Written once.

    ``review`` is empty for the opinion of the unit in charge. The remedies, its fourth part, follow
    from the dates. ``due_at``: by when it was promised.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="opinions")
    review = models.OneToOneField(Review, models.PROTECT, null=True, related_name="opinion")
    unit = models.ForeignKey("people.Unit", models.PROTECT, related_name="+")
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    demand = models.TextField()
    facts = models.TextField()
    ruling = models.TextField()
    basis = models.TextField()
    due_at = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("case",),
                name="one_opinion_of_the_unit",
                condition=models.Q(review__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"opinion {self.pk}"


class Delivery(models.Model):
    """When a written decision reached the resident (送达); none for a paper on its way.

    ``review_until``: until when a review of it may be asked for; the last opinion has none.
    """

    opinion = models.OneToOneField(Opinion, models.PROTECT, related_name="delivery")
    on = models.DateField()
    review_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"opinion {self.opinion_id} delivered"


class Reason(models.Model):
    """A line of a code table that the district edits (代码表)."""

    TABLES = (
        ("return", _("return")),
        ("raise", _("raise")),
        ("extension", _("extension")),
        ("conference", _("joint conference")),
        ("cancel", _("cancel")),
        ("no_contact", _("no contact")),
        ("not_solved", _("not solved")),
    )
    table = models.CharField(max_length=12, choices=TABLES)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=120)
    text_en = models.CharField(max_length=160, blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        ordering = ("table", "pk")
        constraints = (models.UniqueConstraint(fields=("table", "code"), name="reason_once"),)

    def __str__(self) -> str:
        return self.text


class Ground(models.Model):
    """Why a matter is not accepted (不予受理情形), and the reply that names the proper route."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    reply = models.TextField()
    reply_en = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("ground for not accepting")
        verbose_name_plural = _("grounds for not accepting")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.name


class Remark(models.Model):
    """What was said with an act: the line of a code table, the ground, the explanation.

    Kept here and not in the journal, which never forgets: words may hold personal data.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="remarks")
    verb = models.CharField(max_length=20)
    by = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    reason = models.ForeignKey(Reason, models.PROTECT, null=True, related_name="+")
    ground = models.ForeignKey(Ground, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"remark {self.pk}"
