"""What a request narrows the library to, such that no narrowing tells what a case shows (wall 1).

A reader may ask for set after set and compare where a case turns up. So every case, normal or not, has one modality,
one region and one family, and these are the same in every request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from models.finding import FindingCatalogue, Region, Truth
from models.reading import LibraryCase
from recommender.request import ChoiceSettings, SetRequest

Peers = tuple[Region, str, bool]


def is_narrowed(request: SetRequest) -> bool:
    """Whether the request asks for a kind of case, rather than for any."""
    return request.modality is not None or request.region is not None or request.family is not None


def holds_both(cases: Sequence[LibraryCase], request: SetRequest, settings: ChoiceSettings) -> bool:
    """Whether the library has cases of both truths at all. Where it has not, a narrowing can tell nobody anything."""
    shown = [case.skills.truth for case in cases if case.has_images or not request.images_only]
    return min(shown.count(truth) for truth in Truth) >= settings.least_of_a_truth


def narrow(cases: Sequence[LibraryCase], request: SetRequest, findings: FindingCatalogue) -> list[LibraryCase]:
    """The cases a request asks for, by id. ``cases`` is the whole library, or families would move with the request."""
    fitting = [case for case in cases if _fits(case, request)]
    if request.family is not None:
        own = families(fitting, _shown_families(cases, findings), findings)
        fitting = [case for case in fitting if own.get(case.case_id) == request.family]
    return sorted(fitting, key=lambda case: case.case_id)


def _fits(case: LibraryCase, request: SetRequest) -> bool:
    return (
        (request.modality is None or case.skills.modality == request.modality)
        and (request.region is None or case.skills.region is request.region)
        and (case.has_images or not request.images_only)
    )


def families(
    cases: Iterable[LibraryCase], shown: Mapping[Peers, Iterable[str]], findings: FindingCatalogue
) -> dict[str, str]:
    """The one family of each case, by case id: that of its finding, shown or imitated, else one drawn for it.

    ``shown``: the families of the abnormal cases among its peers (see ``_peers``); where there are none, so is the
    case's. Were a plain normal in every family of its region, whatever turned up in two would be normal.
    """
    own: dict[str, str] = {}
    for case in cases:
        finding = case.skills.finding
        if finding is not None and finding in findings:
            own[case.case_id] = findings[finding].family
        elif among := shown.get(_peers(case)):
            own[case.case_id] = max(among, key=lambda family: _lot(case, family))
    return own


def _shown_families(cases: Iterable[LibraryCase], findings: FindingCatalogue) -> Mapping[Peers, Iterable[str]]:
    shown: dict[Peers, set[str]] = defaultdict(set)
    for case in cases:
        finding = case.skills.finding
        if case.skills.truth is Truth.ABNORMAL and finding is not None and finding in findings:
            shown[_peers(case)].add(findings[finding].family)
    return {peers: sorted(names) for peers, names in shown.items()}


def _peers(case: LibraryCase) -> Peers:
    """Cases alike in all that a request can ask for besides the family; they share the families to draw from."""
    return (case.skills.region, case.skills.modality, case.has_images)


def _lot(case: LibraryCase, family: str) -> bytes:
    """The highest lot wins (rendezvous hashing), so that a family new to the library takes cases but moves no other.

    The patient takes part because no reader is ever shown it: from the case id alone one could draw the lots again.
    """
    return blake2b(f"{case.case_id}\n{case.patient}\n{family}".encode(), digest_size=8).digest()
