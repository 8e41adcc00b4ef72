"""How a DICOMweb server is reached: address, credentials and certificate, and how long and how much it may answer."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from models.errors import BadInput


@dataclass(frozen=True, slots=True)
class Credentials:
    """Nothing, a user with a password (HTTP Basic), or a bearer token. They never show in a repr."""

    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Access:
    """``setting`` names the server in errors, such as "WETREAD_PACS"; its companions end in _USER, _TOKEN, _CA ….

    ``ca`` is a file of certificates to trust instead of the public ones. ``cache`` is the folder in which an archive
    may keep what it knows of the server.
    """

    setting: str = "WETREAD_ARCHIVE"
    credentials: Credentials = Credentials()
    ca: Path | None = None
    cache: Path | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Patience, in seconds, and appetite, in bytes.

    ``read_seconds`` is the longest silence; ``request_seconds`` ends a request with all its tries, however busily the
    server dribbles; ``study_seconds`` ends the fetching of one study.
    """

    connect_seconds: float = 5
    read_seconds: float = 30
    request_seconds: float = 300
    study_seconds: float = 1800
    tries: int = 4
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 30
    text_bytes: int = 16 << 20
    instance_bytes: int = 1 << 30


NO_CREDENTIALS, NO_ACCESS, LIMITS = Credentials(), Access(), Limits()


def checked_address(address: str, access: Access) -> str:
    """The address without a slash at its end.

    Raises BadInput, which never quotes the address, for one that is no http(s) address or carries what it should not,
    and for credentials or certificates that cannot be used.
    """
    _check_credentials(access)
    if access.ca is not None and not access.ca.is_file():
        raise BadInput(f"{access.setting}_CA", "names no file", "give the path of a PEM file with the certificates")
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f\\]", address):
        raise BadInput(access.setting, "is no address of a server", "write it as https://host/dicom-web")
    if "@" in parts.netloc:
        remedy = f"put them into {access.setting}_USER and {access.setting}_PASSWORD"
        raise BadInput(access.setting, "carries a user or password in its address", remedy)
    if parts.query or parts.fragment:
        raise BadInput(access.setting, "carries more than host and path", f"put a token into {access.setting}_TOKEN")
    return address.rstrip("/")


def _check_credentials(access: Access) -> None:
    given, setting = access.credentials, access.setting
    if bool(given.user) != bool(given.password):
        raise BadInput(f"{setting}_USER, {setting}_PASSWORD", "one is given without the other", "give both or none")
    if given.token and given.user:
        raise BadInput(f"{setting}_TOKEN", "is given beside a user and password", "give one of the two")
    if ":" in given.user or re.search(r"[\x00-\x1f\x7f]", given.user + given.password):
        raise BadInput(f"{setting}_USER, {setting}_PASSWORD", "hold a character that cannot be sent", "choose others")
    if not re.fullmatch(r"[\x21-\x7e]*", given.token):
        raise BadInput(f"{setting}_TOKEN", "holds a character that no token has", "copy it again, without line breaks")
