"""Answers that say nothing of their own: the option ticked once more, or a form letter (套话).

``domain.md`` §3: an explanation must not merely repeat the option that was ticked.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yanlu.cases.models import Answer, Case, CasePolicy
from yanlu.kernel.errors import Invalid
from yanlu.textkit.matcher import fold
from yanlu.textkit.repetition import pieces, repeated

if TYPE_CHECKING:
    from yanlu.cases.services import ClosingForm

#: How the options of the closing form are called, and what is said around them.
_OPTIONS = re.compile(
    "实际解决|已经解决|已解决|解释说明|已解释|参考备案|留作参考|诉求过高|未解决|情况属实|不属实|属实|不合理|合理|予以认可"
    "|不认可|认可|该诉求|诉求|反映|问题|情况|经核实|核实|办理|办结|处理|完毕|电话答复|书面答复|上门答复|答复|回复|您好|已"
)
#: Letters that have to be left of an explanation beside the option.
FEWEST = 4


@dataclass(frozen=True)
class Repeat:
    """An earlier answer of the unit that this one repeats; ``share`` of it, 0 to 1."""

    number: str
    share: float


def check_own_words(case: Case, form: "ClosingForm") -> None:
    """Hold an answer back that repeats its options, or an answer to somebody else.

    :raises Invalid: with the field, or with the case whose answer it repeats and how much of it.
    """
    for name in ("points", "facts", *(() if case.patrol_by_id else ("appeal",))):
        if _repeats_option(getattr(form, name)):
            raise Invalid(
                _("This only repeats what was ticked: say what is so in this case."), name
            )
    found = find_repeat(case, form)
    if found:
        raise Invalid(
            _(
                "%(percent)s of this answer stood in your unit's answer to case %(number)s. Say"
                " what is so in this case; if both are the same matter, have them merged."
            )
            % {"percent": f"{found.share:.0%}", "number": found.number},
            "points",
        )


def find_repeat(case: Case, form: "ClosingForm") -> Repeat | None:
    """The answer to another case, of the unit's latest ones, that this one repeats the most."""
    policy = CasePolicy.objects.first() or CasePolicy()
    said = pieces(f"{form.points}\n{form.facts}\n{form.appeal}")
    earlier = (
        Answer.objects.filter(unit=case.lead_unit_id)
        .exclude(case=case)
        .order_by("-pk")
        .values_list("case__number", "points", "facts", "appeal")[: policy.looks_back]
    )
    numbers = [number for number, *_text in earlier]
    shares = repeated(said, ["\n".join(text) for _number, *text in earlier])
    found = map(Repeat, numbers, shares.tolist())
    most = max(found, key=lambda one: one.share, default=None)
    return most if most and most.share >= policy.repeats_from else None


def _repeats_option(text: str) -> bool:
    return sum(map(str.isalnum, _OPTIONS.sub("", fold(text)))) < FEWEST
