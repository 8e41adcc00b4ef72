"""The fitted parameters of a department's tracer, kept with their checksum; the newest promoted one is in use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select, update

from models.errors import Conflict
from store.database import Transaction
from store.inserting import upsert
from store.tables import tracer_models


@dataclass(frozen=True, slots=True)
class TracerModel:
    """``parameters`` is plain JSON; ``version`` is the tracer's name and the head of the checksum.

    ``metrics`` are figures of its training by name; ``run`` is the training's run in the lab book, "" where none.
    """

    name: str
    version: str
    parameters: dict[str, Any]
    promoted_at: datetime
    metrics: Mapping[str, float] = field(default_factory=dict)
    run: str = ""


def checksum(parameters: dict[str, Any]) -> str:
    """SHA-256 of the parameters' canonical JSON."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def version_of(name: str, parameters: dict[str, Any]) -> str:
    """The version these parameters have: the same for the same content."""
    return f"{name}-{checksum(parameters)[:10]}"


def promote(
    tx: Transaction,
    department_id: str,
    name: str,
    parameters: dict[str, Any],
    now: datetime,
    metrics: Mapping[str, float] | None = None,
    run: str = "",
) -> TracerModel:
    """Put these parameters into use: they are the newest, even where the clock went back since the last ones."""
    digest = checksum(parameters)
    last = tx.execute(
        select(func.max(tracer_models.c.promoted_at)).where(tracer_models.c.department_id == department_id)
    ).scalar_one()
    at = now if last is None else max(now, last + timedelta(microseconds=1))
    model = TracerModel(name, f"{name}-{digest[:10]}", parameters, at, metrics or {}, run)
    upsert(
        tx,
        tracer_models,
        [
            {
                "department_id": department_id,
                "version": model.version,
                "name": name,
                "parameters": parameters,
                "sha256": digest,
                "promoted_at": at,
                "metrics": dict(model.metrics),
                "run": run,
            }
        ],
    )
    return model


def note_training(tx: Transaction, department_id: str, version: str, metrics: Mapping[str, float], run: str) -> None:
    """Keep what a training found of a model that is there already, such as one learned during an import."""
    tx.execute(
        update(tracer_models)
        .where(tracer_models.c.department_id == department_id, tracer_models.c.version == version)
        .values(metrics=dict(metrics), run=run)
    )


def version_in_use(tx: Transaction, department_id: str) -> str | None:
    """The version of the model in use; its parameters, which may be long, are not read."""
    return tx.execute(_newest(department_id)).scalars().one_or_none()


def promoted(tx: Transaction, department_id: str) -> TracerModel | None:
    """The model in use. Raises Conflict where its parameters do not match their checksum."""
    row = tx.execute(
        select(tracer_models).where(
            tracer_models.c.department_id == department_id,
            tracer_models.c.version == _newest(department_id).scalar_subquery(),
        )
    ).one_or_none()
    if row is None:
        return None
    if checksum(row.parameters) != row.sha256:
        raise Conflict(f"the model {row.version} was altered in the database; restore a backup or train again")
    return TracerModel(row.name, row.version, row.parameters, row.promoted_at, row.metrics, row.run)


@dataclass(frozen=True, slots=True)
class Promotion:
    """A model by name, without its parameters. ``reads``: how many it was fitted to, None where it does not say."""

    name: str
    version: str
    promoted_at: datetime
    reads: int | None
    metrics: Mapping[str, float]
    run: str


def promotions(tx: Transaction, department_id: str, limit: int) -> list[Promotion]:
    """The newest first, which is the one in use. The parameters, which may be long, are not read."""
    models = tracer_models.c
    rows = tx.execute(
        select(
            models.name,
            models.version,
            models.promoted_at,
            models.parameters["reads"].as_integer().label("reads"),
            models.metrics,
            models.run,
        )
        .where(models.department_id == department_id)
        .order_by(models.promoted_at.desc(), models.version)
        .limit(limit)
    )
    return [Promotion(r.name, r.version, r.promoted_at, r.reads, r.metrics, r.run) for r in rows]


def _newest(department_id: str) -> Select[str]:
    return (
        select(tracer_models.c.version)
        .where(tracer_models.c.department_id == department_id)
        .order_by(tracer_models.c.promoted_at.desc(), tracer_models.c.version)
        .limit(1)
    )
