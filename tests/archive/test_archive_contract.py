"""What every archive must do; runs over the list of archives."""

from __future__ import annotations

import io
import re
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.archive import ImageGeometry
from models.errors import BadInput, Conflict, NotFound

SETTINGS = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@SETTINGS
@given(
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
    frames=st.integers(1, 3),
    bits=st.sampled_from([8, 16, 32]),
    signed=st.booleans(),
)
def test_every_frame_comes_back_as_it_went_in(archive, make_image, rows, columns, frames, bits, signed):
    image = make_image(
        rows, columns, frames, bits, signed=signed, seed=hash((rows, columns, frames, bits, signed)) % 10**6
    )
    stored = archive.add(image)
    geometry = archive.geometry(stored.image_id)
    together = b"".join(archive.frame(stored.image_id, number) for number in range(1, frames + 1))
    assert together == image.PixelData[: rows * columns * frames * bits // 8]
    assert (geometry.rows, geometry.columns, geometry.frames) == (rows, columns, frames)
    assert (geometry.bits_allocated, geometry.pixel_representation) == (bits, int(signed))


def test_the_same_image_twice_is_one_image(archive, make_image):
    first, second = archive.add(make_image()), archive.add(make_image())
    assert first == second
    assert archive.images(first.series_id) == (first,)


@pytest.mark.parametrize("change", [{"RescaleIntercept": "-1024"}, {"PixelData": b"\1" * 96}])
def test_another_image_under_a_stored_uid_is_a_conflict_and_changes_nothing(archive, make_image, change):
    stored = archive.add(make_image())
    before = archive.frame(stored.image_id, 1), archive.geometry(stored.image_id)
    with pytest.raises(Conflict):
        archive.add(make_image(**change))
    assert (archive.frame(stored.image_id, 1), archive.geometry(stored.image_id)) == before


def test_a_series_is_in_order_of_its_numbers(archive, make_image):
    stored = [archive.add(make_image(seed=seed)) for seed in (10, 2, 0, 1)]
    images = archive.images(stored[0].series_id)
    assert [image.number for image in images] == [1, 2, 3, 11]
    assert set(images) == set(stored)
    assert archive.images("f" * 32) == ()


def test_ids_tell_nothing_and_keep_images_and_series_apart(archive, make_image):
    stored = archive.add(make_image(PatientID="MRN-778899", PatientName="Quill^Ada"))
    assert re.fullmatch("[0-9a-f]{32}", stored.image_id) and re.fullmatch("[0-9a-f]{32}", stored.series_id)
    assert stored.image_id != stored.series_id
    assert stored.ref.image_id == stored.image_id


def test_geometry_holds_only_what_the_allow_list_names(archive, make_image):
    image = make_image(
        PatientName="Quill^Ada",
        SeriesDescription="left hip fracture",
        ImageComments="fracture here",
        PhotometricInterpretation="MONOCHROME2",
        Modality="QUILL",
    )
    geometry = archive.geometry(archive.add(image).image_id)
    assert "quill" not in repr(geometry).lower() and "fracture" not in repr(geometry)
    texts = {field.name for field in fields(ImageGeometry) if isinstance(getattr(geometry, field.name), str)}
    assert texts == {"image_id", "series_id", "modality", "photometric_interpretation"}
    assert geometry.modality == "OT"


def test_a_whole_dataset_comes_back(archive, make_image):
    image = make_image(frames=2, SeriesDescription="axial")
    whole = archive.dataset(archive.add(image).image_id)
    assert whole.SOPInstanceUID == image.SOPInstanceUID
    assert whole.SeriesDescription == "axial"
    assert whole.PixelData == image.PixelData


def test_frames_count_from_one(archive, make_image):
    stored = archive.add(make_image(frames=3))
    for frame in (0, 4, -1):
        with pytest.raises(NotFound):
            archive.frame(stored.image_id, frame)
        with pytest.raises(NotFound):
            archive.rendered(stored.image_id, frame)


@pytest.mark.parametrize("unknown", ["0" * 32, "", "../index.sqlite3"])
def test_what_is_not_there_is_not_found(archive, unknown):
    for ask in (archive.geometry, archive.dataset, lambda image_id: archive.frame(image_id, 1)):
        with pytest.raises(NotFound):
            ask(unknown)


def test_removed_images_are_gone_and_may_come_again(archive, make_image):
    gone, kept = archive.add(make_image(seed=0)), archive.add(make_image(seed=1))
    archive.remove([gone.image_id, "0" * 32])
    with pytest.raises(NotFound):
        archive.frame(gone.image_id, 1)
    assert archive.images(kept.series_id) == (kept,)
    assert archive.add(make_image(seed=0)) == gone
    assert archive.frame(gone.image_id, 1) == make_image(seed=0).PixelData


def test_a_rendered_image_is_a_png_of_the_size_asked_for(archive, make_image):
    stored = archive.add(make_image(rows=40, columns=80))
    assert Image.open(io.BytesIO(archive.rendered(stored.image_id, 1))).size == (80, 40)
    small = Image.open(io.BytesIO(archive.rendered(stored.image_id, 1, longest_side=20)))
    assert small.format == "PNG" and small.size == (20, 10)
    assert Image.open(io.BytesIO(archive.rendered(stored.image_id, 1, longest_side=500))).size == (80, 40)


def test_the_window_of_a_rendering_can_be_chosen(archive, make_image):
    stored = archive.add(make_image(bits=16, WindowCenter=30000, WindowWidth=20000))
    own, other = (
        np.asarray(Image.open(io.BytesIO(archive.rendered(stored.image_id, 1, window)))) for window in (None, (100, 5))
    )
    assert 0 < (own == 255).mean() < 1
    assert (other == 255).mean() > (own == 255).mean()


def test_colour_comes_as_interleaved_rgb(archive, make_image):
    image = make_image(samples=3, bits=8)
    stored = archive.add(image)
    assert archive.frame(stored.image_id, 1) == image.PixelData
    shown = Image.open(io.BytesIO(archive.rendered(stored.image_id, 1)))
    assert np.asarray(shown).tobytes() == image.PixelData


def test_add_does_not_change_its_argument(archive, make_image):
    image, same = make_image(samples=3, bits=8), make_image(samples=3, bits=8)
    archive.add(image)
    assert image == same


@pytest.mark.parametrize("missing", ["SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "PixelData"])
def test_what_is_no_image_is_refused(archive, make_image, missing):
    image = make_image()
    delattr(image, missing)
    with pytest.raises(BadInput, match="my file"):
        archive.add(image, "my file")


def test_files_are_added_by_path(archive, make_image, saved):
    stored = archive.add_file(saved(make_image()))
    assert stored == archive.add(make_image())
