"""Files of customers, kept byte for byte under names of our own."""

from remotehandsd.kit.files.draft import Draft
from remotehandsd.kit.files.face import Files, FilesAway, Incoming, Kept, NoRoom
from remotehandsd.kit.files.opening import check_files_url, open_files

__all__ = ["Draft", "Files", "FilesAway", "Incoming", "Kept", "NoRoom", "check_files_url", "open_files"]
