"""The Basic Profile: nothing it takes away is left, at any depth; what it keeps is kept; the same in every run."""

from __future__ import annotations

import copy
import csv
import io
from importlib.resources import files

import pydicom
import pytest
from pydicom.datadict import DicomDictionary, dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import CTImageStorage, ExplicitVRBigEndian, ImplicitVRLittleEndian, JPEGLSLossless

from archive.deidentify import PROFILE_VERSION, deidentify, needs_pixel_review
from models.errors import BadInput

SECRET = b"secret"
UID_MARKER = "1.2.826.0.1.77889901"
MARKERS = {
    "AE": "ZQMARK",
    "AS": "077Y",
    "CS": "ZQMARK",
    "DA": "20190807",
    "DT": "20190807060504",
    "TM": "060504.77",
    "DS": "77.8899",
    "IS": "778899",
    "UI": UID_MARKER,
    "US": [0x5A51, 0x5A51],
    "OB": b"ZQMARK",
    "UN": b"ZQMARK",
}
TRACES = (b"ZQMARK", b"20190807", b"060504.77", b"77.8899", b"778899", b"077Y", b"QZ" * 2, UID_MARKER.encode())


def table() -> dict[int, str]:
    lines = files("archive").joinpath("basic_profile.csv").read_text("utf-8").splitlines()
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {int(row["tag"], 16): row["action"] for row in rows}


ATTRIBUTES = [tag for tag in table() if tag >> 16 >= 0x0008]


def marked(tag: int) -> DataElement:
    """The attribute with a value that would betray itself."""
    vr = dictionary_VR(tag)
    if vr != "SQ":
        return DataElement(tag, vr, MARKERS.get(vr, "ZQMARK"))
    item = Dataset()
    item.CodeMeaning = "ZQMARK"
    item.ReferencedSOPInstanceUID = UID_MARKER
    return DataElement(tag, "SQ", Sequence([item]))


def item(element: DataElement) -> Dataset:
    dataset = Dataset()
    dataset[element.tag] = element
    return dataset


def at_top_level(image: Dataset, element: DataElement) -> None:
    image[element.tag] = element


def in_a_kept_sequence(image: Dataset, element: DataElement) -> None:
    inner = Dataset()
    inner.ViewModifierCodeSequence = Sequence([item(element)])
    image.ViewCodeSequence = Sequence([inner])


def in_functional_groups(image: Dataset, element: DataElement) -> None:
    frame = Dataset()
    frame.FrameContentSequence = Sequence([item(element)])
    image.PerFrameFunctionalGroupsSequence = Sequence([frame, copy.deepcopy(frame)])


def as_written(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def read_back(dataset: Dataset, syntax: str | None = None) -> Dataset:
    if syntax:
        dataset.file_meta.TransferSyntaxUID = syntax
    return pydicom.dcmread(io.BytesIO(as_written(dataset)))


def test_the_table_has_every_row_with_an_action_of_the_standard():
    assert len(table()) == 617
    assert set(table().values()) == {"X", "Z", "D", "U", "X/Z", "X/D", "Z/D", "X/Z/D", "X/Z/U*"}
    known = table()
    assert known[0x00100010] == "Z" and known[0x00100020] == "Z/D" and known[0x00080018] == "U"
    assert known[0x00081030] == "X" and known[0x00081140] == "X/Z/U*"


@pytest.mark.parametrize("place", [at_top_level, in_a_kept_sequence, in_functional_groups])
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian], ids=["explicit", "implicit"])
def test_no_attribute_of_the_table_keeps_its_value(make_image, place, syntax):
    left = []
    for tag in ATTRIBUTES:
        image = make_image(rows=1, columns=1, bits=8)
        place(image, marked(tag))
        source = read_back(image, syntax)
        assert any(trace in as_written(source) for trace in TRACES), keyword_for_tag(tag)
        written = as_written(deidentify(source, SECRET))
        if any(trace in written for trace in TRACES):
            left.append(keyword_for_tag(tag))
    assert left == []


@pytest.mark.parametrize("place", [at_top_level, in_a_kept_sequence, in_functional_groups])
@pytest.mark.parametrize(
    "element",
    [
        DataElement(0x00091001, "LO", "ZQMARK"),
        DataElement(0x00090010, "LO", "ZQMARK"),
        DataElement(0x60003000, "OW", b"ZQMARK"),
        DataElement(0x60020022, "LO", "ZQMARK"),
        DataElement(0x60001500, "LO", "ZQMARK"),
        DataElement(0x50003000, "OW", b"ZQMARK"),
        DataElement(0x50040010, "LO", "ZQMARK"),
        DataElement(0x00187FFE, "LO", "ZQMARK"),
        DataElement(0x300E0008, "PN", "ZQMARK"),
        DataElement(0x00741FFE, "UN", b"ZQMARK"),
        DataElement(Tag("DocumentAuthorTrial"), "PN", "ZQMARK"),
        DataElement(Tag("SecondaryReviewDate"), "DA", "20190807"),
        DataElement(Tag("AssertionUID"), "UI", UID_MARKER),
    ],
    ids=lambda element: str(element.tag),
)
def test_private_masked_unknown_and_retired_attributes_go(make_image, place, element):
    image = make_image(bits=8)
    place(image, element)
    written = as_written(deidentify(image, SECRET))
    assert not any(trace in written for trace in TRACES)


@pytest.mark.parametrize("place", [at_top_level, in_a_kept_sequence, in_functional_groups])
def test_free_text_and_the_patient_go_where_the_table_has_no_row(make_image, place):
    """Birth dates in other calendars, remarks, order numbers: the standard's table passes them over."""
    free, known = ("LT", "ST", "UC", "UR", "UT"), table()
    unlisted = [tag for tag in DicomDictionary if 8 <= tag >> 16 < 0x7FE0 and tag not in known]
    gone = [tag for tag in unlisted if tag >> 16 == 0x0010 or dictionary_VR(tag) in free]
    gone += [Tag("FillerOrderNumberProcedure"), Tag("DoseComment"), Tag("ContactDisplayName")]
    assert {Tag("PatientBirthDateInAlternativeCalendar"), Tag("SetupImageComment"), Tag("TextValue")} <= set(gone)
    image = make_image(bits=8)
    for tag in gone:
        if dictionary_VR(tag) in (*free, "LO", "SH", "CS", "SQ"):
            place(image, marked(tag))
            written = as_written(deidentify(image, SECRET))
            assert not any(trace in written for trace in TRACES), keyword_for_tag(tag)


def test_planted_identifiers_never_come_out(make_image):
    image = make_image(
        PatientName="Quill^Ada",
        PatientID="MRN-778899",
        PatientBirthDate="19570102",
        AccessionNumber="ACC-4711",
        InstitutionName="Saint Quill Hospital",
        ReferringPhysicianName="Quill^Bo",
        StudyDescription="hip, Ada Quill",
        StudyDate="20190807",
        PatientAddress="7 Quill Lane",
        DeviceSerialNumber="SN-4711",
        DeidentificationMethod="by Quill",
        FrameOfReferenceUID="1.2.77.4711",
    )
    image.file_meta.SourceApplicationEntityTitle = "QUILL-AE"
    image.preamble = b"Quill".ljust(128, b"\0")
    image.add_new(0xFFFCFFFC, "OB", b"Quill^")
    source = read_back(image)
    assert b"QUILL-AE" in as_written(source) and source.preamble.startswith(b"Quill")
    written = as_written(deidentify(source, SECRET))
    for trace in (b"Quill", b"QUILL", b"778899", b"4711", b"1957", b"2019", b"1.2.826.0.1.3680043.8.498.1."):
        assert trace not in written


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_other_encodings_are_cleaned_and_stay_readable(make_image, syntax):
    image = make_image(bits=8, PatientName="Quill^Ada", ImageComments="Quill", SeriesNumber=4)
    image.SmallestImagePixelValue = 3
    clean = deidentify(read_back(image, syntax), SECRET)
    again = read_back(clean)
    assert b"Quill" not in as_written(clean)
    assert (again.SeriesNumber, again.SmallestImagePixelValue, again.PixelData) == (4, 3, image.PixelData)


def test_text_in_other_alphabets_is_kept_as_it_was(make_image):
    image = make_image(SpecificCharacterSet="ISO_IR 192", ManufacturerModelName="größer 拡大", BodyPartThickness=3)
    inner = Dataset()
    inner.CodeMeaning = "拡大"
    image.ViewCodeSequence = Sequence([inner])
    again = read_back(deidentify(read_back(image), SECRET))
    assert again.ManufacturerModelName == "größer 拡大"
    assert again.ViewCodeSequence[0].CodeMeaning == "拡大"


def test_what_a_viewer_needs_is_kept(make_image):
    kept = {
        "PixelSpacing": [0.5, 0.5],
        "ImagePositionPatient": [1, 2, 3],
        "WindowCenter": 40,
        "WindowWidth": 400,
        "RescaleSlope": 1,
        "RescaleIntercept": -1024,
        "SliceThickness": 2,
        "BurnedInAnnotation": "YES",
        "SyntheticData": "YES",
        "ImageType": ["DERIVED", "SECONDARY"],
    }
    image = make_image(**kept)
    clean = deidentify(image, SECRET)
    for keyword, value in kept.items():
        assert clean[keyword].value == value, keyword
    assert clean.PixelData == image.PixelData and clean.SOPClassUID == CTImageStorage


def test_uids_agree_across_images_runs_and_depths(make_image):
    first, second = make_image(seed=1), make_image(seed=2)
    reference = Dataset()
    reference.ReferencedSOPClassUID, reference.ReferencedSOPInstanceUID = CTImageStorage, first.SOPInstanceUID
    reference.ReferencedFrameNumber, reference.CodeMeaning = 3, "ZQMARK"
    second.ReferencedImageSequence = Sequence([reference])
    one, two = deidentify(first, SECRET), deidentify(second, SECRET)
    assert one == deidentify(read_back(first), SECRET)
    assert one.SeriesInstanceUID == two.SeriesInstanceUID != first.SeriesInstanceUID
    assert one.SOPInstanceUID != two.SOPInstanceUID
    referred = two.ReferencedImageSequence[0]
    assert referred.ReferencedSOPInstanceUID == one.SOPInstanceUID
    assert referred.ReferencedSOPClassUID == CTImageStorage and referred.ReferencedFrameNumber == 3
    assert one.file_meta.MediaStorageSOPInstanceUID == one.SOPInstanceUID
    assert deidentify(first, b"another").SOPInstanceUID != one.SOPInstanceUID


def test_several_uids_in_one_attribute_are_each_mapped(make_image):
    image = make_image(FailedSOPInstanceUIDList=["1.2.3", "1.2.4"])
    mapped = deidentify(image, SECRET).FailedSOPInstanceUIDList
    assert len(mapped) == 2 and not {"1.2.3", "1.2.4"} & set(mapped)


def test_uids_that_dicom_registers_are_kept(make_image):
    image = make_image(FrameOfReferenceUID="1.2.840.10008.1.4.1.1")
    assert deidentify(image, SECRET).FrameOfReferenceUID == "1.2.840.10008.1.4.1.1"
    forged = make_image(FrameOfReferenceUID="1.2.840.10008.1.4.1.1.7788")
    assert deidentify(forged, SECRET).FrameOfReferenceUID.startswith("2.25.")


def test_an_image_is_marked_as_deidentified(make_image):
    clean = deidentify(make_image(), SECRET)
    assert clean.PatientIdentityRemoved == "YES" and clean.DeidentificationMethod == PROFILE_VERSION
    assert clean.LongitudinalTemporalInformationModified == "REMOVED"
    code = clean.DeidentificationMethodCodeSequence[0]
    assert (code.CodeValue, code.CodingSchemeDesignator) == ("113100", "DCM")
    assert code.CodeMeaning == "Basic Application Confidentiality Profile"


def test_the_input_is_not_changed(make_image):
    image = make_image(PatientName="Quill^Ada")
    in_functional_groups(image, marked(0x00100010))
    for source in (image, read_back(image)):
        before, meta = copy.deepcopy(source), copy.deepcopy(source.file_meta)
        deidentify(source, SECRET)
        assert source == before and source.file_meta == meta


def test_compressed_pixels_pass_through_untouched(archive, make_image):
    image = make_image(PatientName="Quill^Ada")
    plain = image.PixelData
    image.compress(JPEGLSLossless, generate_instance_uid=False)
    clean = deidentify(read_back(image), SECRET)
    assert clean.PixelData == image.PixelData and clean.file_meta.TransferSyntaxUID == JPEGLSLossless
    assert archive.frame(archive.add(clean).image_id, 1) == plain


def test_a_sequence_under_another_name_of_vr_goes(make_image):
    """A parser that trusts the file would carry its bytes along unread."""
    image = make_image()
    image.ViewCodeSequence = Sequence([item(DataElement(0x00100010, "PN", "ZQMARK"))])
    content = as_written(image)
    assert b"\x54\x00\x20\x02SQ\0\0" in content
    disguised = pydicom.dcmread(io.BytesIO(content.replace(b"\x54\x00\x20\x02SQ\0\0", b"\x54\x00\x20\x02OB\0\0")))
    assert b"ZQMARK" not in as_written(deidentify(disguised, SECRET))
    unknown = pydicom.dcmread(io.BytesIO(content.replace(b"\x54\x00\x20\x02SQ\0\0", b"\x54\x00\x20\x02UN\0\0")))
    assert b"ZQMARK" not in as_written(deidentify(unknown, SECRET))


def test_a_sequence_that_cannot_be_read_is_refused(make_image):
    content = as_written(make_image())
    pixels = content.index(b"\xe0\x7f\x10\x00OW")
    damaged = content[:pixels] + b"\x54\x00\x20\x02UN\0\0\4\0\0\0Ada " + content[pixels:]
    with pytest.raises(BadInput, match="cannot be read") as caught:
        deidentify(pydicom.dcmread(io.BytesIO(damaged)), SECRET)
    assert "Ada" not in str(caught.value)


@pytest.mark.parametrize(
    ("attributes", "needed"),
    [
        ({"BurnedInAnnotation": "YES"}, True),
        ({"BurnedInAnnotation": "NO"}, False),
        ({"BurnedInAnnotation": "NO", "Modality": "US"}, False),
        ({"BurnedInAnnotation": ""}, False),
        ({}, False),
        ({"Modality": "US"}, True),
        ({"Modality": "OT"}, True),
        ({"Modality": ""}, True),
        ({"Modality": "CT", "ConversionType": "WSD"}, True),
    ],
)
def test_pixels_are_reviewed_where_text_is_told_or_likely(make_image, attributes, needed):
    image = make_image(**attributes)
    assert needs_pixel_review(image) is needed
    assert needs_pixel_review(deidentify(image, SECRET)) is needed


def test_encapsulated_bytes_are_not_searched_for_frames(make_image):
    image = make_image()
    image.PixelData = encapsulate([b"not even a picture"])
    image["PixelData"].VR = "OB"
    image.file_meta.TransferSyntaxUID = JPEGLSLossless
    assert deidentify(image, SECRET).PixelData == image.PixelData
