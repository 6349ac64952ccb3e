"""Which unit past cases went to, as a model learned it: the ranking beside the rules.

A unit is learned as what it is for and on which level, so that what one subdistrict did teaches the
others; the place of a matter says which of them is meant.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from yanlu.dispatch import sorting
from yanlu.textkit.evidence import Candidate
from yanlu.textkit.features import Sample
from yanlu.textkit.matcher import fold, joined

if TYPE_CHECKING:
    from yanlu.dispatch.knowledge import Knowledge
    from yanlu.dispatch.offices import Office
    from yanlu.dispatch.rules import Matter
    from yanlu.textkit.categories import Lexicon

#: As in ``ModelUse``.
TASK: Final = "units"
#: How much each fact counts beside the words, which count one together: 0.1 was best of 0.1 to 0.5
#: on real grid events (in the first three 0.831, 0.827, 0.816).
FACT: Final = 0.1
#: Units that are ranked.
KEPT: Final = 4


def label_of(office: "Office") -> str:
    """What is learned of a unit: what it is for and its level, as ``housing/3``."""
    return f"{office.function}/{office.level}"


def sample(known: "Knowledge", title: str, text: str, matter: "Matter") -> Sample:
    """A message as a model of units looks at it: words, category, place, and both together."""
    codes = [f"category:{known.subjects[number].code}" for number in matter.categories]
    places = [f"place:{known.territory.nodes[number].code}" for number in matter.places]
    pairs = [f"{code} {place}" for code in codes for place in places]
    facts = [f"kind:{matter.kind}", *codes, *places, *pairs]
    return look(known.sorter.lexicon, title, text, facts)


def look(lexicon: "Lexicon", title: str, text: str, facts: Iterable[str] = ()) -> Sample:
    """Words, the lexicon's opinion of them, and facts.

    A title names what the text tells at length, so its words count twice. On real letters macro F1
    was 0.779 by words alone, 0.796 so, 0.828 with the lexicon's opinion, while words of one
    character still counted.
    """
    opinion = sorting.sample(lexicon, title, text).facts
    words = joined(fold(title), fold(text))
    return Sample(words, title, {**opinion, **dict.fromkeys(facts, FACT)})


def rank(known: "Knowledge", samples: Sequence[Sample]) -> list[list[Candidate]]:
    """The likeliest units of each message by label, best first."""
    return known.router.model.rank(samples, k=KEPT) if known.router else []
