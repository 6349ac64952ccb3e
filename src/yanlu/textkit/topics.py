"""Topics of a stream of messages: each joins one as it comes, or starts one.

A topic is made of *strands*, messages that say nearly the same: the smallest thing that moves as a
whole. A message stays in its strand for good; what topic the strand belongs to may change when
topics are settled (`yanlu.textkit.topic_settling`). So whoever keeps the messages keeps the strand
with each, and no message is looked at again (micro-clusters: Aggarwal and others, VLDB 2003).

Plain Python and picklable: a job can keep all of it in a file.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final, NamedTuple

from yanlu.textkit.topic_centres import Centre, Index, Portrait, Usage
from yanlu.textkit.topic_heat import Heat, Voices, heat, speak, together
from yanlu.textkit.topic_lineage import Change
from yanlu.textkit.topic_titles import heading, key_words, most_typical
from yanlu.textkit.topic_words import Message, Said, read

#: Likeness from which a message joins a topic, and from which a strand of it.
JOIN: Final = 0.18
SAME_STRAND: Final = 0.35
#: Strands of a topic, and headings that are kept of each strand.
STRANDS: Final = 8
SAMPLES: Final = 6
#: Copies of a text are known for as many different texts.
PRINTS: Final = 2_000_000
#: Before the first message.
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Sample(NamedTuple):
    """A message that is typical of its strand."""

    likeness: float
    key: str
    heading: str


class Strand:
    """Messages that say nearly the same, with who said it when."""

    __slots__ = ("centre", "days", "first", "samples", "size", "sources", "texts", "topic")

    def __init__(self, topic: int, at: datetime) -> None:
        """Begin without a message."""
        self.topic = topic
        self.centre = Centre()
        self.size = 0
        self.sources: Voices = {}
        self.texts: Voices = {}
        #: Messages of each day, as a number of days since the year 1.
        self.days: dict[int, int] = {}
        self.first = at
        self.samples: list[Sample] = []

    def hear(self, message: Message, said: Said, at: datetime, likeness: float) -> None:
        """Take down a message: who, when, and how it may be called."""
        self.size += 1
        speak(self.sources, message.source or said.print_, at)
        speak(self.texts, said.print_, at)
        day = at.toordinal()
        self.days[day] = self.days.get(day, 0) + 1
        self.first = min(self.first, at)
        if len(self.samples) < SAMPLES or likeness > self.samples[-1].likeness:
            line = heading(message)
            if all(line != sample.heading for sample in self.samples):
                self.samples.append(Sample(likeness, message.key, line))
                self.samples.sort(reverse=True)
                del self.samples[SAMPLES:]

    def take(self, other: "Strand") -> None:
        """Take in all of another strand."""
        self.centre.absorb(other.centre)
        self.size += other.size
        self.sources = together([self.sources, other.sources])
        self.texts = together([self.texts, other.texts])
        for day, number in other.days.items():
            self.days[day] = self.days.get(day, 0) + number
        self.first = min(self.first, other.first)
        self.samples = sorted({*self.samples, *other.samples}, reverse=True)[:SAMPLES]


class Topic:
    """Strands that are about one matter at one place.

    :param title: given by a person, or none.
    :param parent: the matter that topics at several places have in common, or none.
    """

    __slots__ = ("centre", "is_muted", "parent", "strands", "title")

    def __init__(self, strands: list[int], centre: Centre) -> None:
        """A topic's centre is that of its only strand, or a sum of its own."""
        self.strands = strands
        self.centre = centre
        self.title = ""
        self.is_muted = False
        self.parent: int | None = None


class Topics:
    """All topics of a stream, and the strands of which they are made."""

    def __init__(self) -> None:
        """Begin without any message."""
        self.usage = Usage()
        self.strands: dict[int, Strand] = {}
        self.topics: dict[int, Topic] = {}
        self.index = Index({})
        self.prints: dict[int, int] = {}
        #: Strands that became part of another.
        self.became: dict[int, int] = {}
        #: Topics that have changed since they were settled.
        self.touched: set[int] = set()
        #: Strands that people want together, and apart (`yanlu.textkit.topic_wishes`).
        self.together: dict[int, set[int]] = {}
        self.apart: dict[int, set[int]] = {}
        #: What became of topics, and when.
        self.lineage: list[tuple[datetime, Change]] = []
        self.next_strand = self.next_topic = 1
        #: Messages that came, and that had come when topics were last settled.
        self.joined = self.settled = 0
        self.clock = NEVER

    def join(self, message: Message, said: Said | None = None, now: datetime | None = None) -> int:
        """Put a message into a topic and return its strand; see `topic_of`.

        *said* is what `read` makes of the message, where that was done before. A message that is
        dated after *now* counts as of now; without *now*, its own date is believed.
        """
        said = said or read(message)
        at = self._moment(message.at, now)
        self.joined += 1
        copy_of = self.strand(self.prints.get(said.print_, 0))
        if copy_of:
            self.strands[copy_of].hear(message, said, at, 0.0)
            self.touched.add(self.strands[copy_of].topic)
            return copy_of
        portrait = self.usage.portray(said.words, said.places)
        number, likeness = self._placed(portrait, at)
        self.strands[number].hear(message, said, at, likeness)
        self._remember(said.print_, number)
        return number

    def strand(self, number: int) -> int:
        """Return the strand that a strand has become; 0 for one that is forgotten."""
        while number in self.became:
            number = self.became[number]
        return number if number in self.strands else 0

    def topic_of(self, strand: int) -> int | None:
        """Return the topic to which a strand belongs now, None for one message alone."""
        number = self.strand(strand)
        topic = self.strands[number].topic if number else 0
        return topic if topic and self.size(topic) > 1 else None

    def size(self, topic: int) -> int:
        """Return how many messages a topic has."""
        return sum(self.strands[strand].size for strand in self.topics[topic].strands)

    def forget(self, key: str) -> None:
        """Show no more what the message with this key says; what it is counted as stays."""
        for strand in self.strands.values():
            strand.samples = [sample for sample in strand.samples if sample.key != key]

    def adopt(self, number: int, topic: Topic) -> None:
        """Take a topic under this number, and let it be found."""
        self.topics[number] = topic
        self.index.centres[number] = topic.centre
        for strand in topic.strands:
            self.strands[strand].topic = number

    def _moment(self, at: datetime | None, now: datetime | None) -> datetime:
        """When a message counts; the clock only goes forward."""
        moment = at or now or self.clock
        moment = min(moment, now) if now else moment
        self.clock = max(self.clock, now or moment)
        return moment

    def _placed(self, portrait: Portrait, at: datetime) -> tuple[int, float]:
        """Put a portrait into the nearest topic, or a new one; return its strand and likeness."""
        number, likeness = self.index.nearest(portrait)
        if likeness < JOIN:
            number, likeness = self._begun(at), 1.0
        strand = self._strand_for(number, portrait, at)
        topic, centre = self.topics[number], self.strands[strand].centre
        centre.add(portrait)
        if topic.centre is not centre:
            topic.centre.add(portrait)
        self.index.add(number, portrait.words)
        self.touched.add(number)
        return strand, likeness

    def _begun(self, at: datetime) -> int:
        """A new topic of one strand without a message."""
        number, self.next_topic = self.next_topic, self.next_topic + 1
        strand = self._new_strand(number, at)
        self.adopt(number, Topic([strand], self.strands[strand].centre))
        return number

    def _new_strand(self, topic: int, at: datetime) -> int:
        number, self.next_strand = self.next_strand, self.next_strand + 1
        self.strands[number] = Strand(topic, at)
        return number

    def _strand_for(self, number: int, portrait: Portrait, at: datetime) -> int:
        """The strand of a topic that is nearest, or a new one while there is room."""
        topic = self.topics[number]
        if not self.strands[topic.strands[0]].size:
            return topic.strands[0]
        like = {s: self.strands[s].centre.likeness(portrait) for s in topic.strands}
        best = max(topic.strands, key=like.__getitem__)
        if like[best] >= SAME_STRAND or len(topic.strands) >= STRANDS:
            return best
        if len(topic.strands) == 1:
            topic.centre = Centre()
            topic.centre.absorb(self.strands[best].centre)
            self.index.centres[number] = topic.centre
        topic.strands.append(self._new_strand(number, at))
        return topic.strands[-1]

    def _remember(self, print_: int, strand: int) -> None:
        """Know a text's copies from now on; the oldest texts are forgotten."""
        self.prints[print_] = strand
        if len(self.prints) > PRINTS:
            del self.prints[next(iter(self.prints))]


class View(NamedTuple):
    """A topic as people see it.

    :param trend: messages of the last seven days and of the seven before.
    """

    topic: int
    title: str
    words: list[str]
    places: list[str]
    typical: list[Sample]
    size: int
    first: datetime
    heat: Heat
    trend: tuple[int, int]
    parent: int | None
    is_muted: bool


def view(topics: Topics, number: int, now: datetime) -> View:
    """Return what is told of a topic at the time *now*. Raises ``KeyError`` for none."""
    topic = topics.topics[number]
    strands = [topics.strands[strand] for strand in topic.strands]
    samples = [sample for strand in strands for sample in strand.samples]
    portrait = topic.centre.portrait()
    lines = most_typical((sample.heading for sample in samples), portrait.words)
    by_line = {sample.heading: sample for sample in samples}
    return View(
        topic=number,
        title=topic.title or (lines[0] if lines else ""),
        words=key_words(portrait.words, lines),
        places=key_words(portrait.places, lines),
        typical=[by_line[line] for line in lines[:SAMPLES]],
        size=topics.size(number),
        first=min(strand.first for strand in strands),
        heat=heat(
            together(strand.sources for strand in strands),
            together(strand.texts for strand in strands),
            now,
        ),
        trend=_trend(strands, now.toordinal()),
        parent=topic.parent,
        is_muted=topic.is_muted,
    )


def _trend(strands: Iterable[Strand], today: int) -> tuple[int, int]:
    days = [item for strand in strands for item in strand.days.items()]
    this = sum(number for day, number in days if today - 7 < day <= today)
    last = sum(number for day, number in days if today - 14 < day <= today - 7)
    return this, last
