"""How urgent a text sounds, and which of the six kinds it sounds like.

Both are first guesses that a person sees with the words that led to them and may change. The words
are a district's data.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, NamedTuple

from yanlu.textkit.evidence import Match, checked_weight, confidences
from yanlu.textkit.matcher import Folded, Matcher, fold
from yanlu.textkit.negation import standing


class Level(StrEnum):
    """How soon an answer is due, most urgent first (Beijing's draft standard of 2021)."""

    #: Danger to life and property (危及生命财产安全): 2 hours.
    DANGER = "danger"
    #: Water, power, gas, heat (水电气热): 24 hours.
    UTILITY = "utility"
    #: All else: 7 days.
    ORDINARY = "ordinary"
    #: Contested, long drawn out or of several bodies (疑难复杂): 15 days, with approval.
    COMPLEX = "complex"


class Kind(StrEnum):
    """The six kinds of what residents hand in; where cues weigh alike the earlier is guessed.

    The order is from the kind whose oversight would do most harm to the one where it does least.
    """

    REPORT = "report"  # 举报
    COMPLAINT = "complaint"  # 投诉
    HELP = "help"  # 求助
    SUGGESTION = "suggestion"  # 建议
    CONSULTATION = "consultation"  # 咨询
    PRAISE = "praise"  # 表扬


class Urgency(NamedTuple):
    """A level and the words that raised the text to it; ordinary texts have none."""

    level: Level
    words: tuple[str, ...]


class KindGuess(NamedTuple):
    """The likeliest kind, or None without any cue; how far it is believed, 0 to 1; its cues."""

    kind: Kind | None
    confidence: float
    cues: tuple[Match, ...]


_LEVELS: Final = tuple(Level)
#: Different words that a level asks for. Who is called complex waits longer, so one is too few.
_FEWEST: Final = {Level.DANGER: 1, Level.UTILITY: 1, Level.COMPLEX: 2}
_KINDS: Final = tuple(Kind)


class UrgencyLexicon:
    """Words that make a text urgent, built once from rows of level and word."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        """Build from rows of level and word; a word under two levels counts for the more urgent.

        Words of the level ordinary are exceptions: they take the place of a shorter urgent word
        inside them (火灾报警器 keeps 火灾 from raising an alarm). What is itself an absence is
        listed whole (没有热水, not 热水), or it would pass for negated. Raises ``ValueError`` for
        an unknown level and for an empty word.
        """
        levels: dict[Folded, Level] = {}
        for value, word in rows:
            level, folded = Level(value), fold(word)
            levels[folded] = min(level, levels.get(folded, level), key=_LEVELS.index)
        self._matcher = Matcher(levels)
        self._levels = tuple(levels[word] for word in self._matcher.words)

    def urgency(self, text: str) -> Urgency:
        """Return the most urgent level that a word of *text* calls for and that is not negated."""
        words: dict[Level, dict[str, None]] = {level: {} for level in _LEVELS}
        folded = fold(text)
        for hit in standing(folded, self._matcher.find(folded)):
            words[self._levels[hit.word]][self._matcher.words[hit.word]] = None
        for level, fewest in _FEWEST.items():
            if len(words[level]) >= fewest:
                return Urgency(level, tuple(words[level]))
        return Urgency(Level.ORDINARY, ())


class KindLexicon:
    """Cue words of the six kinds, built once from rows of kind, word and weight."""

    def __init__(self, rows: Iterable[tuple[str, str, float]]) -> None:
        """Build from rows of kind, cue word, weight (1 for a usual cue, 3 for a decisive one).

        A cue belongs to one kind, the last row holds. Raises ``ValueError`` for an unknown kind,
        an empty word, or a weight that is not above 0.
        """
        cues: dict[Folded, tuple[Kind, float]] = {}
        for value, word, weight in rows:
            cues[fold(word)] = Kind(value), checked_weight(word, weight)
        self._matcher = Matcher(cues)
        self._cues = tuple(cues[word] for word in self._matcher.words)

    def kind(self, text: str) -> KindGuess:
        """Return the likeliest kind of *text*; a cue that is negated (不是投诉) does not count.

        Each different cue brings its weight once, however often it stands there. How weights
        become a confidence is said in `yanlu.textkit.evidence`.
        """
        cues = self._found(fold(text))
        scores = {kind: sum(cue.points for cue in cues[kind]) for kind in _KINDS if kind in cues}
        if not scores:
            return KindGuess(None, 0.0, ())
        best = max(scores, key=lambda kind: scores[kind])
        return KindGuess(best, confidences(scores)[best], tuple(cues[best]))

    def _found(self, text: Folded) -> dict[Kind, list[Match]]:
        """Return the different cues of each kind, in the order of the text."""
        counts: dict[int, int] = defaultdict(int)
        for hit in standing(text, self._matcher.find(text)):
            counts[hit.word] += 1
        cues: dict[Kind, list[Match]] = defaultdict(list)
        for word, count in counts.items():
            kind, weight = self._cues[word]
            cues[kind].append(Match(self._matcher.words[word], count, weight))
        return cues
