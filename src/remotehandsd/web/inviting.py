"""Letting people in, and writing to them: the verb and its letter are one act."""

from remotehandsd import administration, letters, registrations
from remotehandsd.act import Act
from remotehandsd.kit.sealing import Seal
from remotehandsd.registrations import Registration


async def invite_member(act: Act, seal: Seal, email: str, name: str) -> None:
    """Put somebody on the account; a newcomer is sent a link to set a password."""
    await _invited(act, seal, email, await administration.invite_member(act, email, name))


async def invite(act: Act, seal: Seal, email: str) -> None:
    """Send somebody whom the environment knows a link to set a password."""
    await _invited(act, seal, email, await administration.invite(act, email))


async def _invited(act: Act, seal: Seal, email: str, token: str | None) -> None:
    if token:
        await _write(act, seal, email, letters.Kind.INVITATION, token=token, by=act.by.name)


async def _write(act: Act, seal: Seal, to: str, kind: letters.Kind, **values: str) -> None:
    await letters.post(act.tx, seal, to, kind, environment=act.by.environment, now=act.at, **values)


async def accept(
    act: Act, seal: Seal, key: int, account: str, *, is_administrator: bool = False, has_permission: bool = False
) -> None:
    """Let a newcomer in; the answer goes to the mailbox that was confirmed."""
    let_in = await registrations.accept(
        act, key, account, is_administrator=is_administrator, has_permission=has_permission
    )
    if let_in.token:
        await _invited(act, seal, let_in.email, let_in.token)
    else:
        await _write(act, seal, let_in.email, letters.Kind.ACCEPTED)


async def decline(act: Act, seal: Seal, key: int, reason: str) -> Registration:
    """Decline, and write why."""
    declined = await registrations.decline(act, key, reason)
    await _write(act, seal, declined.email, letters.Kind.DECLINED, reason=declined.answer)
    return declined
