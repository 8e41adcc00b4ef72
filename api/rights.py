"""Who may do what: the one table of roles and permissions."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    LEARNER = "learner"
    EDUCATOR = "educator"
    QUALITY_LEAD = "quality_lead"
    ADMIN = "admin"


class Permission(StrEnum):
    """``see_own_account`` is what every signed-in person holds."""

    SEE_OWN_ACCOUNT = "see_own_account"
    PRACTISE = "practise"
    EDIT_DRAFTS = "edit_drafts"
    SEE_MISSES = "see_misses"
    ADMINISTER = "administer"


RIGHTS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.PRACTISE}),
    Role.EDUCATOR: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.PRACTISE, Permission.EDIT_DRAFTS}),
    Role.QUALITY_LEAD: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.SEE_MISSES}),
    Role.ADMIN: frozenset({Permission.SEE_OWN_ACCOUNT, Permission.ADMINISTER}),
}


def permissions(roles: tuple[str, ...]) -> frozenset[Permission]:
    """What these roles allow together."""
    held: frozenset[Permission] = frozenset()
    for role in roles:
        held |= RIGHTS[Role(role)]
    return held
