"""What an operator is told to type is so: docs/deploying.md is typed from top to bottom, and compose.yaml says what Ibid knows."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.slack.app import Patience
from bot.channels.slack.manifest import PATH
from bot.settings import VARIABLES, read_settings
from tests import pretend_docker
from tests.dockerfile import Ignored, read_stages
from tests.documented import ROOT, blocks, pages
from tests.image import Image, built
from tests.redis_server import RedisServer

PAGE = ROOT / "docs" / "deploying.md"
COMPOSE = ROOT / "deploy" / "compose.yaml"
COMPOSED: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))
BOT, REDIS = COMPOSED["services"]["bot"], COMPOSED["services"]["redis"]
PORT = read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))[-1].only("EXPOSE").rest
KNOWN = {variable.name for variable in VARIABLES} | {f"{variable.name}_FILE" for variable in VARIABLES if variable.secret}
POLICY = (
    "---\ntitle: Annual leave\naccess: everyone\n---\n# Annual leave\n\n1.1 Employees may carry over up to five days of annual leave.\n"
)
MORE_THAN_THE_DRAIN = 15  # seconds for what stands around it: requests under way, connections, databases


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    image = built(tmp_path_factory.mktemp("image"))
    (image.there("/documents") / "leave.md").write_text(POLICY, encoding="utf-8")
    return image


@pytest.fixture
def redis(start_redis: Callable[..., RedisServer]) -> RedisServer:
    return start_redis(*REDIS["command"][1:])


def typed(checkout: Path, image: Image, redis: RedisServer) -> Callable[[str], str]:
    """Types one block of the page into a shell that stands in the checkout, and has the stand-in for docker."""
    said = {
        "root": str(image.root),
        "folder": str(image.there(image.folder)),
        "environment": image.environment(),
        "entrypoint": image.command()[:1],
        "instead": {"REDIS_URL": redis.url},
        "calls": str(checkout / "calls"),
    }
    (checkout / "image.json").write_text(json.dumps(said), encoding="utf-8")
    programs = checkout / "bin"
    programs.mkdir()
    stand_in = shlex.join([sys.executable, pretend_docker.__file__, str(checkout / "image.json")])
    (programs / "docker").write_text(f'#!/bin/sh\nexec {stand_in} "$@"\n', encoding="utf-8")
    (programs / "docker").chmod(0o755)

    def type_it(block: str) -> str:
        environment = {**image.environment(), "PATH": f"{programs}:/usr/bin:/bin"}
        done = subprocess.run(
            ["sh", "-euc", block], cwd=checkout, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout

    return type_it


def test_the_page_can_be_typed_from_top_to_bottom(tmp_path: Path, image: Image, redis: RedisServer) -> None:
    (tmp_path / "deploy").mkdir()
    for name in ("Dockerfile", "deploy/compose.yaml", "deploy/.env.example"):
        shutil.copy(ROOT / name, tmp_path / name)
    type_it = typed(tmp_path, image, redis)
    first, *rest = blocks(PAGE, "sh")
    type_it(first)
    (tmp_path / "deploy" / "secrets" / "company-ca.pem").touch()
    said = [type_it(block) for block in rest]
    everything = "\n".join(said)
    assert "version 1 is live" in said[0]
    assert "up to five days" in everything
    assert f'"request_url": "https://ibid.example{PATH}"' in everything
    with tarfile.open(tmp_path / "ibid-backup.tar") as backup:
        assert set(backup.getnames()) == {"catalog.db", "conversation.db", "secret.key"}
    assert "up to five days" in type_it('docker exec ibid ibid ask "How many days of leave can I carry over?"')
    calls = [json.loads(line) for line in (tmp_path / "calls").read_text(encoding="utf-8").splitlines()]
    assert len(calls) == sum(block.count("docker ") for block in (first, *rest)) + 1


@pytest.mark.parametrize(
    "wrong",
    [
        "docker compose -f deploy/compose.yml up --detach",
        "docker compose -f deploy/compose.yaml up --detached",
        "docker compose -f deploy/compose.yaml exec bots ibid index",
        "docker build --secret id=other,src=Dockerfile --tag ibid .",
        "docker build --tag ibid deploy",
        "docker exec ibid ibid indx",
    ],
)
def test_a_command_that_docker_or_ibid_would_refuse_fails_the_page(wrong: str, tmp_path: Path, image: Image, redis: RedisServer) -> None:
    (tmp_path / "deploy" / "secrets").mkdir(parents=True)
    for name in ("Dockerfile", "deploy/compose.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for secret in COMPOSED["secrets"].values():
        (tmp_path / "deploy" / secret["file"]).touch()
    (tmp_path / "deploy" / ".env").write_text("DOCUMENTS=/srv/policies\n")
    type_it = typed(tmp_path, image, redis)
    type_it("docker compose -f deploy/compose.yaml up --detach")
    with pytest.raises(AssertionError):
        type_it(wrong)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_docker_commands_on_any_page_are_ones_that_the_stand_in_understands(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for command in re.findall(r"`(docker [^`\n]+)`", text) + re.findall(r"^ *(docker .+)$", text, re.MULTILINE):
        pretend_docker.parser().parse_args(shlex.split(re.sub(r" [<>] \S+$", "", command))[1:])


def test_compose_and_what_the_page_adds_to_it_follow_the_compose_specification(tmp_path: Path) -> None:
    files = [COMPOSE]
    for number, block in enumerate(one for one in blocks(PAGE, "yaml") if "services:" in one):
        files.append(tmp_path / f"{number}.yaml")
        files[-1].write_text(block, encoding="utf-8")
    assert len(files) == 3
    checked = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", *map(str, files)]
    done = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_everything_that_a_service_names_is_declared() -> None:
    for service in COMPOSED["services"].values():
        assert set(service["networks"]) <= set(COMPOSED["networks"])
        assert set(service.get("secrets", ())) <= set(COMPOSED["secrets"])
        assert set(service.get("depends_on", ())) <= set(COMPOSED["services"])
        named = {volume.partition(":")[0] for volume in service.get("volumes", ()) if volume[0] not in "./$"}
        assert named <= set(COMPOSED["volumes"])
    assert set(BOT["secrets"]) == set(COMPOSED["secrets"])


def test_every_setting_in_compose_is_one_that_ibid_reads() -> None:
    assert set(BOT["environment"]) <= KNOWN
    added = [
        one for block in blocks(PAGE, "yaml") if "services:" in block for one in yaml.safe_load(block)["services"]["bot"]["environment"]
    ]
    assert set(added) <= KNOWN


def test_secrets_are_files_and_an_empty_one_counts_as_not_set(tmp_path: Path) -> None:
    from_files = {name: value for name, value in BOT["environment"].items() if name.endswith("_FILE")}
    assert {value.rpartition("/")[2] for value in from_files.values()} == set(COMPOSED["secrets"])
    assert not {variable.name for variable in VARIABLES if variable.secret} & set(BOT["environment"]) - {"REDIS_URL"}
    for secret in COMPOSED["secrets"]:
        (tmp_path / secret).touch()
    here = {name: value.replace("/run/secrets", str(tmp_path)) for name, value in from_files.items()}
    settings = read_settings(here)
    assert (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret) == ("", "", "")
    assert read_settings(here | {"SLACK_BOT_TOKEN": "xoxb-1"}).slack_bot_token == "xoxb-1"
    (tmp_path / "slack_signing_secret").write_text("0123456789abcdef\n")
    assert read_settings(here).http_mode
    (tmp_path / "slack_app_token").write_text("xapp-1\n")
    assert not read_settings(here).http_mode


@pytest.mark.parametrize("service", COMPOSED["services"].values(), ids=list(COMPOSED["services"]))
def test_a_service_has_no_more_rights_than_it_needs(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert not {"privileged", "cap_add", "pid", "network_mode"} & set(service)


def test_documents_are_only_read_and_only_this_machine_reaches_the_port() -> None:
    data, documents = BOT["volumes"]
    assert data == "data:/data"
    assert documents.endswith(":/documents:ro")
    assert BOT["ports"] == [f"127.0.0.1:{PORT}:{PORT}"]
    assert BOT["environment"]["IBID_LISTEN"].rpartition(":")[2] == PORT


def test_redis_is_reached_by_ibid_alone_and_keeps_nothing(redis: RedisServer) -> None:
    assert "ports" not in REDIS
    assert "volumes" not in REDIS
    assert [COMPOSED["networks"][name].get("internal") for name in REDIS["networks"]] == [True]
    assert set(REDIS["networks"]) < set(BOT["networks"])
    assert REDIS["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    asked = ("save", "appendonly", "maxmemory", "maxmemory-policy")
    assert [redis.plain.config_get(name)[name] for name in asked] == ["", "no", str(128 * 1024**2), "allkeys-lru"]


def test_stopping_waits_longer_than_running_answers_may_take() -> None:
    needed = Patience().drain + MORE_THAN_THE_DRAIN
    assert int(BOT["stop_grace_period"].removesuffix("s")) >= needed
    assert deployment()["terminationGracePeriodSeconds"] >= needed
    stated = [int(found) for block in blocks(PAGE, "sh") for found in re.findall(r"--stop-timeout (\d+)", block)]
    assert stated
    assert min(stated) >= needed


def deployment() -> dict[str, Any]:
    (block,) = [block for block in blocks(PAGE, "yaml") if "kind: Deployment" in block]
    spec = yaml.safe_load(block)["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    assert spec["selector"]["matchLabels"] == spec["template"]["metadata"]["labels"]
    pod: dict[str, Any] = spec["template"]["spec"]
    return pod


def test_the_deployment_for_kubernetes_fits_the_image() -> None:
    pod = deployment()
    (container,) = pod["containers"]
    assert {one["name"] for one in container["env"]} <= KNOWN
    assert [port["containerPort"] for port in container["ports"]] == [int(PORT)]
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {name: probe["path"] for name, probe in probes.items()} == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }
    assert {probe["port"] for probe in probes.values()} == {container["ports"][0]["name"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == {volume["name"] for volume in pod["volumes"]}
    assert {mount["mountPath"]: mount.get("readOnly", False) for mount in container["volumeMounts"]} == {
        "/data": False,
        "/documents": True,
        "/run/secrets/ibid": True,
        "/tmp": False,
    }
    user = read_stages((ROOT / "Dockerfile").read_text(encoding="utf-8"))[-1].only("USER").rest
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert str(pod["securityContext"]["fsGroup"]) == user.partition(":")[2]


def test_the_page_hands_on_the_path_that_slack_asks() -> None:
    slack, hooks = blocks(PAGE, "nginx")
    assert f"location = {PATH} " in slack
    assert f"127.0.0.1:{PORT};" in slack
    assert hooks == slack.replace(f"= {PATH} ", "/hooks/ ")


def test_what_an_operator_adds_is_kept_out_of_the_repository_and_of_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {".env", "secrets/", "compose.override.yaml"} <= set(ignored)
    kept_out = Ignored((ROOT / ".dockerignore").read_text(encoding="utf-8"))
    assert all(
        path in kept_out
        for path in ("deploy/.env", "deploy/secrets/slack_bot_token", "deploy/compose.override.yaml", "deploy/prompts/a.md")
    )
