"""Who reaches what, and who somebody is."""

import pytest
from cryptography.fernet import Fernet
from django.db import connection

from tests import people
from yanlu.kernel import fields, journal
from yanlu.kernel.errors import Invalid
from yanlu.people import access, roles, selectors, services
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db


def test_a_role_reaches_the_subtree_of_its_place(district):
    local = people.account("dispatcher-youyilu")
    assert access.covers(local, {roles.DISPATCHER}, place_by_code(people.BAOLIN).id)
    assert not access.covers(local, {roles.DISPATCHER}, place_by_code(people.GUCUN).id)
    assert not access.covers(local, {roles.SUPERVISOR}, place_by_code(people.BAOLIN).id)


def test_a_matter_without_a_place_belongs_to_the_district(district):
    assert access.covers(people.account("dispatcher"), {roles.DISPATCHER}, None)
    assert not access.covers(people.account("dispatcher-youyilu"), {roles.DISPATCHER}, None)


def test_whoever_left_reaches_nothing(district):
    gone = people.account("dispatcher")
    gone.is_active = False
    assert access.reach_of(gone) == ()


def test_one_phone_one_account(district):
    first = services.admit_resident(actor=people.TESTS, phone="13900007777")
    again = services.admit_resident(actor=people.TESTS, phone="13900007777")
    assert again.pk == first.pk
    assert "13900007777" not in f"{first.username} {first.display_name}"


def test_looking_at_who_somebody_is_needs_a_reason_and_is_logged(district):
    zhou = people.aunt_zhou()
    identity = selectors.identity_of(zhou)
    with pytest.raises(Invalid):
        services.open_identity(
            actor=people.account("dispatcher"), identity_id=identity.pk, reason=" "
        )
    opened = services.open_identity(
        actor=people.account("dispatcher"), identity_id=identity.pk, reason="核实楼号，联系居民"
    )
    assert opened.real_name == "周桂妹"
    (row,) = journal.history(journal.Subject("identity", identity.pk))
    assert row.data["reason"] == "核实楼号，联系居民"
    assert "周桂妹" not in str(row.data)


def test_a_key_is_shown_once_and_kept_as_a_digest(db):
    token = services.create_api_key(actor=people.TESTS, name="街道小程序", per_minute=60)
    assert selectors.api_key(services.key_digest(token)).name == "街道小程序"
    with connection.cursor() as cursor:
        cursor.execute("SELECT digest FROM people_apikey")
        assert token not in str(cursor.fetchall())
    with pytest.raises(Invalid):
        services.create_api_key(actor=people.TESTS, name="街道小程序", per_minute=60)


def test_keys_rotate_and_everybody_is_still_who_they_were(district, settings):
    old = settings.YANLU_DATA_KEYS
    settings.YANLU_DATA_KEYS = [Fernet.generate_key().decode(), *old]
    fields.keyring.cache_clear()
    assert len(list(services.reseal_identities())) >= 6

    settings.YANLU_DATA_KEYS = settings.YANLU_DATA_KEYS[:1]
    fields.keyring.cache_clear()
    try:
        assert selectors.identity_of(people.aunt_zhou()).real_name == "周桂妹"
    finally:
        fields.keyring.cache_clear()
