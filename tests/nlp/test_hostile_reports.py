"""Texts made or pasted so that reading takes long: each is read in seconds of the processor, or its process ends."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc

import pytest

from models.report import Span
from nlp.miner import Miner
from nlp.normality import is_normal
from nlp.sections import find_sections
from nlp.sentences import sentences

READING = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from nlp.drafts import draft_flags
from nlp.known_names import masked, without_known
from nlp.miner import Miner
from nlp.normality import is_normal
from nlp.points import teaching_points
from nlp.proof import proof_of
from nlp.readable import why_unreadable
from nlp.report_parts import before_answer, history_of, report_parts
from nlp.scrub import scrub

miner = Miner(shipped_findings(), shipped_diagnoses())
piece = sys.argv[1].encode().decode("unicode_escape")
text = "HISTORY: " + piece * (100_000 // len(piece))
for whole in (text, text + "\\nFINDINGS: Nodule.\\nIMPRESSION: Nodule."):
    clean = without_known(scrub(whole).text, ["HILL^JANE^MD", "7788123", "a" * 120])
    parts = report_parts(clean)
    history_of(parts), before_answer(clean)
    observations = miner.observations(parts)
    teaching_points(parts, observations, shipped_findings())
    miner.diagnoses(parts), miner.named(clean)
    why_unreadable(clean), is_normal(parts, observations), proof_of(parts, [seen.span for seen in observations])
    draft_flags("cough", parts, observations, shipped_findings(), miner, 0)
"""
SECONDS = 25
"""Of the processor, not of the clock; a text needs about one, and took minutes before it was read in one go."""

PIECES = (
    *("HILL ", "Hill. ", "FINDINGS: ", "RESULT ", ":", "pneumothorax ", "no pneumothorax or ", "right pneumothorax, "),
    *("pneumothorax. ", "enlarged heart ", "1", ".", "FINDINGS **", "7-7 ", "a-\\n"),
    *(
        "a\\n\\n",
        "A\\nNO\\n",
        "? a",
        "x;",
        "2. ",
        "x FINDINGS y ",
        "X IMPRESSION\\n",
        "\\\\X0A\\\\",
        "No pneumothorax. ",
    ),
    *("FINDINGS: 5 mm nodule.\\nIMPRESSION: 9 mm nodule.\\n", "HISTORY: x\\nIMPRESSION: no nodule.\\n"),
)


@pytest.mark.heavy
@pytest.mark.parametrize("piece", PIECES)
def test_a_report_of_one_thing_over_and_over_is_read(piece: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READING.replace("SECONDS", str(SECONDS)), piece], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]


@pytest.mark.parametrize("piece", ["Date: x.\n", "FINDINGS: x ", "x IMPRESSION y ", "FINDINGS\nx\n"])
def test_beyond_any_number_of_headings_the_rest_is_one_section(piece: str) -> None:
    text = piece * 40_000
    sections = find_sections(text).sections
    assert len(sections) <= 30_001 and sections[-1].span.end == len(text.rstrip())


def test_no_more_of_a_section_is_read_than_a_report_is_long(miner: Miner) -> None:
    text = "Small nodule." + " and" * 300_000 + ". Pneumothorax."
    assert {seen.finding for seen in miner.observations(find_sections(text))} == {"nodule_mass"}


def test_a_text_of_many_reports_is_not_called_normal() -> None:
    text = "FINDINGS: Normal chest.\nIMPRESSION: Normal chest.\n"
    assert is_normal(find_sections(text), ()) and not is_normal(find_sections(text * 3_000), ())


def test_long_texts_are_not_kept_in_number() -> None:
    tracemalloc.start()
    try:
        for number in range(12):
            text = f"{number} " + "\U0001f4a9" * 120_000
            sentences(text, Span(0, len(text)))
        assert tracemalloc.get_traced_memory()[0] < 8 * 4 * 120_000
    finally:
        tracemalloc.stop()
