"""Every function's spec, found by listing this folder: there is no other list of them.

A spec is read, and nothing of the function runs: function.py imports types of sotto.core and nothing else.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path

from sotto.core.function_spec import FunctionSpec
from sotto.core.resources import Resources, resources_of
from sotto.core.settings import Capability, Channel
from sotto.core.triggers import HttpRoutes, SocketAuthoriser, SocketRoutes


@cache
def function_specs() -> tuple[FunctionSpec, ...]:
    """In the order of their names."""
    folders = sorted(file.parent.name for file in Path(__file__).parent.glob("*/function.py"))
    return tuple(import_module(f"functions.{name}.function").FUNCTION for name in folders)


def deployed(*channels: Channel) -> Resources:
    """Where panels are told by these channels: functions and all that they need, without capabilities."""
    everywhere = (spec for spec in function_specs() if spec.capability is None)
    return resources_of(spec for spec in everywhere if spec.channel is None or spec.channel in channels)


def of_capability(capability: Capability) -> Resources:
    """What is there because of this capability alone."""
    return resources_of(spec for spec in function_specs() if spec.capability == capability)


def of_channel(channel: Channel) -> Resources:
    """What is there because of this channel alone."""
    return resources_of(spec for spec in function_specs() if spec.channel == channel)


def socket_authoriser() -> str:
    """The function that the WebSocket API asks."""
    (found,) = (spec.name for spec in function_specs() if spec.triggered_by(SocketAuthoriser))
    return found


def socket_routes() -> dict[str, str]:
    """Route key of the WebSocket API -> function."""
    served = [(spec, each) for spec in function_specs() for each in spec.triggered_by(SocketRoutes)]
    return {route: spec.name for spec, each in served for route in each.routes}


def http_function() -> str:
    """Which answers the REST API."""
    (found,) = (spec.name for spec in function_specs() if spec.triggered_by(HttpRoutes))
    return found


def everything() -> Resources:
    return resources_of(function_specs())
