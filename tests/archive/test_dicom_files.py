"""One clear line for each kind of file that cannot be taken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from archive import parsing, pictures
from archive.dicom_files import MOST_DECODED, check_image, read_dicom
from models.errors import BadInput

QUIET = "ignore:End of file reached before delimiter"


def refusal(path) -> str:
    with pytest.raises(BadInput) as caught:
        read_dicom(path)
    line = str(caught.value)
    assert str(path) in line and "\n" not in line and line.count(";") >= 1
    return line


def test_a_good_file_is_read_with_its_pixels(make_image, saved):
    assert read_dicom(saved(make_image())).PixelData == make_image().PixelData


def test_a_file_without_preamble_is_read(make_image, saved, tmp_path):
    content = saved(make_image()).read_bytes()
    (tmp_path / "bare.dcm").write_bytes(content[132:])
    assert read_dicom(tmp_path / "bare.dcm").PixelData == make_image().PixelData


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"Chest, two views. No pneumothorax." * 20, "no DICOM file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "no DICOM file"),
        (bytes(128) + b"DICM", "cut short"),
    ],
)
def test_other_files_are_refused(tmp_path, content, says):
    (tmp_path / "file.dcm").write_bytes(content)
    assert says in refusal(tmp_path / "file.dcm")


def test_a_path_to_nothing_or_to_a_folder_is_refused(tmp_path):
    assert "no file" in refusal(tmp_path / "absent.dcm")
    assert "no file" in refusal(tmp_path)


def test_a_truncated_file_tells_how_much_is_there(make_image, saved, tmp_path):
    content = saved(make_image(rows=16, columns=16)).read_bytes()
    (tmp_path / "short.dcm").write_bytes(content[:-100])
    assert "412 of 512 bytes" in refusal(tmp_path / "short.dcm")


@pytest.mark.filterwarnings(QUIET)
def test_truncated_compressed_files_are_refused(make_image, saved, tmp_path):
    image = make_image(rows=64, columns=64, frames=3)
    image.compress(RLELossless, generate_instance_uid=False)
    content = saved(image).read_bytes()
    for length in range(len(content) - 9, 600, -999):
        (tmp_path / "short.dcm").write_bytes(content[:length])
        assert "cut short" in refusal(tmp_path / "short.dcm")


def test_fewer_compressed_frames_than_told_is_cut_short(make_image, saved):
    image = make_image(frames=2)
    image.compress(RLELossless, generate_instance_uid=False)
    image.NumberOfFrames = 5
    assert "2 compressed pieces for 5 frames" in refusal(saved(image))


@pytest.mark.parametrize("keyword", ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"])
def test_a_file_without_uids_is_refused(make_image, saved, keyword):
    image = make_image()
    image.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    delattr(image, keyword)
    assert "has no S" in refusal(saved(image))


def test_a_file_without_pixels_is_refused(make_image, saved):
    image = make_image()
    del image.PixelData
    assert "no pixel data" in refusal(saved(image))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"Rows": 0}, "0 rows"),
        ({"Columns": 0}, "0 columns"),
        ({"NumberOfFrames": -1}, "-1 frames"),
        ({"BitsAllocated": 1, "BitsStored": 1}, "1 of 1 bits"),
        ({"BitsStored": 17}, "17 of 16 bits"),
        ({"PhotometricInterpretation": "HSV"}, "colour model"),
        ({"SamplesPerPixel": 3}, "colour model"),
        ({"Rows": 65535, "Columns": 65535, "NumberOfFrames": 9}, "larger than DICOM allows"),
    ],
)
def test_impossible_headers_are_refused(make_image, saved, changes, says):
    assert says in refusal(saved(make_image(**changes)))


@pytest.mark.parametrize(
    ("syntax", "says"),
    [
        (JPEGExtended12Bit, "JPEG Extended with 12 bits"),
        ("1.2.840.10008.1.2.4.100", "MPEG2"),
    ],
)
def test_a_transfer_syntax_that_cannot_be_decoded_is_named(make_image, saved, syntax, says):
    image = make_image(BitsStored=12, HighBit=11)
    image.PixelData = encapsulate([b"\xff\xd8" + bytes(30)])
    image["PixelData"].VR = "OB"
    image.file_meta.TransferSyntaxUID = syntax
    assert says in refusal(saved(image))


@pytest.mark.parametrize("syntax", ["1.2.826.0.1.99", CTImageStorage, "no UID at all"])
def test_what_is_no_transfer_syntax_is_refused(make_image, syntax):
    image = make_image()
    image.file_meta = FileMetaDataset()
    image.file_meta.add_new(0x00020010, "UI", syntax)
    with pytest.raises(BadInput, match="unknown transfer syntax"):
        check_image(image, "image")


def test_no_line_quotes_an_attribute(make_image, saved):
    image = make_image(PatientName="Quill^Ada", PatientID="MRN-778899", Rows=0)
    assert "Quill" not in refusal(saved(image)) and "778899" not in refusal(saved(image))


@pytest.mark.filterwarnings("ignore")
@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(seed=st.integers(0, 2**32), damage=st.integers(1, 40), compressed=st.booleans(), cut=st.integers(0, 300))
def test_damage_never_gets_past_a_clear_line(archive, make_image, saved, seed, damage, compressed, cut):
    image = make_image(WindowCenter="40", WindowWidth="400", RescaleSlope="1", uid=f"1.2.{seed}")
    if compressed:
        image.compress(RLELossless, generate_instance_uid=False)
    path = saved(image)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    chance = np.random.default_rng(seed)
    content[chance.integers(132, len(content), damage)] = chance.integers(0, 256, damage)
    path.write_bytes(content.tobytes()[: len(content) - cut])
    try:
        stored = archive.add_file(path)
    except BadInput:
        return
    assert len(archive.frame(stored.image_id, 1)) == archive.geometry(stored.image_id).frame_bytes


# ---- what would end the process ----


def test_a_deflated_file_inflates_no_further_than_the_limit(make_image, saved, monkeypatch):
    image = make_image(rows=1024, columns=1024, bits=8)
    image.PixelData = bytes(2**20)
    image.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    path = saved(image)
    assert path.stat().st_size < 10_000
    assert read_dicom(path).PixelData == bytes(2**20)
    monkeypatch.setattr(parsing, "SMALL", 2**19)
    monkeypatch.setattr(parsing, "_PIECE", 2**16)
    assert "inflates to more than" in refusal(path)


def test_a_deflated_file_never_reaches_the_parser_packed(make_image, saved, monkeypatch):
    """pydicom would inflate it in one go, however long."""
    monkeypatch.setattr("pydicom.filereader.zlib.decompress", lambda *_: pytest.fail("inflated without a bound"))
    image = make_image(PatientID="77")
    image.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    assert read_dicom(saved(image)).PatientID == "77"


def test_a_file_of_nothing_but_attributes_is_refused(make_image, saved, monkeypatch):
    image = make_image()
    for element in range(0x1000, 0x1100):
        image.add_new((0x0009, element), "LO", "x")
    path = saved(image)
    assert read_dicom(path)
    monkeypatch.setattr(parsing, "MOST_READS", 200)
    assert "more attributes" in refusal(path)


@pytest.mark.parametrize("limit", ["LARGEST_SEQUENCE", "MOST_ITEMS"])
def test_an_endless_sequence_is_refused(make_image, saved, monkeypatch, limit):
    image = make_image()
    image.ViewCodeSequence = Sequence([Dataset() for _ in range(20)])
    path = saved(image)
    assert read_dicom(path)
    monkeypatch.setattr(parsing, limit, 19)
    assert "longer sequence" in refusal(path)


def test_compressed_pixels_that_become_too_much_are_refused_undecoded(make_image, saved):
    image = make_image(rows=1024, columns=1024, bits=8)
    image.PixelData = encapsulate([b"little"] * (MOST_DECODED // 2**20 + 1))
    image["PixelData"].is_undefined_length = True
    image.file_meta.TransferSyntaxUID = RLELossless
    image.NumberOfFrames = MOST_DECODED // 2**20 + 1
    assert "1,024 MiB once uncompressed" in refusal(saved(image))


HUGE = 40_000
JPEG = b"\xff\xd8\xff\xe0\0\4ab"
FRAME_HEADER = b"\0\x0b\x08" + HUGE.to_bytes(2) * 2 + b"\1\1\x11\0"
JPEG_2000 = b"\xff\x4f\xff\x51\0\x29\0\0" + HUGE.to_bytes(4) * 2 + bytes(8) + HUGE.to_bytes(4) * 2 + bytes(8)


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (JPEGBaseline8Bit, JPEG + b"\xff\xc0" + FRAME_HEADER),
        (JPEGLosslessSV1, JPEG + b"\xff\xff\xc3" + FRAME_HEADER),
        (JPEGLSLossless, JPEG + b"\xff\xf7" + FRAME_HEADER),
        (JPEG2000Lossless, JPEG_2000 + b"\0\1\7\1\1"),
        (JPEG2000Lossless, b"\0\0\0\x0cjP  " + JPEG_2000 + b"\0\1\7\1\1"),
    ],
)
def test_a_picture_larger_than_its_header_tells_reaches_no_codec(archive, make_image, syntax, frame, monkeypatch):
    monkeypatch.setattr("archive.codecs.get_decoder", lambda _: pytest.fail("a codec got it"))
    monkeypatch.setattr("archive.dicom_files.can_decode", lambda _: True)
    image = make_image(bits=8)
    image.PixelData = encapsulate([frame])
    image.file_meta.TransferSyntaxUID = syntax
    with pytest.raises(BadInput, match="does not decode"):
        archive.add(image)


def test_run_length_code_is_measured_before_it_is_run(archive, make_image, monkeypatch):
    monkeypatch.setattr(pictures, "_SURELY_SMALL", 0)
    image = make_image(rows=64, columns=64, frames=2, seed=4)
    plain = image.PixelData
    image.compress(RLELossless, generate_instance_uid=False)
    stored = archive.add(image)
    assert archive.frame(stored.image_id, 1) == plain[: 64 * 64 * 2]
    long = make_image(rows=64, columns=64, bits=8, seed=5)
    long.PixelData = encapsulate([b"\1\0\0\0\x40\0\0\0" + bytes(56) + b"\x81\0" * 33])
    long.file_meta.TransferSyntaxUID = RLELossless
    monkeypatch.setattr("archive.codecs.get_decoder", lambda _: pytest.fail("a codec got it"))
    monkeypatch.setattr("archive.dicom_files.can_decode", lambda _: True)
    with pytest.raises(BadInput, match="does not decode"):
        archive.add(long)
