"""Both sides sign alike: as the operator's guide says, and not as somebody guesses."""

from dataclasses import replace

import pytest
from django.conf import settings

from yanlu.kernel.signing import MOMENT, NONCE, SIGNATURE, WINDOW, Signed, sign

EXAMPLE = Signed("POST", "/api/v1/exchange/12345/orders", b"{}", "1767225600", "0123456789abcdef")


def test_the_example_of_the_guide_holds():
    guide = (settings.ROOT / "docs" / "operate.md").read_text("utf-8")
    assert EXAMPLE.signature("test") in guide


def test_what_we_sign_is_signed_just_now_and_never_the_same():
    first, second = (sign("secret", "GET", "/orders?after=1", b"", 1_767_225_600.9) for _ in "ab")
    signed = Signed("GET", "/orders?after=1", b"", first[MOMENT], first[NONCE])
    assert signed.is_signed("secret", first[SIGNATURE])
    assert signed.is_timely(1_767_225_600)
    assert first != second


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"path": "/api/v1/exchange/12345/orders?x=1"},
        {"body": b"{} "},
        {"moment": "1767225601"},
        {"nonce": "0123456789abcdeF"},
    ],
)
def test_whatever_is_changed_the_signature_is_another(change):
    assert not replace(EXAMPLE, **change).is_signed("test", EXAMPLE.signature("test"))


@pytest.mark.parametrize(
    "change",
    [
        {"moment": ""}, {"moment": "-1767225600"}, {"moment": "1767225600.0"},
        {"moment": "１７６７２２５６００"}, {"moment": "9" * 400}, {"nonce": ""}, {"nonce": "short"},
        {"nonce": "n" * 65}, {"nonce": "随机串随机串随机串随机串随机串随机串"},
    ],
)  # fmt: skip
def test_a_moment_or_nonce_that_is_none(change):
    assert EXAMPLE.is_timely(1_767_225_600 + WINDOW)
    assert not EXAMPLE.is_timely(1_767_225_600 + WINDOW + 1)
    assert not replace(EXAMPLE, **change).is_timely(1_767_225_600)
