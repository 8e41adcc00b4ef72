"""The pixels of the images looked at last, in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable


class Recent:
    """Keeps at most ``most_bytes``, and forgets first what was asked for least recently. Safe for several threads.

    What would take more than a quarter of it is not kept at all.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._held = most_bytes, 0
        self._pixels: OrderedDict[Hashable, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> bytes | None:
        with self._lock:
            pixels = self._pixels.get(key)
            if pixels is not None:
                self._pixels.move_to_end(key)
            return pixels

    def put(self, key: Hashable, pixels: bytes) -> None:
        if 4 * len(pixels) > self._most:
            return
        with self._lock:
            self._held += len(pixels) - len(self._pixels.pop(key, b""))
            self._pixels[key] = pixels
            while self._held > self._most:
                _, dropped = self._pixels.popitem(last=False)
                self._held -= len(dropped)
