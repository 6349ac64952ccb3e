"""What the program knows about written Chinese: plain functions on text, no database, no Django.

``normalise``   one spelling for what looks the same; excerpts
``segment``     words, for search
``matcher``     many fixed words found in one pass
``evidence``    what the words found argue for, and how far to believe it
``negation``    whether the text around a word takes it back
``categories``  subject categories by lexicon
``toponyms``    places named in a text
``privacy``     masking of personal data
``likeness``    how alike two texts are, from 0 to 1
``vectors``     texts as vectors, to find a few like ones among very many
``duplicates``  what of a table says the same
``urgency``     how urgent a text is, and which of the six kinds it is
"""
