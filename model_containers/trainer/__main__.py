"""``python -m model_containers.trainer TENANT_FOLDER MODELS_FOLDER``: a line ``package PATH`` for each model."""

from __future__ import annotations

import sys
from pathlib import Path

from model_containers.trainer.packages import build_packages
from sotto.core.errors import SottoError


def main() -> int:
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    folder, models = map(Path, sys.argv[1:])
    try:
        for package in build_packages(folder, models, lambda line: print(line, flush=True)):
            print(f"package {package}", flush=True)
    except SottoError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
