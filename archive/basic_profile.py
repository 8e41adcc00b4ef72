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
from pydicom.tag import BaseTag, Tag

PROFILE_VERSION = "PS3.15-2026c-basic-2"

_TEMPORAL = ("DA", "DT", "TM")
_PIXEL_GROUP = 0x7FE0
_PATIENT_GROUP = 0x0010
_FREE_TEXT = ("LT", "ST", "UC", "UR", "UT")
_ALSO_REMOVED = (
    "AssignedLocation",
    "ContactDisplayName",
    "DoseComment",
    "FillerOrderNumberImagingServiceRequestRetired",
    "FillerOrderNumberProcedure",
    "FrameOfReferenceTransformationComment",
    "HangingProtocolUserGroupName",
    "InstructionText",
    "NTPSourceAddress",
    "PatientReliabilityIndicator",
    "PatientSetupLabel",
    "PlacerOrderNumberImagingServiceRequestRetired",
    "PlacerOrderNumberProcedure",
    "ProcedureStepLabel",
    "RTImageLabel",
    "RTImageName",
    "ReasonForChannelOmissionDescription",
    "SystemStatusComment",
    "TestResultComment",
    "WorklistLabel",
)
"""Short texts without a row in the table that name a place, an order or a person, or are remarks."""


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
    return _unlisted(tag, known) if listed is None else _resolved(listed, known)


def _resolved(action: str, vr: str) -> Action:
    if action == "X/Z/U*":
        return Action.MAP_REFERENCES
    if action in ("X/D", "X/Z/D"):
        return Action.REMOVE if vr == "SQ" else Action.DUMMY
    if action == "Z/D":
        return Action.DUMMY if vr in _TEMPORAL else Action.EMPTY
    return Action("Z" if action == "X/Z" else action)


def _unlisted(tag: BaseTag, vr: str) -> Action:
    """What the table has no row for may still hold a name, a date or a UID: retired attributes, and its own gaps.

    It passes over birth dates in another calendar (0010,0033), and remarks such as Setup Image Comment. So everything
    about the patient goes that the table does not weigh, and so does all text of any length: no image needs it.
    """
    if tag.group == _PATIENT_GROUP or vr in _FREE_TEXT or int(tag) in _also_removed():
        return Action.REMOVE
    if vr == "PN" or vr in _TEMPORAL:
        return Action.EMPTY
    return Action.MAP_UIDS if vr == "UI" else Action.KEEP


@cache
def _also_removed() -> frozenset[int]:
    return frozenset(int(Tag(keyword)) for keyword in _ALSO_REMOVED)


@cache
def _table() -> dict[int, str]:
    lines = files("archive").joinpath("basic_profile.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {int(row["tag"], 16): row["action"] for row in rows}
