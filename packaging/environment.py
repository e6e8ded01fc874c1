"""Sets up the checkout: system libraries, a `.venv`, hash-pinned packages. Standard library only, Python >= 3.11.

Tested on Linux (Debian 12). Windows and macOS take the same path without the system libraries; that is untested.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCKS = ROOT / "packaging" / "locks"

# What the offscreen platform needs, then what a real window adds (Debian's names; pip cannot see that they miss).
OFFSCREEN_LIBRARIES = ("libegl1", "libgl1", "libxkbcommon0", "libfontconfig1", "libdbus-1-3", "libglib2.0-0")
WINDOW_LIBRARIES = (
    *("libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0"),
    *("libxcb-image0", "libxcb-render-util0", "libxcb-randr0", "libxcb-xinerama0"),
)
TEST_PROGRAMS = ("xvfb", "xdotool", "procps", "dbus-daemon", "gnome-keyring")
TEST_SERVERS = ("victoria-metrics", "prometheus")


class SetupError(Exception):
    """The set-up cannot go on; the text is the one thing to do about it."""


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


def require_python() -> None:
    """Refuse a Python that the packages do not support."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the one place that must also run on an older Python
        raise SetupError(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}")


def require_system_packages(names: tuple[str, ...]) -> None:
    """Install missing Debian packages when root; otherwise say the one line that does it."""
    missing = _missing_packages(names)
    if not missing:
        return
    line = f"apt-get install --no-install-recommends -y {' '.join(missing)}"
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        raise SetupError(f"system packages are missing; run this once, then start again:\n    sudo {line}")
    say(f"installing system packages: {' '.join(missing)}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in ("apt-get update -q", line.replace("install", "install -q", 1)):
        done = subprocess.run(command.split(), env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SetupError(f"`{command}` failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _missing_packages(names: tuple[str, ...]) -> list[str]:
    """Those of `names` that dpkg does not know as installed; none where there is no dpkg."""
    if not shutil.which("dpkg-query") or not shutil.which("apt-get"):
        return []
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *names]
    shown = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    installed = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in names if name not in installed]


def fetch_servers(names: tuple[str, ...]) -> None:
    """Unpack Debian's servers under `.venv/servers`: no root, and no service is started behind anybody's back."""
    target = VENV / "servers"
    wanted = [name for name in names if not (target / name).is_dir()]
    if not wanted or not shutil.which("apt-get"):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], capture_output=True, check=False)
    for name in wanted:
        scratch = target / f"{name}.partial"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        download = ["apt-get", "download", "-q", "-o", "APT::Sandbox::User=root", name]
        done = subprocess.run(download, cwd=scratch, capture_output=True, text=True, check=False)
        packages = list(scratch.glob("*.deb"))
        if done.returncode or not packages:
            say(f"{name}: not to be had here, its tests will skip ({done.stderr.strip()[-200:]})")
            continue
        subprocess.run(["dpkg", "-x", str(packages[0]), str(scratch)], check=True)
        scratch.rename(target / name)


def venv_python() -> Path:
    """The interpreter of the environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def require_environment(lock: str) -> None:
    """Make `.venv` hold exactly what the lock file names, and the project itself; a no-op when it already does."""
    lock_file = LOCKS / lock
    stamp = VENV / f"installed-{lock}.sha256"
    wanted = hashlib.sha256(lock_file.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted and venv_python().exists():
        return
    if not venv_python().exists():
        say("creating .venv")
        venv.create(VENV, with_pip=True, clear=True)
    say(f"installing packages pinned in packaging/locks/{lock}")
    pip = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    _run([*pip, "--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock_file)])
    _run([*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    stamp.write_text(wanted)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupError(f"{' '.join(command[:6])} … failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def has_display() -> bool:
    """Whether a real window can open: always on Windows and macOS, by the session's variables elsewhere."""
    if os.name == "nt" or sys.platform == "darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def hand_over(arguments: list[str], environment: dict[str, str] | None = None) -> int:
    """Run the environment's Python in the checkout with `arguments`; its exit code. Ctrl+C goes to the child."""
    child = subprocess.Popen([str(venv_python()), *arguments], cwd=ROOT, env={**os.environ, **(environment or {})})
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # the child got it as well and closes in its own time
