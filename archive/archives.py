"""The kinds of archive there are. A new one is a module and a line here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from archive.archive import Archive
from archive.dicomweb_access import NO_ACCESS, Access
from archive.folder import FolderArchive
from models.errors import BadInput


def _dicomweb(address: str, secret: bytes, access: Access) -> Archive:
    from archive.dicomweb import DicomwebArchive  # with its HTTP client, which a folder's service need not load

    return DicomwebArchive(address, secret, access)


ARCHIVES: Mapping[str, Callable[[str, bytes, Access], Archive]] = {
    "folder": lambda place, secret, _access: FolderArchive(place, secret),
    "dicomweb": _dicomweb,
}


def open_archive(address: str, secret: bytes, access: Access = NO_ACCESS) -> Archive:
    """The archive at ``kind:place``; without a kind, the address is a folder's path.

    ``secret`` is the workspace's, from which the opaque ids are made; ``access`` is for an archive on a server. Raises
    BadInput for an unknown kind.
    """
    if not address:
        raise BadInput("archive address", "is empty", "give a folder's path")
    named = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", address, re.DOTALL)
    kind, place = (named[1].lower(), named[2]) if named else ("folder", address)
    if kind not in ARCHIVES:
        # Not the address itself: one of a server, its kind forgotten, may hold a password.
        remedy = f"use one of {', '.join(ARCHIVES)}, or write a path as ./{kind}:…"
        if kind in ("http", "https"):
            remedy = "write a server as dicomweb:https://host/dicom-web"
        raise BadInput("archive address", f"there is no archive of kind '{kind}'", remedy)
    return ARCHIVES[kind](place, secret, access)
