"""The report of a phantom, put together from wording.toml: headings, history, findings, impression, comment."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from models.report import SectionName, join_sections
from synth.examination import Examination
from synth.recipes import PhantomRecipe


@dataclass(frozen=True, slots=True)
class PhantomReport:
    """``text`` has headings; ``history`` is its history alone, ``discussion`` the teaching sentences of its comment."""

    text: str
    history: str
    diagnosis_text: str
    discussion: str
    differential: tuple[str, ...]


@cache
def _wording() -> Mapping[str, Any]:
    return tomllib.loads(files("synth").joinpath("wording.toml").read_text("utf-8"))


def write_report(recipe: PhantomRecipe, examination: Examination, rng: np.random.Generator) -> PhantomReport:
    """A report for this case: the wording is drawn from ``rng``, the facts are those of the image."""
    kind, own = _wording()["kinds"][recipe.kind], _wording()["recipes"][recipe.key]
    facts = _facts(examination)

    def choose(sentences: list[str]) -> str:
        return sentences[int(rng.integers(len(sentences)))].format(**facts)

    sentences = [choose(own["findings"])] if "findings" in own else []
    for topic, normal in kind["topics"].items():
        sentence = choose(normal)
        if topic not in own.get("replaces", ()):
            sentences.append(sentence)
    history, impression = choose(kind["histories"]), choose(own.get("impressions", kind["impressions"]))
    parts = (
        (SectionName.HISTORY, history),
        (SectionName.TECHNIQUE, kind["technique"].format(**facts)),
        (SectionName.COMPARISON, choose(kind["comparisons"])),
        (SectionName.FINDINGS, " ".join(sentences)),
        (SectionName.IMPRESSION, _capital(impression)),
    )
    text = f"EXAM: {kind['exam']}\n\n{join_sections(parts).text}\n\nCOMMENT: {own['discussion']}"
    diagnosis = own.get("diagnosis", "Normal")
    return PhantomReport(text, history, diagnosis, own["discussion"], tuple(own.get("differential", ())))


def _facts(examination: Examination) -> dict[str, str]:
    """The gaps of the wording, each also with a capital."""
    sex = "woman" if examination.sex == "F" else "man"
    facts = {"age": str(examination.age), "sex": sex, **examination.facts}
    if "size" in facts:
        facts["a_size"] = ("an " if facts["size"].startswith("8") or facts["size"] in ("11", "18") else "a ") + facts[
            "size"
        ]
    return facts | {_capital(name): _capital(value) for name, value in facts.items()}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
