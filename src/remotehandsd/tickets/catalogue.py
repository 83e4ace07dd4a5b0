"""What can be asked for: request types, the categories that each allows, the reasons for calling off."""

from enum import StrEnum


class RequestType(StrEnum):
    """How soon the work is wanted."""

    PLANNED = "Planned Work"
    URGENT = "Urgent Work"


class Category(StrEnum):
    """What kind of work it is."""

    CONNECTIVITY = "Existing cross connect or connectivity testing"
    CABLING = "Customer premise cabling"
    TAPE_SWAPS = "Tape swaps"
    INSTALLATION = "Equipment installation"
    DEINSTALLATION = "Equipment de-installation"
    ESCORT = "Dedicated escort"
    AUDITING = "Auditing"
    KVM = "KVM (keyboard, video, mouse) assistance"
    TROUBLESHOOT = "Equipment troubleshoot or replacement"
    POWER_CYCLE = "Power cycle or reboot"
    OTHER = "Other"


class CancelReason(StrEnum):
    """Why a ticket is called off."""

    DUPLICATE = "Duplicate request"
    IN_ERROR = "Request entered in error"
    NO_LONGER_NEEDED = "Request no longer needed"


CATEGORIES: dict[RequestType, tuple[Category, ...]] = {
    RequestType.PLANNED: (
        Category.CONNECTIVITY,
        Category.CABLING,
        Category.TAPE_SWAPS,
        Category.INSTALLATION,
        Category.DEINSTALLATION,
        Category.ESCORT,
        Category.AUDITING,
        Category.OTHER,
    ),
    RequestType.URGENT: (
        Category.CONNECTIVITY,
        Category.KVM,
        Category.TROUBLESHOOT,
        Category.POWER_CYCLE,
        Category.OTHER,
    ),
}
"""The thirteen pairs of contract.md section 8.3, in the order in which they are shown."""

REQUEST_TYPES = frozenset(map(str, RequestType))
EVERY_CATEGORY = frozenset(map(str, Category))
CANCEL_REASONS = frozenset(map(str, CancelReason))


def go_together(request_type: str, category: object) -> bool:
    """Tell whether a request type allows a category."""
    return any(category == allowed for allowed in CATEGORIES[RequestType(request_type)])
