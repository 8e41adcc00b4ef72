"""Keyed hashes that stand in for identifiers: the same in every run, and worthless without the workspace's secret."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID as Uuid

from pydicom.uid import UID

_KEY_BYTES = 64  # BLAKE2b's longest key (RFC 7693, section 2.1)


def keyed_hash(secret: bytes, *parts: str) -> bytes:
    """16 bytes that depend on the secret and on every part. Raises ValueError for an empty secret.

    Each part is preceded by its length, so that ("ab", "c") and ("a", "bc") differ.
    """
    if not secret:
        raise ValueError("an empty secret would let anyone recompute the pseudonyms")
    key = secret if len(secret) <= _KEY_BYTES else blake2b(secret).digest()
    digest = blake2b(key=key, digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.digest()


def opaque_id(secret: bytes, kind: str, uid: str) -> str:
    """32 hexadecimal digits for a UID; ``kind`` ("image", "series") keeps ids of different things apart."""
    return keyed_hash(secret, kind, uid).hex()


def pseudonymous_uid(secret: bytes, *parts: str) -> UID:
    """A UID under 2.25, the root for UUIDs as integers (PS3.5, B.2); version 5 marks a UUID that is a hash."""
    return UID(f"2.25.{Uuid(bytes=keyed_hash(secret, 'uid', *parts), version=5).int}")
