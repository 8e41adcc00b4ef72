"""Work spread over processes through joblib: those of this machine, or of a Ray cluster by its address."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from models.errors import BadInput, Unavailable

Given = TypeVar("Given")
Made = TypeVar("Made")

SETTING = "WETREAD_CLUSTER"

BATCHES_A_WORKER = 4
"""Batches each worker is given at a time. Two such waves are held at most: one at work, one on its way in or out."""

FEWEST_BATCHES = 3
"""For fewer, starting processes takes longer than the work."""

_CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Workers:
    """``size`` processes that do batches of work; made by ``workers``. One is this very process."""

    size: int
    parallel: Any

    def each(self, function: Callable[[Given], Made], batches: Iterable[Given]) -> Iterator[Made]:
        """``function`` of each batch, in order, worked ahead of whoever takes them. Batches are drawn in this thread.

        Raises Unavailable where a worker is lost; what it did since the last result is lost with it.
        """
        waves = _waves(iter(batches), self.size * BATCHES_A_WORKER)
        first = next(waves, [])
        if self.size == 1 or len(first) < FEWEST_BATCHES:
            for wave in (first, *waves):
                yield from map(function, wave)
            return
        with ThreadPoolExecutor(1, thread_name_prefix="wetread-wave") as runner:
            running = runner.submit(self._wave, function, first)
            for wave in waves:
                following = runner.submit(self._wave, function, wave)
                yield from _result(running)
                running = following
            yield from _result(running)

    def _wave(self, function: Callable[[Given], Made], wave: list[Given]) -> list[Made]:
        from joblib import delayed

        done: list[Made] = self.parallel(delayed(function)(batch) for batch in wave)
        return done


@contextmanager
def workers(cluster: str, jobs: int) -> Iterator[Workers]:
    """``jobs`` processes of this machine or, where ``cluster`` is an address, all of a Ray cluster's.

    ``ray://host:port`` and ``host:port`` are addresses of a running cluster, "local" starts one on this machine.
    Wetread must be installed on its machines; texts go there before they are scrubbed. A cluster that asks for a token
    is told of by Ray's own settings. Raises Unavailable where the cluster does not answer.
    """
    from joblib import Parallel

    if cluster:
        with _ray(cluster) as size, Parallel(n_jobs=size, backend="ray", batch_size=1) as parallel:
            yield Workers(size, parallel)
    elif jobs == 1:
        yield Workers(1, None)
    else:
        with Parallel(n_jobs=jobs, backend="loky", batch_size=1) as parallel:
            yield Workers(jobs, parallel)


def _waves(batches: Iterator[Given], size: int) -> Iterator[list[Given]]:
    while wave := list(islice(batches, size)):
        yield wave


def _result(running: Future[list[Made]]) -> list[Made]:
    from joblib.externals.loky.process_executor import BrokenProcessPool

    try:
        return running.result()
    except (BrokenProcessPool, ConnectionError) as error:
        raise _lost() from error
    except Exception as error:
        if type(error).__module__.startswith("ray."):
            raise _lost() from error
        raise


def _lost() -> Unavailable:
    return Unavailable(
        "a worker process was stopped, perhaps for want of memory; what was stored stays: run the command again,"
        " with fewer --jobs"
    )


def _unanswered() -> Unavailable:
    remedy = "check its address, that it runs the same Ray and Python, and RAY_AUTH_MODE=token where it asks for one"
    return Unavailable(f"{SETTING}: the cluster does not answer; {remedy}")


def _knock(address: str) -> None:
    """Raises Unavailable where nothing listens at an address: Ray itself would end this process without a word."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if colon:
        try:
            socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
        except (OSError, OverflowError, ValueError) as error:
            raise _unanswered() from error


@contextmanager
def _ray(address: str) -> Iterator[int]:
    """A connection to the cluster; how many processors it has."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError as error:
        remedy = "pip install 'wetread[cluster]'"
        raise BadInput(SETTING, "names a cluster, but Ray is not installed", remedy) from error
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": "ERROR"}
    if address == "local":
        options |= {"include_dashboard": False, "_node_ip_address": "127.0.0.1"}
    _knock(address)
    try:
        ray.init(address=address, **options)
    except Exception as error:  # Ray fails to connect with errors of many kinds
        raise _unanswered() from error
    try:
        register_ray()  # type: ignore[no-untyped-call]
        yield max(1, int(ray.cluster_resources().get("CPU", 1)))  # type: ignore[no-untyped-call]
    finally:
        ray.shutdown()
