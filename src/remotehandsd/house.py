"""What every door is given: settings, database, files, mail, the way out, seal, darkroom, clock, limits and pace."""

from remotehandsd.kit.clock import Clock
from remotehandsd.kit.db import Database
from remotehandsd.kit.files import Files
from remotehandsd.kit.limits import Limits
from remotehandsd.kit.mail import Mail
from remotehandsd.kit.outbound import Outbound
from remotehandsd.kit.pace import Pace
from remotehandsd.kit.pictures import Darkroom
from remotehandsd.kit.sealing import Seal
from remotehandsd.settings import Settings


class House:
    """One running program's things; made in app.py, where they are wired."""

    def __init__(  # noqa: PLR0913 - what the doors share meets here
        self,
        settings: Settings,
        db: Database,
        files: Files,
        *,
        outbound: Outbound,
        mail: Mail,
        seal: Seal,
        pictures: Darkroom,
        clock: Clock,
    ) -> None:
        self.settings = settings
        self.db = db
        self.files = files
        self.outbound = outbound
        self.mail = mail
        self.seal = seal
        self.pictures = pictures
        self.clock = clock
        self.limits = Limits(clock)
        self.pace = Pace()

    def now(self) -> int:
        """Return whole seconds since 1970, UTC."""
        return int(self.clock())
