"""Compile the report reader with mypyc, in place: it then reads twice as fast and says the same.

    python build/compile_reader.py           compile; half a minute, needs a C compiler and the extra `dev`
    python build/compile_reader.py --undo    remove what was compiled

A compiled module stands beside its source and is loaded in its stead: compile again after a change of the source.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = (
    *("models.report", "nlp.plain", "nlp.sections", "nlp.section_reach", "nlp.headings", "nlp.sentences", "nlp.tokens"),
    *("nlp.lexicon", "nlp.mentions", "nlp.signs", "nlp.bounds", "nlp.clauses", "nlp.assertion", "nlp.phrasebook"),
    *("nlp.neighbours", "nlp.joining", "nlp.sides", "nlp.severity", "nlp.places", "nlp.measurement", "nlp.counting"),
    *("nlp.comparison", "nlp.attributes", "nlp.indirect", "nlp.observing", "nlp.normal_statements", "nlp.statement"),
    *("nlp.passage", "nlp.reader", "nlp.miner"),
    *("nlp.points", "nlp.point_factors", "nlp.point_scale"),
)
"""What each report goes through. Modules that read TOML by type hints, or are read as text, stay as they are."""


def compiled() -> list[Path]:
    """The compiled modules that stand beside their sources, and what they share."""
    return sorted([*ROOT.glob("models/*.so"), *ROOT.glob("nlp/*.so"), *ROOT.glob("nlp_reader__mypyc*.so")])


def undo() -> None:
    for path in compiled():
        path.unlink()


def compile_modules() -> None:
    """Raises SystemExit with one line where that cannot be done; the sources then work as they did."""
    try:
        from mypyc.build import mypycify
        from setuptools import Distribution
        from setuptools.command.build_ext import build_ext
    except ImportError as error:
        sys.exit(f"{error.name} is not installed; pip install '.[dev]' brings it")
    with tempfile.TemporaryDirectory() as work:
        paths = [str((ROOT / module.replace(".", "/")).with_suffix(".py")) for module in MODULES]
        extensions = mypycify(paths, opt_level="2", target_dir=work, group_name="nlp_reader")
        command = build_ext(Distribution({"name": "wetread", "ext_modules": extensions}))
        command.inplace, command.build_temp, command.build_lib = True, work, work
        command.ensure_finalized()
        command.run()


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--undo"]):
        sys.exit(__doc__)
    undo()
    if not sys.argv[1:]:
        compile_modules()
        print(f"{len(compiled())} files compiled")
