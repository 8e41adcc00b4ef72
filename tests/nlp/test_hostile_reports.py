"""Texts made or pasted so that reading takes long: each is read in seconds of the processor, or its process ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

READING = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
from models.diagnosis import shipped_diagnoses
from models.finding import shipped_findings
from nlp.known_names import masked, without_known
from nlp.miner import Miner
from nlp.points import teaching_points
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
"""
SECONDS = 25
"""Of the processor, not of the clock; a text needs about one, and took minutes before it was read in one go."""

PIECES = (
    *("HILL ", "Hill. ", "FINDINGS: ", "RESULT ", ":", "pneumothorax ", "no pneumothorax or ", "right pneumothorax, "),
    *("pneumothorax. ", "enlarged heart ", "1", ".", "FINDINGS **", "7-7 ", "a-\\n"),
)


@pytest.mark.heavy
@pytest.mark.parametrize("piece", PIECES)
def test_a_report_of_one_thing_over_and_over_is_read(piece: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", READING.replace("SECONDS", str(SECONDS)), piece], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
