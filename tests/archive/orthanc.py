"""A real Orthanc for tests, in a network namespace of its own.

Orthanc listens on every address of the machine it sees, so it is given one that has nothing but a loopback. This file
is also the program that runs in there: it starts Orthanc and carries connections to it from a socket that listens on
127.0.0.1 outside and was inherited, since a socket stays in the namespace it was made in.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests

USER, PASSWORD = "wetread", "marzipan-quagga"
_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
_PORT = 8042
_INTERFACE_FLAGS, _UP = 0x8914, 0x1  # SIOCSIFFLAGS, IFF_UP
_STARTED, _CHUNK = "Orthanc has started", 1 << 18

MISSING = (
    ""
    if shutil.which("Orthanc") and _PLUGIN.exists()
    else "Orthanc is missing: apt-get install orthanc orthanc-dicomweb"
)


@dataclass(frozen=True)
class Orthanc:
    """``root`` is its own interface, ``dicomweb`` the plugin's; both ask for USER and PASSWORD."""

    root: str

    @property
    def dicomweb(self) -> str:
        return f"{self.root}/dicom-web"

    def empty(self) -> None:
        """Forget everything."""
        for patient in self._ask("GET", "/patients"):
            self._ask("DELETE", f"/patients/{patient}")

    def put(self, dicom: bytes) -> None:
        """Take a DICOM file in without the DICOMweb plugin."""
        self._ask("POST", "/instances", dicom)

    def instances(self) -> list[str]:
        return [str(each) for each in self._ask("GET", "/instances")]

    def delete(self, instance: str) -> None:
        self._ask("DELETE", f"/instances/{instance}")

    def _ask(self, method: str, path: str, content: bytes | None = None):  # type: ignore[no-untyped-def]
        answer = requests.request(method, self.root + path, data=content, auth=(USER, PASSWORD), timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running(folder: Path) -> Iterator[Orthanc]:
    """Orthanc with its storage in ``folder``, until the block ends or this process dies."""
    configuration = folder / "orthanc.json"
    configuration.write_text(json.dumps(_configuration(folder)))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        names = ["--net"] if os.geteuid() == 0 else ["--net", "--user", "--map-root-user"]
        command = ["unshare", *names, sys.executable, __file__, str(listener.fileno()), str(configuration)]
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[listener.fileno()], text=True
        )
        port = listener.getsockname()[1]
    assert child.stdin is not None and child.stdout is not None
    try:
        assert child.stdout.readline() == "ready\n", "Orthanc did not start; its words are above"
        yield Orthanc(f"http://127.0.0.1:{port}")
    finally:
        child.stdin.close()  # what it waits for
        child.wait(60)
        child.stdout.close()


def _configuration(folder: Path) -> dict[str, object]:
    return {
        "Name": "WetreadTest",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "Plugins": [str(_PLUGIN)],
        "DicomServerEnabled": False,
        "HttpPort": _PORT,
        "RemoteAccessAllowed": False,
        "HttpCompressionEnabled": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {USER: PASSWORD},
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/", "EnableWado": False},
    }


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _INTERFACE_FLAGS, struct.pack("16sH14x", b"lo", _UP))


def _wait_for(words: IO[str]) -> None:
    for line in words:
        if re.search(_STARTED, line):
            return
        print(line, end="", file=sys.stderr)
    raise SystemExit("Orthanc ended before it had started")


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(_CHUNK):
            target.write(data)
            await target.drain()
    with suppress(ConnectionError, RuntimeError):
        target.close()


async def _connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(asyncio.CancelledError):  # the end, with connections still open
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", _PORT)
        await asyncio.gather(_carry(reader, inner_writer), _carry(inner_reader, writer))


async def _relay(listener: socket.socket) -> None:
    """Until the one who started us closes our standard input, or is gone."""
    await asyncio.start_server(_connected, sock=listener)
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def _main(descriptor: int, configuration: str) -> None:
    _loopback_up()
    orthanc = subprocess.Popen(["Orthanc", configuration], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert orthanc.stderr is not None
        _wait_for(orthanc.stderr)
        rest = subprocess.Popen(["cat"], stdin=orthanc.stderr, stdout=subprocess.DEVNULL)  # a full pipe would stop it
        asyncio.run(_relay(socket.socket(fileno=descriptor)))
    finally:
        orthanc.terminate()
        orthanc.wait(30)
    rest.wait(10)


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2])
