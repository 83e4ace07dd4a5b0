"""What an account's administrators do to its people."""

from collections.abc import AsyncIterator

import pytest

from conftest import load_text
from remotehandsd import accounts, administration, people
from remotehandsd.accounts import REMOTE_HANDS
from remotehandsd.act import Act
from remotehandsd.errors import Invalid, NotAllowed, NotFound
from remotehandsd.house import House
from remotehandsd.kit.db import EVERY_TENANT, Tx
from signing import PASSWORD, act_of, signs_in, with_password

EXAMPLE, LABS = "0011A00001AaAB1ABC", "0011A00001BbCD2DEF"
MORE = """
environment = "playground"
[[users]]
email = "bob@example.com"
administrator = true
[[users]]
email = "off@example.com"
name = "Off Example"
accounts = ["0011A00001AaAB1ABC"]
retired = true
"""


@pytest.fixture
async def tx(house: House) -> AsyncIterator[Tx]:
    """Bob is an administrator of Example Ltd; Ada is there and at Labs, Eve there only, Max elsewhere."""
    await load_text(house, MORE)
    async with house.db.write(EVERY_TENANT) as tx:
        yield tx


async def bob(house: House, tx: Tx) -> Act:
    return await act_of(house, tx, "bob@example.com")


async def kept(act: Act, email: str) -> accounts.KeptUser:
    user = await accounts.user_named(act, email)
    assert user is not None
    return user


async def test_the_accounts_people_are_listed(house: House, tx: Tx) -> None:
    members = await administration.members(await bob(house, tx))
    assert [(one.email, one.permissions, one.is_administrator, one.has_password) for one in members] == [
        ("ada@example.com", (REMOTE_HANDS,), False, False),
        ("bob@example.com", (REMOTE_HANDS,), True, False),
        ("eve@example.com", (), False, False),
    ]


async def test_a_newcomer_is_invited(house: House) -> None:
    await load_text(house, MORE)
    async with house.db.write(EVERY_TENANT) as tx:
        act = await bob(house, tx)
        token = await administration.invite_member(act, " New@Example.com", " New Person ")
        assert await kept(act, "new@example.com") == accounts.KeptUser("new@example.com", "New Person", (EXAMPLE,))
        rows = await tx.all("SELECT type, account FROM events WHERE about = 'new@example.com' ORDER BY id")
    assert rows == [("user.added", act.account), ("person.invited", act.account)]
    assert token
    await people.set_password(house, token, PASSWORD)
    await signs_in(house, "new@example.com")


async def test_a_user_of_another_account_is_added(house: House) -> None:
    await load_text(house, MORE)
    await load_text(house, 'environment = "playground"\n[[users]]\nemail = "max@example.net"\npermissions = []\n')
    async with house.db.write(EVERY_TENANT) as tx:
        await _added(await bob(house, tx))


async def _added(act: Act) -> None:
    before = await kept(act, "max@example.net")
    assert await administration.invite_member(act, "max@example.net", "Another Name")
    after = await kept(act, "max@example.net")
    assert after.name == before.name
    assert after.accounts == (*before.accounts, EXAMPLE)
    assert after.permissions == before.permissions


async def test_who_has_a_password_gets_no_link(house: House) -> None:
    await load_text(house, MORE)
    await load_text(house, 'environment = "playground"\n[[users]]\nemail = "max@example.net"\npermissions = []\n')
    await with_password(house, "max@example.net")
    async with house.db.write(EVERY_TENANT) as tx:
        assert await administration.invite_member(await bob(house, tx), "max@example.net", "Max") is None
    await signs_in(house, "max@example.net")


@pytest.mark.parametrize(
    ("email", "name", "fields"),
    [
        ("no address", "", ["email", "name"]),
        ("new@example.com", "x" * 41, ["name"]),
        ("\0@example.com", "New", ["email"]),
        ("tom@operator.example", "Tom", ["email"]),
    ],
)
async def test_who_cannot_be_invited(house: House, tx: Tx, email: str, name: str, fields: list[str]) -> None:
    with pytest.raises(Invalid) as invalid:
        await administration.invite_member(await bob(house, tx), email, name)
    assert [fault.field for fault in invalid.value.faults] == fields


async def test_who_was_turned_off_stays_off(house: House, tx: Tx) -> None:
    with pytest.raises(NotAllowed):
        await administration.invite_member(await bob(house, tx), "off@example.com", "Off")


async def test_the_permission_is_given_and_taken(house: House, tx: Tx) -> None:
    act = await bob(house, tx)
    await administration.grant(act, "eve@example.com")
    await administration.grant(act, "eve@example.com")
    assert (await kept(act, "eve@example.com")).permissions == (REMOTE_HANDS,)
    await administration.take(act, "Eve@example.com")
    assert (await kept(act, "eve@example.com")).permissions == ()
    rows = await tx.all("SELECT type, done_by FROM events WHERE about = 'eve@example.com' AND type = 'user.changed'")
    assert rows == [("user.changed", "Bob Example")] * 2


async def test_nobody_reaches_beyond_his_accounts(house: House, tx: Tx) -> None:
    act = await bob(house, tx)
    for verb in (administration.grant, administration.take):
        # Ada is at Labs, too, and Bob is not.
        with pytest.raises(NotAllowed):
            await verb(act, "ada@example.com")
    for verb in (administration.grant, administration.take, administration.take_out):
        for email in ("max@example.net", "off@example.com", "nobody@example.com", "tom@operator.example", "\0"):
            with pytest.raises(NotFound):
                await verb(act, email)
    await administration.take_out(act, "ada@example.com")
    assert (await kept(act, "ada@example.com")).accounts == (LABS,)


async def test_nobody_takes_himself_out(house: House, tx: Tx) -> None:
    act = await bob(house, tx)
    with pytest.raises(NotAllowed):
        await administration.take_out(act, "bob@example.com")
    await administration.take_out(act, "eve@example.com")
    assert (await kept(act, "eve@example.com")).accounts == ()


@pytest.mark.parametrize("email", ["eve@example.com", "ada@example.com", "rita@operator.example", "max@example.net"])
async def test_who_administers_nothing_here_may_nothing(house: House, tx: Tx, email: str) -> None:
    act = await act_of(house, tx, email)
    account = (await bob(house, tx)).account
    act = act.on_account(account)
    for verb in (
        administration.members(act),
        administration.invite_member(act, "new@example.com", "New"),
        administration.grant(act, "eve@example.com"),
        administration.take(act, "bob@example.com"),
        administration.take_out(act, "bob@example.com"),
    ):
        with pytest.raises(NotAllowed):
            await verb


async def test_an_administrator_is_one_on_his_own_accounts_only(house: House, tx: Tx) -> None:
    act = await bob(house, tx)
    labs = (await accounts.account_keys(act))[LABS]
    with pytest.raises(NotAllowed):
        await administration.members(act.on_account(labs))


@pytest.mark.parametrize("more", ["administrator = true", 'permissions = ["Service Tickets-Remote Hands"]'])
async def test_rights_on_another_account_do_not_come_along(house: House, more: str) -> None:
    """A user's rights hold on all accounts: whoever has them elsewhere is put on an account by the operator alone."""
    await load_text(house, MORE)
    await load_text(house, f'environment = "playground"\n[[users]]\nemail = "max@example.net"\n{more}\n')
    async with house.db.write(EVERY_TENANT) as other:
        with pytest.raises(NotAllowed, match="Ask the operator"):
            await administration.invite_member(await bob(house, other), "max@example.net", "Max")
