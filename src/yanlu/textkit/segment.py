"""Words of a text, for the search index and for a typed query.

The words come from jieba's dictionary (rjieba). Its guessing of unknown words by hidden Markov
model stays off: what it guesses depends on the sentence around, so the same street name would be
cut in one way in a submission and in another in the query. Without it an unknown name falls into
single characters, on both sides alike, and is still found.
"""

from typing import Final

import rjieba

from yanlu.textkit.normalise import normalise

#: PostgreSQL refuses lexemes over 2,046 bytes; no word that anybody searches for comes near.
LONGEST_WORD: Final = 64

#: One-character words too frequent to tell texts apart: particles, pronouns, prepositions, adverbs.
STOP_WORDS: Final = frozenset(
    "的地得了着过吗呢吧啊呀嘛哦么是在有和与及或而但且也又就才都很太更最还再被把将让给对向从到于"
    "以为因所由则却并其之这那此该每各某个们我你您他她它咱自己能会可要想请不没无非等上下里中"
)


def words(text: str) -> list[str]:
    """Return the words of *text* in order, repeats included, lower-cased, for a search index.

    Punctuation and the `STOP_WORDS` are dropped, numbers and Latin words kept. A long dictionary
    word is preceded by the shorter ones inside it (自行车 gives 自行, 行车, 自行车), so that a
    query for a part finds the whole.
    """
    return _kept(rjieba.cut_for_search(normalise(text).lower(), hmm=False))


def search_query(text: str) -> list[str]:
    """Return the different words of a typed query, in order, all of which a hit should contain.

    Cut like `words` but without the shorter words inside longer ones. A query of stop words only
    gives an empty list.
    """
    return list(dict.fromkeys(_kept(rjieba.cut(normalise(text).lower(), hmm=False))))


def _kept(pieces: list[str]) -> list[str]:
    return [
        piece[:LONGEST_WORD] for piece in pieces if piece not in STOP_WORDS and piece[0].isalnum()
    ]
