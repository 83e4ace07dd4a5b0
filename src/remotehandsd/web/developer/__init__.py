"""The developers' portal: registering, access, apps, quick start, the reference, calls to try."""

from remotehandsd.web.developer import access, apps, home, registering
from remotehandsd.web.developer.described import Described
from remotehandsd.web.developer.reference import Reference
from remotehandsd.web.developer.starting import Starting
from remotehandsd.web.developer.trying import Trying
from remotehandsd.web.pages import answer

__all__ = ["Described", "Reference", "Starting", "Trying", "access", "answer", "apps", "home", "registering"]
