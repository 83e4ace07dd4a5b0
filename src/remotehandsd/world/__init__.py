"""The world file: who and what exists in one environment, as an operator keeps it in version control."""

from remotehandsd.world.apply import MadeUp, apply
from remotehandsd.world.entry import Kind, WrongWorld
from remotehandsd.world.plan import Change, Plan, plan
from remotehandsd.world.read import World, read_world

__all__ = ["Change", "Kind", "MadeUp", "Plan", "World", "WrongWorld", "apply", "plan", "read_world"]
