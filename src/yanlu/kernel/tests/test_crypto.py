"""Mr Wang's phone number is sealed, found again, and survives a change of keys."""

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from yanlu.kernel.crypto import (
    Keyring,
    Signer,
    UnreadableSecret,
    fingerprint,
    verify_signature,
)
from yanlu.kernel.errors import OperatorError

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))
INDEX_SECRET = "an index secret that is long enough"
PHONE = "13800001111"

RING = Keyring([NEW, OLD], INDEX_SECRET)


class TestSealing:
    @given(st.text())
    def test_what_goes_in_comes_out(self, text):
        assert RING.decrypt(RING.encrypt(text)) == text

    def test_equal_values_do_not_look_equal(self):
        assert RING.encrypt(PHONE) != RING.encrypt(PHONE)
        assert PHONE.encode() not in RING.encrypt(PHONE)

    def test_an_altered_token_is_refused(self):
        token = bytearray(RING.encrypt(PHONE))
        token[40] ^= 1
        with pytest.raises(UnreadableSecret):
            RING.decrypt(bytes(token))

    @given(st.binary(max_size=200))
    def test_rubbish_is_refused(self, token):
        with pytest.raises(UnreadableSecret):
            RING.decrypt(token)
        with pytest.raises(UnreadableSecret):
            RING.rotate(token)


class TestRotation:
    def test_the_old_key_goes_once_everything_is_rotated(self):
        before = Keyring([OLD], INDEX_SECRET).encrypt(PHONE)
        assert RING.decrypt(before) == PHONE
        after = RING.rotate(before)
        new_only = Keyring([NEW], INDEX_SECRET)
        assert new_only.decrypt(after) == PHONE
        with pytest.raises(UnreadableSecret):
            new_only.decrypt(before)

    def test_the_newest_key_encrypts(self):
        assert Keyring([NEW], INDEX_SECRET).decrypt(RING.encrypt(PHONE)) == PHONE

    def test_the_index_stays_while_data_keys_change(self):
        rotated = Keyring([Fernet.generate_key().decode(), NEW], INDEX_SECRET)
        assert rotated.blind_index(PHONE, "phone") == RING.blind_index(PHONE, "phone")


class TestBlindIndex:
    def test_equal_values_are_found_under_one_purpose_only(self):
        index = RING.blind_index(PHONE, "people.phone")
        assert len(index) == 32
        assert index == RING.blind_index(PHONE, "people.phone")
        assert index != RING.blind_index(PHONE, "intake.phone")
        assert index != RING.blind_index("13800001112", "people.phone")

    def test_another_installation_has_other_indexes(self):
        elsewhere = Keyring([NEW], INDEX_SECRET[::-1])
        assert elsewhere.blind_index(PHONE, "phone") != RING.blind_index(PHONE, "phone")


class TestKeysThatCannotServe:
    def test_no_key_at_all(self):
        with pytest.raises(OperatorError, match="no data key"):
            Keyring([], INDEX_SECRET)

    def test_a_key_that_is_none_is_named_by_its_place_only(self):
        with pytest.raises(OperatorError, match="data key 2") as refusal:
            Keyring([NEW, "change-me"], INDEX_SECRET)
        assert "change-me" not in str(refusal.value)

    def test_a_short_index_secret(self):
        with pytest.raises(OperatorError, match="shorter than 32"):
            Keyring([NEW], "secret")


class TestSigning:
    def test_a_seal_is_proved_with_the_public_key_alone(self, tmp_path):
        signer = Signer.load_or_create(tmp_path / "keys" / "seal.pem")
        signature = signer.sign(b"root of Monday")
        assert verify_signature(signer.public_pem(), signature, b"root of Monday")
        assert not verify_signature(signer.public_pem(), signature, b"root of Tuesday")
        assert not verify_signature(signer.public_pem(), signature[:-1], b"root of Monday")

    def test_another_installation_did_not_sign_it(self, tmp_path):
        ours = Signer.load_or_create(tmp_path / "ours.pem")
        theirs = Signer.load_or_create(tmp_path / "theirs.pem")
        assert not verify_signature(theirs.public_pem(), ours.sign(b"root"), b"root")
        assert fingerprint(ours.public_pem()) != fingerprint(theirs.public_pem())

    def test_the_key_is_kept_and_is_the_owners_alone(self, tmp_path):
        path = tmp_path / "seal.pem"
        first, second = Signer.load_or_create(path), Signer.load_or_create(path)
        assert first.public_pem() == second.public_pem()
        assert path.stat().st_mode & 0o777 == 0o600
        assert list(tmp_path.iterdir()) == [path]

    def test_processes_that_start_at_once_share_one_key(self, tmp_path):
        with ThreadPoolExecutor(8) as pool:
            signers = pool.map(Signer.load_or_create, [tmp_path / "seal.pem"] * 8)
        assert len({signer.public_pem() for signer in signers}) == 1

    def test_a_key_that_others_may_read_is_refused(self, tmp_path):
        path = tmp_path / "seal.pem"
        Signer.load_or_create(path)
        path.chmod(0o640)
        with pytest.raises(OperatorError, match="0600"):
            Signer.load_or_create(path)

    @pytest.mark.parametrize(
        "content",
        [
            b"not a key",
            X25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        ],
        ids=["rubbish", "a key that can't sign"],
    )
    def test_a_file_without_such_a_key_is_refused(self, tmp_path, content):
        path = tmp_path / "seal.pem"
        path.touch(mode=0o600)
        path.write_bytes(content)
        with pytest.raises(OperatorError, match="holds"):
            Signer.load_or_create(path)

    def test_only_such_a_key_can_check(self):
        other = X25519PrivateKey.generate().public_key()
        pem = other.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()
        with pytest.raises(ValueError, match="Ed25519"):
            verify_signature(pem, b"", b"root")
