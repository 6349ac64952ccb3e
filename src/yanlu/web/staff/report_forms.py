"""Forms of reports: a new one, its words, and whom it is sent to."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.kernel import clock
from yanlu.kernel.charts import Chart
from yanlu.kernel.official import Table
from yanlu.oversight import access, reporting, reports
from yanlu.oversight.periods import Period
from yanlu.oversight.report_files import ReportFile
from yanlu.oversight.reporting import Wanted
from yanlu.oversight.scoring import LEVELS
from yanlu.people import selectors as people
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, DISTRICT, SUBDISTRICT, Node
from yanlu.web.staff.choices import Choice, place_name, unit_name
from yanlu.web.staff.fields import StaffForm, day_field, long_text, number_of
from yanlu.web.staff.oversight_words import REPORT_KINDS
from yanlu.web.staff.report_shape import shape
from yanlu.web.staff.scores import GROUPS

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit

DAY = timedelta(days=1)
#: Levels of units that a report may be of, each with the group that stands for it.
UNIT_LEVELS = {
    DISTRICT: "department",
    SUBDISTRICT: "subdistrict",
    COMMUNITY: "neighbourhood",
}
LONGEST_TEXT = 20_000


class ReportForm(StaffForm):
    """A report that is asked for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of report"), choices=REPORT_KINDS, widget=forms.RadioSelect
    )
    first = day_field(gettext_lazy("First day"))
    last = day_field(gettext_lazy("Last day"))
    place = number_of(gettext_lazy("Place"), required=False)
    level = number_of(gettext_lazy("Units that count"), required=False)
    unit = number_of(
        gettext_lazy("Or one unit alone"), required=False,
        help_text=gettext_lazy("With a unit chosen here the report is about nothing else."),
    )  # fmt: skip
    sample = forms.IntegerField(
        label=gettext_lazy("Closed cases to look at on site"), required=False, min_value=0,
        help_text=gettext_lazy("Drawn by chance; 0 for none."),
    )  # fmt: skip

    def __init__(self, data: Any, account: "Account", kind: str) -> None:
        span = reports.last_whole(kind, clock.today())
        start = {"kind": kind, "first": span.first, "last": span.last, "sample": reports.SAMPLE}
        super().__init__(data, initial=start)
        self.choose("place", _places(account))
        levels = [(str(level), GROUPS[group]) for level, group in UNIT_LEVELS.items()]
        self.choose("level", [("", _("All")), *levels])
        units = [one for one in people.units() if access.may_write(account, one.place_id)]
        self.choose("unit", [("", "—"), *[(str(one.pk), unit_name(one)) for one in units]])
        for name in ("place", "unit"):
            self.fields[name].widget.attrs["data-narrow"] = _("Type to narrow the list")
        for name in ("first", "last"):
            self.fields[name].widget.attrs["max"] = f"{clock.today() - DAY:%F}"

    def clean(self) -> dict[str, Any]:
        """The days in order, and one answer to of whom it is."""
        said: dict[str, Any] = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        if unit := people.unit(said.get("unit") or 0):
            if said.get("level"):
                self.add_error("unit", _("Choose a unit or a level, not both."))
            elif said.get("place") and not territory().covers(said["place"], unit.place_id):
                self.add_error("unit", _("This unit does not lie in the place chosen above."))
        return said

    def wanted(self) -> Wanted:
        """As the write door takes it in."""
        said = self.cleaned_data
        # The last day that there is has none after it.
        end = min(said["last"], date.max - DAY) + DAY
        is_drawn = said["kind"] == reports.QUARTERLY
        return Wanted(
            kind=said["kind"],
            period=Period(said["first"], end),
            place_id=said["place"],
            unit_id=said["unit"],
            level=said["level"],
            sample=(said["sample"] or 0) if is_drawn else 0,
        )


class EditForm(StaffForm):
    """Title and words of a draft, section by section."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=reporting.LONGEST_TITLE)

    def __init__(self, data: Any, file: ReportFile) -> None:
        texts = {f"text-{one.code}": one.text for one in file.sections}
        start = {"version": file.report.version, "title": file.report.title, **texts}
        super().__init__(data, initial=start)
        for shown, one in zip(shape(file.sections), file.sections, strict=True):
            rows = min(14, 3 + len(one.text) // 60 + one.text.count("\n"))
            titles = [block.title for block in one.exhibits if isinstance(block, Table | Chart)]
            told = [_("Has to be written before it is issued.")] if one.is_required else []
            if titles:
                told.append(_("Its figures stay: %(names)s") % {"names": "、".join(titles)})
            self.add(
                f"text-{one.code}",
                long_text(
                    shown.heading, rows, required=False, max_length=LONGEST_TEXT,
                    help_text=" ".join(told),
                ),
            )  # fmt: skip

    def texts(self) -> dict[str, str]:
        """What was typed, by section."""
        said = self.cleaned_data.items()
        return {name[5:]: text for name, text in said if name.startswith("text-")}

    def go_on_from(self, version: int) -> None:
        """Let the next press of the button go on from how the report stands now."""
        self.data = {**self.data.dict(), "version": version}  # type: ignore[attr-defined]


class IssueForm(StaffForm):
    """Whom a report is sent to: whole groups, and single units."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Whole groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    units = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Single units"), required=False, coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, data: Any, file: ReportFile) -> None:
        known = reporting.recipients(file.report)
        self.inside = _by_group([unit for unit in people.units() if unit.pk in known])
        alone = sorted(known) if len(known) == 1 else []
        start = {"version": file.report.version, "units": alone}
        super().__init__(data, initial=start, auto_id="issue-%s")
        groups = [(code, _count(code, units)) for code, units in self.inside.items()]
        self.choose("groups", groups if len(known) > 1 else [])
        self.choose(
            "units",
            [(one.pk, unit_name(one)) for units in self.inside.values() for one in units],
        )

    @property
    def is_open(self) -> bool:
        """Whether single units are chosen, or refused."""
        return bool(self["units"].errors or self["units"].value())

    def chosen(self) -> set[int]:
        """All units, each once."""
        said = self.cleaned_data
        whole = {one.pk for code in said["groups"] for one in self.inside[code]}
        return whole | set(said["units"])


def _count(code: str, units: "list[Unit]") -> str:
    return _("%(group)s (%(count)d)") % {"group": GROUPS[code], "count": len(units)}


def _by_group(units: "Iterable[Unit]") -> "dict[str, list[Unit]]":
    found: dict[str, list[Unit]] = {}
    for one in sorted(units, key=lambda unit: (unit.level, unit.code)):
        group = next(code for code, levels in LEVELS.items() if one.level in levels)
        found.setdefault(group, []).append(one)
    return found


def _places(account: "Account") -> "list[Choice | tuple[str, list[Choice]]]":
    """The whole district, and places in it, as far as the person writes for them."""
    whole: list[Choice] = [("", _("The whole district"))] if access.may_write(account, None) else []
    areas = [
        (place_name(area), _lines(account, area)) for area in territory().of_level(SUBDISTRICT)
    ]
    return [*whole, *[(name, lines) for name, lines in areas if lines]]


def _lines(account: "Account", area: Node) -> list[Choice]:
    found = [one for one in territory().children(area.id) if access.may_write(account, one.id)]
    lines = [(str(one.id), place_name(one)) for one in found if one.level == COMMUNITY]
    if access.may_write(account, area.id):
        lines.insert(0, (str(area.id), _("all of %s") % place_name(area)))
    return lines
