"""spaCy without torch, which it loads wherever that is installed: two seconds and 200 MB that no rule here uses."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_UNWANTED = ("torch", "cupy", "tensorflow", "mxnet")


@contextmanager
def spacy_alone() -> Iterator[None]:
    """Import spaCy inside this block. What it would load beside itself stays importable for everybody else."""
    hidden = [name for name in _UNWANTED if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # an import of it fails, as where it is not installed
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)
