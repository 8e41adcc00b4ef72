"""The shipped catalogues hold together: every key they name exists, and no phrase is claimed twice by accident."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from models.diagnosis import DiagnosisCatalogue, diagnoses_of, parse_diagnoses, shipped_diagnoses
from models.errors import BadInput
from models.finding import (
    Finding,
    FindingCatalogue,
    Region,
    findings_of,
    parse_findings,
    shipped_findings,
    shipped_sites,
)

REGIONS = {Region.CHEST, Region.ABDOMEN, Region.NEURO, Region.MUSCULOSKELETAL, Region.BREAST}
CHEST_FILM = [
    "cardiomegaly",
    "pleural_effusion",
    "pneumothorax",
    "opacity",
    "consolidation",
    "atelectasis",
    "edema",
    "vascular_congestion",
    "pneumonia",
    "nodule_mass",
    "fracture",
    "granuloma",
    "emphysema_copd",
    "scoliosis",
    "hiatal_hernia",
    "scar",
    "atherosclerosis",
    "kyphosis",
    "degenerative_spine",
    "tortuous_aorta",
    "hyperinflation",
    "hypoinflation",
    "pleural_thickening",
    "diaphragm_elevated",
]
ELBOW_LABELS = {
    "Supracondylar": "supracondylar_fracture",
    "Lateral Condyle": "lateral_condyle_fracture",
    "Radial Head or Neck": "radial_head_or_neck_fracture",
    "Olecranon": "olecranon_fracture",
    "Medial Epicondyle": "medial_epicondyle_fracture",
    "Occult Fracture": "occult_elbow_fracture",
    "Ulna": "ulna_fracture",
}
# One word that means two findings at once.
MEANT_TWICE = {
    "hydropneumothorax",
    "haemopneumothorax",
    "hydropneumothoraces",
    "pyopneumothorax",
    "masslike opacity",
    "mass-like opacity",
    "masslike opacification",
    "mass-like opacification",
    "hemopneumothorax",
    "kyphoscoliosis",
    "hepatosplenomegaly",
    "interstitial opacity",
    "reticular opacity",
}
DICOM_MODALITIES = {"CR", "CT", "DX", "MG", "MR", "NM", "PT", "RF", "US", "XA"}


@pytest.fixture(scope="module")
def findings() -> FindingCatalogue:
    return shipped_findings()


@pytest.fixture(scope="module")
def diagnoses() -> DiagnosisCatalogue:
    return shipped_diagnoses()


def test_both_catalogues_cover_the_five_regions(findings: FindingCatalogue, diagnoses: DiagnosisCatalogue) -> None:
    for catalogue in (findings, diagnoses):
        assert len(catalogue) >= 120
        by_region: dict[Region, int] = defaultdict(int)
        for entry in catalogue.values():
            by_region[entry.region] += 1
        assert by_region.keys() >= REGIONS
        assert min(by_region[region] for region in REGIONS) >= 8


def test_every_key_is_snake_case(findings: FindingCatalogue, diagnoses: DiagnosisCatalogue) -> None:
    for key in (*findings, *diagnoses):
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key), key


def test_chest_films_have_their_usual_names(findings: FindingCatalogue) -> None:
    assert not set(CHEST_FILM) - set(findings)


def test_every_key_a_finding_names_exists(findings: FindingCatalogue) -> None:
    for finding in findings.values():
        for key in (*finding.mimics, *([finding.parent] if finding.parent else [])):
            assert key in findings, f"{finding.key} names {key}"
        assert finding.key not in finding.mimics


def test_every_key_a_diagnosis_names_exists(findings: FindingCatalogue, diagnoses: DiagnosisCatalogue) -> None:
    for diagnosis in diagnoses.values():
        assert diagnosis.findings, diagnosis.key
        assert not set(diagnosis.findings) - set(findings), diagnosis.key
        assert not set(diagnosis.mimics) - set(diagnoses), diagnosis.key
        assert diagnosis.key not in diagnosis.mimics


def test_the_tree_has_no_cycles(findings: FindingCatalogue) -> None:
    for key in findings:
        seen, parent = {key}, findings[key].parent
        while parent is not None:
            assert parent not in seen, f"{key} is its own ancestor"
            seen.add(parent)
            parent = findings[parent].parent


def test_a_phrase_belongs_to_one_finding_unless_meant(findings: FindingCatalogue) -> None:
    owners: dict[str, set[str]] = defaultdict(set)
    for finding in findings.values():
        for phrase in finding.phrases:
            owners[phrase.lower()].add(finding.key)
    assert {phrase for phrase, keys in owners.items() if len(keys) > 1} <= MEANT_TWICE


def test_a_phrase_belongs_to_one_diagnosis(diagnoses: DiagnosisCatalogue) -> None:
    phrases = [phrase.lower() for diagnosis in diagnoses.values() for phrase in diagnosis.phrases]
    assert len(phrases) == len(set(phrases))


def test_harm_family_modalities_and_sources(findings: FindingCatalogue) -> None:
    for finding in findings.values():
        assert 1 <= finding.harm <= 5
        assert set(finding.modalities) <= DICOM_MODALITIES and finding.modalities
        assert finding.prior_miss is None or (0 < finding.prior_miss < 1 and finding.source)


def test_a_family_gives_no_finding_away(findings: FindingCatalogue) -> None:
    names = {phrase.lower() for finding in findings.values() for phrase in (finding.name, *finding.phrases)}
    families = {finding.family for finding in findings.values()}
    assert not families & names
    assert len(families) < len(findings) / 4


def test_elbow_labels_name_elbow_fractures(findings: FindingCatalogue) -> None:
    for label, key in ELBOW_LABELS.items():
        owners = [finding.key for finding in findings.values() if label in finding.phrases]
        assert owners == [key]
        assert findings.is_a(key, "elbow_fracture") and findings.is_a(key, "fracture")


def test_every_finding_has_its_usual_sites(findings: FindingCatalogue) -> None:
    sites = shipped_sites()
    assert all(finding.sites for finding in findings.values())
    assert {site for finding in findings.values() for site in finding.sites} <= sites.keys()
    assert all(re.fullmatch(r"RID\d+|", code) for code in sites.values())


def test_nearly_every_entry_has_a_mimic(findings: FindingCatalogue, diagnoses: DiagnosisCatalogue) -> None:
    assert [key for key, finding in findings.items() if not finding.mimics] == [
        "coronary_calcification",
        "atherosclerosis",
        "situs_anomaly",
        "scoliosis",
        "splenomegaly",
    ]
    assert all(diagnosis.mimics for diagnosis in diagnoses.values())


def test_chest_film_findings_have_no_kinds_but_the_known_ones(findings: FindingCatalogue) -> None:
    """What a report says of a kind counts for its parent: a new kind would change what the parent means."""
    kinds = {key for key, finding in findings.items() if finding.parent in CHEST_FILM and finding.parent != "fracture"}
    assert kinds == {"consolidation", "ground_glass", "coronary_calcification"}


def test_a_kind_takes_the_miss_rate_of_its_nearest_parent_with_one(findings: FindingCatalogue) -> None:
    own, taken = findings["wrist_fracture"], findings["scaphoid_fracture"]
    assert taken.prior_miss is None
    assert findings.prior_miss("scaphoid_fracture") == (own.prior_miss, own.source)
    assert findings.prior_miss("vertebral_fracture") == (0.84, findings["vertebral_fracture"].source)
    assert findings.prior_miss("rib_fracture") is None and findings.prior_miss("no_such_finding") is None


def test_a_circle_of_parents_is_climbed_once() -> None:
    one, two = (
        Finding(key, key, Region.OTHER, "organ", (), (), parent=parent)
        for key, parent in (("one", "two"), ("two", "one"))
    )
    circle = FindingCatalogue([one, two])
    assert list(circle.ancestors("one")) == ["two"] and circle.is_a("one", "two") and not circle.is_a("one", "three")
    assert circle.prior_miss("one") is None


def test_is_a_follows_parents_and_survives_unknown_keys(findings: FindingCatalogue) -> None:
    assert findings.is_a("consolidation", "opacity")
    assert not findings.is_a("opacity", "consolidation")
    assert not findings.is_a("no_such_finding", "opacity")
    assert findings.name("no_such_finding") == "no such finding"


def test_a_department_adds_and_replaces_entries(tmp_path: Path) -> None:
    (tmp_path / "findings.toml").write_text(
        '[pneumothorax]\nname = "Collapsed lung"\nregion = "chest"\nfamily = "pleura"\nmodalities = []\nphrases = []\n'
        '[local_sign]\nname = "Ours"\nregion = "other"\nfamily = "lung"\nmodalities = []\nphrases = ["our sign"]\n',
        "utf-8",
    )
    (tmp_path / "diagnoses.toml").write_text(
        '[ours]\nname = "Ours"\nregion = "other"\nphrases = ["our disease"]\n', "utf-8"
    )
    own = findings_of(tmp_path)
    assert own["pneumothorax"].name == "Collapsed lung" and own["local_sign"].phrases == ("our sign",)
    assert len(own) == len(shipped_findings()) + 1
    assert "ours" in diagnoses_of(tmp_path) and "ours" not in diagnoses_of(None)


@pytest.mark.parametrize(
    "text",
    [
        "[x]\nname =",
        '[x]\nname = "X"\n',
        '[x]\nname = "X"\nregion = "moon"\nphrases = []\n',
        '[x]\nname = "X"\nregion = "chest"\nphrases = []\nunheard = 1\n',
    ],
)
def test_a_broken_entry_says_where_it_stands(text: str) -> None:
    for parse in (parse_findings, parse_diagnoses):
        with pytest.raises(BadInput, match=r"ours\.toml"):
            parse(text, "ours.toml")
