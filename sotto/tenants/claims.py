"""Whose Connect instances the tenants of several folders name, and whose they may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from sotto.tenants.reading.parsing import read_yaml
from sotto.tenants.reading.places import Mistake, Mistakes, YamlPlace
from sotto.tenants.reading.settings import instance_places


def clashes(folders: Iterable[Path], deployed: Mapping[str, str]) -> list[Mistake]:
    """An instance belongs to one tenant, and a tenant has one folder.

    ``deployed``: instance -> the tenant that the deployment gives it to. Instances that it does not know are not its.
    """
    mistakes = Mistakes()
    owners: dict[str, str] = {}
    homes: dict[str, Path] = {}
    for folder in folders:
        name = folder.resolve().name
        if homes.setdefault(name, folder.resolve()) != folder.resolve():
            mistakes.add(str(folder), 1, 1, f"{homes[name]} is tenant '{name}', too; rename one of the two folders")
            continue
        for instance, found in _instances(folder):
            place = replace(found, mistakes=mistakes)
            owner, given = owners.setdefault(instance, name), deployed.get(instance, name)
            if owner != name:
                place.wrong(f"{instance} is named by {owner}'s book, too; an instance belongs to one tenant")
            if given != name:
                place.wrong(f"the deployment gives {instance} to {given}; take it out here, or correct the deployment")
    return mistakes.in_order()


def _instances(folder: Path) -> list[tuple[str, YamlPlace]]:
    """What else is wrong in the file is reported by whoever reads all of it."""
    root = read_yaml(folder / "tenant.yaml", str(folder / "tenant.yaml"), Mistakes())
    fields = {name: value for name, _, value in root.named("fields")} if root is not None and root.is_map else {}
    return instance_places(fields["instances"]) if "instances" in fields else []
