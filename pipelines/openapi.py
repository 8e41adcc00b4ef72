"""Writes the service's own description, from which the page's types are made.

python -m pipelines.openapi web/openapi.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from api.app import create_app
from api.settings import Settings


def main(target: Path) -> None:
    """The description does not depend on the workspace: an empty one does."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        app = create_app(Settings(home, f"sqlite:///{home / 'w.db'}", str(home / "archive"), embedded_worker=False))
        target.write_text(json.dumps(app.openapi(), indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
