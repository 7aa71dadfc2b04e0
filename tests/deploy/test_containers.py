"""deploy/compose.yaml says what deploy/containers/ can do, and lets each service know no more than its own secrets."""

import re

import pytest
import yaml

from tests.deploy.units import DEPLOY

COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
START = (DEPLOY / "containers" / "start.sh").read_text("utf-8")


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_one_that_the_image_starts_without_a_right_it_does_not_need(name):
    service = SERVICES[name]
    assert re.search(rf"^{service['command']}\)$", START, re.M)
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert set(service.get("secrets", ())) <= COMPOSE["secrets"].keys()
    if check := service.get("healthcheck"):
        assert f"\n{check['test'].split()[-1]}) " in START


def test_every_service_is_the_image_that_the_script_makes_named_in_full():
    script = (DEPLOY / "containers" / "build.sh").read_text("utf-8")
    (made,) = re.findall(r"^image=\$\{IMAGE:-(.*)\}$", script, re.M)
    assert {service["image"] for service in SERVICES.values()} == {f"{made}:latest"}
    assert made.startswith("localhost/")


def test_the_door_alone_has_its_secrets_and_shares_but_the_store_of_keys_with_the_site():
    door, site = (set(SERVICES[name]["secrets"]) for name in ("door", "site"))
    assert door & site == {"keys-secret"}


def test_only_the_proxy_is_reached_from_outside_and_the_keys_lie_on_no_disk():
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert "volumes" not in SERVICES["keys"]
    assert SERVICES["keys"]["mem_limit"] == SERVICES["keys"]["memswap_limit"]


def test_the_database_ends_at_once_and_whole_when_it_is_told_to_stop():
    assert SERVICES["database"]["stop_signal"] == "SIGINT"


def test_every_secret_is_one_that_the_script_makes():
    made = (DEPLOY / "containers" / "secrets.sh").read_text("utf-8")
    assert [
        name for name in COMPOSE["secrets"] if not re.search(rf"[ \\]{name}[ ;\n]", made)
    ] == []
