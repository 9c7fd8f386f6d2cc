"""Amazon Connect's API, asked as slowly as it wants.

Every operation has a bucket of its own in an account, of two requests a second and bursts of five, which the customer's
other programs share: we take half of it. Error shapes: botocore's model of ``connect``.
https://docs.aws.amazon.com/connect/latest/adminguide/amazon-connect-service-limits.html#api-throttling-quotas
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.contacts.directory import Kind, Named
from sotto.contacts.listing import (
    InstanceUnknown,
    ListedUser,
    ListingForbidden,
    ListingUnavailable,
    PageLost,
    UserPage,
)
from sotto.core.clock import Clock

PAUSE_MS = 1_000
BURST = 2
USERS_A_PAGE, GROUPS_A_PAGE, NAMES_A_PAGE = 500, 100, 1_000
ATTEMPTS = 7
FIRST_BACKOFF_MS = 1_000
_THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "Throttling"})
_WRONG_TOKEN = frozenset({"InvalidParameterException", "InvalidRequestException"})
_LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")


class Pace:
    """At most one request of an operation in ``PAUSE_MS``, after ``BURST`` at once."""

    def __init__(self, clock: Clock, wait: Callable[[float], None]) -> None:
        self._clock = clock
        self._wait = wait
        self._full_again_at_ms: dict[str, float] = {}

    def take(self, operation: str) -> None:
        now_ms = self._clock.monotonic_ms()
        full_at_ms = max(now_ms, self._full_again_at_ms.get(operation, 0.0)) + PAUSE_MS
        self._full_again_at_ms[operation] = full_at_ms
        over_ms = full_at_ms - now_ms - BURST * PAUSE_MS
        if over_ms > 0:
            self._wait(over_ms)

    def back_off(self, attempt: int) -> None:
        self._wait(FIRST_BACKOFF_MS * 2 ** (attempt - 1))


class ConnectListing:
    """An InstanceListing. ``client``: boto3's ``connect``, without retries of its own. ``wait(ms)`` pauses."""

    def __init__(self, client: Any, clock: Clock, wait: Callable[[float], None]) -> None:
        self._client = client
        self._pace = Pace(clock, wait)

    def users(self, instance: str, token: str | None) -> UserPage:
        next_one = {"NextToken": token} if token else {}
        try:
            page = self._asked("SearchUsers", InstanceId=instance, MaxResults=USERS_A_PAGE, **next_one)
        except ClientError as error:
            if token and _code(error) in _WRONG_TOKEN:
                raise PageLost("Connect does not know the token of the page any more") from error
            raise _unexpected(error) from error
        if page is None:
            raise InstanceUnknown("Connect knows no such instance in this account and region")
        return UserPage(tuple(map(_user, page.get("Users", []))), page.get("NextToken") or None)

    def user(self, instance: str, user_id: str) -> ListedUser | None:
        found = self._answered("DescribeUser", InstanceId=instance, UserId=user_id)
        return _user(found["User"]) if found else None

    def named(self, instance: str, kind: Kind) -> Iterator[Named]:
        match kind:
            case Kind.QUEUE:
                standard = {"QueueTypes": ["STANDARD"], "MaxResults": NAMES_A_PAGE}
                yield from map(_named, self._all("ListQueues", "QueueSummaryList", instance, standard))
            case Kind.ROUTING_PROFILE:
                most = {"MaxResults": NAMES_A_PAGE}
                yield from map(_named, self._all("ListRoutingProfiles", "RoutingProfileSummaryList", instance, most))
            case Kind.GROUP:
                most = {"MaxResults": GROUPS_A_PAGE}
                yield from map(_group, self._all("SearchUserHierarchyGroups", "UserHierarchyGroups", instance, most))

    def _all(self, operation: str, what: str, instance: str, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        token: str | None = None
        while True:
            next_one = {"NextToken": token} if token else {}
            page = self._answered(operation, InstanceId=instance, **request, **next_one)
            if page is None:
                raise InstanceUnknown("Connect knows no such instance in this account and region")
            yield from page.get(what, [])
            token = page.get("NextToken") or None
            if token is None:
                return

    def _answered(self, operation: str, **request: Any) -> Mapping[str, Any] | None:
        try:
            return self._asked(operation, **request)
        except ClientError as error:
            raise _unexpected(error) from error

    def _asked(self, operation: str, **request: Any) -> Mapping[str, Any] | None:
        """None: not found."""
        ask = getattr(self._client, _METHODS[operation])
        for attempt in range(1, ATTEMPTS + 1):
            self._pace.take(operation)
            try:
                answer: Mapping[str, Any] = ask(**request)
                return answer
            except ClientError as error:
                code = _code(error)
                if code == "ResourceNotFoundException":
                    return None
                if code in ("AccessDeniedException", "AccessDenied"):
                    raise ListingForbidden(operation) from error
                if code not in _THROTTLED and not _is_theirs(error):
                    raise
                problem: Exception = error
            except BotoCoreError as error:
                problem = error
            if attempt < ATTEMPTS:
                self._pace.back_off(attempt)
        raise ListingUnavailable(f"{operation}: Connect did not answer {ATTEMPTS} times") from problem


_METHODS = {
    "SearchUsers": "search_users",
    "DescribeUser": "describe_user",
    "ListQueues": "list_queues",
    "ListRoutingProfiles": "list_routing_profiles",
    "SearchUserHierarchyGroups": "search_user_hierarchy_groups",
}
OPERATIONS = tuple(_METHODS)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_theirs(error: ClientError) -> bool:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) >= 500


def _unexpected(error: ClientError) -> ListingUnavailable:
    return ListingUnavailable(f"{error.operation_name}: Connect answered {_code(error)}")


def _user(one: Mapping[str, Any]) -> ListedUser:
    name = one.get("IdentityInfo") or {}
    return ListedUser(
        id=one["Id"],
        username=one["Username"],
        first_name=name.get("FirstName") or "",
        last_name=name.get("LastName") or "",
        group_id=one.get("HierarchyGroupId") or None,
        routing_profile_id=one.get("RoutingProfileId") or None,
    )


def _named(one: Mapping[str, Any]) -> Named:
    return Named(one["Id"], one.get("Name") or "")


def _group(one: Mapping[str, Any]) -> Named:
    path = one.get("HierarchyPath") or {}
    names = tuple(path[level]["Name"] for level in _LEVELS if path.get(level))
    return Named(one["Id"], one["Name"], names or (one["Name"],))
