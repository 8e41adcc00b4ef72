"""Addresses of archives, and the hashes that stand in for identifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from archive.archives import ARCHIVES, open_archive
from archive.pseudonyms import keyed_hash, opaque_id, pseudonymous_uid
from models.errors import BadInput


def test_an_address_is_a_path_or_names_its_kind(tmp_path, secret, make_image, monkeypatch):
    monkeypatch.chdir(tmp_path)
    stored = open_archive(str(tmp_path / "archive"), secret).add(make_image())
    for address in (f"folder:{tmp_path / 'archive'}", "archive", "./archive", "folder:archive"):
        assert open_archive(address, secret).images(stored.series_id) == (stored,)


@pytest.mark.parametrize("address", ["ftp:somewhere", "s3://bucket/key", "dicom+x:1", ""])
def test_an_unknown_kind_is_refused_with_those_there_are(address, secret):
    with pytest.raises(BadInput) as caught:
        open_archive(address, secret)
    assert not address or all(kind in str(caught.value) for kind in ARCHIVES)


@given(st.lists(st.text()), st.lists(st.text()))
def test_hashes_differ_where_their_parts_do(one, other):
    assert (keyed_hash(b"s", *one) == keyed_hash(b"s", *other)) == (one == other)


def test_hashes_depend_on_the_whole_secret():
    long = b"x" * 100
    assert len({opaque_id(secret, "image", "1.2") for secret in (b"a", b"b", long, long + b"y")}) == 4
    assert opaque_id(b"a", "image", "1.2") != opaque_id(b"a", "series", "1.2")


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="secret"):
        keyed_hash(b"", "1.2.3")


@given(st.text())
def test_pseudonymous_uids_are_valid_and_repeatable(source):
    uid = pseudonymous_uid(b"s", source)
    assert UID(uid).is_valid and uid.startswith("2.25.") and len(uid) <= 64
    assert uid == pseudonymous_uid(b"s", source)
