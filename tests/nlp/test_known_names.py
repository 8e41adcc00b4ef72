"""Names known from beside a report go wherever they stand; words of reports stay words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.known_names import MASK, masked, without_known


@pytest.mark.parametrize(
    ("text", "known", "clean"),
    [
        ("Seen by quarrington.", "Quarrington^Hilda", "Seen by [name]."),
        ("HILDA QUARRINGTON, 44", "Quarrington, Hilda", "[name] [name], 44"),
        ("Quarringtons sign", "Quarrington", "Quarringtons sign"),
        ("O'Brien and Lee-Potts agree", "O'Brien^Lee-Potts", "[name] and [name] agree"),
        ("a hill and a Hill", "Hill", "a hill and a [name]"),
        ("Young male. Seen by Young.", "Young", "Young male. Seen by [name]."),
        ("LONG SEGMENT STENOSIS", "Long", "LONG SEGMENT STENOSIS"),
        ("long, ada saw it", "Long^Ada", "[name], [name] saw it"),
        ("No effusion. An MD saw it.", "No^An^^^MD", "No effusion. An MD saw it."),
        ("Accession 77-1234, 7 mm, 771234", "77-1234", "Accession [id], 7 mm, 771234"),
        ("A 12 mm nodule", "12", "A 12 mm nodule"),
        ("[name] told [date]", "Name Date", "[name] told [date]"),
        ("Müller left", "MÜLLER", "[name] left"),
        ("Muller, mueller and M\u0075\u0308ller", "Müller^Hans", "[name], [name] and [name]"),
        ("Müller and muller", "Mueller", "[name] and [name]"),
        ("O\u2019Brien, o brien, OBRIEN's", "O'Brien", "[name], [name], [name]'s"),
        ("al hashimi, Alhashimi, Al\u2010Hashimi, hashimi", "Al-Hashimi", "[name], [name], [name], [name]"),
        ("seen by Quarring-\n ton today", "Quarrington", "seen by [name] today"),
        ("a well-\nknown lesion", "Quarrington", "a well-\nknown lesion"),
        ("QuarringtonHilda, hilda_7", "Quarrington^Hilda", "[name], [name]_7"),
        ("An Nguyen and NguyenThiAn; an effusion", "Nguyen^Thi^An", "[name] [name] and [name]; an effusion"),
        ("MRN 0012-3456, 123456, 1234567", "00123456", "MRN [id], [id], 1234567"),
        ("Negative for pneumothorax.", "Negative", "Negative for pneumothorax."),
        ("Pneumothorax absent, says Absent.", "Dr. Absent", "Pneumothorax absent, says Absent."),
        ("Lungs without nodule. Nil effusion.", "Without, Nil", "Lungs without nodule. Nil effusion."),
        ("Told Without Quarrington", "Without^Quarrington", "Told [name] [name]"),
        (
            "quarrington. No effusion, without quarrington",
            "No^Without Quarrington",
            "[name]. No effusion, without [name]",
        ),
    ],
)
def test_what_goes_and_what_stays(text: str, known: str, clean: str) -> None:
    assert without_known(text, [known]) == clean


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=3))
def test_a_masked_text_keeps_its_length(text: str, known: list[str]) -> None:
    clean = masked(text, known)
    assert len(clean) == len(text)
    assert all(new in (old, MASK) for old, new in zip(text, clean, strict=True))


@given(st.text(max_size=80), st.lists(st.text(max_size=20), max_size=3))
def test_any_text_and_any_name_are_taken(text: str, known: list[str]) -> None:
    clean = without_known(text, known)
    assert without_known(text, []) == text
    assert without_known(clean, known) == clean or "[" in text


@given(st.from_regex(r"[B-DF-HJ-NP-TV-Z]{2}[a-z]{4,9}zq", fullmatch=True), st.text(" .,\nabcX", max_size=30))
def test_an_uncommon_name_never_stays(name: str, around: str) -> None:
    text = f"{around} {name.lower()} {around}, {name.upper()} ({name})"
    assert name.lower() not in without_known(text, [f"{name}^Ada"]).lower()
