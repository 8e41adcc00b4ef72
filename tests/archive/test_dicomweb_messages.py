"""Multipart bodies and DICOM JSON: whatever arrives is read right or refused, and nothing of it is quoted."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.dicomweb_messages import (
    Unusable,
    instance_match,
    is_uid,
    one_part_body,
    only_part,
    refused_uids,
    series_match,
    study_match,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["0020000D", "0020000E", "00080018", "00081198", "Value", "vr"]), inner)
    ),
)
CONTENT = st.binary(max_size=300) | st.lists(st.sampled_from([b"\r\n", b"--", b"quagga", b"\0"]), max_size=30).map(
    b"".join
)


@given(CONTENT)
def test_a_body_gives_back_what_was_put_into_it(content):
    assert only_part(*one_part_body(content)) == content


@given(CONTENT, st.data())
def test_a_body_cut_anywhere_before_its_end_is_refused(content, data):
    body, kind = one_part_body(content)
    kept = data.draw(st.integers(0, len(body) - len(b"--\r\n") - 1))
    with pytest.raises(Unusable):
        only_part(body[:kept], kind)


@given(CONTENT, st.sampled_from(["multipart/related; boundary=quagga", 'multipart/related; boundary=""', "x", ""]))
def test_any_other_body_is_refused_or_read(content, kind):
    with suppress(Unusable):
        assert only_part(content, kind) in content


@pytest.mark.parametrize("boundary", ['"a b"', "a", "--", '"=;/"'])
def test_boundaries_come_quoted_or_bare(boundary):
    bare = boundary.strip('"').encode()
    body = b"ignored\r\n--%s\r\nA: b\r\nC: d\r\n\r\ndicom\r\n--%s--\r\nignored" % (bare, bare)
    assert only_part(body, f"Multipart/Related; type=x; boundary={boundary}") == b"dicom"


@given(JSON)
def test_any_json_is_a_match_or_unusable(result):
    for read in (study_match, lambda each: series_match(each, "1.2"), instance_match):
        with suppress(Unusable):
            match = read(result)
            assert is_uid(match.study_uid)
    assert isinstance(refused_uids(result), tuple)


@given(st.text(max_size=70))
def test_a_uid_holds_nothing_that_could_lead_elsewhere(text):
    if is_uid(text):
        assert set(text) <= set("0123456789.") and ".." not in text and 0 < len(text) <= 64


def test_refused_uids_are_those_of_the_failed_sequence():
    item = {"00081155": {"vr": "UI", "Value": ["1.2.3"]}}
    assert refused_uids({"00081198": {"vr": "SQ", "Value": [item, item]}}) == ("1.2.3", "1.2.3")
    assert refused_uids({"00081199": {"vr": "SQ", "Value": [item]}}) == ()
    assert refused_uids({"00081198": {"vr": "SQ"}}) == ()
