"""What an image archive is, and the values it hands out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pydicom.dataset import Dataset

from models.teaching_case import ImageRef


@dataclass(frozen=True, slots=True)
class StoredImage:
    """One image of the archive. ``number`` is DICOM's Instance Number, 0 where the image has none.

    ``image_id`` and ``series_id`` are opaque; the UIDs are for those who import and export, never for readers.
    """

    image_id: str
    series_id: str
    number: int
    frames: int
    sop_instance_uid: str
    study_instance_uid: str
    series_instance_uid: str

    @property
    def ref(self) -> ImageRef:
        """The image as a case's stem names it."""
        return ImageRef(self.image_id, self.series_id, self.number, self.frames)


@dataclass(frozen=True, slots=True)
class ImageGeometry:
    """All that a viewer needs to show an image: an allow-list of numbers and codes, never DICOM text (wall 1).

    Names are DICOM's keywords. Spacings and positions are in mm. The window is in the units that the rescale yields
    (for CT, HU). Where an enhanced file gives a value for each frame, it is the first frame's.
    ``photometric_interpretation`` is MONOCHROME1, MONOCHROME2 or RGB; ``modality`` is one of DICOM's codes, OT where
    the image names another.
    """

    image_id: str
    series_id: str
    modality: str
    rows: int
    columns: int
    frames: int
    samples_per_pixel: int
    bits_allocated: int
    bits_stored: int
    pixel_representation: int
    photometric_interpretation: str
    row_spacing_mm: float | None
    column_spacing_mm: float | None
    slice_thickness_mm: float | None
    image_position_patient: tuple[float, ...] | None
    image_orientation_patient: tuple[float, ...] | None
    rescale_slope: float
    rescale_intercept: float
    window_center: float | None
    window_width: float | None

    @property
    def frame_bytes(self) -> int:
        """The length of one frame's pixels in bytes."""
        return self.rows * self.columns * self.samples_per_pixel * self.bits_allocated // 8


class Archive(Protocol):
    """Keeps images and gives them back, whole, by frame or rendered.

    Frames count from 1, as in DICOM. An unknown image or frame raises NotFound.
    """

    def add(self, dataset: Dataset, where: str = "image") -> StoredImage:
        """Store an image; a second time it is found, not doubled. ``where`` names it in errors.

        An image is the same when its SOP Instance UID, pixels and geometry are; other attributes keep what came first.
        Raises BadInput for an image that cannot be read, Conflict where the UID is taken by different content.
        """
        ...

    def add_file(self, path: Path) -> StoredImage:
        """Read a DICOM file and store it. Raises BadInput and Conflict as ``add`` does."""
        ...

    def images(self, series_id: str) -> tuple[StoredImage, ...]:
        """The images of a series by number; empty for a series that is not there."""
        ...

    def geometry(self, image_id: str) -> ImageGeometry: ...

    def frame(self, image_id: str, frame: int) -> bytes:
        """Stored values, row by row, little endian; colour as interleaved RGB, 8 bits a sample."""
        ...

    def rendered(
        self,
        image_id: str,
        frame: int,
        window: tuple[float, float] | None = None,
        longest_side: int | None = None,
    ) -> bytes:
        """A PNG for people. ``window`` is (center, width); ``longest_side`` in pixels only ever shrinks the image."""
        ...

    def dataset(self, image_id: str) -> Dataset:
        """The whole image, pixels included, in Explicit VR Little Endian."""
        ...

    def remove(self, image_ids: Iterable[str]) -> None:
        """Forget images; those that are not there are passed over."""
        ...
