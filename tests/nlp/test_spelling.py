from __future__ import annotations

import pytest

from models.diagnosis import shipped_diagnoses
from nlp.rulebook import read_rules
from nlp.spelling import spellings


def test_spellings_add_the_plural_and_drop_hyphens() -> None:
    assert spellings("lung nodule") == ("lung nodule", "lung nodules")
    assert spellings("opacity") == ("opacity", "opacities")
    assert spellings("air-fluid level") == (
        "air-fluid level",
        "air-fluid levels",
        "air fluid level",
        "air fluid levels",
    )
    assert spellings("diverticulitis") == ("diverticulitis",)


@pytest.mark.parametrize(
    ("phrase", "others"),
    [
        ("hemorrhagic tumor", {"haemorrhagic tumour", "haemorrhagic tumours"}),
        ("oedema of the marrow", {"edema of the marrow"}),
        ("disc herniation", {"disk herniation", "disk herniations"}),
        ("osteochondroma", {"osteochondromata", "osteochondromas"}),
        ("brain metastasis", {"brain metastases"}),
        ("tear of the medial meniscus", {"tears of the medial meniscus"}),
        ("Baker cyst", {"Baker's cyst", "Bakers cyst", "Baker's cysts"}),
        ("Hodgkin's lymphoma", {"Hodgkin lymphoma", "Hodgkins lymphoma"}),
    ],
)
def test_a_phrase_is_known_in_its_other_spellings(phrase: str, others: set[str]) -> None:
    assert others <= set(spellings(phrase)), spellings(phrase)


@pytest.mark.parametrize("phrase", ["discharge", "NF1", "hemiplegia", "lateral meniscus", "tumours"])
def test_what_only_looks_like_a_table_entry_is_left(phrase: str) -> None:
    assert not {"dischargeed", "diskharge", "haemiplegia", "lateral menisci", "tumouurs"} & set(spellings(phrase))


def test_no_phrase_grows_beyond_measure() -> None:
    """Each form is a pattern of the matcher: some dozens for a name with an ending in two spellings, no more."""
    assert max(len(spellings(phrase)) for one in shipped_diagnoses().values() for phrase in one.phrases) <= 64


def test_each_pair_of_the_table_has_two_sides() -> None:
    for part in read_rules("rules/spellings").values():
        assert all(one and other and one != other for one, other in part.items())
