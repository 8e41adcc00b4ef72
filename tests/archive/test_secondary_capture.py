"""Teaching pictures as DICOM: valid, faithful, bare of everything but pixels, and the same again."""

from __future__ import annotations

import io
import shutil
import subprocess
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from archive import raster
from archive.secondary_capture import secondary_capture
from models.errors import BadInput

CHANCE = np.random.default_rng(5)
GREY = CHANCE.integers(0, 256, (9, 12), np.uint8)
COLOUR = CHANCE.integers(0, 256, (9, 12, 3), np.uint8)
DEEP = CHANCE.integers(0, 65536, (9, 12), np.uint16)


def captured(path, **changes):
    arguments = {"modality": "CT", "patient_id": "P-1", "source_id": "case 1", "secret": b"secret"}
    return secondary_capture(path, **(arguments | changes))


def written(path, image: Image.Image, **options):
    image.save(path, **options)
    return path


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.fromarray(GREY), GREY),
        (Image.fromarray(DEEP), DEEP),
        (Image.fromarray(COLOUR), COLOUR),
        (Image.fromarray(np.stack([GREY] * 3, -1)), GREY),
        (Image.fromarray(np.dstack([COLOUR, GREY])), COLOUR),
        (Image.fromarray(np.dstack([GREY] * 4)), GREY),
        (Image.fromarray(GREY).convert("LA"), GREY),
        (Image.fromarray(GREY > 99), (GREY > 99) * 255),
        (Image.fromarray(COLOUR // 64 * 64).quantize(64), COLOUR // 64 * 64),
    ],
    ids=["grey", "16 bits", "colour", "grey as RGB", "RGBA", "grey RGBA", "LA", "1 bit", "palette"],
)
def test_png_pixels_are_kept(tmp_path, image, expected):
    dataset = captured(written(tmp_path / "a.png", image))
    pixels = dataset.pixel_array
    assert np.array_equal(pixels, expected)
    assert dataset.PhotometricInterpretation == ("RGB" if pixels.ndim == 3 else "MONOCHROME2")
    assert dataset.BitsStored == (16 if expected.dtype == np.uint16 else 8)
    assert "LossyImageCompression" not in dataset


def test_jpeg_pixels_are_those_of_its_decoder_and_its_loss_is_told(tmp_path):
    path = written(tmp_path / "a.jpg", Image.fromarray(COLOUR), quality=80)
    dataset = captured(path)
    assert np.array_equal(dataset.pixel_array, np.asarray(Image.open(path)))
    assert dataset.LossyImageCompression == "01"
    assert float(dataset.LossyImageCompressionRatio) == pytest.approx(COLOUR.nbytes / path.stat().st_size, abs=0.01)


def test_nothing_but_pixels_comes_along(tmp_path):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Quill, Ada")
    notes.add_itxt("Comment", "Quill, Ada: left hip", zip=True)
    exif = Image.Exif()
    exif[0x013B] = "Quill, Ada"
    png = written(tmp_path / "a.png", Image.fromarray(COLOUR), pnginfo=notes, exif=exif, icc_profile=b"Quill" * 30)
    jpg = written(tmp_path / "a.jpg", Image.fromarray(COLOUR), exif=exif, comment=b"Quill", icc_profile=b"Quill" * 30)
    for path in (png, jpg):
        assert b"Quill" in path.read_bytes()
        buffer = io.BytesIO()
        captured(path).save_as(buffer, enforce_file_format=True)
        assert b"Quill" not in buffer.getvalue()


def test_a_picture_turned_by_exif_is_turned(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = written(tmp_path / "a.png", Image.fromarray(GREY), exif=exif)
    assert np.array_equal(captured(path).pixel_array, np.rot90(GREY, -1))


def test_identity_is_the_pseudonym_alone(tmp_path):
    dataset = captured(written(tmp_path / "a.png", Image.fromarray(GREY)))
    assert not dataset.PatientName and dataset.PatientID == "P-1" and not dataset.StudyDate
    assert "PixelSpacing" not in dataset and "a.png" not in str(dataset)
    assert (dataset.Modality, dataset.ConversionType) == ("CT", "WSD")


def test_uids_are_the_same_again_and_differ_where_they_must(tmp_path):
    path, other = (written(tmp_path / name, Image.fromarray(GREY)) for name in ("a.png", "b.png"))

    def uids(*arguments, **changes):
        dataset = captured(*arguments, **changes)
        return dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID

    study, series, image = uids(path)
    assert uids(path) == (study, series, image)
    assert uids(other)[:2] == (study, series) and uids(other)[2] != image
    assert uids(path, modality="MR")[0] == study and uids(path, modality="MR")[1] != series
    assert uids(path, series="axial")[1] != series
    assert not {study, series, image} & set(uids(path, source_id="case 2"))
    assert not {study, series, image} & set(uids(path, secret=b"other"))
    assert all(uid.startswith("2.25.") for uid in (study, series, image))


def test_importing_again_adds_nothing(archive, tmp_path):
    path = written(tmp_path / "a.png", Image.fromarray(GREY))
    stored = archive.add(captured(path))
    assert archive.add(captured(path)) == stored
    assert archive.images(stored.series_id) == (stored,)
    assert archive.frame(stored.image_id, 1) == GREY.tobytes()


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy is missing: install the package dicom3tools")
@pytest.mark.parametrize("image", [GREY, DEEP, COLOUR], ids=["grey", "16 bits", "colour"])
@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_validator_finds_no_error(archive, tmp_path, image, ending):
    if ending == "jpg":
        image = (image >> (8 * (image.dtype.itemsize - 1))).astype(np.uint8)
    dataset = captured(written(tmp_path / f"a.{ending}", Image.fromarray(image)))
    fresh, kept = tmp_path / "fresh.dcm", tmp_path / "kept.dcm"
    dataset.save_as(fresh, enforce_file_format=True)
    archive.dataset(archive.add(dataset).image_id).save_as(kept, enforce_file_format=True)
    for path in (fresh, kept):
        told = subprocess.run(["dciodvfy", str(path)], capture_output=True, text=True, check=False)
        assert "SCImage" in told.stderr + told.stdout
        assert not [line for line in (told.stderr + told.stdout).splitlines() if line.startswith("Error")]


def content(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.kron(COLOUR, np.ones((40, 40, 1), np.uint8))).save(buffer, kind)
    return buffer.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is huge."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)

    head = chunk(b"IHDR", width.to_bytes(4) + height.to_bytes(4) + bytes((8, 0, 0, 0, 0)))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.png", content("JPEG"), "JPEG inside.*end in .jpg"),
        ("a.jpg", content("PNG"), "PNG inside.*end in .png"),
        ("a", content("PNG"), "end in .png"),
        ("a.png", b"no picture at all", "neither PNG nor JPEG"),
        ("a.png", content("BMP"), "neither PNG nor JPEG"),
        ("a.png", b"", "empty"),
        ("a.png", content("PNG")[:-400], "cut short or damaged"),
        ("a.jpg", content("JPEG")[:-400], "cut short or damaged"),
        ("a.png", content("PNG")[:20], "cut short or damaged"),
        ("a.jpg", b"\xff\xd8\xff", "cut short or damaged"),
        ("a.png", bomb(60_000, 60_000), "too large"),
        ("a.png", bomb(12_000, 10_000), "too large"),
        ("a.png", bomb(70_000, 2), "too large"),
    ],
)
def test_bad_pictures_are_refused_in_one_line(tmp_path, name, data, says):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(BadInput, match=says) as caught:
        captured(path)
    line = str(caught.value)
    assert line.startswith(f"{path}: ") and "\n" not in line and ";" in line


def test_a_missing_picture_and_an_unknown_modality_are_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be opened"):
        captured(tmp_path / "absent.png")
    with pytest.raises(BadInput, match="none of DICOM's codes"):
        captured(written(tmp_path / "a.png", Image.fromarray(GREY)), modality="Quill^Ada")


def test_the_limit_is_checked_before_decoding(tmp_path, monkeypatch):
    monkeypatch.setattr(raster, "LARGEST_PICTURE", GREY.size - 1)
    with pytest.raises(BadInput, match="too large"):
        captured(written(tmp_path / "a.png", Image.fromarray(GREY)))
