"""`remotehandsd invite`: a link to set a password, for who runs the server to hand over."""

from remotehandsd import people
from remotehandsd.cli.faults import say
from remotehandsd.house import House


async def print_invitation(house: House, email: str) -> None:
    """Print a single-use link; NotFound for an address that nobody has in any environment."""
    async with house.db.write() as tx:
        token = await people.invite_by_command(tx, email, now=house.now())
    say(f"{house.settings.public_url}/password/{token}")
