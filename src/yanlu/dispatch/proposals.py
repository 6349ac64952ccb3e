"""From words to a proposal: what is it, where, how urgent, whose, and why. No writing in here.

Every answer is a list of candidates with a confidence (0–1) and reasons. A reason is
``code:text``, so that a page can say it in any language; ``text`` are words of the message, a
rule's name or a place. Behind a word may stand, after a tab, its share of what all words brought.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from yanlu.dispatch import routing
from yanlu.dispatch.knowledge import Knowledge
from yanlu.dispatch.rules import Line, Matter, mismatch
from yanlu.dispatch.sorting import Sorter
from yanlu.kernel import clock
from yanlu.textkit import evidence
from yanlu.textkit.matcher import Folded, fold, joined
from yanlu.textkit.several import parts

#: What somebody chose for themselves is all but certain; a point may lie across a boundary.
CHOSEN, LOCATED = 0.98, 0.95
#: An address that the text names is one, most likely, if not always where the matter is.
NAMED = 0.9
#: How sure the words must be of what each part is about before a text counts as several matters.
PART = 0.3
#: A kind without any cue is treated as a call for help: the kind with the fullest handling.
DEFAULT_KIND = "help"
#: What a proposal says.
AXES = ("category", "place", "urgency", "kind", "unit")
#: Candidates of each other scheme that are kept.
OTHERS = 2
#: Kinds and urgencies that a person always confirms; the longer limit of a complex matter needs
#: approval.
NEVER_ALONE = frozenset({"report", "danger", "complex"})


@dataclass(frozen=True)
class Said:
    """The part of a submission that a proposal is made from.

    ``home_id``: the resident's own community, which decides between places of one name only.
    """

    title: str
    text: str
    address: str = ""
    kind: str = ""
    place_id: int | None = None
    has_point: bool = False
    home_id: int | None = None
    received_at: datetime | None = None


class Candidate(NamedTuple):
    """One possible answer."""

    id: int | str
    name: str
    confidence: float
    because: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "confidence": round(self.confidence, 3),
            "because": list(self.because),
        }


@dataclass(frozen=True)
class _Look:
    """What a message is, before anybody asked whose it is."""

    category: tuple[Candidate, ...]
    place: tuple[Candidate, ...]
    addresses: tuple[str, ...]
    urgency: tuple[Candidate, ...]
    kind: tuple[Candidate, ...]
    several: tuple[Candidate, ...]
    matter: Matter
    others: dict[str, tuple[Candidate, ...]]


@dataclass(frozen=True)
class Proposal(_Look):
    """The answers, best first; the first of each is the proposal itself."""

    unit: tuple[Candidate, ...]
    line: Line | None
    level: int | None
    confidence: float
    is_automatic: bool

    def answers(self) -> dict[str, tuple[Candidate, ...]]:
        """The candidates of each axis, and as far as there are any:

        categories of other schemes as ``scheme:<code>``, addresses, and what several matters are.
        """
        more = {f"scheme:{code}": found for code, found in self.others.items()}
        more["address"] = tuple(Candidate(one, one, NAMED, ()) for one in self.addresses)
        more["several"] = self.several
        found = {axis: candidates for axis, candidates in more.items() if candidates}
        return {axis: getattr(self, axis) for axis in AXES} | found

    def reasons(self) -> dict[str, list[dict[str, Any]]]:
        """As stored with the Decision."""
        return {axis: [c.as_json() for c in found] for axis, found in self.answers().items()}


def propose(known: Knowledge, said: Said) -> Proposal:
    """Work out a proposal."""
    return propose_all(known, [said])[0]


def propose_all(known: Knowledge, messages: Sequence[Said]) -> list[Proposal]:
    """Work out proposals; a model looks at all messages at once."""
    words = [(fold(said.title), fold(said.text)) for said in messages]
    main = known.sorter.sort(words)
    others = [sorter.sort(words, k=OTHERS) for sorter in known.others.values()]
    looks = [_look(known, *found) for found in zip(messages, words, main, *others, strict=True)]
    ranked = _ranked(known, words, looks)
    return [_propose(known, *found) for found in zip(looks, ranked, strict=True)]


def _ranked(
    known: Knowledge, words: list[tuple[Folded, Folded]], looks: list[_Look]
) -> list[list[evidence.Candidate]]:
    """The units that past cases went to, for each message; none while nothing was learned."""
    if known.router is None:
        return [[] for _look in looks]
    pairs = zip(words, looks, strict=True)
    return routing.rank(known, [routing.sample(known, *said, seen.matter) for said, seen in pairs])


def _look(
    known: Knowledge,
    said: Said,
    words: tuple[Folded, Folded],
    main: list[evidence.Candidate],
    *others: list[evidence.Candidate],
) -> _Look:
    text = joined(*words)
    category = _categories(known, known.sorter, main)
    whole = joined(text, fold(said.address))
    place = _places(known, said, whole)
    urgency = _urgency(known, text)
    kind = _kind(known, said.kind, text)
    return _Look(
        category=category,
        place=place,
        addresses=tuple(dict.fromkeys(one.name for one in known.gazetteer.addresses(whole))),
        urgency=urgency,
        kind=kind,
        several=_several(known, text),
        matter=_matter(known, category, place, urgency, kind, said.received_at or clock.now()),
        others={
            scheme: _categories(known, sorter, found)
            for (scheme, sorter), found in zip(known.others.items(), others, strict=True)
        },
    )


def _propose(known: Knowledge, seen: _Look, ranked: list[evidence.Candidate]) -> Proposal:
    line = known.rules.first_match(seen.matter)
    unit = _units(known, line, ranked, int(seen.place[0].id) if seen.place else None)
    office = known.offices.get(int(unit[0].id)) if unit else None
    confidences = _confidences(seen.category, seen.place, unit, line)
    return Proposal(
        **vars(seen),
        unit=unit,
        line=line,
        level=office.level if office else None,
        confidence=min(confidences),
        is_automatic=not seen.several and _alone(known, confidences, seen.matter),
    )


def explain_rules(known: Knowledge, matter: Matter) -> list[tuple[Line, str]]:
    """Every line up to the one that decides, each with the field that did not fit (or none)."""
    seen = []
    for line in known.rules:
        why = mismatch(line, matter)
        seen.append((line, why))
        if not why:
            break
    return seen


def _categories(
    known: Knowledge, sorter: Sorter, found: Iterable[evidence.Candidate]
) -> tuple[Candidate, ...]:
    """As candidates; a category that is gone since a model learned it is left out."""
    subjects = [(known.by_code.get((sorter.scheme, one.key)), one) for one in found]
    return tuple(
        Candidate(
            subject.id,
            subject.name,
            one.confidence,
            _words(one.matches[:5]),
        )
        for subject, one in subjects
        if subject
    )


def _words(matches: Sequence[evidence.Match]) -> tuple[str, ...]:
    """Words as reasons, each with its share of what they brought together."""
    total = sum(match.points for match in matches)
    return tuple(f"word:{match.word}\t{match.points / total:.0%}" for match in matches)


def _places(known: Knowledge, said: Said, text: Folded) -> tuple[Candidate, ...]:
    """Where the resident said it is comes first; names in the text may be more exact."""
    places = known.territory
    chosen = places.get(said.place_id)
    near = chosen or places.get(said.home_id)
    named = [
        Candidate(
            int(found.key),
            places.nodes[int(found.key)].name,
            found.confidence,
            tuple(f"name:{word}" for word in found.matches[:3]),
        )
        for found in known.gazetteer.find(text, near=near.path if near else "")
    ]
    if chosen is None:
        return tuple(named)
    reason = ("point:",) if said.has_point else ("chosen:",)
    own = Candidate(chosen.id, chosen.name, LOCATED if said.has_point else CHOSEN, reason)
    finer = [c for c in named if c.id != own.id and places.covers(chosen.id, int(c.id))]
    others = [c for c in named if c.id != own.id and c not in finer]
    return (*finer[:1], own, *finer[1:], *others) if _is_surer(finer) else (own, *finer, *others)


def _several(known: Knowledge, text: Folded) -> tuple[Candidate, ...]:
    """What the parts of a text are about, if they are about different things; a person splits."""
    ranked = [known.sorter.lexicon.rank(part, k=1) for part in parts(text)]
    sure = [best for ranks in ranked for best in ranks if best.confidence >= PART]
    found = {one.id: one for best in sure for one in _categories(known, known.sorter, [best])}
    return tuple(found.values()) if len(found) > 1 else ()


def _is_surer(finer: list[Candidate]) -> bool:
    """A name inside what the resident chose, said clearly, is taken as more exact."""
    return bool(finer) and finer[0].confidence >= 0.7


def _urgency(known: Knowledge, text: Folded) -> tuple[Candidate, ...]:
    found = known.urgencies.urgency(text)
    because = tuple(f"word:{word}" for word in found.words[:5]) or ("no_word:",)
    return (Candidate(str(found.level), str(found.level), 0.9 if found.words else 0.7, because),)


def _kind(known: Knowledge, claimed: str, text: Folded) -> tuple[Candidate, ...]:
    guess = known.kinds.kind(text)
    guessed = str(guess.kind) if guess.kind else ""
    cues = tuple(f"word:{cue.word}" for cue in guess.cues[:5])
    if claimed:
        own = Candidate(claimed, claimed, CHOSEN, ("chosen:",))
        other = [Candidate(guessed, guessed, guess.confidence, cues)] if guessed else []
        return (own, *[c for c in other if c.id != claimed])
    if guessed:
        return (Candidate(guessed, guessed, guess.confidence, cues),)
    return (Candidate(DEFAULT_KIND, DEFAULT_KIND, 0.3, ("no_word:",)),)


def _matter(
    known: Knowledge,
    category: tuple[Candidate, ...],
    place: tuple[Candidate, ...],
    urgency: tuple[Candidate, ...],
    kind: tuple[Candidate, ...],
    received_at: datetime,
) -> Matter:
    return matter_of(
        known,
        int(category[0].id) if category else None,
        int(place[0].id) if place else None,
        kind=str(kind[0].id),
        urgency=str(urgency[0].id),
        received_at=received_at,
    )


def matter_of(
    known: Knowledge,
    category_id: int | None,
    place_id: int | None,
    *,
    kind: str,
    urgency: str,
    received_at: datetime,
) -> Matter:
    """What the rules look at, with everything above category and place."""
    subject = known.subjects.get(category_id) if category_id else None
    return Matter(
        categories=subject.lineage if subject else frozenset(),
        places=frozenset(node.id for node in known.territory.ancestors(place_id)),
        kind=kind,
        urgency=urgency,
        received_at=received_at,
    )


def _units(
    known: Knowledge, line: Line | None, ranked: list[evidence.Candidate], place_id: int | None
) -> tuple[Candidate, ...]:
    """The unit that the rules name, and those that past cases went to; rules win that say so."""
    office = known.offices.in_charge(line, place_id) if line else None
    learned = _learned_units(known, ranked, place_id)
    if line is None or office is None:
        return learned
    sure = 0.97 if line.is_specific else 0.3
    ruled = Candidate(office.id, office.name, sure, (f"rule:{line.name}",))
    others = tuple(one for one in learned if one.id != office.id)
    if line.is_specific or not learned:
        return (ruled, *others)
    return learned if len(others) < len(learned) else (*learned, ruled)


def _learned_units(
    known: Knowledge, ranked: list[evidence.Candidate], place_id: int | None
) -> tuple[Candidate, ...]:
    """What was learned, as units that are in charge of the place; each once."""
    found: dict[int, Candidate] = {}
    for one in ranked:
        function, _slash, level = one.key.rpartition("/")
        office = known.offices.nearest(function, int(level), place_id)
        if office and office.id not in found and known.router:
            because = (f"model:{known.router.card.version}", *_words(one.matches))
            found[office.id] = Candidate(office.id, office.name, one.confidence, because)
    return tuple(found.values())


def _confidences(
    category: tuple[Candidate, ...],
    place: tuple[Candidate, ...],
    unit: tuple[Candidate, ...],
    line: Line | None,
) -> list[float]:
    """Of the category first, then of the other answers that the unit depends on."""
    if not unit or line is None:
        return [0.0]
    parts = [category[0].confidence if category else 0.0, unit[0].confidence]
    if line.unit_id is None:
        parts.append(place[0].confidence if place else 0.0)
    return parts


def _alone(known: Knowledge, confidences: list[float], matter: Matter) -> bool:
    """Whether no person is needed: the category is sure enough, and all the rest is."""
    category, *rest = confidences
    is_sure = category >= known.category_above and min(rest, default=0) >= known.automatic_above
    return is_sure and NEVER_ALONE.isdisjoint((matter.kind, matter.urgency))
