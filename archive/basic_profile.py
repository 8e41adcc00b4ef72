"""The Basic Application Level Confidentiality Profile as a table: which attribute meets which fate.

Source: DICOM PS3.15 2026c, Table E.1-1, without options. Where the table leaves a choice, the safest that keeps an
image valid is taken: emptying suits attributes of type 2, a dummy those of type 1, and sequences rather go.
"""

from __future__ import annotations

import csv
from enum import Enum
from functools import cache
from importlib.resources import files

from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.tag import BaseTag

PROFILE_VERSION = "PS3.15-2026c-basic-1"

_TEMPORAL = ("DA", "DT", "TM")
_PIXEL_GROUP = 0x7FE0


class Action(Enum):
    """What becomes of an attribute; the letters are the standard's, the last two are ours."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    MAP_UIDS = "U"
    MAP_REFERENCES = "U*"
    KEEP = "K"


def action_for(tag: BaseTag, vr: str | None) -> Action:
    """The fate of an attribute that a file gives with this VR (None in Implicit VR).

    What DICOM's dictionary does not know, or knows under another kind of VR, cannot be judged and goes.
    """
    if tag.is_private or not 0x0008 <= tag.group <= _PIXEL_GROUP or tag.group & 0xFF00 in (0x5000, 0x6000):
        return Action.REMOVE
    if not dictionary_has_tag(tag):
        return Action.REMOVE
    known = dictionary_VR(tag)
    if vr not in (None, "UN") and (vr == "SQ") != (known == "SQ"):
        return Action.REMOVE
    listed = _table().get(int(tag))
    return _unlisted(known) if listed is None else _resolved(listed, known)


def _resolved(action: str, vr: str) -> Action:
    if action == "X/Z/U*":
        return Action.MAP_REFERENCES
    if action in ("X/D", "X/Z/D"):
        return Action.REMOVE if vr == "SQ" else Action.DUMMY
    if action == "Z/D":
        return Action.DUMMY if vr in _TEMPORAL else Action.EMPTY
    return Action("Z" if action == "X/Z" else action)


def _unlisted(vr: str) -> Action:
    """Retired attributes have no row in the table, and may still hold a name, a date or a UID."""
    if vr == "PN" or vr in _TEMPORAL:
        return Action.EMPTY
    return Action.MAP_UIDS if vr == "UI" else Action.KEEP


@cache
def _table() -> dict[int, str]:
    lines = files("archive").joinpath("basic_profile.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {int(row["tag"], 16): row["action"] for row in rows}
