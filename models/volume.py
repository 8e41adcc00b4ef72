"""How much is read: the exposure that weighs a reader's gaps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportCount:
    """Reports of one reader, month ("2026-03", "" where unknown) and modality that show a finding.

    ``finding`` "" counts reports whatever they show; ``reader_id`` "" those whose author is unknown.
    """

    reader_id: str
    month: str
    modality: str
    finding: str
    reports: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Studies a reader read in one month ("2026-03") and modality, whatever they showed."""

    reader_id: str
    month: str
    modality: str
    reads: int
