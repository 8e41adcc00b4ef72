"""Proves the catalogues consistent: that keys exist, phrases mean one thing, trees are trees, figures have sources."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Protocol, TypeVar

from models import diagnosis, finding
from models.catalogue import Catalogue, Problem, Severity, tree_problems
from models.diagnosis import DiagnosisCatalogue
from models.finding import Finding, FindingCatalogue, Region

FEWEST = {finding.FILE: 150, diagnosis.FILE: 120}
"""Entries that the shipped catalogues hold at least."""
LONGEST_KEY = 80

# fmt: off
MODALITIES = frozenset(
    {
        "BDUS", "BI", "BMD", "CR", "CT", "DG", "DX", "ES", "GM", "IO", "IVOCT", "IVUS", "LS", "MG", "MR", "NM", "OCT",
        "OP", "OPT", "OT", "PT", "PX", "RF", "RG", "SM", "TG", "US", "XA", "XC",
    }
)
"""Defined terms of the DICOM attribute Modality (PS3.3 C.7.3.1.1.1) under which images are stored."""
MEANT_TWICE = frozenset(
    {
        "hydropneumothorax", "hemopneumothorax", "haemopneumothorax", "hydropneumothoraces", "pyopneumothorax",
        "masslike opacity", "mass-like opacity", "masslike opacification", "mass-like opacification",
        "kyphoscoliosis", "hepatosplenomegaly", "interstitial opacity",
        "reticular opacity",
    }
)
"""Phrases that mean two findings at once; both are read."""
STOP_WORDS = frozenset(
    {
        "a", "acute", "an", "and", "are", "as", "at", "be", "been", "bilateral", "both", "but", "by", "can",
        "chronic", "could", "for", "from", "had", "has", "have", "he", "her", "his", "if", "in", "into", "is", "it",
        "its", "large", "left", "may", "might", "mild", "moderate", "new", "no", "none", "nor", "normal", "not", "of",
        "old", "on", "or", "other", "patient", "possible", "prior", "right", "seen", "severe", "she", "since",
        "small", "so", "some", "stable", "study", "such", "than", "that", "the", "their", "then", "there", "these",
        "this", "those", "to", "unchanged", "up", "was", "were", "which", "with", "within", "without", "would", "you",
    }
)
"""Words too common to be a finding by themselves."""
# fmt: on
_KEY = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_CODES = {"oifm": r"OIFM_[A-Z0-9]+_\d+", "radlex": r"RID\d+", "snomed": r"[1-9]\d{5,17}"}


class _Described(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def region(self) -> Region: ...
    @property
    def phrases(self) -> tuple[str, ...]: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def mimics(self) -> tuple[str, ...]: ...


E = TypeVar("E", bound=_Described)
Told = Iterator[tuple[str, str, Severity]]


def check(
    findings: FindingCatalogue, diagnoses: DiagnosisCatalogue, shipped: bool = False, places: Collection[str] = ()
) -> list[Problem]:
    """Everything wrong with the two catalogues, entry by entry. ``shipped``: they are the package's own, which hold a
    certain number of entries. ``places`` are the words for places that reports use; without any, sites go unchecked.
    """
    found = [*_catalogue(finding.FILE, findings, shipped), *_catalogue(diagnosis.FILE, diagnoses, shipped)]
    answers = {_words(text) for one in findings.values() for text in (one.name, *one.phrases)}
    known = {place.lower() for place in places}
    for one in findings.values():
        for told in (_family(one, answers), _sites(one, known), _figures(one), _parent_region(one, findings)):
            found += [Problem(finding.FILE, one.key, *said) for said in told]
    for meant in diagnoses.values():
        found += [Problem(diagnosis.FILE, meant.key, *said) for said in _shown(meant.findings, findings)]
    return found


def _catalogue(file: str, catalogue: Catalogue[E], shipped: bool) -> list[Problem]:
    """The rules that hold in both catalogues."""
    found = tree_problems(file, catalogue)
    if shipped and len(catalogue) < FEWEST[file]:
        found.append(Problem(file, "", f"fewer than {FEWEST[file]} entries", "put back what was taken out"))
    for key, entry in catalogue.items():
        for told in (_naming(entry), _phrases(entry), _mimics(entry, catalogue)):
            found += [Problem(file, key, *said) for said in told]
    return [*found, *_shared_names(file, catalogue), *_shared_phrases(file, catalogue)]


def _error(problem: str, remedy: str) -> tuple[str, str, Severity]:
    return problem, remedy, Severity.ERROR


def _warning(problem: str, remedy: str) -> tuple[str, str, Severity]:
    return problem, remedy, Severity.WARNING


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.lower()))


def _plain(text: str) -> bool:
    """Whether the text is words with single blanks between them, so that it can be compared in lower case."""
    return text.isprintable() and text == " ".join(text.split()) and any(c.isalnum() for c in text)


def _naming(entry: _Described) -> Told:
    if not _KEY.fullmatch(entry.key) or len(entry.key) > LONGEST_KEY:
        yield _error("the key is not snake_case", f"use a-z, 0-9 and single _, at most {LONGEST_KEY} characters")
    if not _plain(entry.name):
        yield _error("the name is empty, or holds more than words", "give a name to show to people")


def _phrases(entry: _Described) -> Told:
    if not entry.phrases:
        yield _warning("no phrases: it is never found in a report", "add what reports call it")
    for number, phrase in enumerate(entry.phrases, start=1):
        if not _plain(phrase):
            yield _error(f"phrase {number} is empty or oddly spaced", "write words with single blanks between them")
        elif len(phrase) < 2:
            yield _error(f"phrase {number} is a single character", "write the word out")
        elif phrase.lower() in STOP_WORDS:
            yield _error(f'phrase "{phrase}" is in every report', "take it out, or add the words around it")
    for phrase in _twice(phrase.lower() for phrase in entry.phrases):
        yield _warning(f'phrase "{phrase}" is listed twice', "take one out; case does not matter")


def _twice(words: Iterator[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def _mimics(entry: E, catalogue: Catalogue[E]) -> Told:
    for key in dict.fromkeys(entry.mimics):
        if key not in catalogue:
            yield _error(f"mimic {key} is not in the catalogue", "name entries that exist")
        elif key == entry.key:
            yield _error("it is named as its own mimic", "take it out")
        elif catalogue.is_a(key, entry.key) or catalogue.is_a(entry.key, key):
            yield _error(f"mimic {key} is a kind of it, or it is one of {key}", "take it out")
        elif entry.key not in catalogue[key].mimics:
            yield _warning(f"{key} does not name it as a mimic", f"add it to the mimics of {key}")
    for key in _twice(iter(entry.mimics)):
        yield _warning(f"mimic {key} is listed twice", "take one out")


def _shared_names(file: str, catalogue: Catalogue[E]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for key, entry in catalogue.items():
        first = owners.setdefault(entry.name.casefold(), key)
        if first != key:
            yield Problem(file, key, f"has the name of {first}", "give it a name of its own")


def _shared_phrases(file: str, catalogue: Catalogue[E]) -> Iterator[Problem]:
    """A phrase of two entries is told at the later one. Where one is a kind of the other both readings are true."""
    owners: dict[str, list[str]] = defaultdict(list)
    for key, entry in catalogue.items():
        for phrase in dict.fromkeys(phrase.lower() for phrase in entry.phrases):
            for other in owners[phrase] if phrase not in MEANT_TWICE else ():
                kin = catalogue.is_a(key, other) or catalogue.is_a(other, key)
                severity = Severity.WARNING if kin else Severity.ERROR
                problem = f'phrase "{phrase}" is also one of {other}'
                yield Problem(file, key, problem, "leave it to one of the two", severity)
            owners[phrase].append(key)


def _family(one: Finding, answers: Collection[tuple[str, ...]]) -> Told:
    """Readers may ask for the family before they answer."""
    words = _words(one.family)
    if not words:
        yield _error("no family", "name the organ or tissue")
    if any(words[i:j] in answers for i in range(len(words)) for j in range(i + 1, len(words) + 1)):
        yield _error("its family tells an answer", "name the organ or tissue, in no finding's words")


def _sites(one: Finding, known: Collection[str]) -> Told:
    for number, site in enumerate(one.sites, start=1):
        if not _plain(site):
            yield _error(f"site {number} is empty or oddly spaced", "write words with single blanks between them")
        elif known and site.lower() not in known:
            yield _warning(f'site "{site}" is no place that reports are searched for', "write it as reports do")
    for site in _twice(site.lower() for site in one.sites):
        yield _warning(f'site "{site}" is listed twice', "take one out")


def _figures(one: Finding) -> Told:
    if not one.modalities:
        yield _warning("no modalities", "name those in which it is practised")
    if unknown := sorted(set(one.modalities) - MODALITIES):
        yield _error(f"no DICOM modality: {', '.join(unknown)}", "write codes such as CT, MR, DX")
    if not 1 <= one.harm <= 5:
        yield _error("harm is not 1 to 5", "write 1 (minor) to 5 (deadly if missed)")
    if one.prior_miss is not None and not 0 <= one.prior_miss <= 1:
        yield _error("prior_miss is not 0 to 1", "write 0.33 for 33 %")
    if (one.prior_miss is None) != (not one.source.strip()):
        yield _error(
            "prior_miss and source are not both there", "give the figure with the paper it is from, or neither"
        )
    yield from _codes(one.codes)


def _codes(codes: Mapping[str, str]) -> Told:
    for system, code in codes.items():
        if system not in _CODES:
            yield _warning(f"codes of an unknown system, {system}", f"known are {', '.join(_CODES)}")
        elif not re.fullmatch(_CODES[system], code):
            yield _error(f"not a code of {system}", "copy it from the terminology")


def _parent_region(one: Finding, findings: FindingCatalogue) -> Told:
    """Bone and vessels run through the body: there a parent of the same family may lie elsewhere."""
    parent = findings.get(one.parent or "")
    if parent and parent.region not in (one.region, Region.OTHER) and parent.family != one.family:
        yield _error(f"it lies in {one.region}, its parent in {parent.region}", "name a parent of its region")


def _shown(keys: tuple[str, ...], findings: FindingCatalogue) -> Told:
    if not keys:
        yield _warning("no findings", "name those that show it")
    for key in dict.fromkeys(keys):
        if key not in findings:
            yield _error(f"finding {key} is not in the catalogue", "name findings that exist")
    for key in _twice(iter(keys)):
        yield _warning(f"finding {key} is listed twice", "take one out")
