"""All faces of the shard as one app."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from model_containers.shard.faces import statuses
from model_containers.shard.faces.invocations import InvocationFace
from model_containers.shard.faces.multi_model import MultiModelFace
from model_containers.shard.protocol.errors import ShardError
from model_containers.shard.supervisor.supervisor import Supervisor, running


def app_of(supervisor: Supervisor, *, prefix: str = "") -> Starlette:
    """``prefix``: where packages named in a custom attribute are fetched from."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with running(supervisor):
            yield

    faces = (MultiModelFace(supervisor, prefix=prefix), InvocationFace(supervisor, prefix=prefix))
    routes = [route for face in faces for route in face.routes()]
    return Starlette(routes=routes, lifespan=lifespan, exception_handlers={ShardError: statuses.answered})
