"""By how many days a patient's dates are moved: the same in text and images, so that intervals stay right."""

from __future__ import annotations

from hashlib import blake2b

LONGEST = 365
_KEY_BYTES = 64  # BLAKE2b's longest key (RFC 7693, section 2.1)


def shift_days(secret: bytes, patient: str) -> int:
    """Days, from 1 to 365 into the past, as a negative number; it depends on the secret and the patient alone.

    Raises ValueError for an empty secret: with one, anyone could move the dates back.
    """
    if not secret:
        raise ValueError("an empty secret would let anyone move the dates back")
    key = secret if len(secret) <= _KEY_BYTES else blake2b(secret).digest()
    digest = blake2b(b"date shift\0" + patient.encode("utf-8", "surrogatepass"), key=key, digest_size=8).digest()
    return -1 - int.from_bytes(digest, "little") % LONGEST
