"""Cases, and what is done about them step by step."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from yanlu.cases import states
from yanlu.cases.models.tables import Ground, Reason
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
