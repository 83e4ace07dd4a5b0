"""The forms of output."""

from enum import StrEnum


class Form(StrEnum):
    """The forms of output."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"
    CSV = "csv"
