"""Organizations, users, roles, policies, webhooks, notifications, record logging."""

import typing

from calling import do, expect, made, need, partner, refused


def organizations() -> str:
    do("identity.get")
    do("identity.get", by=partner)
    do("organization.get_current")
    other = made("organization.create", name="Other", by=partner)
    expect("organization.list", other in [each.id for each in need("organization.list", by=partner).data], True)
    do("organization.update", other, name="Another", by=partner)
    expect("organization.get", need("organization.get", other, by=partner).data.name, "Another")
    return other


def remove_organization(other: str) -> None:
    do("organization.delete", other, by=partner)
    refused(404, "organization.get", other, by=partner)


def users(other: str) -> None:
    person = made("users.create_current_org_user", email="a@example.com", role="admin")
    listed = need("users.list_current_org_users").data
    expect("users.list_current_org_users", person in [each.id for each in listed], True)
    do("users.update_current_org_user", person, role="member")
    shown = need("users.get_current_org_user", person).data
    expect("users.get_current_org_user", (shown.role, shown.harbor_only), ("member", False))
    do("users.delete_current_org_user", person)
    refused(404, "users.get_current_org_user", person)
    theirs = made("users.create", other, email="b@example.com", by=partner)
    do("users.list", other, by=partner)
    do("users.update", other, theirs, email="b@example.com", role="admin", by=partner)
    expect("users.get", need("users.get", other, theirs, by=partner).data.role, "admin")
    do("users.create_api_key", other, theirs, force=True, by=partner)
    do("users.delete", other, theirs, by=partner)
    refused(404, "users.get", other, theirs, by=partner)


def permissions() -> None:
    role = made("permissions.roles.create", name="Analyst")
    do("permissions.roles.list")
    do("permissions.roles.update", role, name="Analysts")
    expect("permissions.roles.get", need("permissions.roles.get", role).data.name, "Analysts")
    policy = made("permissions.policies.create", name="Readers")
    do("permissions.policies.list")
    granted: typing.Any = [{"action": "read", "role_ids": [role]}]
    do("permissions.policies.update", policy, name="Readers", policy_actions=granted)
    actions = need("permissions.policies.get", policy).data.policy_actions
    expect("permissions.policies.get", [each.role_ids for each in actions if each.action == "read"], [[role]])
    do("permissions.policies.delete", policy)
    refused(404, "permissions.policies.get", policy)
    do("permissions.roles.delete", role)
    refused(404, "permissions.roles.get", role)


def add_webhook() -> str:
    hook = {"endpoint": "https://example.com/hook", "secret": "s"}
    webhook = made("webhooks.create", **hook)
    do("webhooks.list")
    do("webhooks.update", webhook, **{**hook, "endpoint": "https://example.com/other"})
    expect("webhooks.get", need("webhooks.get", webhook).data.endpoint, "https://example.com/other")
    off = need("webhooks.disable", webhook).data
    expect("webhooks.disable", (off.disabled, off.disabled_at is None), (True, False))
    expect("webhooks.enable", need("webhooks.enable", webhook).data.disabled, False)
    return webhook


def remove_webhook(webhook: str) -> None:
    """After what makes events."""
    attempts = need("webhooks.list_deliveries", webhook, success=True)
    expect("webhooks.list_deliveries", [len(attempts.data) > 0, attempts.data[0].status_code], [True, 200])
    do("webhooks.delete", webhook)
    refused(404, "webhooks.list_deliveries", webhook)


def settings() -> None:
    do("notifications.set_global_error_subscribers", emails=["a@example.com"])
    emails = need("notifications.get_global_error_subscribers").emails
    expect("notifications.get_global_error_subscribers", emails, ["a@example.com"])
    bucket = made("connections.create", name="Logs", type="s3", configuration={"s3_bucket_name": "logs"})
    do("organization.update_record_logging", enabled=True, delivery_connection_id=bucket, delivery_prefix="p")
    logging = need("organization.get_record_logging").data
    expect(
        "organization.get_record_logging",
        (logging.enabled, logging.delivery_connection_id, logging.delivery_connection_name, logging.delivery_prefix),
        (True, bucket, "Logs", "p"),
    )
    expect(
        "organization.update_record_logging",
        need("organization.update_record_logging", enabled=False).data.delivery_connection_id,
        None,
    )
    do("connections.delete", bucket)
