"""The world file: who and what exists in one environment, as an operator keeps it in version control."""

from remotehandsd.world import fields
from remotehandsd.world.apply import MadeUp, apply, change_user
from remotehandsd.world.entry import Kind, WrongWorld
from remotehandsd.world.plan import Change, Plan, plan
from remotehandsd.world.read import World, read_world, world_of
from remotehandsd.world.standing import Standing, standing

__all__ = [
    "Change",
    "Kind",
    "MadeUp",
    "Plan",
    "Standing",
    "World",
    "WrongWorld",
    "apply",
    "change_user",
    "fields",
    "plan",
    "read_world",
    "standing",
    "world_of",
]
