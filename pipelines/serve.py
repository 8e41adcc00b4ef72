"""``wetread serve`` and ``wetread work``: the service, and a worker for its jobs."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_address

import uvicorn

from api.app import create_app
from api.jobs import open_queue
from api.learning import Learning
from api.settings import Settings
from api.workspace import Workspace
from models.errors import BadInput
from pipelines.telling import err, out


def serve(
    settings: Settings,
    host: str,
    port: int,
    worker: bool,
    ready: Callable[[str], None] | None = None,
    behind_proxy: bool = False,
) -> None:
    """Serve until stopped. ``ready`` is told the address once the socket listens.

    Only ``behind_proxy`` are a request's X-Forwarded headers believed, from a proxy on this machine: to any other
    caller they would be a way to choose the address that limits and audit see.
    """
    if not settings.secure_cookie and not is_loopback(host):
        told = f"warning  {host} is open to others and sign-in cookies travel unencrypted: serve behind HTTPS with "
        err.print(told + "WETREAD_SECURE_COOKIE=1", style="yellow", markup=False)
    listening = listen(host, port)
    app = create_app(replace(settings, embedded_worker=worker))
    address = f"http://{host}:{listening.getsockname()[1]}"
    if ready:
        ready(address)
    else:
        out.print(f"Wetread serves {settings.home} at {address}", markup=False)
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=behind_proxy)
    uvicorn.Server(config).run(sockets=[listening])


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises BadInput where the port is taken."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise BadInput(f"{host}:{port}", "cannot be listened on", "choose another with --port") from error
    return listening


def work(settings: Settings) -> None:
    """Do queued jobs until stopped."""
    from huey.consumer import Consumer

    workspace = Workspace.open(settings)
    queue = open_queue(workspace, Learning(workspace.findings))
    out.print(f"Wetread works through the jobs of {settings.home}", markup=False)
    Consumer(queue.huey, workers=1, periodic=True).run()
