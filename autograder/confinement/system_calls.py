"""Which system calls a confined process may make, as a seccomp filter.

A call is refused unless it is listed: one that a later kernel adds is then no way out. Unlisted on
purpose: sockets; exec, fork and namespaces; other processes' memory, signals and priorities;
users and capabilities; mounts; shared memory, queues and keys; inotify (it sees past Landlock);
memfd, io_uring, userfaultfd, bpf, perf; modules, clocks, swap and devices.
"""

import ctypes
import errno
import fcntl
import os
import socket
import struct
import tempfile
import termios

import pyseccomp
from landlock import plumbing

ALLOWED = {
    "memory": "brk madvise mmap mprotect mremap msync munmap",
    "open files": """close close_range copy_file_range dup dup2 dup3 fadvise64 fdatasync fstat fsync
        ftruncate lseek pread64 preadv preadv2 pwrite64 pwritev pwritev2 read readv sendfile write
        writev""",
    # How far these reach is for Landlock to say.
    "paths": """access chdir creat faccessat faccessat2 fchdir fstatfs getcwd getdents64 link linkat
        lstat mkdir mkdirat newfstatat open openat readlink readlinkat rename renameat renameat2
        rmdir stat statfs statx symlink symlinkat truncate umask unlink unlinkat""",
    "threads": """exit exit_group futex futex_waitv membarrier rseq sched_getaffinity sched_yield
        set_robust_list set_tid_address""",
    "own signals": """alarm getitimer pause restart_syscall rt_sigaction rt_sigpending
        rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigtimedwait setitimer sigaltstack""",
    "waiting": """clock_nanosleep epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2
        epoll_wait eventfd2 nanosleep pipe pipe2 poll ppoll pselect6 select timerfd_create
        timerfd_gettime timerfd_settime""",
    # asyncio wakes its loop through a pair of sockets; see also ALLOWED_IF.
    "socket pairs": "getpeername getsockname getsockopt recvfrom shutdown",
    "questions": """clock_getres clock_gettime getcpu getegid geteuid getgid getgroups getpgid
        getpgrp getpid getppid getpriority getrandom getresgid getresuid getrlimit getrusage getsid
        gettid gettimeofday getuid sysinfo time times uname wait4 waitid""",
    "lower limits": "setrlimit",
}

CLONE_POSIX_THREAD = 0x00010F00  # of this process, with its memory, files and folder
CLONE_NEW_NAMESPACE = 0x7E020000
PR_SET_NAME, PR_GET_NAME = 15, 16
OWN_PID = 0x5E1F5E1F  # larger than any process number: stands for it until the filter is loaded
# The kernel reads most arguments as 32 bits, and the C library may leave anything in the others.
INT, POINTER = 2**32 - 1, 2**64 - 1

# The call, which argument, the bits of it that matter, what they may be.
ALLOWED_IF: list[tuple[str, int, int, list[int]]] = [
    ("clone", 0, CLONE_POSIX_THREAD | CLONE_NEW_NAMESPACE, [CLONE_POSIX_THREAD]),
    ("kill", 0, INT, [OWN_PID]),
    ("tgkill", 0, INT, [OWN_PID]),
    ("prlimit64", 0, INT, [0]),
    ("sched_setaffinity", 0, INT, [0]),
    ("prctl", 0, INT, [PR_SET_NAME, PR_GET_NAME]),
    ("socketpair", 0, INT, [socket.AF_UNIX]),
    ("sendto", 4, POINTER, [0]),  # no address: what `send` does
    ("fcntl", 1, INT, [fcntl.F_DUPFD, fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFD]),
    ("fcntl", 1, INT, [fcntl.F_GETFL, fcntl.F_SETFL]),
    ("fcntl", 1, INT, [fcntl.F_GETLK, fcntl.F_SETLK, fcntl.F_SETLKW]),
    ("ioctl", 1, INT, [termios.TCGETS, termios.TIOCGWINSZ, termios.FIONREAD]),
    ("ioctl", 1, INT, [termios.FIONBIO, termios.FIOCLEX, termios.FIONCLEX]),
]

# Refused, but not with "operation not permitted".
ANSWERED = {
    # Landlock lets these reach any file. `shutil.copy` needs them to seem to work.
    0: """chmod chown fchmod fchmodat fchmodat2 fchown fchownat flock futimesat lchown utime
        utimensat utimes""",
    # Everyone can go on without.
    errno.ENOTSUP: """fallocate fgetxattr flistxattr fremovexattr fsetxattr getxattr lgetxattr
        listxattr llistxattr lremovexattr lsetxattr removexattr setxattr""",
    # Its flags lie behind a pointer, where no filter can look; the C library then takes clone.
    errno.ENOSYS: "clone3",
}

PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def _compile() -> bytes:
    calls = pyseccomp.SyscallFilter(pyseccomp.ERRNO(errno.EPERM))
    # Calls in another architecture's manner have other numbers.
    calls.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    actions = [(pyseccomp.ALLOW, names) for names in ALLOWED.values()]
    actions += [(pyseccomp.ERRNO(answer), names) for answer, names in ANSWERED.items()]
    for action, names in actions:
        for name in names.split():
            number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
            if number != -1:  # an older libseccomp does not know the newest: they stay refused
                calls.add_rule(action, number)
    for name, argument, bits, values in ALLOWED_IF:
        for value in values:
            condition = pyseccomp.Arg(argument, pyseccomp.MASKED_EQ, bits, value)
            calls.add_rule(pyseccomp.ALLOW, name, condition)
    with tempfile.TemporaryFile() as file:
        calls.export_bpf(file)
        file.seek(0)
        return file.read()


# Compiling takes longer than all the rest of confining: once, in the parent, for all children.
_PROGRAM = _compile()


def restrict_calls() -> None:
    """Allow this process, irrevocably, the listed system calls only.

    Raises
    ------
    OSError
        The kernel refuses the filter.
    """
    instructions = _PROGRAM.replace(struct.pack("=I", OWN_PID), struct.pack("=I", os.getpid()))
    program = _Program(len(instructions) // 8, instructions)
    prctl = plumbing.get_prctl()
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program), 0, 0)
