"""Each rule by which a word governs a finding or does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.finding import Assertion, Observation
from nlp.miner import Miner
from nlp.report_parts import report_parts
from nlp.sections import find_sections
from nlp.signs import signs_of

Read = Callable[[str], list[Observation]]
PRESENT, ABSENT, UNCERTAIN, PRIOR, HYPOTHETICAL = Assertion
RULES: list[tuple[str, str, dict[str, Assertion]]] = [
    ("a comma and a list", "No edema, consolidation or pneumothorax.",
     {"edema": ABSENT, "consolidation": ABSENT, "pneumothorax": ABSENT}),
    ("a comma and a degree", "No edema, mild cardiomegaly.", {"edema": ABSENT, "cardiomegaly": PRESENT}),
    ("a degree inside an or-list", "No edema, large pleural effusion, or pneumothorax.",
     {"edema": ABSENT, "pleural_effusion": ABSENT, "pneumothorax": ABSENT}),
    ("describing words", "No acute, displaced rib fractures are seen.", {"rib_fracture": ABSENT}),
    ("a clause with a verb", "No pneumothorax and cardiomegaly is unchanged.",
     {"pneumothorax": ABSENT, "cardiomegaly": PRESENT}),
    ("a number", "No edema, 6 mm pulmonary nodule.", {"edema": ABSENT, "nodule_mass": PRESENT}),
    ("a semicolon", "No pneumothorax; scoliosis.", {"pneumothorax": ABSENT, "scoliosis": PRESENT}),
    ("semicolons of a list", "No pneumothorax; scoliosis; or rib fracture.",
     {"pneumothorax": ABSENT, "scoliosis": ABSENT, "rib_fracture": ABSENT}),
    ("a run-on", "no pneumothorax small hiatal hernia", {"pneumothorax": ABSENT, "hiatal_hernia": PRESENT}),
    ("a run-on of a thing", "no acute disease moderate hiatal hernia", {"hiatal_hernia": PRESENT}),
    ("a subject list", "Rib fracture and pneumothorax are not seen.",
     {"rib_fracture": ABSENT, "pneumothorax": ABSENT}),
    ("two clauses", "Cardiomegaly is present and pneumothorax is not seen.",
     {"cardiomegaly": PRESENT, "pneumothorax": ABSENT}),
    ("a cue inside a mention", "Fracture is not seen in the ribs.", {"rib_fracture": ABSENT}),
    ("brackets", "Opacity (possibly pneumonia) and scoliosis.",
     {"opacity": PRESENT, "pneumonia": UNCERTAIN, "scoliosis": PRESENT}),
    ("a label", "Pneumothorax: none. Scoliosis: mild.", {"pneumothorax": ABSENT, "scoliosis": PRESENT}),
    ("a label and its answer", "Fractures: no acute fracture.", {"fracture": ABSENT}),
    ("labels in a row", "Pneumothorax: no scoliosis: yes", {"pneumothorax": ABSENT, "scoliosis": PRESENT}),
    ("or without a denial", "Atelectasis or pneumonia.", {"atelectasis": UNCERTAIN, "pneumonia": UNCERTAIN}),
    ("or beside a third", "Hyperinflation, atelectasis or pneumonia.",
     {"hyperinflation": PRESENT, "atelectasis": UNCERTAIN, "pneumonia": UNCERTAIN}),
    ("a hedge at the end", "Scoliosis and pneumonia, likely.", {"scoliosis": PRESENT, "pneumonia": UNCERTAIN}),
    ("a hedge in the middle", "Scoliosis and likely pneumonia.", {"scoliosis": PRESENT, "pneumonia": UNCERTAIN}),
    ("a denial that governs a hedge", "No opacity suspicious for pneumonia.", {"opacity": ABSENT, "pneumonia": ABSENT}),
    ("a differential", "Differential includes atelectasis, small pulmonary infarct, and pneumonia.",
     {"atelectasis": UNCERTAIN, "pneumonia": UNCERTAIN}),
    ("a differential of something", "Considerations for the opacity are edema and pneumonia.",
     {"opacity": PRESENT, "pneumonia": UNCERTAIN}),
    ("an adjective of the past", "Old rib fracture and scoliosis.", {"rib_fracture": PRIOR, "scoliosis": PRESENT}),
    ("a doubt outside the past", "Possible old rib fracture.", {"rib_fracture": UNCERTAIN}),
    ("the past outside a doubt", "History of possible pneumonia.", {"pneumonia": PRIOR}),
    ("seen before and now", "The previously seen consolidation is unchanged.", {"consolidation": PRESENT}),
    ("seen before, not now", "The previously seen consolidation is not seen.", {"consolidation": PRIOR}),
    ("an aside before the verb", "The consolidation, present in May, has cleared.", {"consolidation": PRIOR}),
    ("an aside that names a finding", "Consolidation, with effusion, has cleared.", {"pleural_effusion": PRIOR}),
    ("a label of two", "Pneumothorax or effusion: none.", {"pneumothorax": ABSENT, "pleural_effusion": ABSENT}),
    ("a side behind a denial", "no pneumothorax left effusion is larger",
     {"pneumothorax": ABSENT, "pleural_effusion": PRESENT}),
    ("a slash", "Bands at the bases, atelectasis/scar.", {"atelectasis": UNCERTAIN, "scar": UNCERTAIN}),
    ("a slash in a denial", "No effusion/pneumothorax.", {"pleural_effusion": ABSENT, "pneumothorax": ABSENT}),
    ("a slash in a date", "Scoliosis, since 3/2019 kyphosis.", {"scoliosis": PRESENT, "kyphosis": PRESENT}),
    ("a slash in a short form", "Scoliosis w/ kyphosis.", {"scoliosis": PRESENT, "kyphosis": PRESENT}),
    ("a sign of what is in doubt", "Blunted costophrenic angle, possibly an effusion.",
     {"pleural_effusion": UNCERTAIN}),
    ("a sign of what is past", "Encephalomalacia from an old MCA infarct.", {"brain_infarct": PRIOR}),
    ("a number in Roman letters", "A 9 mm nodule in segment V.", {"liver_lesion": PRESENT}),
    ("no less of it", "No reduction in the effusion.", {"pleural_effusion": PRESENT}),
    ("whether there is one", "Ultrasound may help decide whether there is an effusion.",
     {"pleural_effusion": HYPOTHETICAL}),
    ("resolved", "Suspected pneumonia has resolved.", {"pneumonia": PRIOR}),
    ("not yet resolved", "Pneumonia has not resolved.", {"pneumonia": PRESENT}),
    ("no change", "No change in atelectasis or scoliosis.", {"atelectasis": PRESENT, "scoliosis": PRESENT}),
    ("not seen before", "Scoliosis, not seen on the prior study.", {"scoliosis": PRESENT}),
    ("a name", "Pneumonia vaccine given.", {"pneumonia": HYPOTHETICAL}),
    ("the nearer of two", "Lack of contrast limits assessment for pneumonia.", {"pneumonia": HYPOTHETICAL}),
    ("asked, then denied", "Evaluation for pneumothorax, no rib fracture.",
     {"pneumothorax": HYPOTHETICAL, "rib_fracture": ABSENT}),
    ("a normal statement", "Heart size is normal.", {"cardiomegaly": ABSENT}),
    ("told of an earlier study", "Previous study showed a small hiatal hernia.", {"hiatal_hernia": PRIOR}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [rule[1:] for rule in RULES], ids=[rule[0] for rule in RULES])
def test_a_rule(read: Read, text: str, expected: dict[str, Assertion]) -> None:
    said = {seen.finding: seen.assertion for seen in read(text)}
    assert {finding: said.get(finding) for finding in expected} == expected


def test_signs_are_known_words_marks_and_numbers() -> None:
    assert [sign.kind for sign in signs_of("Mild, 2 OR which is - odd; (but)")] == [
        *("opens", ",", "opens", "or", "relatives", "verbs", ";", ";", "(", ";", ")"),
    ]


def test_a_letter_that_grows_when_small_moves_nothing() -> None:
    text = "\u0130\u0130\u0130 x, mild"
    assert [text[sign.start : sign.end] for sign in signs_of(text)] == [",", "mild"]


FINDINGS = {"pneumothorax": "pneumothorax", "scoliosis": "scoliosis", "hiatal hernia": "hiatal_hernia"}


@given(
    st.permutations(list(FINDINGS)), st.sampled_from([", ", " and "]), st.sampled_from(["small ", "the ", "possible "])
)
def test_what_opens_something_new_is_not_denied(miner: Miner, words: list[str], joint: str, opener: str) -> None:
    seen = miner.observations(find_sections(f"No {words[0]}{joint}{opener}{words[1]}."))
    assert [each.assertion is ABSENT for each in seen] == [True, False]


@given(st.sampled_from(["Indication", "History"]), st.sampled_from(list(FINDINGS)), st.sampled_from(["", "Possible "]))
def test_what_is_asked_is_never_present(miner: Miner, heading: str, word: str, before: str) -> None:
    report = report_parts(f"{heading}: {before}{word}.\nFindings: Clear.")
    assert {each.assertion for each in miner.observations(report)} == {HYPOTHETICAL}
