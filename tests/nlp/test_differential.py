from __future__ import annotations

from models.diagnosis import Diagnosis, DiagnosisCatalogue
from models.finding import Assertion, Finding, FindingCatalogue, Region
from models.report import Span
from nlp.differential import MOST, differential_of


def diagnosis(key: str, *mimics: str, parent: str | None = None) -> Diagnosis:
    return Diagnosis(key, key.title(), Region.CHEST, (key,), mimics=mimics, parent=parent)


def finding(key: str, *mimics: str) -> Finding:
    return Finding(key, key.title(), Region.CHEST, "lung", ("DX",), (key,), mimics=mimics)


DIAGNOSES = DiagnosisCatalogue(
    [
        diagnosis("cancer", "infection", "scar"),
        diagnosis("adenocarcinoma", parent="cancer"),
        diagnosis("infection"),
        diagnosis("scar"),
        diagnosis("infarct"),
    ]
)
FINDINGS = FindingCatalogue([finding("nodule", "vessel"), finding("vessel")])
AT = Span(0, 1)


def test_what_the_report_considers_comes_before_what_the_catalogue_knows() -> None:
    named = (("cancer", Assertion.PRESENT, AT), ("infarct", Assertion.UNCERTAIN, AT), ("scar", Assertion.ABSENT, AT))
    assert differential_of("cancer", ("nodule",), named, FINDINGS, DIAGNOSES) == ("Infarct", "Infection", "Scar")


def test_the_diagnosis_and_its_kinds_are_no_differential() -> None:
    named = (("adenocarcinoma", Assertion.UNCERTAIN, AT), ("cancer", Assertion.UNCERTAIN, AT))
    assert differential_of("cancer", (), named, FINDINGS, DIAGNOSES) == ("Infection", "Scar")


def test_without_a_diagnosis_the_findings_mimics_are_named() -> None:
    assert differential_of(None, ("nodule",), (), FINDINGS, DIAGNOSES) == ("Vessel",)
    assert differential_of(None, (), (), FINDINGS, DIAGNOSES) == ()
    assert differential_of("unknown", ("nodule",), (), FINDINGS, DIAGNOSES) == ()


def test_it_is_short() -> None:
    many = DiagnosisCatalogue([diagnosis(f"d{i}") for i in range(20)])
    named = tuple((f"d{i}", Assertion.UNCERTAIN, AT) for i in range(20))
    assert len(differential_of(None, (), named, FINDINGS, many)) == MOST
