"""Landlock: what may be written, and that nothing is reached over a network, as far as the kernel
knows how (its ABI version grows; see the kernel's userspace-api/landlock.rst)."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from . import system

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
ALL_OF_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
READING = EXECUTE | READ_FILE | READ_DIR
DEVICES = READ_FILE | READ_DIR | WRITE_FILE | TRUNCATE | IOCTL_DEV
NET_BIND_TCP, NET_CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_UNIX_SOCKET, SCOPE_SIGNAL = 1, 2
_RULE_PATH_BENEATH, _CREATE_RULESET_VERSION = 1, 1
_FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("fs", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("parent", ctypes.c_int32))


def abi() -> int:
    """The kernel's version of Landlock; 0 where it has none."""
    try:
        return system.syscall(system.SYS_LANDLOCK_CREATE_RULESET, None, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(writable: Iterable[str], devices: Iterable[str]) -> None:
    """From now on this process reads what it sees, and writes only beneath `writable`.

    `devices` may be opened for writing, but nothing can be made or taken away there. Needs
    `no_new_privs`. Raises OSError where the kernel refuses.
    """
    version = abi()
    known = max(level for level in ALL_OF_ABI if level <= max(version, 1))
    everything = ALL_OF_ABI[known]
    wanted = _Ruleset(everything, 0, 0)
    if version >= 4:
        wanted.net = NET_BIND_TCP | NET_CONNECT_TCP
    if version >= 6:
        wanted.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = system.syscall(system.SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(wanted), size, 0)
    try:
        _allow(rules, "/", READING & everything)
        for path in writable:
            _allow(rules, path, everything)
        for path in devices:
            _allow(rules, path, DEVICES & everything)
        system.syscall(system.SYS_LANDLOCK_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = _PathBeneath(access, parent)
        system.syscall(
            system.SYS_LANDLOCK_ADD_RULE, rules, _RULE_PATH_BENEATH, ctypes.byref(rule), 0
        )
    finally:
        os.close(parent)
