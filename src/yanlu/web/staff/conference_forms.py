"""What is handed in to convene a joint conference, to call it off, and to record it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.cases import conferences
from yanlu.cases import selectors as cases
from yanlu.cases.conference_files import CaseLine, ConferenceFile
from yanlu.kernel import clock
from yanlu.web.staff import choices
from yanlu.web.staff.fields import Folds, StaffForm, long_text, number_of

if TYPE_CHECKING:
    from django.http import QueryDict

    from yanlu.cases.models import Case, Seat

#: Rows for tasks on an empty form, and at most.
ROWS, MOST_ROWS = 3, 60


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


def _units(label: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class InvitationForm(StaffForm):
    """What about, when and where, and which units; before it meets, all of it may change."""

    subject = forms.CharField(
        label=gettext_lazy("What it is about"),
        max_length=120,
        help_text=gettext_lazy("It stands in calendars: name nobody who wrote to you."),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Why a conference"))
    day = _day(gettext_lazy("Day"))
    begins = _hour(gettext_lazy("Begins at"))
    ends = _hour(gettext_lazy("Ends at"))
    venue = forms.CharField(label=gettext_lazy("Where it meets"), max_length=120)
    chair = forms.CharField(
        label=gettext_lazy("Who presides"),
        max_length=80,
        help_text=gettext_lazy("By office and name."),
    )
    units = _units(gettext_lazy("Units to invite"))
    others = _units(gettext_lazy("Units elsewhere"))
    agenda = long_text(
        gettext_lazy("Agenda"), rows=4, max_length=5000, help_text=gettext_lazy("A line an item.")
    )
    folds: Folds = ((gettext_lazy("Units elsewhere"), ("others",)),)

    def __init__(self, data: Any, place_id: int | None, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial, auto_id="conference-%s")
        near, *far = choices.units(place_id)
        self.choose("reason", [("", _("Choose…")), *cases.reasons("conference")])
        self.choose("units", near[1])
        self.choose("others", far[0][1] if far else [])

    def invitation(self) -> conferences.Invitation:
        """The invitation that was typed."""
        names = ("subject", "reason", "day", "begins", "ends", "venue", "chair", "agenda")
        asked = self.cleaned_data
        units = [*asked["units"], *asked["others"]]
        return conferences.Invitation(**{name: asked[name] for name in names}, units=units)


class ConveneForm(InvitationForm):
    """The invitation to a new conference, with the cases that it is about."""

    numbers = forms.CharField(
        label=gettext_lazy("Numbers of the cases"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=gettext_lazy(
            "One or several. What was merged into a case comes with it, and so does its unit."
        ),
    )
    field_order = ("numbers",)

    def __init__(self, data: Any, about: "list[Case]") -> None:
        units = {one.lead_unit_id for one in about}
        units |= {part.unit_id for one in about for part in one.assists.all()}
        initial = {
            "numbers": "\n".join(one.number for one in about),
            "units": list(units),
            "others": list(units),
        }
        super().__init__(data, about[0].place_id if about else None, initial)


class ChangeForm(InvitationForm):
    """Another time, place or circle, bound to the version that the person looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any, file: ConferenceFile) -> None:
        held = file.conference
        begins, ends = (at.astimezone(clock.ZONE) for at in (held.starts_at, held.ends_at))
        units = [seat.unit_id for seat in file.seats]
        initial = {
            **{name: getattr(held, name) for name in ("version", "subject", "venue", "chair")},
            "agenda": held.agenda,
            "reason": held.reason.code,
            "day": begins.date(),
            "begins": begins.time(),
            "ends": ends.time(),
            "units": units,
            "others": units,
        }
        super().__init__(data, file.cases[0].case.place_id, initial)


class CallOffForm(StaffForm):
    """Why it is called off."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    explanation = long_text(gettext_lazy("Why"), rows=2, max_length=2000)


class TaskForm(StaffForm):
    """A task; a row left empty asks for nothing."""

    case = number_of(gettext_lazy("Case"))
    unit = number_of(gettext_lazy("Unit"))
    what = forms.CharField(label=gettext_lazy("What has to be done"), max_length=500)
    due = _day(gettext_lazy("Until"))

    def __init__(self, data: Any, file: ConferenceFile, row: int, **more: Any) -> None:
        options = {"empty_permitted": True, "use_required_attribute": False, **more}
        super().__init__(data, prefix=f"task-{row}", **options)
        self.only_case = file.cases[0].case.pk if len(file.cases) == 1 else None
        if self.only_case:
            del self.fields["case"]
        else:
            open_cases = [line.case for line in file.cases if line.is_open]
            lines = [(str(case.pk), f"{case.number} {case.title}") for case in open_cases]
            self.choose("case", [("", _("Choose…")), *lines])
        self.choose("unit", [("", _("Choose…")), *_seated(file)])

    def task(self) -> conferences.Task:
        """The task that was typed."""
        asked = self.cleaned_data
        case_id = self.only_case or asked["case"]
        return conferences.Task(case_id, asked["unit"], asked["what"], asked["due"])


class RecordForm(StaffForm):
    """Minutes, resolution, who came and what each said, and what it came to in each case.

    ``rows`` holds the tasks; :meth:`with_more` adds one and keeps all that was typed.
    """

    version = forms.IntegerField(widget=forms.HiddenInput)
    minutes = long_text(
        gettext_lazy("Minutes"),
        rows=6,
        max_length=20_000,
        help_text=gettext_lazy("For the units only. Name no resident."),
    )
    resolution = long_text(gettext_lazy("Resolution"), rows=4, max_length=10_000)

    def __init__(self, data: "QueryDict | None", file: ConferenceFile) -> None:
        initial = {"version": file.conference.version}
        super().__init__(data, initial=initial, auto_id="record-%s")
        self._begin(file)
        self.rows = [TaskForm(data, file, row) for row in range(self._count(data))]

    @classmethod
    def with_more(cls, typed: "QueryDict", file: ConferenceFile) -> "RecordForm":
        """The form as it was typed, with one more row."""
        form = cls(None, file)
        form.initial = {name: typed.get(name) for name in form.fields}
        form.rows = [
            TaskForm(None, file, row, initial=_row(typed, row))
            for row in range(min(cls._count(typed) + 1, MOST_ROWS))
        ]
        return form

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def seats(self) -> "Iterator[tuple[Seat, forms.BoundField, forms.BoundField]]":
        """Each seat, whether it came, and what it said."""
        for seat in self.file.seats:
            yield seat, self[f"came-{seat.unit_id}"], self[f"said-{seat.unit_id}"]

    def conclusions(self) -> "Iterator[tuple[CaseLine, list[forms.BoundField]]]":
        """Each case that it is about, and the fields for what it came to."""
        for line in self.file.cases:
            names = (f"unit-{line.case.pk}", f"told-{line.case.pk}")
            yield line, [self[name] for name in names if name in self.fields]

    def record(self) -> conferences.Record:
        """The record that was typed."""
        asked, seats = self.cleaned_data, self.file.seats
        return conferences.Record(
            minutes=asked["minutes"],
            resolution=asked["resolution"],
            conclusions={
                line.case.pk: conferences.Conclusion(
                    asked[f"told-{line.case.pk}"], asked.get(f"unit-{line.case.pk}")
                )
                for line in self.file.cases
                if line.is_open
            },
            present={
                seat.unit_id: asked[f"said-{seat.unit_id}"]
                for seat in seats
                if asked[f"came-{seat.unit_id}"]
            },
            tasks=[row.task() for row in self.rows if row.has_changed()],
        )

    def _begin(self, file: ConferenceFile) -> None:
        self.file = file
        for seat in file.seats:
            name = choices.unit_name(seat.unit)
            self.add(f"came-{seat.unit_id}", forms.BooleanField(label=name, required=False))
            said = _("What %s said") % name
            self.add(f"said-{seat.unit_id}", long_text(said, 2, required=False, max_length=2000))
            self.initial[f"came-{seat.unit_id}"] = True
        for line in file.cases:
            if line.is_open:
                self._add_conclusion(file, line)

    def _add_conclusion(self, file: ConferenceFile, line: CaseLine) -> None:
        if line.may_decide:
            unit = number_of(
                _("Unit in charge from now on"),
                required=False,
                help_text=_("Only where it was open or disputed. It can't return the case."),
            )
            unit.choices = [("", _("As it is")), *_seated(file)]
            self.add(f"unit-{line.case.pk}", unit)
        told = long_text(
            _("What the resident is told"),
            rows=2,
            max_length=500,
            help_text=_("A plain sentence: what was decided, and what happens now."),
        )
        self.add(f"told-{line.case.pk}", told)

    @staticmethod
    def _count(typed: "QueryDict | None") -> int:
        rows = typed.get("rows", "") if typed else ""
        return min(int(rows), MOST_ROWS) if rows.isdecimal() and len(rows) < 4 else ROWS


def _seated(file: ConferenceFile) -> list[choices.Choice]:
    return [(str(seat.unit_id), choices.unit_name(seat.unit)) for seat in file.seats]


def _row(typed: "QueryDict", row: int) -> dict[str, Any]:
    return {name: typed.get(f"task-{row}-{name}") for name in TaskForm.base_fields}
