"""Query codes: hard to guess, easy to read over the telephone."""

import secrets

#: Crockford's base 32: no I, L, O or U, which are misread or mistyped.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READINGS = str.maketrans("ILO", "110")


def new_code() -> str:
    """Twelve symbols, 60 random bits: a million guesses a day for a year hit one of a million
    matters with a probability of about 1 in 3,000; look-ups are limited far below that."""
    drawn = secrets.randbits(5 * LENGTH)
    return "".join(ALPHABET[drawn >> 5 * place & 31] for place in range(LENGTH))


def spaced(code: str) -> str:
    """As shown to people: ``7K2M-9QXW-4TBD``."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str:
    """What somebody typed, in any case, with any spaces or hyphens; empty if it can't be one."""
    code = "".join(c for c in typed.upper() if c.isalnum()).translate(_READINGS)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""
