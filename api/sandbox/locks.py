"""What the process that answers strangers may not do. Each lock says whether it holds here.

    network namespace   no interface but an unconfigured loopback: `unshare(CLONE_NEWUSER | CLONE_NEWNET)`
    no sockets          `socket`, `connect`, `execve`, `ptrace`, `io_uring_setup` answer EPERM: a seccomp filter
    memory              private writable memory is limited: RLIMIT_DATA
    no files            nothing beyond the size of one answer can be written: RLIMIT_FSIZE; no core dumps

Containers often forbid user namespaces and allow seccomp, or the other way round; either keeps the network out.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWNET: Final = 0x40000000
_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2

#: machine: (audit architecture, numbers of socket, connect, execve, execveat, ptrace, io_uring_setup)
_SYSCALLS: Final = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 101, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 117, 425)),
}


@dataclass(frozen=True)
class Lock:
    """One lock: its name, whether it holds, and what stands in the way if not."""

    name: str
    holds: bool
    why: str = ""


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _failed(call: str) -> str:
    number = ctypes.get_errno()
    return f"{call}: {errno_name(number)}"


def errno_name(number: int) -> str:
    """The short name of an errno, such as EPERM."""
    import errno

    return errno.errorcode.get(number, str(number))


def no_network() -> Lock:
    """Move this process into a network namespace of its own, which has no way out. The process has one thread."""
    name = "network namespace"
    if sys.platform != "linux":
        return Lock(name, False, f"not on {sys.platform}")
    libc = _libc()
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0 or libc.unshare(_CLONE_NEWNET) == 0:
        return Lock(name, True)
    return Lock(name, False, _failed("unshare"))


def no_sockets() -> Lock:
    """Make system calls that open connections or start programs fail with EPERM, for this process and its forks."""
    name = "no sockets, no programs"
    known = _SYSCALLS.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return Lock(name, False, f"not on {sys.platform} {platform.machine()}")
    architecture, numbers = known
    program = [
        (0x20, 0, 0, 4),  # load the architecture
        (0x15, 1, 0, architecture),  # the one we know: go on
        (0x06, 0, 0, 0x80000000),  # another one: kill
        (0x20, 0, 0, 0),  # load the number of the system call
        (0x35, 0, 1, 0x40000000),  # x32 numbers begin here
        (0x06, 0, 0, 0x80000000),
    ]
    for left, number in zip(range(len(numbers) - 1, -1, -1), numbers, strict=True):
        program.append((0x15, left + 1, 0, number))  # one of the list: on to the refusal
    program += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | 1)]  # allow; refuse with EPERM
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    libc = _libc()
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, header, 0, 0):
        return Lock(name, False, _failed("prctl"))
    return Lock(name, True)


def limit(memory: int, file_size: int) -> Lock:
    """Limit private memory to what is in use now plus `memory` bytes, and written files to `file_size` bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
    used = _data_bytes()
    if used is None:
        return Lock("memory", False, f"not on {sys.platform}")
    resource.setrlimit(resource.RLIMIT_DATA, (used + memory, used + memory))
    return Lock("memory", True)


def name_process(name: str) -> None:
    """Name this process for those who list processes; at most 15 letters."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent goes."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0)


def _data_bytes() -> int | None:
    """Private writable memory of this process in bytes, as RLIMIT_DATA counts it; None where it cannot be known."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData:")), None)


def private_bytes() -> int:
    """Memory of this process in bytes that it shares with no other; 0 where it cannot be known."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty:"))


def resident_bytes() -> int:
    """Resident memory of this process in bytes; 0 where it cannot be known."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        return 0
