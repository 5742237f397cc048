"""Models and the syncs from them."""

import typing

from calling import do, expect, made, need, refused, until
from connections import TABLE, Ends

RUNS = "model_sync.executions"


def models(ends: Ends) -> str:
    do("model_sync.get_source", ends.source)
    do("model_sync.get_source_fields", ends.source, params={"table": ["company.teams"]})
    do("models.get_enrichment_source", ends.enricher)
    do("models.post", ends.enricher, configuration={"object": "people"})
    body: typing.Any = {"name": "Customers", "connection_id": ends.source, "configuration": {"table": TABLE}}
    do("models.preview", **body)
    model = made("models.create", **body)
    expect("models.list", [each.id for each in need("models.list").data], [model])
    do("models.update", model, **body, identifier="id")
    expect("models.get", need("models.get", model).data.identifier, "id")
    do("models.sample", model)
    until("done", "jobs.get", "samplemodel", need("models.sample", model, async_=True).job.job_id)
    return model


def remove_model(model: str) -> None:
    do("models.delete", model)
    refused(404, "models.get", model)


def targets(target: str) -> None:
    listed = need("model_sync.targets.list", target, include_target_creation_values=True)
    values = need("model_sync.targets.get_create_property", target, "schema").data.values
    inlined = [each.values for each in listed.target_creation.properties if each.id == "schema"]
    expect("model_sync.targets.list", inlined, [values])
    fields = "model_sync.targets.get_target_fields"
    do(fields, target, target="CUSTOMERS.CONTACTS", refresh=True)
    new = need(fields, target, properties={"schema": ["CUSTOMERS"], "name": ["NEW"]}).data
    expect(fields, (new.id, new.properties.target_creator, new.fields), ("CUSTOMERS.NEW", True, []))


def syncs(model: str, target: str) -> None:
    email = {"model_id": model, "field": "email"}
    body: typing.Any = {
        "name": "Sync",
        "mode": "updateOrCreate",
        "fields": [{"source": email, "target": "EMAIL"}],
        "filters": [{"field": email, "function": "IsNotNull"}],
        "override_fields": [{"target": "LAST_NAME", "override_value": "X"}],
        "identity": {"source": email, "target": "EMAIL", "function": "Equality"},
        "schedule": {"frequency": "daily", "hour": "5", "minute": "05"},
        "target": {"connection_id": target, "object": "CUSTOMERS.CONTACTS"},
    }
    newer: typing.Any = {name: value for name, value in body.items() if name not in ("identity", "filters")} | {
        "identities": {"mappings": [body["identity"]], "strategy": "priority"},
        "model_filters": {"conditions": [{"source": email, "function": "IsNotNull", "label": "mail"}], "logic": "mail"},
    }
    sync = made("model_sync.create", **body)
    expect("model_sync.list", [each.id for each in need("model_sync.list").data], [sync])
    do("model_sync.get_schedule_options")
    updated = need("model_sync.update", sync, **newer).data
    expect("model_sync.update", updated.identities.mappings[0], updated.identity)
    expect("model_sync.update", (updated.model_filters.logic, updated.filter_logic), ("A", "A"))
    do("model_sync.update", sync, **{**body, "name": "Other"})
    expect("model_sync.get", need("model_sync.get", sync).data.name, "Other")
    expect("model_sync.activate", need("model_sync.activate", sync, active=True).data.active, True)
    handling = "model_sync.error_handling"
    do(f"{handling}.update", sync, subscribers=["a@example.com"], auto_retry_record_errors=True)
    do(f"{handling}.update", sync, warning_notifications=True)
    settings = need(f"{handling}.get", sync).data
    expect(
        f"{handling}.get",
        (settings.subscribers, settings.auto_retry_record_errors, settings.warning_notifications),
        (["a@example.com"], True, True),
    )
    expect(f"{handling}.update", need(f"{handling}.update", sync, subscribers=[]).data.subscribers, [])
    runs(sync)
    do("model_sync.delete", sync)
    refused(404, "model_sync.get", sync)
    refused(404, f"{handling}.get", sync)


def runs(sync: str) -> None:
    run = made("model_sync.start", sync)
    do("model_sync.get_status", sync)
    until("completed", f"{RUNS}.get", sync, run)
    do(f"{RUNS}.list", sync)
    console = need(f"{RUNS}.get_console_logs", sync, run).data
    newer = need(f"{RUNS}.get_console_logs", sync, run, after=console.entries[-1].id).data
    expect(f"{RUNS}.get_console_logs", newer.entries, console.entries[:-1])
    expect(f"{RUNS}.get_logs_index", need(f"{RUNS}.get_logs_index", sync, run).data.records.count, 42)
    do(f"{RUNS}.get_log_urls", sync, run, "records")
    do(f"{RUNS}.get_logs", sync, run, "records", "records.jsonl")
    again = made("model_sync.start", sync)
    do(f"{RUNS}.cancel", sync, again)
    made("model_sync.start", sync)
    do("model_sync.cancel", sync)
