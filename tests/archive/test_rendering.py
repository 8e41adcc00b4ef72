"""Grey values on the screen: DICOM's window function, inversion, and windows where none is given."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from archive.geometry import image_geometry
from archive.rendering import png
from models.errors import BadInput


def shown(make_image, values, window=None, **attributes):
    """What a row of stored values looks like, 0 to 255."""
    values = np.asarray(values, attributes.pop("kind", "<i2"))
    bits = 8 * values.dtype.itemsize
    image = make_image(1, values.size, bits=bits, signed=values.dtype.kind == "i", **attributes)
    picture = Image.open(io.BytesIO(png(values.tobytes(), image_geometry(image, "i", "s"), window)))
    return np.asarray(picture)[0].tolist()


def test_the_window_is_dicoms_linear_function(make_image):
    """PS3.3, C.11.2.1.2.1: at or below c - 0.5 - (w-1)/2 black, above c - 0.5 + (w-1)/2 white."""
    assert shown(make_image, [-1000, -161, 40, 239, 1000], (40, 400)) == [0, 0, 128, 255, 255]


def test_the_window_is_applied_after_rescale(make_image):
    plain = shown(make_image, [0, 50, 100], (40, 400))
    assert shown(make_image, [1024, 1074, 1124], (40, 400), RescaleIntercept=-1024) == plain
    assert shown(make_image, [0, 25, 50], (40, 400), RescaleSlope=2) == plain


def test_the_images_own_window_is_the_default(make_image):
    values = [-100, 0, 100, 200]
    assert shown(make_image, values, WindowCenter=40, WindowWidth=400) == shown(make_image, values, (40, 400))


def test_monochrome1_is_inverted(make_image):
    values = list(range(-200, 300, 7))
    upright = shown(make_image, values, (40, 400))
    inverted = shown(make_image, values, (40, 400), PhotometricInterpretation="MONOCHROME1")
    assert all(abs(a + b - 255) <= 1 for a, b in zip(upright, inverted, strict=True))


def test_without_a_window_one_hot_pixel_does_not_darken_the_rest(make_image):
    values = np.linspace(0, 1000, 999).astype("<i2").tolist() + [32767]
    assert np.std(shown(make_image, values)) > 60


def test_eight_bits_are_shown_as_they_are(make_image):
    assert shown(make_image, range(256), kind="<u1") == list(range(256))


def test_an_even_image_is_no_error(make_image):
    assert len(set(shown(make_image, [7] * 10))) == 1


@settings(deadline=None, max_examples=60, derandomize=True)
@given(center=st.floats(-2000, 2000), width=st.floats(1, 5000))
def test_brighter_values_never_look_darker(make_image_plain, center, width):
    grey = shown(make_image_plain, range(-1500, 1500, 11), (center, width))
    assert grey == sorted(grey)


@pytest.fixture(scope="module")
def make_image_plain():
    from pydicom.dataset import Dataset

    def make(rows, columns, bits, signed):
        image = Dataset()
        image.Rows, image.Columns, image.BitsAllocated, image.BitsStored = rows, columns, bits, bits
        image.PixelRepresentation, image.PhotometricInterpretation = int(signed), "MONOCHROME2"
        return image

    return make


@pytest.mark.parametrize(("window", "side"), [((40, 0), None), ((40, float("nan")), None), (None, 0)])
def test_what_shows_nothing_is_refused(make_image, window, side):
    image = make_image()
    with pytest.raises(BadInput):
        png(image.PixelData, image_geometry(image, "i", "s"), window, side)
