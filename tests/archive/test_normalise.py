"""Whatever form an image comes in, it is stored in one; its values are those pydicom decodes."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels.processing import apply_color_lut, convert_color_space
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from archive.dicom_files import read_dicom
from models.errors import BadInput


def kept(archive, path):
    """The stored image's first frame as bytes, and the whole dataset."""
    stored = archive.add_file(path)
    return archive.frame(stored.image_id, 1), archive.dataset(stored.image_id)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
@pytest.mark.parametrize("bits", [8, 16])
def test_lossless_compression_changes_no_value(archive, make_image, saved, syntax, bits):
    image = make_image(rows=33, columns=35, frames=2, bits=bits)
    plain = image.PixelData
    image.compress(syntax, generate_instance_uid=False)
    stored = archive.add_file(saved(image))
    length = 33 * 35 * bits // 8
    assert archive.frame(stored.image_id, 1) + archive.frame(stored.image_id, 2) == plain[: 2 * length]
    whole = archive.dataset(stored.image_id)
    assert whole.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert whole.SOPInstanceUID == image.SOPInstanceUID


def test_the_same_image_compressed_and_not_is_one_image(archive, make_image, saved):
    image = make_image(rows=33, columns=31)
    stored = archive.add(image)
    image.compress(RLELossless, generate_instance_uid=False)
    assert archive.add_file(saved(image)) == stored


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_other_encodings_keep_values_and_attributes(archive, make_image, saved, syntax):
    image = make_image(signed=True, PatientComments="größer", SpecificCharacterSet="ISO_IR 100")
    image.SmallestImagePixelValue = -5
    image.file_meta.TransferSyntaxUID = syntax
    pixels, whole = kept(archive, saved(image))
    assert pixels == image.PixelData
    assert whole.SmallestImagePixelValue == -5 and whole["SmallestImagePixelValue"].VR == "SS"
    assert whole.PatientComments == "größer"


@pytest.mark.parametrize("bits", [8, 16, 32])
def test_big_endian_words_are_turned_round(archive, make_image, saved, bits):
    image = make_image(bits=bits, signed=bits == 16)
    plain = image.PixelData
    table = Dataset()
    table.add_new("LUTDescriptor", "US", [3, 0, 16])
    table.add_new("LUTData", "OW", b"\0\1\0\2\0\3")
    image.VOILUTSequence = Sequence([table])
    image.PixelData = np.frombuffer(plain, f"<u{bits // 8}").astype(f">u{bits // 8}").tobytes()
    image.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    pixels, whole = kept(archive, saved(image))
    assert pixels == plain
    assert whole.VOILUTSequence[0].LUTData == b"\1\0\2\0\3\0"
    assert list(whole.VOILUTSequence[0].LUTDescriptor) == [3, 0, 16]
    assert whole.Rows == image.Rows


def test_planes_of_colour_are_interleaved(archive, make_image, saved):
    image = make_image(samples=3, bits=8)
    interleaved = np.frombuffer(image.PixelData, np.uint8).reshape(6, 8, 3)
    image.PixelData, image.PlanarConfiguration = interleaved.transpose(2, 0, 1).tobytes(), 1
    pixels, whole = kept(archive, saved(image))
    assert pixels == interleaved.tobytes()
    assert whole.PlanarConfiguration == 0


def test_ybr_becomes_rgb(archive, make_image, saved):
    image = make_image(samples=3, bits=8, PhotometricInterpretation="YBR_FULL")
    expected = convert_color_space(np.frombuffer(image.PixelData, np.uint8).reshape(6, 8, 3), "YBR_FULL", "RGB")
    pixels, whole = kept(archive, saved(image))
    assert pixels == expected.tobytes()
    assert whole.PhotometricInterpretation == "RGB"


def test_jpeg_colour_becomes_rgb(archive, make_image, saved):
    ramp = np.stack(np.broadcast_arrays(np.arange(0, 240, 5)[:, None], np.arange(0, 240, 5)[None], 128), axis=-1)
    buffer = io.BytesIO()
    Image.fromarray(ramp.astype(np.uint8)).save(buffer, "JPEG", quality=95)
    image = make_image(rows=48, columns=48, samples=3, bits=8, PhotometricInterpretation="YBR_FULL_422")
    image.PixelData = encapsulate([buffer.getvalue()])
    image.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    pixels, whole = kept(archive, saved(image))
    assert np.abs(np.frombuffer(pixels, np.uint8).reshape(48, 48, 3).astype(int) - ramp).mean() < 3
    assert whole.PhotometricInterpretation == "RGB"


@pytest.mark.parametrize("entry_bits", [8, 16])
def test_a_palette_is_applied(archive, make_image, saved, entry_bits):
    image = make_image(bits=8, PhotometricInterpretation="PALETTE COLOR")
    for colour, step in (("Red", 1), ("Green", 3), ("Blue", 7)):
        entries = (np.arange(256) * step % 256).astype("<u2") * (257 if entry_bits == 16 else 1)
        setattr(image, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, entry_bits])
        data = entries.tobytes() if entry_bits == 16 else entries.astype(np.uint8).tobytes()
        image.add_new(f"{colour}PaletteColorLookupTableData", "OW", data)
    expected = apply_color_lut(image.pixel_array, image)
    pixels, whole = kept(archive, saved(image))
    assert pixels == (expected >> (entry_bits - 8)).astype(np.uint8).tobytes()
    assert "RedPaletteColorLookupTableData" not in whole and whole.SamplesPerPixel == 3


@pytest.mark.parametrize("signed", [False, True])
def test_bits_beyond_the_stored_ones_are_cleared(archive, make_image, saved, signed):
    """They may hold an overlay, and an overlay a name."""
    image = make_image(signed=signed, BitsStored=12, HighBit=11)
    values = np.frombuffer(image.PixelData, "<u2") & 0x0FFF
    expected = np.where(signed & (values >= 2048), values.astype(int) - 4096, values)
    pixels, _ = kept(archive, saved(image))
    assert np.array_equal(np.frombuffer(pixels, "<i2" if signed else "<u2"), expected)


def test_pixels_longer_than_the_header_tells_are_cut(archive, make_image, saved):
    image = make_image()
    expected = image.PixelData
    image.PixelData = expected + b"Quill^Ada padding"
    path = saved(image)
    pixels, whole = kept(archive, path)
    assert pixels == expected and whole.PixelData == expected


def test_zero_bytes_before_the_end_of_a_jpeg_ls_picture_do_no_harm(archive, make_image, saved):
    image = make_image(rows=33, columns=31)
    plain = image.PixelData[: 33 * 31 * 2]
    image.compress(JPEGLSLossless, generate_instance_uid=False)
    picture = get_frame(image.PixelData, 0, number_of_frames=1).rstrip(b"\0")
    assert picture.endswith(b"\xff\xd9")
    image.PixelData = encapsulate([picture[:-2] + bytes(3) + picture[-2:]])
    assert kept(archive, saved(image))[0] == plain


def test_compressed_pixels_that_do_not_decode_are_refused(archive, make_image, saved):
    image = make_image()
    image.PixelData = encapsulate([b"\xff\xd8\xff\xf7 no picture at all"])
    image["PixelData"].VR = "OB"
    image.file_meta.TransferSyntaxUID = JPEGLSLossless
    with pytest.raises(BadInput, match="does not decode"):
        archive.add_file(saved(image))


def test_a_compressed_picture_smaller_than_its_header_tells_is_refused(archive, make_image, saved):
    image = make_image(rows=40, columns=40)
    image.compress(JPEG2000Lossless, generate_instance_uid=False)
    image.Rows = 64
    with pytest.raises(BadInput, match="decode"):
        archive.add_file(saved(image))


@pytest.mark.filterwarnings("ignore:3 frames")
def test_more_compressed_frames_than_the_header_tells_are_refused(archive, make_image, saved):
    image = make_image(rows=16, columns=16, frames=3)
    image.compress(JPEGLSLossless, generate_instance_uid=False)
    image.NumberOfFrames = 2
    with pytest.raises(BadInput, match="decodes to 768 values where its header tells of 512"):
        archive.add_file(saved(image))


def test_what_follows_the_pixels_is_left_out(archive, make_image, saved):
    image = make_image()
    image.add_new(0xFFFCFFFC, "OB", b"Quill^Ada ")
    path = saved(image)
    assert b"Quill" in path.read_bytes()
    _, whole = kept(archive, path)
    assert 0xFFFCFFFC not in whole


def test_reading_does_not_decode(make_image, saved):
    image = make_image()
    image.compress(RLELossless, generate_instance_uid=False)
    assert read_dicom(saved(image)).PixelData == image.PixelData
