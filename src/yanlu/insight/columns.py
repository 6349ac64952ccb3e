"""The columns of the data pool (人民建议数据池): a row is a word that somebody spoke.

``docs/pool.md`` is generated from here.
"""

from dataclasses import dataclass
from typing import Final

#: Raise it when columns or masking change: every file of the pool is then written anew.
FORMAT: Final = 1
TEXT, NUMBER, MOMENT, DAY = "text", "whole number", "moment (UTC)", "day"
#: Kinds of words; so far only what was handed in goes into the pool.
SUBMISSION, POST, CALL, MENTION = "submission", "post", "call", "mention"


@dataclass(frozen=True)
class Column:
    """One column: its name, what kind of value it holds and what that means."""

    name: str
    type: str
    meaning: str
    may_miss: bool = False


COLUMNS: Final = (
    Column("word", TEXT, "Which word it is, as `submission:12`; never given to another one."),
    Column(
        "spoken_as", TEXT,
        f"How it was spoken: `{SUBMISSION}` (handed in by one of the six channels). `{POST}` (in a"
        f" space of residents), `{CALL}` (an answer to a call for suggestions) and `{MENTION}` (on"
        " the net) will follow.",
    ),
    Column("said_at", MOMENT, "When it was said; of a letter or an imported row, by its own date."),
    Column("day", DAY, "The day of that moment in China; all words of a day are in one file."),
    Column("received_on", DAY, "The day in China on which it was taken in; may be much later."),
    Column("channel", TEXT, "`letter`, `visit`, `phone`, `web`, `mobile` or `walk`."),
    Column(
        "kind", TEXT,
        "What is wanted: `consultation`, `help`, `complaint`, `suggestion` or `praise`. Reports of"
        " wrongdoing are in no row.",
    ),
    Column(
        "place", TEXT,
        "Official code of the place that it is about, no smaller than a neighbourhood.",
        may_miss=True,
    ),
    Column(
        "place_path", TEXT,
        "Codes from the city down to that place, as `310000/310113/310113003`: what lies in a place"
        " begins with its path.",
        may_miss=True,
    ),
    Column("category", TEXT, "Code of what it is about, in its scheme.", may_miss=True),
    Column(
        "category_path", TEXT,
        "Code of the scheme, then codes from the top down to the category, as `seven/01/0103`.",
        may_miss=True,
    ),
    Column(
        "level", NUMBER,
        "Level of the unit in charge: 1 city, 2 district, 3 subdistrict, 4 neighbourhood, 5"
        " building.",
        may_miss=True,
    ),
    Column(
        "outcome", TEXT,
        "What has come of it: `open`, `answered`, `solved`, `explained` (both as the resident"
        " says), `unsolved`, `unheard` (ended without the resident's word), `not_accepted`,"
        " `cancelled`.",
    ),
    Column("case", TEXT, "Number of the case that settles it; others may share it."),
    Column("co_signers", NUMBER, "How many others share that case."),
    Column(
        "text", TEXT,
        "Title and words, masked as for staff who do not handle the matter: no name, number or"
        " address that patterns find, and none that is sealed of who spoke.",
    ),
    Column(
        "topic", TEXT, "The topic that it belongs to; empty until topics are found.", may_miss=True
    ),
)  # fmt: skip
