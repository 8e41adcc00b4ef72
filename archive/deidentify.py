"""De-identification by the Basic Profile (DICOM PS3.15, Annex E), down to the innermost sequence.

Pixels pass through untouched: what is burnt into them is for ``needs_pixel_review`` and a person's eyes.
"""

from __future__ import annotations

from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID

from archive.basic_profile import PROFILE_VERSION, Action, action_for
from archive.dicom_files import AGAIN, text, transfer_syntax
from archive.pseudonyms import pseudonymous_uid
from models.errors import BadInput

__all__ = ["PROFILE_VERSION", "deidentify", "needs_pixel_review"]

_DUMMY_TEXT = "ANONYMIZED"
_DUMMIES: dict[str, object] = {
    "AS": "000Y",
    "DA": "19000101",
    "DT": "19000101000000",
    "TM": "000000",
    "DS": "0",
    "IS": "0",
    "UR": "about:blank",
    "OB": b"\0\0",
    "UN": b"\0\0",
}
# What a reference to an image needs; anything else in its item is text about it.
_REFERENCE = frozenset(
    int(Tag(keyword))
    for keyword in (
        "ReferencedSOPClassUID",
        "ReferencedSOPInstanceUID",
        "ReferencedFrameNumber",
        "ReferencedSegmentNumber",
        "PurposeOfReferenceCodeSequence",
    )
)
# Photographs, ultrasound and films: where names are burnt in by habit.
_WRITTEN_ON = frozenset(("", "US", "IVUS", "OT", "XC", "ES", "GM", "OP", "DG", "DOC", "RG", "SM"))


def deidentify(dataset: Dataset, secret: bytes) -> Dataset:
    """A copy without what the Basic Profile takes away, marked as such (PS3.15, E.1.1; code 113100, DCM).

    UIDs become keyed hashes, the same in every run with the same secret. Attributes and pixels that are kept are shared
    with the input, which is not changed. Raises BadInput where a sequence cannot be read.
    """
    clean = _cleaned(dataset, secret)
    clean.PatientIdentityRemoved = "YES"
    clean.DeidentificationMethod = PROFILE_VERSION
    clean.DeidentificationMethodCodeSequence = [_code("113100", "DCM", "Basic Application Confidentiality Profile")]
    clean.LongitudinalTemporalInformationModified = "REMOVED"
    clean.file_meta = FileMetaDataset()
    clean.file_meta.TransferSyntaxUID = transfer_syntax(dataset)
    clean.file_meta.MediaStorageSOPClassUID = clean.get("SOPClassUID", UID(""))
    clean.file_meta.MediaStorageSOPInstanceUID = clean.get("SOPInstanceUID", UID(""))
    return clean


def needs_pixel_review(dataset: Dataset) -> bool:
    """Whether a person must look for text in the pixels: it is there, or likely and not denied."""
    burned_in = text(dataset, "BurnedInAnnotation").upper()
    if burned_in in ("YES", "NO"):
        return burned_in == "YES"
    return text(dataset, "Modality") in _WRITTEN_ON or "ConversionType" in dataset


def _cleaned(source: Dataset, secret: bytes, only: frozenset[int] | None = None) -> Dataset:
    """The dataset, or a sequence's item, cleaned; of an item that refers to an image, ``only`` these tags."""
    clean = Dataset(parent_encoding=source.original_character_set or "iso8859")
    implicit, little = source.original_encoding
    clean.set_original_encoding(implicit, little, source.original_character_set)
    for tag in sorted(source.keys()):
        if only is None or tag in only:
            element = _element(source, tag, secret)
            if element is not None:
                clean[tag] = element
    return clean


def _element(source: Dataset, tag: BaseTag, secret: bytes) -> DataElement | RawDataElement | None:
    held = source.get_item(tag)
    action = action_for(tag, held.VR)
    if action is Action.REMOVE:
        return None
    vr = dictionary_VR(tag)
    if action is Action.EMPTY:
        return DataElement(tag, vr, Sequence() if vr == "SQ" else None)
    if action is Action.DUMMY:
        return DataElement(tag, vr, Sequence([Dataset()]) if vr == "SQ" else _DUMMIES.get(vr, _DUMMY_TEXT))
    if action is Action.MAP_UIDS:
        return DataElement(tag, "UI", _mapped(source[tag].value, secret))
    if vr != "SQ":
        return held
    only = _REFERENCE if action is Action.MAP_REFERENCES else None
    return DataElement(tag, "SQ", Sequence(_cleaned(item, secret, only) for item in _items(source, tag)))


def _items(source: Dataset, tag: BaseTag) -> list[Dataset]:
    try:
        return list(source[tag].value or ())
    except Exception as error:  # damaged bytes make the parser fail in any way
        raise BadInput(f"attribute {tag}", "is a sequence that cannot be read", AGAIN) from error


def _mapped(value: object, secret: bytes) -> list[UID] | UID | None:
    """Instance UIDs as pseudonyms; those that DICOM itself registers name no instance and stay."""
    if isinstance(value, MultiValue | list):
        return [UID(_one_mapped(str(each), secret)) for each in value]
    return UID(_one_mapped(str(value), secret)) if value else None


def _one_mapped(uid: str, secret: bytes) -> str:
    return uid if not uid or UID(uid).type else pseudonymous_uid(secret, "instance", uid)


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code
