"""Why a matter was taken for what it is: candidates, how sure, and reasons in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanlu.cases.files import CaseFile
from yanlu.dispatch import selectors as dispatch
from yanlu.places.selectors import territory
from yanlu.web.labels import kind_label, urgency_label
from yanlu.web.staff.choices import place_name

AXES: dict[str, Promise] = {
    "category": gettext_lazy("What"),
    "place": gettext_lazy("Where"),
    "urgency": gettext_lazy("Urgency"),
    "kind": gettext_lazy("Kind"),
    "unit": gettext_lazy("Unit"),
}
#: From which confidence on (0–1) a candidate is called so.
SURE: tuple[tuple[float, Promise], ...] = (
    (0.9, gettext_lazy("nearly certain")),
    (0.7, gettext_lazy("likely")),
    (0.5, gettext_lazy("rather likely")),
    (0.0, gettext_lazy("uncertain")),
)


@dataclass(frozen=True)
class Answered:
    """One question about a matter, answered: ``because`` are sentences without a full stop."""

    axis: str
    label: str | Promise
    name: str
    sure: str | Promise
    percent: str
    because: list[str]
    others: list[str]
    is_by_person: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether the question needs a line of its own: names of schemes are long."""
        return self.axis not in AXES


def of_case(file: CaseFile) -> list[Answered]:
    """The answers as the case holds them now."""
    case, reasons = file.case, file.decision.reasons
    held = {
        "category": (case.category_id, file.category_name),
        "place": (case.place_id, file.place_label),
        "urgency": (case.urgency, str(urgency_label(case.urgency))),
        "kind": (case.kind, str(kind_label(case.kind))),
        "unit": (case.lead_unit_id, file.unit_name),
    }
    answers = [
        _answered(axis, reasons.get(axis, []), chosen, name or _("not known"))
        for axis, (chosen, name) in held.items()
    ]
    return [*answers, *_of_schemes(reasons, file.decision.also)]


def of_proposal(reasons: Mapping[str, Sequence[dict[str, Any]]]) -> list[Answered]:
    """The answers that a proposal puts first."""
    answers = []
    for axis in AXES:
        candidates = reasons.get(axis, [])
        best = candidates[0] if candidates else None
        name = _name(axis, best) if best else _("not known")
        answers.append(_answered(axis, candidates, best and best["id"], name))
    return [*answers, *_of_schemes(reasons, {})]


def _of_schemes(
    reasons: Mapping[str, Sequence[dict[str, Any]]], also: Mapping[str, int]
) -> list[Answered]:
    """What the schemes beside the main one say, as far as they say anything."""
    answers = []
    for code, label in dispatch.other_schemes().items():
        candidates = reasons.get(f"scheme:{code}", [])
        chosen = also.get(code) or (candidates[0]["id"] if candidates else None)
        if chosen:
            name = dispatch.category_names({chosen}).get(chosen) or _("not known")
            answers.append(_answered(f"scheme:{code}", candidates, chosen, name, label))
    return answers


def addresses(file: CaseFile) -> list[str]:
    """The addresses that the words name, as far as a building; a door is never among them."""
    return [candidate["name"] for candidate in file.decision.reasons.get("address", [])]


def several(file: CaseFile) -> list[str]:
    """What the parts of the words are about, where they may be several matters."""
    return [_name("category", one) for one in file.decision.reasons.get("several", [])]


def sure(confidence: float) -> str | Promise:
    """A confidence as a word."""
    return next(word for least, word in SURE if confidence >= least)


def _answered(
    axis: str,
    candidates: Sequence[dict[str, Any]],
    chosen: Any,
    name: str,
    label: str | Promise = "",
) -> Answered:
    """The chosen candidate with its reasons; one that was never proposed came from a person."""
    found = next((c for c in candidates if str(c["id"]) == str(chosen)), None)
    others = [c for c in candidates if c is not found]
    return Answered(
        axis=axis,
        label=label or AXES[axis],
        name=name,
        sure=sure(found["confidence"]) if found else "",
        percent=f"{found['confidence']:.0%}" if found else "",
        because=sentences(found["because"]) if found else [],
        others=[f"{_name(axis, c)} {c['confidence']:.0%}" for c in others[:4]],
        is_by_person=found is None and chosen is not None,
    )


def sentences(because: Iterable[str]) -> list[str]:
    """Reasons as dispatch codes them, in words; those of one kind share a sentence."""
    words: dict[str, list[str]] = {}
    for reason in because:
        code, _colon, text = reason.partition(":")
        words.setdefault(code, []).append(text)
    return [_sentence(code, texts) for code, texts in words.items()]


def _sentence(code: str, texts: list[str]) -> str:
    quoted = _(", ").join(_quoted(text, is_alone=len(texts) == 1) for text in texts)
    spoken = {
        "word": _("the words say %s") % quoted,
        "name": _("the text names %s") % quoted,
        "rule": _("rule %s") % quoted,
        "model": _("past cases went there (model %s)") % texts[0],
        "catalogue": _("the catalogue has %s") % quoted,
        "ground": _("the legal ground is %s") % texts[0],
        "point": _("the point on the map lies there"),
        "chosen": _("the resident chose it"),
        "no_word": _("no word points elsewhere"),
    }
    return spoken.get(code, f"{code} {quoted}")


def _quoted(text: str, *, is_alone: bool) -> str:
    """A word in quotation marks, with its share where it argued together with others."""
    word, _tab, share = text.partition("\t")
    return _("“%s”") % word + (f" {share}" if share and not is_alone else "")


def _name(axis: str, candidate: dict[str, Any]) -> str:
    """The candidate's name in the reader's language where there is one."""
    if axis == "urgency":
        return str(urgency_label(candidate["id"]))
    if axis == "kind":
        return str(kind_label(candidate["id"]))
    node = territory().get(candidate["id"]) if axis == "place" else None
    return place_name(node) if node else str(candidate["name"])
