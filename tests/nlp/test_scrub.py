from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.identifiers import patterns
from nlp.scrub import KINDS, SCRUB_VERSION, scrub


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Discussed with Dr. Jane Doe-Miller at noon.", "Discussed with Dr. [name] at noon."),
        ("Patient: DOE, JOHN Q", "Patient: [name]"),
        ("Dictated by: Anna van der Berg, MD", "Dictated by: [name], MD"),
        ("Electronically signed by John Q. Public", "Electronically signed by [name]"),
        ("John Public, M.D. agrees.", "[name], M.D. agrees."),
        ("Patient Mary Major presents with pain.", "Patient [name] presents with pain."),
        ("DOE^JOHN^Q", "[name]"),
        ("Seen by dr. doe, who agrees.", "Seen by dr. [name], who agrees."),
        ("discussed with dr j. doe-miller at noon", "discussed with dr [name] at noon"),
        ("dr. van der berg noted the mass.", "dr. [name] noted the mass."),
        ("Drs. doe and major saw it.", "Drs. [name] saw it."),
        ("mr. doe was seen.", "mr. [name] was seen."),
        ("DR. DOE NOTIFIED AT NOON", "DR. [name] NOTIFIED AT NOON"),
        ("Patient name: john doe", "Patient name: [name]"),
        ("PATIENT NAME:      doe, john", "PATIENT NAME:      [name]"),
        ("dictated by john doe on arrival", "dictated by [name] on arrival"),
        ("JOHN DOE, 54 year old with cough", "[name], 54 year old with cough"),
        ("History: JOHN Q DOE, 54 yo", "History: [name], 54 yo"),
        ("John Doe is a 54-year-old man.", "[name] is a 54-year-old man."),
        ("Small nodule.\nDoe, John 54M", "Small nodule.\n[name] 54M"),
        ("DOE-O'BRIEN, MARY A. (61/F)", "[name] (61/F)"),
        ("Doe, John MRN 12345", "[name] MRN [id]"),
        ("Doe, John, DOB: 1/2/1950", "[name], DOB: [birth_date]"),
        ("MRN: 00123456", "MRN: [id]"),
        ("Accession # A-12-34567", "Accession # [id]"),
        ("Study 1.2.840.99999.1.2.3.4", "Study [id]"),
        ("Call (555) 010-0123 or 555-010-0123 x 44.", "Call [phone] or [phone]."),
        ("pager 12345", "pager [phone]"),
        ("Write to j.doe@mail.example.org", "Write to [email]"),
        ("See www.example.org/x?id=3.", "See [url]."),
        ("SSN 123-45-6789", "SSN [ssn]"),
        ("From 10.1.2.3", "From [ip]"),
        ("Lives at 12 Elm Street, Springfield, IL 62704", "Lives at [address]"),
        ("ZIP 62704", "ZIP [zip]"),
        ("Compared with 03/14/2019.", "Compared with [date] 2019."),
        ("Compared with 2019-03-14T10:22:11 and 14.3.2018.", "Compared with [date] 2019 and [date] 2018."),
        ("On March 14, 2019 and 14 Mar 2019.", "On [date] 2019 and [date] 2019."),
        ("Since May 2018, seen on March 3rd.", "Since [date] 2018, seen on [date]."),
        ("Compared to 3/14.", "Compared to [date]."),
        ("Comparison: 12.03.26", "Comparison: [date]"),
        ("Comparison: 31/12/25, 3/14/25 and 1.2.26.", "Comparison: [date], [date] and [date]."),
        ("DOB: 1/2/1934", "DOB: [birth_date]"),
        ("92-year-old woman, mother 101 y/o", "[age]-year-old woman, mother [age] y/o"),
        ("Transferred from Mercy General Hospital.", "Transferred from [institution]."),
        ("Facility: North Imaging", "Facility: [institution]"),
    ],
)
def test_identifiers_go(text: str, clean: str) -> None:
    assert scrub(text).text == clean


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Told her daughter Ximena at noon.", "Ximena"),
        ("told to priya hargreaves in the ward", "priya hargreaves"),
        ("Quarrington was notified.", "Quarrington"),
        ("The Quarrington family is aware.", "Quarrington"),
        ("Per Quarrington's request, a view was added.", "Quarrington"),
        ("Findings texted to Xenobia Quarrington.", "Xenobia Quarrington"),
        ("as seen with Nguyen Thi Lan today", "Nguyen Thi Lan"),
        ("cc: Ada Hargreaves; Ben Whitfield", "Ben Whitfield"),
        ("Kind regards,\n\nZoltan Horvath\nConsultant", "Zoltan Horvath"),
        ("Patient Name\nLiu Xiaobing\nMRN\n0012345", "Liu Xiaobing"),
        ("HARGREAVES, PRIYA N  E4419981  2021-03-04", "HARGREAVES, PRIYA N"),
        ("D: 3/4/21 08:15  T: 3/4/21 09:40 AB/cd", "AB/cd"),
        ("Dr. Whitfield saw it. Later whitfield agreed.", "whitfield agreed"),
        ("Harold Baker has a Baker cyst.", "Harold Baker"),
        ("on the fourteenth of March nineteen eighty-four", "fourteenth of March"),
        ("seen on 14 de marzo de 2019", "14 de marzo"),
        ("DOB:O3/l4/l959", "O3/l4/l959"),
        ("stable since March", "March"),
        ("Monday, March 14, 2019", "Monday"),
        ("A ninety-three-year-old man", "ninety-three"),
        ("AGE/SEX: 97/F", "97"),
        ("phone five five five one two three four", "five five five"),
        ("Tel 020 7946 0958 or +49 30 901820", "901820"),
        ("ada dot hill at mercy dot org", "ada dot hill"),
        ("SSN (last four): 1138", "1138"),
        ("MRN is 4 4 2 1 9 3", "4 4 2 1 9 3"),
        ("NHS No: 943 476 5919", "943 476 5919"),
        ("member XYZ123456789", "XYZ123456789"),
        ("IBAN GB29 NWBK 6016 1331 9268 19", "NWBK"),
        ("NPI 1234567893", "1234567893"),
        ("license plate AB12 CDE", "AB12 CDE"),
        ("pacemaker serial number PJN123456S", "PJN123456S"),
        ("UDI (01)00884838012345(21)A1234", "A1234"),
        ("from fe80::1ff:fe23:4567:890a", "4567"),
        ("fingerprint template FP-cd99ab", "FP-cd99ab"),
        ("full-face photograph hill_front.jpeg", "hill_front"),
        ("id 123e4567-e89b-42d3-a456-426614174000", "426614174000"),
        ("Specimen S19-12345", "S19-12345"),
        ("works at Acme Steel Works.", "Acme"),
        ("Attends Lincoln High School.", "Lincoln"),
        ("He is on Ward 7B, bed 12.", "7B"),
        ("transferred from toledo", "toledo"),
        ("From Northwick, OH 43604.", "Northwick"),
        ("MVC on Elm Street", "Elm"),
        ("Calle Mayor 5, Salamanca", "Mayor 5"),
        ("Royal Infirmary of Northwick", "Northwick"),
        ("seen at springfield general hospital", "springfield"),
    ],
)
def test_no_form_of_an_identifier_stays(text: str, gone: str) -> None:
    assert gone not in scrub(text).text
    assert gone not in scrub(f"FINDINGS: Clear lungs. {text}\nIMPRESSION: Normal.").text


@pytest.mark.parametrize(
    "text",
    [
        "Swan-Ganz catheter; Baker cyst; Colles fracture; Hill-Sachs deformity; Hounsfield units; Kerley B lines.",
        "Hodgkin lymphoma, Wilms tumor, Crohn disease, Paget disease, Salter-Harris II, Chiari I malformation.",
        "A 12 x 14 mm nodule, 92 HU, image 5/14, series 3/24, T2/3, L4-5, 4.5 cm, 10-15 mm, 8-9/10 pain.",
        "45-year-old man. The mass may represent 3 mm nodules. MR Spectroscopy. MS plaques. TE 20 ms Axial.",
        "Findings were discussed with the referring physician. Outside hospital CT. Normal at 12 weeks.",
        "The patient has no pain. History: Cough. Patient is rotated. Status post CABG.",
        "CHEST PAIN, 54 YEAR OLD MALE",
        "SHORTNESS OF BREATH, 54 year old",
        "Chest, Left 54 M. Pain, Chest 61F",
        "Acute Appendicitis, 23 yo. Young Man, 23 years",
        "DR CHEST 2 VIEWS. DR knee. MR of the brain; mr angiography. History of MS. plaques are seen.",
        "see dr. if worse. The dr. thought so. drs. on call",
        "name: unknown. Radiologist: not stated. Dictated by voice recognition.",
        "A nodule of 3.4.12 mm",
        "KERLEY B LINES.",
        "Bosniak IIF cyst, Le Fort II, Arnold-Chiari, Jones fracture, Meckel diverticulum, Morison pouch.",
        "Ligament of Treitz, circle of Willis, islets of Langerhans, sphincter of Oddi. Quarrington's sign is absent.",
        "Austin Moore hemiarthroplasty, Harrington rods",
        "Foley and Hickman catheters, Dobhoff tube, Jackson-Pratt drain.",
        "BI-RADS 4b, LI-RADS 5, Gleason 3+4, level II, stage IIIB, segment 4a, 1.5T, T12, C3-C4, series 3 image 45.",
        "5/10 pain, 2/6 murmur, 3/4 view, 3/14 lymph nodes",
        "GCS 12/15, BP 120/80, T 98.6 F, temperature 101 F, SUV 3.2.",
        "CA 19-9, CA-125 45, 99mTc 25.3 mCi, I-131 150 mCi, ICD-10 S72.001A, CPT 71046, 5000 units, Isovue-370 100 cc.",
        "An 89-year-old woman; a 3-month-old. Recent travel to India.",
        "Lives in a nursing home. No. 2 suture, lesion number 4.",
        "Discussed with Surgery. Called to Radiology. Findings were communicated to the emergency department.",
        "RULE OUT CHOLECYSTITIS. STATUS POST FALL.",
        "MR BRAIN. West Nile virus, German measles, Milan criteria, POD 2, q6h.",
        "Patient motion. Patient positioning limits evaluation.",
        "Mother with breast cancer, son with asthma. May represent scar.",
        "1. Nodule. 2. Scar. Type 2 fracture. Grade 3 of 4. C5-6 and T12-L1. BI-RADS 4. Compared to the prior of 2019.",
    ],
)
def test_clinical_words_stay(text: str) -> None:
    assert scrub(text).text == text and scrub(text).removed == ()


def test_removed_places_count_in_the_original() -> None:
    text = "MRN: 00123456. Dr. Doe saw her on 03/14/2019."
    removed = [(kind, span.of(text)) for kind, span in scrub(text).removed]
    assert removed == [("id", "00123456"), ("name", "Doe"), ("date", "03/14/2019")]


def test_what_a_removal_lays_bare_is_removed_too() -> None:
    text = "Doe^Mary1262704"
    assert scrub(text).text == "[name][id]"
    assert [span.of(text) for _, span in scrub(text).removed] == ["Doe^Mary", "1262704"]


@pytest.mark.parametrize("piece", ["Aa-", "Aa'", "XX-", " ", "\n\t", "Dr. ", "signed by" + " " * 40, "Aa Aa Hospital "])
@pytest.mark.parametrize("before", ["Dr. ", "lives in "])
def test_a_tiresome_text_costs_no_more_than_its_length(before: str, piece: str) -> None:
    # With quadratic expressions a single one of these takes minutes.
    text = before + piece * (50_000 // len(piece))
    assert scrub(text).text.startswith(before.split(" ")[0])


def test_every_repeat_of_a_class_has_an_upper_bound() -> None:
    for kind, expression in patterns():
        without_classes = re.sub(r"\[(?:\\.|[^\]\\])*\]", "[]", expression.pattern)
        unbounded = re.findall(r"(?:\]|\\[wsdS]|\))[*+]", without_classes)
        assert not unbounded, f"{kind}: {unbounded} in {expression.pattern[:80]}"


def test_there_is_a_version() -> None:
    assert SCRUB_VERSION


PIECES = st.sampled_from(
    ["Dr.", "Doe", "John", "MRN:", "0012345", "12", "/", "-", "2019",
     "March", "3", "Patient:", ",", ".", " ", "\n", "[name]",
     "[", "]", "date", "[date]", "Hospital", "St.", "Mercy",
     "555-0123", "@", "a.org", "Elm", "Street", "IL", "62704", "92", "y/o",
     "by", "signed", "M.D.", "SSN", "123-45-6789", "on", "x", "id", "#", "^", "DOB", "born", "Lives in"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).flatmap(lambda pieces: st.sampled_from([" ".join(pieces), "".join(pieces)])))
def test_scrubbing_twice_changes_nothing(text: str) -> None:
    once = scrub(text)
    assert scrub(once.text).text == once.text
    ends = [0, *(span.end for _, span in once.removed)]
    assert all(end <= span.start for end, (_, span) in zip(ends, once.removed, strict=False))
    assert {kind for kind, _ in once.removed} <= set(KINDS)


@given(
    st.sampled_from(["Dr. {}", "Patient: {}", "Dictated by {}", "{}, MD", "Mrs. {}", "Radiologist: {}"]),
    st.from_regex(r"[A-Z][a-z]{3,8}", fullmatch=True),
    st.from_regex(r"[B-Z][a-z]{3,9}", fullmatch=True),
)
def test_no_surname_survives_after_a_title_or_label(form: str, first: str, last: str) -> None:
    from nlp.rulebook import read_rules

    if {first, last} & set(read_rules("rules/identifiers")["not_names"]):
        return
    text = "Small nodule. " + form.format(f"{first} {last}") + " agrees."
    assert last not in scrub(text).text


@given(
    st.integers(1, 12),
    st.integers(1, 28),
    st.integers(1930, 2029),
    st.sampled_from(["{m:02d}/{d:02d}/{y}", "{y}-{m:02d}-{d:02d}", "{m}-{d}-{y}"]),
)
def test_of_a_date_only_the_year_stays(month: int, day: int, year: int, form: str) -> None:
    date = form.format(m=month, d=day, y=year)
    assert scrub(f"Compared with {date}, stable.").text == f"Compared with [date] {year}, stable."
