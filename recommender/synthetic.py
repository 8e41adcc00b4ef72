"""The share of synthetic cases in a set (wall 5): at most a third, and nothing to be learned from the label.

Of the synthetic cases a reader has ever met, 40 to 50 % must hold no lesion; else "synthetic" would say "abnormal".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import floor

from models.finding import Truth
from models.reading import Exposure, LibraryCase
from models.teaching_case import CaseOrigin
from recommender.basket import Basket
from recommender.request import ChoiceSettings

NEAREST = 0.55
"""One synthetic case is either normal or not, and neither is 45 %: as far from the middle as a lone case must lie."""


@dataclass(frozen=True, slots=True)
class SyntheticMet:
    """Synthetic cases a reader has met: all, and those of them without a lesion."""

    total: int
    normals: int

    def off(self, share: tuple[float, float]) -> float:
        """How many normals too many or too few for ``share``; 0 inside it, and where no whole number comes nearer."""
        middle, half = sum(share) / 2 * self.total, (share[1] - share[0]) / 2 * self.total
        return max(abs(self.normals - middle) - max(half, NEAREST), 0.0)


def synthetic_met(cases: Iterable[LibraryCase], exposures: Mapping[str, Exposure]) -> SyntheticMet:
    met = [case for case in cases if case.origin is CaseOrigin.SYNTHETIC and case.case_id in exposures]
    return SyntheticMet(len(met), sum(case.skills.truth is Truth.NORMAL for case in met))


def caps(size: int, met: SyntheticMet, settings: ChoiceSettings) -> Iterator[tuple[int, int]]:
    """Numbers of synthetic normals and abnormals to try, most synthetic cases first; the last pair is none at all."""
    for total in range(floor(settings.synthetic_share * size + 1e-9), 0, -1):
        splits = [(normals, total - normals) for normals in range(total + 1)]
        after = {split: SyntheticMet(met.total + total, met.normals + split[0]) for split in splits}
        best = min(splits, key=lambda split: after[split].off(settings.synthetic_normals))
        yield best
    yield 0, 0


def keeps_wall(basket: Basket, met: SyntheticMet, settings: ChoiceSettings) -> bool:
    """Whether the set as it came out is at most a third synthetic and its normals leave the share met in range."""
    normals, abnormals = basket.synthetic(True), basket.synthetic(False)
    total = normals + abnormals
    if not total:
        return True
    if total > settings.synthetic_share * len(basket.chosen) + 1e-9:
        return False
    before, after = met, SyntheticMet(met.total + total, met.normals + normals)
    share = settings.synthetic_normals
    return after.off(share) == 0 or (before.total > 0 and after.off(share) < before.off(share))
