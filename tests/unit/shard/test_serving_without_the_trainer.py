"""Unit: the shard's image holds nothing that only training needs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
ALONE = """
import importlib, pkgutil, sys

ABSENT = ("sklearn", "threadpoolctl", "ruamel", "model_containers.trainer")

class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == absent or name.startswith(absent + ".") for absent in ABSENT):
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, Absent())
import model_containers.shard
for module in pkgutil.walk_packages(model_containers.shard.__path__, "model_containers.shard."):
    importlib.import_module(module.name)
"""


def test_every_module_of_the_shard_is_imported_without_the_trainer_and_its_libraries() -> None:
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_extra_that_the_image_installs_names_none_of_them() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    installed = [*extras["shard"], *extras["encoder"]]
    assert not [each for each in installed if each.startswith(("scikit-learn", "threadpoolctl", "ruamel", "sotto[tr"))]
