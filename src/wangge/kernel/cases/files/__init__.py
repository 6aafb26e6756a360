"""Photos of cases: typed by content, bounded, without metadata, content-addressed, for who may see them.

`sniffing` reads containers, `images` draws anew, `vault` is the disk, `storing` writes, `reading` reads.
"""

from wangge.kernel.cases.files.reading import FileBytes, read_file, read_public
from wangge.kernel.cases.files.storing import (
    MOST_BYTES,
    MOST_FILES,
    ROLES,
    attach_files,
    digests_of,
    erase_files,
    purge_loose,
    sender_of,
    store_file,
    sweep,
)

__all__ = [
    "MOST_BYTES",
    "MOST_FILES",
    "ROLES",
    "FileBytes",
    "attach_files",
    "digests_of",
    "erase_files",
    "purge_loose",
    "read_file",
    "read_public",
    "sender_of",
    "store_file",
    "sweep",
]
