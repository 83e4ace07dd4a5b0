"""Files of customers, kept byte for byte under names of our own."""

from remotehandsd.kit.files.disk import Disk
from remotehandsd.kit.files.face import Files, Incoming, Kept, NoRoom

__all__ = ["Disk", "Files", "Incoming", "Kept", "NoRoom"]
