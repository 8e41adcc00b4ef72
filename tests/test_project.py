"""The project's own rules: whose names are whose, who may import whom, and what the API may load."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
CONTRACTS: list[dict[str, str]] = PROJECT["tool"]["importlinter"]["contracts"]
HEAVY_LIBRARIES = ("torch", "monai", "spacy", "mlflow", "pandas")


def imported_names(source: str) -> set[str]:
    """The top-level names a module's source imports, inside functions and under TYPE_CHECKING too; "." if relative."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_brings_a_package_of_our_name(name: str) -> None:
    assert set(packages_distributions().get(name, [])) <= {"wetread"}
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None, f"{name}/__init__.py is missing"
    assert Path(spec.origin).parent == ROOT / name


def test_every_python_folder_of_the_root_is_in_the_wheel() -> None:
    assert {folder.parent.name for folder in ROOT.glob("*/__init__.py")} == set(PACKAGES)


def test_no_python_file_lies_in_the_root() -> None:
    assert not list(ROOT.glob("*.py"))


def test_tests_are_no_package() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


@pytest.mark.parametrize("name", PACKAGES)
def test_every_package_says_in_one_line_what_it_is(name: str) -> None:
    docstring = ast.get_docstring(ast.parse((ROOT / name / "__init__.py").read_text("utf-8")))
    assert docstring and "\n" not in docstring


def test_imported_names_sees_every_kind_of_import() -> None:
    source = "import a.b as c\nfrom d.e import f\ndef g():\n    import h\n    from . import i\n"
    assert imported_names(source) == {"a", "d", "h", "."}


@pytest.mark.parametrize("module", sorted((ROOT / "models").rglob("*.py")), ids=lambda path: path.stem)
def test_the_models_import_only_the_standard_library_and_one_another(module: Path) -> None:
    assert imported_names(module.read_text("utf-8")) <= {*sys.stdlib_module_names, "models"}


def test_the_import_contracts_are_kept() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    kept = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert kept.returncode == 0, kept.stdout + kept.stderr


def test_the_contracts_watch_every_package() -> None:
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract["id"])
def test_every_contract_is_named_by_a_sentence(contract: dict[str, str]) -> None:
    assert re.match(r"[A-Z]", contract["name"]) and len(contract["name"].split()) >= 5


def test_the_api_loads_none_of_the_heavy_libraries() -> None:
    """They cost seconds and half a gigabyte, and the API must start at once."""
    program = "import sys, json, api.app; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    started = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stderr
    assert not set(json.loads(started.stdout.splitlines()[-1])) & set(HEAVY_LIBRARIES)


def test_nothing_compiled_is_older_than_its_source() -> None:
    """It would be run in place of the source; `make fast` compiles again."""
    compiled = [path for package in PACKAGES for path in (ROOT / package).glob("*.so")]
    stale = [path.name for path in compiled if path.stat().st_mtime < source_of(path).stat().st_mtime]
    assert not stale


def source_of(compiled: Path) -> Path:
    return compiled.with_name(compiled.name.split(".")[0] + ".py")


def test_what_is_compiled_are_modules_of_ours() -> None:
    spec = importlib.util.spec_from_file_location("compile_reader", ROOT / "build" / "compile_reader.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert all((ROOT / module.replace(".", "/")).with_suffix(".py").is_file() for module in script.MODULES)


def test_the_web_lock_file_names_no_host() -> None:
    """npm writes the address of whatever mirror was used, which another machine may not reach."""
    assert '"resolved": "http' not in (ROOT / "web" / "package-lock.json").read_text("utf-8")


def test_the_version_is_in_the_changelog() -> None:
    assert f"## [{PROJECT['project']['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
