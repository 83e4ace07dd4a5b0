"""What a borrowed session, of "sign in as", may not see: real people among the playground's made-up ones."""

from remotehandsd import people, registrations
from remotehandsd.web.call import Call
from remotehandsd.web.visitor import Visitor


async def hidden_from(call: Call, found: Visitor) -> frozenset[str]:
    """Return the addresses that this session may neither see nor change: of real people, where it is borrowed."""
    if not found.session.is_bound:
        return frozenset()
    return await call.look(people.of_flesh_and_blood) | await call.look(registrations.askers)
