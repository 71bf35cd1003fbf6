"""A seccomp filter against system calls that no notebook needs and escapes are made of."""

from __future__ import annotations

import ctypes
import errno
import struct

from . import system

_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_LOAD, _JUMP_EQUAL, _JUMP_GE, _JUMP_SET, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCH, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data, low words

TIOCSTI, TIOCLINUX, TIOCCONS = 0x5412, 0x541C, 0x541D
AF_UNIX, AF_INET, AF_INET6 = 1, 2, 10

# name: (x86_64, aarch64), from the kernel's tables; None where the machine has no such call.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # other processes' memory and secrets
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "pidfd_getfd": (438, 438), "process_madvise": (440, 440),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # large doors into the kernel
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "vmsplice": (278, 75), "modify_ldt": (154, None), "personality": (135, 92),
    "lookup_dcookie": (212, 18), "uselib": (134, None), "_sysctl": (156, None),
    # namespaces and mounts
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "unshare": (272, 97), "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "open_tree_attr": (467, 467),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265), "fanotify_init": (300, 262),
    # the machine itself
    "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "iopl": (172, None),
    "ioperm": (173, None), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "syslog": (103, 116), "vhangup": (153, 58), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162), "nfsservctl": (180, 42),
    # memory that belongs to no process, which the watch could not count
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195),
    "msgget": (68, 186), "semget": (64, 190), "mq_open": (240, 180),
}  # fmt: skip
_CLONE, _CLONE3, _SOCKET, _SOCKETPAIR, _IOCTL = (
    (56, 220), (435, 435), (41, 198), (53, 199), (16, 29)
)  # fmt: skip


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


def known() -> bool:
    """Whether there is a filter for this kind of machine."""
    return system.machine() in _ARCHITECTURE


def program() -> bytes:
    """The filter as BPF instructions for this machine."""
    which = list(_ARCHITECTURE).index(system.machine())
    refuse = _ERRNO | errno.EPERM
    code = [
        _op(_LOAD, _ARCH),
        _op(_JUMP_EQUAL, _ARCHITECTURE[system.machine()], 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NUMBER),
    ]
    if system.machine() == "x86_64":
        code += [_op(_JUMP_GE, _X32, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    for numbers in REFUSED.values():
        number = numbers[which]
        if number is not None:
            code += [_op(_JUMP_EQUAL, number, 0, 1), _op(_RETURN, refuse)]
    # The C library falls back from clone3, whose flags a filter cannot read, to clone.
    code += [_op(_JUMP_EQUAL, _CLONE3[which], 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS)]
    code += [
        _op(_JUMP_EQUAL, _CLONE[which], 0, 4),
        _op(_LOAD, _FIRST),
        _op(_JUMP_SET, system.NAMESPACES & ~0x80, 0, 1),
        _op(_RETURN, refuse),
        _op(_RETURN, _ALLOW),
    ]
    for calls in (_SOCKET, _SOCKETPAIR):
        code += [
            _op(_JUMP_EQUAL, calls[which], 0, 6),
            _op(_LOAD, _FIRST),
            _op(_JUMP_EQUAL, AF_UNIX, 3, 0),
            _op(_JUMP_EQUAL, AF_INET, 2, 0),
            _op(_JUMP_EQUAL, AF_INET6, 1, 0),
            _op(_RETURN, _ERRNO | errno.EAFNOSUPPORT),
            _op(_RETURN, _ALLOW),
        ]
    code += [
        _op(_JUMP_EQUAL, _IOCTL[which], 0, 6),
        _op(_LOAD, _SECOND),
        _op(_JUMP_EQUAL, TIOCSTI, 2, 0),
        _op(_JUMP_EQUAL, TIOCLINUX, 1, 0),
        _op(_JUMP_EQUAL, TIOCCONS, 0, 1),
        _op(_RETURN, refuse),
        _op(_RETURN, _ALLOW),
    ]
    return b"".join([*code, _op(_RETURN, _ALLOW)])


def install(code: bytes) -> None:
    """From now on the filter `code` holds, for this process and all that come of it."""
    buffer = ctypes.create_string_buffer(code, len(code))
    made = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    system.call(
        "prctl",
        ctypes.c_int(system.PR_SET_SECCOMP),
        ctypes.c_ulong(system.SECCOMP_MODE_FILTER),
        ctypes.byref(made),
        ctypes.c_ulong(0),
        ctypes.c_ulong(0),
    )


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
