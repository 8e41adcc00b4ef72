"""The spaCy components: each tells its part, needs those before it, and all together say what the miner says."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import DocBin

from models.diagnosis import DiagnosisCatalogue
from models.errors import BadInput
from models.finding import Assertion, Change, Finding, FindingCatalogue, Region, Side
from models.report import SectionName
from nlp.components import FACTORIES, OBSERVATIONS, SECTIONS, pipeline
from nlp.miner import Miner
from nlp.normal_statements import says_normal
from nlp.sections import find_sections

REPORT = (
    "HISTORY: Rib fracture?\nFINDINGS: Small left pleural effusion, increased. The appearance suggests atelectasis. "
    "Two nodules in the right upper lobe, the larger 12 mm. No pneumothorax. Right hydropneumothorax.\n"
    "IMPRESSION: 1. Enlarged heart. 2. Possible pneumonia."
)
PIECES = st.sampled_from(
    ["no", "pneumothorax", ",", ".", "left", "The heart is", "enlarged", "\n", "FINDINGS:", "IMPRESSION:", "possible",
     "2 cm", "mass", "liver", "bilateral", "pleural  effusion", "but", "?", "HISTORY:", "three nodules", "new", "it",
     "unchanged", "The appearance", "hydropneumothorax", "upper lobe", "mild", "effu\u00adsion", "\ufb01ssure"]
)  # fmt: skip


@pytest.fixture(scope="module")
def language() -> Language:
    return pipeline()


def told(language: Language, text: str) -> list[tuple[Any, ...]]:
    document = language(text)  # its spans live as long as it does
    return [
        (each.finding, each.assertion, each.characters, each.side, each.site, each.severity, each.size_mm, each.count,
         each.change)
        for each in (span._ for span in document.spans[OBSERVATIONS])
    ]  # fmt: skip


def mined(miner: Miner, text: str) -> list[tuple[Any, ...]]:
    return [
        (seen.finding, seen.assertion, (seen.span.start, seen.span.end), seen.side, seen.site, seen.severity,
         seen.size_mm, seen.count, seen.change)
        for seen in miner.observations(find_sections(text))
        if not says_normal(seen)
    ]  # fmt: skip


def test_each_component_tells_its_part(language: Language) -> None:
    document = language(REPORT)
    assert [span._.section for span in document.spans[SECTIONS]] == [
        SectionName.HISTORY, SectionName.FINDINGS, SectionName.IMPRESSION
    ]  # fmt: skip
    spans = {span._.finding: span for span in document.spans[OBSERVATIONS] if span.text != "hydropneumothorax"}
    assert spans["rib_fracture"]._.assertion is Assertion.HYPOTHETICAL
    assert spans["rib_fracture"]._.section is SectionName.HISTORY
    effusion = spans["pleural_effusion"]
    assert (effusion.label_, effusion.text) == ("pleural_effusion", "pleural effusion")
    assert (effusion._.side, effusion._.severity, effusion._.change) == (Side.LEFT, ("small",), Change.INCREASED)
    assert spans["atelectasis"]._.side is Side.LEFT
    nodule = spans["nodule_mass"]._
    assert (nodule.site, nodule.size_mm, nodule.count) == ("upper lobe", 12.0, 2)
    assert spans["pneumothorax"]._.assertion is Assertion.ABSENT


def test_one_phrase_may_be_two_findings(language: Language) -> None:
    document = language(REPORT)
    twins = [span for span in document.spans[OBSERVATIONS] if span.text == "hydropneumothorax"]
    assert {span._.finding for span in twins} == {"pleural_effusion", "pneumothorax"}
    assert all(span._.side is Side.RIGHT for span in twins)


def test_the_report_is_told_as_the_miner_tells_it(language: Language, miner: Miner) -> None:
    assert told(language, REPORT) == mined(miner, REPORT) != []


@settings(deadline=None)
@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_components_and_miner_agree_on_any_text(language: Language, miner: Miner, text: str) -> None:
    assert told(language, text) == mined(miner, text)


def test_a_span_of_ones_own_tells_nothing(language: Language) -> None:
    span = language(REPORT)[0:3]
    assert span._.finding is None and span._.assertion is None and span._.section is None


@pytest.mark.parametrize(
    ("alone", "missing"),
    [("findings", "sections"), ("assertion", "findings"), ("attributes", "findings"), ("measurement", "findings")],
)
def test_a_component_without_what_it_needs_says_so(alone: str, missing: str) -> None:
    language = spacy.blank("en")
    language.add_pipe(f"wetread_{alone}")
    with pytest.raises(BadInput, match=f"no {missing}; add wetread_{missing} before it") as error:
        language(REPORT)
    assert "effusion" not in str(error.value)


def test_comparison_needs_assertions() -> None:
    language = spacy.blank("en")
    for name in ("sections", "findings", "comparison"):
        language.add_pipe(f"wetread_{name}")
    with pytest.raises(BadInput, match="wetread_assertion"):
        language(REPORT)


def test_any_order_that_meets_the_needs_says_the_same(language: Language) -> None:
    other = spacy.blank("en")
    for name in ("sections", "findings", "measurement", "attributes", "assertion", "comparison"):
        other.add_pipe(f"wetread_{name}")
    assert told(other, REPORT) == told(language, REPORT)


def test_a_document_can_be_written_and_read(language: Language) -> None:
    document = language(REPORT)
    (read,) = DocBin().from_bytes(DocBin(store_user_data=True, docs=[document]).to_bytes()).get_docs(language.vocab)
    before, after = (
        [(span._.finding, span._.assertion, span._.severity) for span in one.spans[OBSERVATIONS]]
        for one in (document, read)
    )
    assert before == after != []


def test_a_department_s_catalogue_is_used() -> None:
    own = Finding("local_sign", "Local sign", Region.CHEST, "lung", ("CT",), ("our sign",))
    language = pipeline(Miner(FindingCatalogue([own]), DiagnosisCatalogue([])))
    assert [finding for finding, *_ in told(language, "No our sign. Heart size is normal.")][:1] == ["local_sign"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "???"])
def test_texts_that_say_nothing(language: Language, text: str) -> None:
    assert told(language, text) == []


def test_spacy_s_own_search_finds_all_six() -> None:
    assert len(FACTORIES) == 6 and all(Language.has_factory(f"wetread_{name}") for name in FACTORIES)


def test_importing_them_loads_no_torch() -> None:
    code = "import sys, nlp.components; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
