"""The fitted parameters of a department's tracer, kept with their checksum; the newest promoted one is in use."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.errors import Conflict
from store.database import Transaction
from store.inserting import upsert
from store.tables import tracer_models


@dataclass(frozen=True, slots=True)
class TracerModel:
    """``parameters`` is plain JSON; ``version`` is the tracer's name and the head of the checksum."""

    name: str
    version: str
    parameters: dict[str, Any]
    promoted_at: datetime


def checksum(parameters: dict[str, Any]) -> str:
    """SHA-256 of the parameters' canonical JSON."""
    return hashlib.sha256(json.dumps(parameters, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def promote(tx: Transaction, department_id: str, name: str, parameters: dict[str, Any], now: datetime) -> TracerModel:
    """Put these parameters into use."""
    digest = checksum(parameters)
    model = TracerModel(name, f"{name}-{digest[:10]}", parameters, now)
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
                "promoted_at": now,
            }
        ],
    )
    return model


def promoted(tx: Transaction, department_id: str) -> TracerModel | None:
    """The model in use. Raises Conflict where its parameters do not match their checksum."""
    row = tx.execute(
        select(tracer_models)
        .where(tracer_models.c.department_id == department_id)
        .order_by(tracer_models.c.promoted_at.desc(), tracer_models.c.version)
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    if checksum(row.parameters) != row.sha256:
        raise Conflict(f"the model {row.version} was altered in the database; restore a backup or train again")
    return TracerModel(row.name, row.version, row.parameters, row.promoted_at)
