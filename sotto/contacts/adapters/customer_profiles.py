"""Amazon Connect Customer Profiles, searched as documented:
https://docs.aws.amazon.com/customerprofiles/latest/APIReference/API_SearchProfiles.html

The service answers with whole profiles; what was not asked for goes no further than here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from sotto.contacts.customer.profiles import (
    NoProfileDomain,
    ProfilesForbidden,
    ProfilesThrottled,
    ProfilesUnavailable,
    ProfileValues,
    SeveralProfiles,
)

BY_ID, BY_PHONE = "_profileId", "_phone"
"""Keys that every domain has."""
MOST_PAGES = 3
"""A page may be short, or empty, and have a next one."""


class ConnectCustomerProfiles:
    """A CustomerProfiles. ``client``: boto3's ``customer-profiles``; ``domains``: by id of the Connect instance."""

    def __init__(self, client: Any, domains: Mapping[str, str]) -> None:
        self._client = client
        self._domains = domains

    def by_id(self, instance: str, profile_id: str, paths: Collection[str]) -> ProfileValues | None:
        return self._only(instance, BY_ID, profile_id, paths)

    def by_phone(self, instance: str, number: str, paths: Collection[str]) -> ProfileValues | None:
        return self._only(instance, BY_PHONE, number, paths)

    def _only(self, instance: str, key: str, value: str, paths: Collection[str]) -> ProfileValues | None:
        domain = self._domains.get(instance)
        if domain is None:
            raise NoProfileDomain("the deployment names no domain for the instance")
        found: dict[str, Mapping[str, Any]] = {}
        for profile in self._profiles(domain, key, value):
            found.setdefault(str(profile.get("ProfileId")), profile)
            if len(found) > 1:
                raise SeveralProfiles("more than one profile has what was searched for")
        return next((_values(profile, paths) for profile in found.values()), None)

    def _profiles(self, domain: str, key: str, value: str) -> Iterator[Mapping[str, Any]]:
        asked: dict[str, Any] = {"DomainName": domain, "KeyName": key, "Values": [value], "MaxResults": 2}
        for _ in range(MOST_PAGES):
            page = self._page(asked)
            yield from page.get("Items") or ()
            if not page.get("NextToken"):
                return
            asked["NextToken"] = page["NextToken"]

    def _page(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        # The service's messages may quote what was searched for, so only the codes are repeated.
        try:
            page: Mapping[str, Any] = self._client.search_profiles(**asked)
        except ClientError as error:
            raise _translated(error.response.get("Error", {}).get("Code", "")) from None
        except BotoCoreError as error:
            raise ProfilesUnavailable(f"SearchProfiles did not answer: {type(error).__name__}") from None
        return page


def _translated(code: str) -> Exception:
    if code in ("AccessDeniedException", "AccessDenied", "UnrecognizedClientException"):
        return ProfilesForbidden("SearchProfiles is refused: let the function's role search the domain")
    if code == "ResourceNotFoundException":
        return NoProfileDomain("SearchProfiles knows no such domain")
    if code in ("ThrottlingException", "TooManyRequestsException"):
        return ProfilesThrottled("SearchProfiles is throttled")
    return ProfilesUnavailable(f"SearchProfiles answered {code}")


def _values(profile: Mapping[str, Any], paths: Collection[str]) -> dict[str, str]:
    def at(path: str) -> str | None:
        part, _, inner = path.partition(".")
        value = profile.get(part)
        if inner:
            value = value.get(inner) if isinstance(value, Mapping) else None
        return value if isinstance(value, str) and value.strip() else None

    return {path: value for path in paths if (value := at(path)) is not None}
