from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.diagnosis import DiagnosisCatalogue, shipped_diagnoses
from models.finding import Assertion, Finding, FindingCatalogue, Region, Side, shipped_findings
from nlp.lexicon import Hit, Lexicon, keep_longest
from nlp.miner import Miner
from nlp.rulebook import shipped_rules
from nlp.sections import find_sections
from nlp.tokens import tokens_of, words_of


def kept(*hits: Hit) -> list[Hit]:
    found: list[Hit] = []
    for hit in hits:
        keep_longest(found, hit)
    return found


def test_the_longest_words_win_and_equals_stay() -> None:
    short, long, twin = Hit(0, 2, "no"), Hit(0, 9, "no change"), Hit(0, 9, "other")
    assert kept(short, Hit(0, 2, "nil"), long, twin, long, Hit(3, 9, "change")) == [long, twin]
    assert kept(Hit(0, 5, "a"), Hit(3, 12, "b"), Hit(10, 14, "c")) == [Hit(3, 12, "b")]


def test_rules_name_only_places_and_findings_that_exist() -> None:
    rules, findings = shipped_rules(), shipped_findings()
    for head in rules.heads:
        assert not {*head.places.values(), *head.regions.values(), head.any} - {*findings, ""}, head.name
        assert not set(head.places) - set(rules.places), head.name
        assert head.words


WORDS = st.sampled_from(
    ["Pleural", "effusion", "no", "heart", "is", "enlarged", "-", ",", ".", "\n", "3.5", "mm", "\ufb02uid", "\u0130",
     "(", "'s", "effu\u00adsion", "air-\ufb02uid", "%", "\u00e9"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=20).flatmap(lambda words: st.sampled_from([" ".join(words), "".join(words)])))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    spelt, starts, ends = tokens_of(text)
    assert spelt == words_of(text)
    assert all(0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True))
    assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    for word, start, end in zip(spelt, starts, ends, strict=True):
        assert words_of(text[start:end]) == [word]


def test_a_text_tells_something_only_with_a_finding_or_a_head() -> None:
    lexicon = Lexicon(shipped_findings(), shipped_diagnoses(), shipped_rules())
    assert lexicon.telling("Comparison is made with the earlier study.") is None
    scan = lexicon.telling("No PLEURAL\n effusion, but a mass in the left lung.")
    assert scan is not None and [hit[:2] for hit in scan.findings] == [(3, 20)]
    assert scan.heads and scan.places and scan.cues and scan.ends and not scan.diagnoses
    assert lexicon.diagnosing("No pleural effusion.") is None
    scan = lexicon.diagnosing("No acute appendicitis.")
    assert scan is not None and scan.diagnoses and scan.cues


def test_one_phrase_of_two_findings_is_both_of_them() -> None:
    catalogue = FindingCatalogue(
        [Finding(key, key, Region.CHEST, "x", ("CT",), ("twin sign", key)) for key in ("one_sign", "two_sign")]
    )
    lexicon = Lexicon(catalogue, DiagnosisCatalogue([]), shipped_rules())
    scan = lexicon.telling("A twin sign.")
    assert scan is not None and [hit.value for hit in scan.findings] == ["one_sign", "two_sign"]
    miner = Miner(catalogue, DiagnosisCatalogue([]))
    seen = miner.observations(find_sections("No left twin sign."))
    assert [(each.finding, each.assertion, each.side) for each in seen] == [
        ("one_sign", Assertion.ABSENT, Side.LEFT),
        ("two_sign", Assertion.ABSENT, Side.LEFT),
    ]
