"""Readers' objections to a case's key."""

from __future__ import annotations

from sqlalchemy import insert

from models.reading import Dispute
from store.database import Transaction
from store.tables import disputes


def add(tx: Transaction, department_id: str, dispute: Dispute) -> None:
    tx.execute(
        insert(disputes).values(
            dispute_id=dispute.dispute_id,
            department_id=department_id,
            reading_id=dispute.reading_id,
            case_id=dispute.case_id,
            text=dispute.text,
            raised_at=dispute.raised_at,
            settled=dispute.settled,
        )
    )
