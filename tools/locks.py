"""Writes and checks the hashed requirement files.

`python tools/locks.py write` brings them up to date with `pyproject.toml`, keeping every version
that still fits (`--upgrade` takes the newest ones). `python tools/locks.py check` changes nothing
and fails when a file names an address or is not what `write` would make of it. Both need uv, which
is among the development dependencies.
"""

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DEV = "requirements-dev.txt"
# In order of making: the first is the largest and fixes the versions of the other two, so that all
# three can be installed into the same environment.
LOCKS: dict[str, list[str]] = {
    DEV: ["pyproject.toml", "--group", "dev"],
    "requirements.txt": ["pyproject.toml", "-c", DEV],
    "requirements-build.txt": ["--group", "build", "-c", DEV],
}

# A lock names packages, versions and hashes. Where they are fetched from is up to whoever installs.
ADDRESS = re.compile(r"://|--(?:extra-)?index|--find-links|--trusted-host|file:|^-[if]\b")


def compile_lock(name: str, folder: Path, *, upgrade: bool = False) -> None:
    """Resolves one lock into `folder`; versions in a file already there are kept."""
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"]
    command += ["--python-version", "3.11", "--generate-hashes", "--annotation-style", "line"]
    command += ["--custom-compile-command", "make lock", "--python", sys.executable]
    command += ["--upgrade"] if upgrade else []
    command += [*LOCKS[name], "--output-file", str(folder / name)]
    environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def addresses(name: str) -> list[str]:
    """Lines of a lock that name an address or an index."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [f"{name}:{n}: {line}" for n, line in enumerate(lines, 1) if ADDRESS.search(line)]


def difference(name: str) -> list[str]:
    """What resolving again would change in a lock, as a diff without context."""
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / name
        shutil.copyfile(ROOT / name, again)
        compile_lock(name, Path(folder))
        old, new = ((p.read_text(encoding="utf-8").splitlines()) for p in (ROOT / name, again))
        return list(difflib.unified_diff(old, new, name, f"{name} (again)", lineterm="", n=0))


def check() -> int:
    """Reports everything that is wrong with the locks; returns the exit code."""
    problems = [line for name in LOCKS for line in addresses(name)]
    if problems:
        print("These lines name an address or an index:", *problems, sep="\n")
        return 1
    for name in LOCKS:
        if diff := difference(name):
            print("\n".join(diff))
            print(f"{name} does not fit pyproject.toml: run `make lock`")
            return 1
    print(f"{len(LOCKS)} lock files fit pyproject.toml and name no address")
    return 0


def main() -> int:
    """Runs the command line."""
    parser = argparse.ArgumentParser(description="Writes and checks the hashed requirement files.")
    parser.add_argument("action", choices=["check", "write"])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions (write)")
    arguments = parser.parse_args()
    try:
        if arguments.action == "check":
            return check()
        for name in LOCKS:
            compile_lock(name, ROOT, upgrade=arguments.upgrade)
    except subprocess.CalledProcessError as error:
        print(f"uv pip compile failed with exit code {error.returncode}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
