"""Read teaching cases of every region for their findings and diagnoses.

    python -m benchmarks.cases CASES.jsonl

CASES has one JSON object a line: `case`, `diagnosis`, `findings`, and any of `history`, `impression`, `discussion` and
`images` (objects with `caption`, `modality`, `location`). Its report is findings and captions, then impression and
discussion; the diagnosis is never part of it. The last line printed holds, over all cases,

    diagnosis_catalogued  share whose diagnosis is one of the catalogue, as present
    diagnosis_possible    the same, where "possible" or "status post" may stand before it
    diagnosis_found       share in whose report that diagnosis, a kind of it or what it is a kind of is found
    with_finding          share whose findings hold a finding, present or uncertain
    findings_per_case     how many different findings they hold
    right_finding         share with a finding in the report that shows the diagnosis, by the catalogue
    modality_right        share whose images' modality the report's words tell, of those that state one
    region_right          share whose images' region the report's words tell, of those that state one

and under `by_modality` and `by_region` the first, third, fourth and sixth of these for what the images are called.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from models.diagnosis import DiagnosisCatalogue, shipped_diagnoses
from models.errors import BadInput, WetreadError
from models.finding import Assertion, FindingCatalogue, Region, shipped_findings
from models.report import SectionedText, SectionName, join_sections
from nlp.describe import modality_code, modality_said, region_of
from nlp.miner import Miner

T = TypeVar("T")

SHOWN = frozenset({Assertion.PRESENT, Assertion.UNCERTAIN})
POSSIBLE = SHOWN | {Assertion.PRIOR, Assertion.HYPOTHETICAL}
BY_GROUP = ("diagnosis_catalogued", "diagnosis_found", "with_finding", "right_finding")
REGIONS = {
    "chest, pulmonary": Region.CHEST,
    "cardiovascular": Region.CHEST,
    "gastrointestinal": Region.ABDOMEN,
    "genitourinary": Region.ABDOMEN,
    "abdomen": Region.ABDOMEN,
    "brain and neuro": Region.NEURO,
    "head and neck": Region.NEURO,
    "eye and orbit": Region.NEURO,
    "nerve, central": Region.NEURO,
    "musculoskeletal": Region.MUSCULOSKELETAL,
    "breast and mammography": Region.BREAST,
}
"""What places of images are called. Others, such as a spine or vessels, belong to no one region."""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its file tells it; ``place`` and ``kind`` are the region and modality its images are called most."""

    name: str
    diagnosis: str
    report: SectionedText
    kind: str | None
    place: Region | None


@dataclass(frozen=True, slots=True)
class Reader:
    """The miner with its catalogues."""

    miner: Miner
    findings: FindingCatalogue
    diagnoses: DiagnosisCatalogue

    def read(self, case: Case) -> dict[str, float]:
        """Each figure of one case, as 0 or 1 or a count."""
        named = list(self.miner.diagnoses(case.diagnosis))
        catalogued = {key for key, assertion, _ in named if assertion is Assertion.PRESENT}
        possible = {key for key, assertion, _ in named if assertion in POSSIBLE}
        told = {key for key, assertion, _ in self.miner.diagnoses(case.report) if assertion in SHOWN}
        seen = {one.finding for one in self.miner.observations(case.report) if one.assertion in SHOWN}
        described = {one.finding for one in self.miner.observations(_described(case)) if one.assertion in SHOWN}
        shows = {key for diagnosis in possible for key in self.diagnoses[diagnosis].findings}
        figures = {
            "diagnosis_catalogued": bool(catalogued),
            "diagnosis_possible": bool(possible),
            "diagnosis_found": any(self._kin(one, other) for one in possible for other in told),
            "with_finding": bool(described),
            "findings_per_case": len(described),
            "right_finding": any(self.findings.is_a(key, shown) for key in seen for shown in shows),
        }
        if case.kind:
            figures["modality_right"] = modality_said(case.report.text) == case.kind
        if case.place:
            region = region_of(case.report.text, [self.findings[key] for key in seen])
            figures["region_right"] = region is case.place
        return {name: float(value) for name, value in figures.items()}

    def _kin(self, one: str, other: str) -> bool:
        return self.diagnoses.is_a(one, other) or self.diagnoses.is_a(other, one)


def _described(case: Case) -> SectionedText:
    return join_sections(((SectionName.FINDINGS, case.report.body(SectionName.FINDINGS)),))


def main(path: Path) -> dict[str, Any]:
    """The figures of the closing line."""
    reader = Reader(Miner(shipped_findings(), shipped_diagnoses()), shipped_findings(), shipped_diagnoses())
    cases = list(read_cases(path))
    figures = [reader.read(case) for case in cases]
    return {
        "cases": len(cases),
        **_means(figures),
        "by_modality": _grouped([case.kind for case in cases], figures),
        "by_region": _grouped([case.place for case in cases], figures),
    }


def _means(figures: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each figure over those that have it."""
    values: dict[str, list[float]] = defaultdict(list)
    for one in figures:
        for name, value in one.items():
            values[name].append(value)
    return {name: round(sum(each) / len(each), 4) for name, each in values.items()}


def _grouped(names: Sequence[str | None], figures: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    groups: dict[str, list[Mapping[str, float]]] = defaultdict(list)
    for name, one in zip(names, figures, strict=True):
        if name:
            groups[name].append({key: one[key] for key in BY_GROUP})
    return {str(name): {"cases": len(each), **_means(each)} for name, each in sorted(groups.items())}


def read_cases(path: Path) -> Iterator[Case]:
    """The case of each line. Raises BadInput with the line where one cannot be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(str(path), f"cannot be read ({error})", "give a UTF-8 file of JSON lines") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _case(line, f"{path}:{number}")


def _case(line: str, where: str) -> Case:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise BadInput(where, "not a JSON object", "write one case a line") from error
    if not isinstance(row, dict) or "case" not in row:
        raise BadInput(where, "no case", "give each case a name, as case")
    images = [image for image in row.get("images") or () if isinstance(image, dict)]
    report = join_sections(
        (
            (SectionName.FINDINGS, _joined([row.get("findings"), *(image.get("caption") for image in images)])),
            (SectionName.IMPRESSION, _joined([row.get("impression"), row.get("discussion")])),
        )
    )
    kinds = [modality_code(str(image["modality"])) for image in images if image.get("modality")]
    places = [REGIONS.get(str(image.get("location")).lower()) for image in images]
    kind = _most(code for code in kinds if code != "OT")
    return Case(str(row["case"]), str(row.get("diagnosis") or ""), report, kind, _most(filter(None, places)))


def _joined(parts: Iterable[object]) -> str:
    """The texts that are there, each once, a paragraph each."""
    return "\n\n".join(dict.fromkeys(str(part).strip() for part in parts if part))


def _most(values: Iterable[T]) -> T | None:
    listed = list(values)
    return max(listed, key=listed.count) if listed else None


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(main(Path(sys.argv[1]))))
    except WetreadError as error:
        sys.exit(str(error))
