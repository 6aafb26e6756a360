"""Cases of other systems, read from a file by a mapping and replayed as histories (see `history`)."""

from wangge.kernel.cases.importing.importer import Fault, Outcome, import_histories
from wangge.kernel.cases.importing.mapping import Mapping, read_mapping, read_rows

__all__ = ["Fault", "Mapping", "Outcome", "import_histories", "read_mapping", "read_rows"]
