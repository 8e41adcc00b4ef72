"""Images for the viewer: geometry, raw frames and rendered previews. Never DICOM, never its text."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.door import Caller, OpenWorkspace, allow
from api.rights import Permission
from api.workspace import Workspace
from models.errors import NotFound
from store import library

router = APIRouter(prefix="/api/images", tags=["images"])

VIEWERS = (Permission.PRACTISE, Permission.EDIT_DRAFTS)
CACHE = {"Cache-Control": "private, max-age=600"}


class ImageView(BaseModel):
    """Geometry and window of one image; names are DICOM keywords in snake_case, lengths in mm."""

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
    image_position_patient: list[float] | None
    image_orientation_patient: list[float] | None
    rescale_slope: float
    rescale_intercept: float
    window_center: float | None
    window_width: float | None


@router.get("/{image_id}")
def geometry(image_id: str, workspace: OpenWorkspace, caller: Caller = allow(*VIEWERS)) -> ImageView:
    """Size, spacing, position and window of an image."""
    _check(workspace, caller, image_id)
    return ImageView(**asdict(workspace.archive.geometry(image_id)))


@router.get("/{image_id}/frames/{frame}", response_class=Response)
def frame(image_id: str, frame: int, workspace: OpenWorkspace, caller: Caller = allow(*VIEWERS)) -> Response:
    """The stored values of one frame (from 1), uncompressed little-endian; colour as interleaved 8-bit RGB."""
    _check(workspace, caller, image_id)
    pixels = workspace.archive.frame(image_id, frame)
    return Response(pixels, media_type="application/octet-stream", headers=CACHE)


@router.get("/{image_id}/frames/{frame}/rendered", response_class=Response)
def rendered(
    image_id: str,
    frame: int,
    workspace: OpenWorkspace,
    longest_side: int | None = Query(default=None, ge=16, le=4096),
    caller: Caller = allow(*VIEWERS),
) -> Response:
    """A PNG of one frame under its own window, for a first look and for lists."""
    _check(workspace, caller, image_id)
    picture = workspace.archive.rendered(image_id, frame, longest_side=longest_side)
    return Response(picture, media_type="image/png", headers=CACHE)


def _check(workspace: Workspace, caller: Caller, image_id: str) -> None:
    """An educator sees every image of the department, a reader those of their own sets."""
    reader_id = None if caller.may(Permission.EDIT_DRAFTS) else caller.reader_id
    with workspace.database.snapshot() as tx:
        if not library.may_see_image(tx, caller.department_id, image_id, reader_id):
            raise NotFound("no such image here")
