"""filing.yaml -> the systems in which a tenant's calls are filed. A module here for each kind says which options it
has.

version: 1
link: https://sotto.harbour.example/calls/{contact_id}
systems:
  crm: {kind: salesforce, address: "https://harbour.my.salesforce.com", ..., secret: sotto/filing/harbour_bank/crm}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol, cast

from sotto.tenants.customer_fields import CustomerTreatment
from sotto.tenants.filing import SECRETS, ContextField, Filing, FilingSystem, WhenSeveral
from sotto.tenants.reading.addresses import address, origin
from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.places import Mistakes, YamlPlace, did_you_mean

FILE = "filing.yaml"
MOST_SYSTEMS = 4
MOST_FIELDS = 10
KINDS = tuple(sorted(each.name for each in iter_modules(__path__)))
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,127}")
_SECRET = re.compile(r"[A-Za-z0-9/_+=.@-]{1,256}")
_COMMON = (
    "kind", "title", "several", "case_attribute", "email_attribute", "outcomes", "erases_persons", "context",
)  # fmt: skip


class SystemKind(Protocol):
    """What a module here has. ``OPTIONS``: name -> how its value is written, and what it is. ``DEFAULTS``: of those
    that may be left out. ``HAS_ADDRESS``, ``HAS_SECRET``. ``ADDRESSES``: options that are addresses, too."""

    TITLE: str
    OPTIONS: Mapping[str, tuple[re.Pattern[str], str]]
    DEFAULTS: Mapping[str, str]
    HAS_ADDRESS: bool
    HAS_SECRET: bool
    ADDRESSES: tuple[str, ...]


def read_filing(folder: Path, mistakes: Mistakes) -> Filing:
    """Without a file nothing is filed anywhere."""
    path, file = folder / FILE, f"{folder.name}/{FILE}"
    place = read_yaml(path, file, mistakes) if path.exists() else None
    if place is None:
        return Filing()
    fields = place.fields(("version", "link", "systems"), needed=("version", "systems"))
    if "version" in fields:
        fields["version"].version()
    found: list[FilingSystem] = []
    for name, key, value in fields["systems"].named("systems") if "systems" in fields else ():
        if not _NAME.fullmatch(name):
            key.wrong(f"'{name}' is no name of a system; use a-z, 0-9, '_' and '-', such as crm")
        elif (system := _system(folder.name, name, value)) is not None:
            found.append(system)
    if len(found) > MOST_SYSTEMS:
        fields["systems"].wrong(f"{len(found)} systems are more than {MOST_SYSTEMS}; split the tenant")
    return Filing(systems=tuple(found), link=_link(fields["link"]) if "link" in fields else "")


def _link(place: YamlPlace) -> str:
    text = place.text() or ""
    if not text.startswith("https://") or text.count("{contact_id}") != 1:
        place.wrong("write an address with {contact_id} in it, such as https://sotto.example.com/calls/{contact_id}")
    return text


def _system(tenant: str, name: str, place: YamlPlace) -> FilingSystem | None:
    written = {each: value for each, _, value in place.named("fields")} if place.is_map else {}
    if "kind" not in written:
        place.wrong(f"say what it is: 'kind: ' and one of {', '.join(KINDS)}")
        return None
    kind = written["kind"].text() or ""
    if kind not in KINDS:
        written["kind"].wrong(f"unknown kind '{kind}'{did_you_mean(kind, KINDS)}")
        return None
    module = cast(SystemKind, import_module(f"{__name__}.{kind}"))
    own = (*(("address",) if module.HAS_ADDRESS else ()), *(("secret",) if module.HAS_SECRET else ()))
    needed = (*own, *(each for each in module.OPTIONS if each not in module.DEFAULTS))
    fields = place.fields((*_COMMON, *own, *module.OPTIONS), needed=needed)
    if any(each not in fields for each in needed):
        return None
    at = address(fields["address"]) if module.HAS_ADDRESS else ""
    options = _options(module, fields)
    if at is None or options is None:
        return None
    several = fields["several"].one_of(tuple(WhenSeveral), "way", "hold") if "several" in fields else "without_person"
    return FilingSystem(
        name=name,
        kind=kind,
        title=(fields["title"].text() if "title" in fields else None) or module.TITLE,
        address=origin(at) if at else "",
        places=tuple(dict.fromkeys(origin(each) for each in (at, *(options[one] for one in module.ADDRESSES)) if each)),
        secret=_secret(tenant, fields["secret"]) if module.HAS_SECRET else "",
        several=WhenSeveral(several),
        case_attribute=(fields["case_attribute"].text() or "") if "case_attribute" in fields else "",
        email_attribute=(fields["email_attribute"].text() or "") if "email_attribute" in fields else "",
        outcomes="outcomes" in fields and fields["outcomes"].truth(),
        erases_persons="erases_persons" in fields and fields["erases_persons"].truth(),
        context=_context(fields["context"]) if "context" in fields else {},
        options=options,
    )


def _options(module: SystemKind, fields: Mapping[str, YamlPlace]) -> dict[str, str] | None:
    found = dict(module.DEFAULTS)
    for option, (pattern, what) in module.OPTIONS.items():
        if option not in fields:
            continue
        text = fields[option].text() or ""
        if option in module.ADDRESSES:
            at = address(fields[option])
            if at is None:
                return None
            text = origin(at)
        elif not pattern.fullmatch(text):
            fields[option].wrong(f"'{text}' is no {what}")
        found[option] = text
    return found


def _secret(tenant: str, place: YamlPlace) -> str:
    """Only names under the tenant's own: else one tenant's file could name another's secret."""
    name, begins = place.text() or "", SECRETS.replace("{tenant}", tenant)
    if not name.startswith(begins) or not _SECRET.fullmatch(name) or name == begins:
        place.wrong(f"write the name of a secret of Secrets Manager that begins with {begins}")
    return name


def _context(place: YamlPlace) -> dict[str, ContextField]:
    found: dict[str, ContextField] = {}
    for name, key, value in place.named("fields"):
        fields = value.fields(("field", "title", "treat"), needed=("field",))
        field = (fields["field"].text() or "") if "field" in fields else ""
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,31}", name):
            key.wrong(f"'{name}' is no name of a field; use a-z, 0-9 and '_', such as tier")
        elif not _FIELD.fullmatch(field):
            value.wrong("say which field of the person it is, as the system calls it: 'field: NAME'")
        else:
            treat = (
                fields["treat"].one_of(tuple(CustomerTreatment), "treatment", "show") if "treat" in fields else "show"
            )
            title = (fields["title"].text() if "title" in fields else None) or name.replace("_", " ").capitalize()
            found[name] = ContextField(field=field, title=title, treat=CustomerTreatment(treat))
    if len(found) > MOST_FIELDS:
        place.wrong(f"{len(found)} fields are more than {MOST_FIELDS}; nobody reads them while somebody speaks")
    return found
