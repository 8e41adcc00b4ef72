"""The lab book: every training is a run in MLflow, and the model in use its champion. Nothing else imports MLflow."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import Unavailable

if TYPE_CHECKING:
    from mlflow import MlflowClient

MODEL = "tracer"
CHAMPION = "champion"

QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "20",
}
"""Set before MLflow is imported: it sends nothing to its makers, and a server that is away is told of in seconds."""


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What one training leaves behind. Numbers and settings alone: no reader's name, id or text.

    ``parameters`` and ``metrics`` by name; ``artifact`` is the fitted population as JSON.
    """

    name: str
    parameters: Mapping[str, str | float]
    metrics: Mapping[str, float]
    artifact: str


class LabBook:
    """Runs of one workspace. ``address`` is MLflow's tracking and registry URI, a file of the workspace by default."""

    def __init__(self, home: Path, address: str | None = None) -> None:
        """Raises Unavailable where the lab book cannot be opened."""
        self._address = address or f"sqlite:///{home / 'mlflow.db'}"
        with self._told():
            if self._address.startswith("sqlite:///"):
                _try_file(Path(self._address.removeprefix("sqlite:///")))
            os.environ.update(QUIET)
            from mlflow import MlflowClient

            self._client: MlflowClient = MlflowClient(self._address, self._address)
            self._experiment = self._experiment_at(home / "mlflow")

    def record(self, training: TrainingRun) -> str:
        """The id of the new run. Raises Unavailable where it cannot be written."""
        with self._told():
            run: str = self._client.create_run(self._experiment, run_name=training.name).info.run_id
            for name, value in training.parameters.items():
                self._client.log_param(run, name, value)
            for name, value in training.metrics.items():
                self._client.log_metric(run, name, value)
            self._client.log_text(run, training.artifact, "population.json")
            self._client.set_terminated(run)
            return run

    def champion(self, run: str) -> None:
        """Register the run's model where it is not yet, and let the alias point to it; doing so again is the same."""
        with self._told():
            if not self._client.search_registered_models(f"name = '{MODEL}'"):
                self._client.create_registered_model(MODEL)
            known = self._client.search_model_versions(f"name = '{MODEL}' and run_id = '{run}'")
            made = (
                known[0]
                if known
                else self._client.create_model_version(
                    MODEL, source=str(self._client.get_run(run).info.artifact_uri), run_id=run
                )
            )
            self._client.set_registered_model_alias(MODEL, CHAMPION, made.version)

    def _experiment_at(self, folder: Path) -> str:
        """The experiment whose artifacts lie in ``folder``; a server keeps artifacts where it likes.

        An experiment never moves, so a workspace that did goes on in another one.
        """
        place = folder.resolve().as_uri() if self._address.startswith("sqlite") else None
        moved = f"{MODEL}-{blake2b((place or '').encode(), digest_size=4).hexdigest()}"
        first = self._client.get_experiment_by_name(MODEL)
        name = MODEL if first is None or place in (None, first.artifact_location) else moved
        found = self._client.get_experiment_by_name(name)
        return str(found.experiment_id if found else self._client.create_experiment(name, artifact_location=place))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            # MLflow lets the errors of its database driver, of HTTP and of the disk through, each of its own kind.
            raise Unavailable(
                f"the lab book (WETREAD_MLFLOW) cannot be used ({type(error).__name__});"
                " mend its address or permissions, or train with --no-log"
            ) from error


def _try_file(path: Path) -> None:
    """Open the database file as a writer would: MLflow itself tries for minutes before it gives up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path, timeout=20)) as book:
        book.execute("PRAGMA schema_version")
        book.execute("BEGIN IMMEDIATE")
        book.rollback()
