"""What an archive says of an image in normal form: its ids, its geometry, and a digest that tells it from others."""

from __future__ import annotations

from hashlib import blake2b

from pydicom.dataset import Dataset

from archive.archive import ImageGeometry, StoredImage
from archive.dicom_files import integer, text
from archive.geometry import image_geometry
from archive.pseudonyms import opaque_id


def described(attributes: Dataset, secret: bytes) -> tuple[StoredImage, ImageGeometry]:
    """The same for the same UIDs and secret, in whatever archive."""
    sop, study, series = (
        text(attributes, keyword) for keyword in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
    )
    image_id, series_id = opaque_id(secret, "image", sop), opaque_id(secret, "series", series)
    geometry = image_geometry(attributes, image_id, series_id)
    number = integer(attributes, "InstanceNumber")
    return StoredImage(image_id, series_id, number, geometry.frames, sop, study, series), geometry


def content_digest(geometry: ImageGeometry, pixels: bytes) -> str:
    """Images under one UID are the same when pixels and geometry are; other attributes keep what came first."""
    digest = blake2b(repr(geometry).encode(), digest_size=16)
    digest.update(pixels)
    return digest.hexdigest()
