"""Frames of JSON on a stream socket: four bytes of length, then UTF-8. Never a pickle."""

from __future__ import annotations

import array
import json
import os
import select
import socket
import struct
from typing import Any

HEAD = struct.Struct(">I")


class TornError(Exception):
    """The other side is gone, or what it sent is no frame. The message says which."""


def encode(message: Any) -> bytes:
    """`message` as a frame; lone surrogates travel as they are and are cleaned by the reader."""
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    body = text.encode("utf-8", "surrogatepass")
    return HEAD.pack(len(body)) + body


def decode(body: bytes) -> Any:
    """The message in `body`; numbers that JSON does not have are refused.

    Raises:
        ValueError: for anything that is not JSON in UTF-8, or is nested too deeply.
    """
    try:
        text = body.decode("utf-8", "surrogatepass")
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def send(sock: socket.socket, message: Any) -> None:
    sock.sendall(encode(message))


def receive(sock: socket.socket, most: int = 1 << 30) -> Any:
    """The next message; waits for it.

    Raises:
        TornError: when the connection ended or the frame is over `most` bytes.
    """
    (size,) = HEAD.unpack(exactly(sock, HEAD.size))
    if size > most:
        raise TornError(f"a message of {size} bytes")
    return decode(exactly(sock, size))


def exactly(sock: socket.socket, size: int) -> bytes:
    """The next `size` bytes, or TornError."""
    parts, missing = [], size
    while missing:
        part = sock.recv(min(missing, 1 << 20))
        if not part:
            raise TornError("the connection ended")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def send_with_socket(sock: socket.socket, message: Any, passed: socket.socket) -> None:
    """Send `message`, and with its first byte the socket `passed`."""
    frame = encode(message)
    rights = array.array("i", [passed.fileno()])
    sent = sock.sendmsg([frame], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)])
    sock.sendall(frame[sent:])


def receive_with_socket(sock: socket.socket) -> tuple[Any, socket.socket | None]:
    """The next message and the socket that came with it, if one did."""
    room = socket.CMSG_LEN(array.array("i").itemsize)
    head, ancillary, _, _ = sock.recvmsg(HEAD.size, room)
    if not head:
        raise TornError("the connection ended")
    head += exactly(sock, HEAD.size - len(head))
    message = decode(exactly(sock, HEAD.unpack(head)[0]))
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            fds = array.array("i")
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
            for extra in fds[1:]:
                os.close(extra)
            return message, socket.socket(fileno=fds[0])
    return message, None


def readable(seconds: float, *socks: socket.socket) -> list[socket.socket]:
    """Those of `socks` that have something to read, or whose other side is gone."""
    poll = select.poll()
    for sock in socks:
        poll.register(sock, select.POLLIN)
    ready = {fd for fd, _ in poll.poll(max(0.0, seconds) * 1000)}
    return [sock for sock in socks if sock.fileno() in ready]
