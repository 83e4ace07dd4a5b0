"""The playground's world: who is offered on the front page can work together."""

import tomllib
from importlib.resources import files

import pytest

WORLD = tomllib.loads(files("remotehandsd.cli").joinpath("playground.toml").read_text(encoding="utf-8"))
ACCOUNTS = {account["id"]: account for master in WORLD["master_accounts"] for account in master["accounts"]}


@pytest.mark.parametrize("technician", [one for one in WORLD["staff"] if "technician" in one["roles"]])
@pytest.mark.parametrize("customer", [one for one in WORLD["users"] if one["permissions"]])
def test_a_technician_sees_what_any_customer_orders(
    customer: dict[str, list[str]], technician: dict[str, list[str]]
) -> None:
    ordered_at = {site for account in customer["accounts"] for site in ACCOUNTS[account]["sites"]}
    everywhere = [site["code"] for site in WORLD["sites"]]
    assert ordered_at <= set(technician.get("sites", everywhere))
