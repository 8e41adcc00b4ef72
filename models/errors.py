"""What can go wrong, in the words of a user. No HTTP here: the doors decide how an error is shown."""

from __future__ import annotations


class WetreadError(Exception):
    """Root of every error Wetread raises on purpose. Its text is one line a user can act on."""


class BadInput(WetreadError):
    """A file, row or form that cannot be taken as it is.

    Shown as ``where: what is wrong; what to do``.
    """

    def __init__(self, where: str, problem: str, remedy: str) -> None:
        super().__init__(f"{where}: {problem}; {remedy}")
        self.where, self.problem, self.remedy = where, problem, remedy


class NotFound(WetreadError):
    """The thing asked for does not exist in this department."""


class NotPermitted(WetreadError):
    """The role of the person asking does not hold the right needed."""


class NotSignedIn(WetreadError):
    """Nobody is signed in, or the session has ended."""


class NotCommitted(WetreadError):
    """A case's key was asked for without a committed read of that case (wall 1)."""


class NotClean(WetreadError):
    """A case whose report was not scrubbed or whose images were not de-identified (wall 2)."""


class Conflict(WetreadError):
    """The request contradicts what is stored already, such as a second answer to the same case."""


class TooManyTries(WetreadError):
    """A rate limit was reached; the text says when to try again."""


class Unavailable(WetreadError):
    """Another server (an archive, a cluster) does not answer, refuses us, or answers what cannot be used.

    The text names the server by its role or setting, never with credentials, and says what to check.
    """
