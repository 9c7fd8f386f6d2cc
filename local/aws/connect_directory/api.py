"""SearchUsers, DescribeUser, SearchUserHierarchyGroups and the listings around them, for unmodified SDK clients.

As documented, and no kinder: every operation has a bucket of two requests a second and five at once in an account, a
page never holds more than its operation allows, and tokens are good for the operation and instance that gave them.
https://docs.aws.amazon.com/connect/latest/APIReference/best-practices-connect-apis.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.aws.connect_directory.instance import EmulatedInstance, Group, User
from sotto.core.clock import Clock, SystemClock

RATE_A_SECOND, BURST = 2.0, 5.0
_LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")
Parameters = Mapping[str, Any]


class ConnectRefused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class ConnectDirectory:
    """The instances of one account. ``forbidden``: operations that IAM refuses to whoever asks. ``asked``: how often
    each operation was, throttled or not."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        self.instances: dict[str, EmulatedInstance] = {}
        self.forbidden: set[str] = set()
        self.asked: dict[str, int] = {}
        self._clock = clock or SystemClock()
        self._buckets: dict[str, tuple[float, float]] = {}
        self.paths = (
            "/users-summary/", "/search-users", "/users/", "/search-user-hierarchy-groups",
            "/user-hierarchy-groups-summary/", "/user-hierarchy-groups/", "/queues-summary/",
            "/routing-profiles-summary/",
        )  # fmt: skip
        self.app = Starlette(
            routes=[
                self._route("SearchUsers", "/search-users", self._search_users, "POST"),
                self._route("SearchUserHierarchyGroups", "/search-user-hierarchy-groups", self._search_groups, "POST"),
                self._route("ListUsers", "/users-summary/{InstanceId}", self._list_users),
                self._route("DescribeUser", "/users/{InstanceId}/{UserId}", self._describe_user),
                self._route(
                    "ListUserHierarchyGroups", "/user-hierarchy-groups-summary/{InstanceId}", self._list_groups
                ),
                self._route(
                    "DescribeUserHierarchyGroup",
                    "/user-hierarchy-groups/{InstanceId}/{HierarchyGroupId}",
                    self._describe_group,
                ),
                self._route("ListQueues", "/queues-summary/{InstanceId}", self._list_queues),
                self._route("ListRoutingProfiles", "/routing-profiles-summary/{InstanceId}", self._list_profiles),
            ],
            exception_handlers={ConnectRefused: _refusal},
        )

    def _route(
        self, operation: str, path: str, answer: Callable[[EmulatedInstance, Parameters], Any], method: str = "GET"
    ) -> Route:
        async def served(request: Request) -> Response:
            self.asked[operation] = self.asked.get(operation, 0) + 1
            if operation in self.forbidden:
                raise ConnectRefused(
                    403, "AccessDeniedException", f"User: sotto is not authorized to perform: connect:{operation}"
                )
            self._throttle(operation)
            body = json.loads(await request.body() or b"{}") if method == "POST" else {}
            given = {**_query(request), **request.path_params, **body}
            instance = self.instances.get(str(given.get("InstanceId", "")).rpartition("/")[2])
            if instance is None:
                raise ConnectRefused(404, "ResourceNotFoundException", "Instance not found")
            return JSONResponse(answer(instance, given | {"operation": operation}))

        return Route(path, served, methods=[method])

    def _throttle(self, operation: str) -> None:
        now_ms = self._clock.monotonic_ms()
        tokens, at_ms = self._buckets.get(operation, (BURST, now_ms))
        tokens = min(BURST, tokens + (now_ms - at_ms) / 1000 * RATE_A_SECOND)
        self._buckets[operation] = (max(0.0, tokens - 1), now_ms)
        if tokens < 1:
            raise ConnectRefused(429, "TooManyRequestsException", "Too Many Requests")

    def _search_users(self, instance: EmulatedInstance, given: Parameters) -> Any:
        listed = [each for each in _sorted(instance.users) if each.id not in instance.hidden]
        page = _page(listed, given, instance, default=100, most=500)
        found = [_user(each, instance) for each in page["items"]]
        return {"Users": found, "ApproximateTotalCount": len(listed), **page["next"]}

    def _describe_user(self, instance: EmulatedInstance, given: Parameters) -> Any:
        user = instance.users.get(given["UserId"])
        if user is None:
            raise ConnectRefused(404, "ResourceNotFoundException", "User not found")
        return {"User": _user(user, instance)}

    def _list_users(self, instance: EmulatedInstance, given: Parameters) -> Any:
        page = _page(_sorted(instance.users), given, instance, default=100, most=1_000)
        found = [
            {"Id": each.id, "Arn": f"{instance.arn}/agent/{each.id}", "Username": each.username}
            for each in page["items"]
        ]
        return {"UserSummaryList": found, **page["next"]}

    def _search_groups(self, instance: EmulatedInstance, given: Parameters) -> Any:
        page = _page(_sorted(instance.groups), given, instance, default=100, most=100)
        found = [_group(each, instance) for each in page["items"]]
        return {"UserHierarchyGroups": found, "ApproximateTotalCount": len(instance.groups), **page["next"]}

    def _list_groups(self, instance: EmulatedInstance, given: Parameters) -> Any:
        page = _page(_sorted(instance.groups), given, instance, default=100, most=1_000)
        return {
            "UserHierarchyGroupSummaryList": [_group_summary(each, instance) for each in page["items"]],
            **page["next"],
        }

    def _describe_group(self, instance: EmulatedInstance, given: Parameters) -> Any:
        group = instance.groups.get(given["HierarchyGroupId"])
        if group is None:
            raise ConnectRefused(404, "ResourceNotFoundException", "Hierarchy group not found")
        return {"HierarchyGroup": _group(group, instance)}

    def _list_queues(self, instance: EmulatedInstance, given: Parameters) -> Any:
        """Every user has a queue of the kind AGENT, which has no name."""
        kinds = given.get("QueueTypes") or ["STANDARD", "AGENT"]
        standard = [(id, {"Name": name, "QueueType": "STANDARD"}) for id, name in sorted(instance.queues.items())]
        own = [(id, {"QueueType": "AGENT"}) for id in sorted(instance.users)]
        rows = [row for row in (*standard, *own) if row[1]["QueueType"] in kinds]
        page = _page(rows, given, instance, default=100, most=1_000)
        found = [{"Id": id, "Arn": f"{instance.arn}/queue/{id}", **more} for id, more in page["items"]]
        return {"QueueSummaryList": found, **page["next"]}

    def _list_profiles(self, instance: EmulatedInstance, given: Parameters) -> Any:
        page = _page(sorted(instance.routing_profiles.items()), given, instance, default=100, most=1_000)
        found = [{"Id": id, "Arn": f"{instance.arn}/routing-profile/{id}", "Name": name} for id, name in page["items"]]
        return {"RoutingProfileSummaryList": found, **page["next"]}


def _page(items: Sequence[Any], given: Parameters, instance: EmulatedInstance, *, default: int, most: int) -> Any:
    """A token holds where the page begins, and for what it was given."""
    size = int(given.get("MaxResults") or default)
    if not 1 <= size <= most:
        raise ConnectRefused(400, "InvalidParameterException", f"MaxResults must be 1 to {most}")
    own, at = [given["operation"], instance.id], 0
    if token := given.get("NextToken"):
        try:
            *meant, at = json.loads(base64.b64decode(token, validate=True))
        except ValueError:
            meant = []
        if meant != own:
            raise ConnectRefused(400, "InvalidParameterException", "NextToken is invalid")
    end = at + size
    more = {"NextToken": base64.b64encode(json.dumps([*own, end]).encode()).decode()} if end < len(items) else {}
    return {"items": items[at:end], "next": more}


def _sorted(by_id: Mapping[str, Any]) -> list[Any]:
    return [by_id[id] for id in sorted(by_id)]


def _user(user: User, instance: EmulatedInstance) -> dict[str, Any]:
    return {
        "Id": user.id,
        "Arn": f"{instance.arn}/agent/{user.id}",
        "Username": user.username,
        "IdentityInfo": {"FirstName": user.first_name, "LastName": user.last_name},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0},
        "SecurityProfileIds": [],
        "RoutingProfileId": user.routing_profile_id,
        **({"HierarchyGroupId": user.group_id} if user.group_id else {}),
        "Tags": {},
    }


def _group_summary(group: Group, instance: EmulatedInstance) -> dict[str, Any]:
    return {"Id": group.id, "Arn": f"{instance.arn}/agent-group/{group.id}", "Name": group.name}


def _group(group: Group, instance: EmulatedInstance) -> dict[str, Any]:
    path = {
        level: _group_summary(instance.groups[id], instance) for level, id in zip(_LEVELS, group.path, strict=False)
    }
    return {**_group_summary(group, instance), "LevelId": str(len(group.path)), "HierarchyPath": path, "Tags": {}}


def _query(request: Request) -> dict[str, Any]:
    """``maxResults`` in an address is ``MaxResults`` of the operation. ``queueTypes`` may stand there repeatedly."""
    query = request.query_params
    found = {f"{name[:1].upper()}{name[1:]}": query.getlist(name) for name in query}
    return {name: values if name == "QueueTypes" else values[-1] for name, values in found.items()}


async def _refusal(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, ConnectRefused)
    headers = {"x-amzn-ErrorType": refused.code}
    return JSONResponse({"Message": str(refused)}, status_code=refused.status, headers=headers)
