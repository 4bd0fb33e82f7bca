"""A stand-in for the `docker` command: understands what the pages show, and runs in the image's folder what would run in a container.

It refuses options that it does not know, files that are not there, services and secrets that are not declared. It is called as
`python pretend_docker.py IMAGE.json docker's arguments…`, where IMAGE.json says where the image's folder is and how it is entered.
"""

from __future__ import annotations

import json
import os
import sys
from argparse import REMAINDER, ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import yaml


def main() -> None:
    image: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    given = parser().parse_args(sys.argv[2:])
    with Path(image["calls"]).open("a", encoding="utf-8") as calls:
        calls.write(json.dumps(sys.argv[2:]) + "\n")
    if given.command == "build":
        _build(given)
    elif given.command == "compose":
        _compose(given, image)
    elif given.command == "run" and not given.detach:
        _enter(image, given.entrypoint, given.rest, {})
    elif given.command == "exec":
        _enter(image, given.rest[0], given.rest[1:], {})
    elif given.command == "run":
        _there(given.env_file)
        assert given.image == "ibid", given.image


def parser() -> ArgumentParser:
    parser = ArgumentParser(prog="docker", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build")
    for name in ("--build-arg", "--secret"):
        build.add_argument(name, action="append", default=[])
    build.add_argument("--tag", required=True)
    build.add_argument("context")
    run = commands.add_parser("run")
    for name in ("--detach", "--init", "--read-only", "--rm"):
        run.add_argument(name, action="store_true")
    for name in ("--name", "--restart", "--stop-timeout", "--tmpfs", "--cap-drop", "--security-opt", "--env-file", "--entrypoint"):
        run.add_argument(name)
    run.add_argument("--volume", action="append")
    run.add_argument("image")
    run.add_argument("rest", nargs=REMAINDER)
    enter = commands.add_parser("exec")
    enter.add_argument("name")
    enter.add_argument("rest", nargs=REMAINDER)
    compose = commands.add_parser("compose")
    compose.add_argument("-f", dest="files", action="append", required=True)
    _compose_parts(compose)
    return parser


def _compose_parts(compose: ArgumentParser) -> None:
    parts = compose.add_subparsers(dest="part", required=True)
    parts.add_parser("build").add_argument("--pull", action="store_true")
    parts.add_parser("up").add_argument("--detach", action="store_true", required=True)
    parts.add_parser("down").add_argument("--volumes", action="store_true")
    parts.add_parser("logs").add_argument("--tail", type=int)
    for name in ("logs", "start", "stop"):
        (parts.choices[name] if name in parts.choices else parts.add_parser(name)).add_argument("service")
    run, enter = parts.add_parser("run"), parts.add_parser("exec")
    for name in ("--rm", "--no-deps", "-T"):
        run.add_argument(name, action="store_true")
    run.add_argument("--entrypoint")
    for part in (run, enter):
        part.add_argument("service")
        part.add_argument("rest", nargs=REMAINDER)


def _build(given: Namespace) -> None:
    _there(f"{given.context}/Dockerfile")
    dockerfile = Path(given.context, "Dockerfile").read_text(encoding="utf-8")
    for secret in given.secret:
        name, file = (part.partition("=")[2] for part in secret.split(","))
        assert f"type=secret,id={name}" in dockerfile, f"the Dockerfile takes no secret {name}"
        _there(file)


def _compose(given: Namespace, image: dict[str, Any]) -> None:
    for file in given.files:
        _there(file)
    folder, composed = Path(given.files[0]).parent, yaml.safe_load(Path(given.files[0]).read_text(encoding="utf-8"))
    for secret in composed["secrets"].values():
        _there(str(folder / secret["file"]))
    settings = (folder / ".env").read_text(encoding="utf-8").splitlines()
    assert any(line.startswith("DOCUMENTS=/") for line in settings), "compose.yaml demands DOCUMENTS"
    if given.part == "down" and given.volumes:
        for kept in sorted(Path(image["root"], "data").rglob("*"), reverse=True):
            kept.rmdir() if kept.is_dir() and not kept.is_symlink() else kept.unlink()
    if "service" in given:
        assert given.service in composed["services"], given.service
    if given.part == "run":
        _enter(image, given.entrypoint, given.rest, _environment(composed, folder))
    elif given.part == "exec":
        _enter(image, given.rest[0], given.rest[1:], _environment(composed, folder))


def _environment(composed: dict[str, Any], folder: Path) -> dict[str, str]:
    bot = composed["services"]["bot"]
    files = {f"/run/secrets/{name}": str((folder / composed["secrets"][name]["file"]).resolve()) for name in bot["secrets"]}
    return {name: files[value] if name.endswith("_FILE") else value for name, value in bot["environment"].items()}


def _enter(image: dict[str, Any], entrypoint: str | None, arguments: list[str], more: dict[str, str]) -> None:
    """Become what the container would run; its paths are those below the image's folder."""
    command = [entrypoint] if entrypoint else image["entrypoint"]
    root = Path(image["root"])
    environment = {**image["environment"], **{name: _inside(root, value) for name, value in more.items()}, **image["instead"]}
    os.chdir(image["folder"])
    os.execvpe(command[0], [*command, *(_inside(root, word) for word in arguments)], environment)


def _inside(root: Path, word: str) -> str:
    inside = root / word.lstrip("/")
    return str(inside) if word.startswith("/") and inside.exists() else word


def _there(file: str) -> None:
    assert Path(file).exists(), f"there is no {file}"


if __name__ == "__main__":
    main()
