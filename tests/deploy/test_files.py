"""The files of `deploy/` fit their schemas, the settings, and each other."""

import json
import subprocess
import sys

import kubernetes_validate
import pytest
import yaml

from copydesk.settings import load_settings
from pipelines.resources import CHECKOUT, DAGSTER_HOME

DEPLOY = CHECKOUT / "deploy"
KUBERNETES = "1.33"
OF_OTHERS = ("AWS_", "DAGSTER_POSTGRES_", "POSTGRES_")  # not settings of copydesk


def read(name):
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


def read_manifests():
    return list(yaml.safe_load_all((DEPLOY / "kubernetes" / "cluster.yaml").read_text("utf-8")))


def list_mounts(service):
    return [mount.split(":")[0] for mount in service.get("volumes", [])]


def test_instance_of_a_team_is_that_of_a_checkout_but_for_its_storage():
    team = read("dagster.yaml")
    del team["storage"]
    assert team == yaml.safe_load((DAGSTER_HOME / "dagster.yaml").read_text("utf-8"))


def test_chart_queues_retries_and_keeps_as_the_instance_does():
    team, values = read("dagster.yaml"), read("kubernetes/values.yaml")
    daemon = values["dagsterDaemon"]
    queue = daemon["runCoordinator"]["config"]["queuedRunCoordinator"]
    runs = team["concurrency"]["runs"]
    assert queue["maxConcurrentRuns"] == runs["max_concurrent_runs"]
    assert queue["tagConcurrencyLimits"] == runs["tag_concurrency_limits"]
    interval = team["run_coordinator"]["config"]["dequeue_interval_seconds"]
    assert queue["dequeueIntervalSeconds"] == interval
    assert daemon["runRetries"]["maxRetries"] == team["run_retries"]["max_retries"]
    for kind in ("schedule", "sensor"):
        kept = team["retention"][kind]["purge_after_days"]
        assert values["retention"][kind]["purgeAfterDays"] == kept


def test_compose_file_fits_its_schema():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(DEPLOY / "compose.yaml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_services_and_volumes_that_compose_names_are_there():
    compose = read("compose.yaml")
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", [])) <= set(services), name
        assert set(list_mounts(service)) <= set(compose["volumes"]), name
    assert {mount for each in services.values() for mount in list_mounts(each)} == set(
        compose["volumes"]
    )


def test_nothing_is_served_outside_this_machine():
    ports = [
        port for each in read("compose.yaml")["services"].values() for port in each.get("ports", [])
    ]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def settings_of_compose():
    for name, service in read("compose.yaml")["services"].items():
        yield pytest.param(service.get("environment", {}), id=name)


@pytest.mark.parametrize(
    "environment",
    [
        *settings_of_compose(),
        pytest.param(read_manifests()[0]["data"], id="config map"),
    ],
)
def test_environment_holds_settings(environment, monkeypatch, tmp_path):
    for name in ("ca.pem", "cert.pem", "key.pem"):
        (tmp_path / name).touch()
    for name, value in environment.items():
        if name.startswith("COPYDESK_"):
            monkeypatch.setenv(name, str(tmp_path) if name.endswith("CERTIFICATES") else value)
        else:
            assert name.startswith(OF_OTHERS), name
    load_settings()


@pytest.mark.parametrize("manifest", read_manifests(), ids=lambda each: each["kind"])
def test_manifest_fits_the_schema_of_kubernetes(manifest):
    kubernetes_validate.validate(manifest, KUBERNETES, strict=True)


def test_what_manifests_refer_to_is_there():
    manifests = read_manifests()
    text = json.dumps([manifests, read("kubernetes/values.yaml")])
    made = {each["metadata"]["name"]: each["kind"] for each in manifests}
    assert made["copydesk-data"] == "PersistentVolumeClaim"
    assert '"claimName": "copydesk-data"' in text
    assert made["copydesk"] == "ConfigMap"
    assert '"configMapRef": {"name": "copydesk"}' in text
    assert "tls://copydesk-scheduler:8786" in text
    service = next(each for each in manifests if each["kind"] == "Service")
    deployments = [each for each in manifests if each["kind"] == "Deployment"]
    labels = [each["spec"]["selector"]["matchLabels"] for each in deployments]
    assert service["spec"]["selector"] in labels
    assert labels == [each["spec"]["template"]["metadata"]["labels"] for each in deployments]
