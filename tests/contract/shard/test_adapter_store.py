"""Contract: the adapter store on a real disk, with packages as they arrive, broken ones included."""

from __future__ import annotations

import asyncio
import errno
import io
import os
import tarfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import pytest
import torch

from model_containers.shard.adapters.disk import DiskPackages
from model_containers.shard.adapters.sources import LocalPackages, PackageNotFound
from model_containers.shard.adapters.store import FETCHES_AT_ONCE, AdapterStore, Base
from model_containers.shard.lora.gathered import AdapterPools
from model_containers.shard.lora.peft_format import read_adapter
from model_containers.shard.protocol.errors import NoRoom
from sotto.core.clock import SystemClock
from sotto.models.package import BadPackage, ModelPackage, open_package
from tests.fakes.small_adapters import BASE, REVISION, TARGETS, adapter_files, write_adapter_package

ROWS = 6


class WatchedSource:
    """Local packages; some wait behind a gate, and the disk may be said to be full for a number of fetches."""

    def __init__(self) -> None:
        self.fetched: Counter[str] = Counter()
        self.gates: dict[str, Event] = {}
        self.full_for = 0
        self._local = LocalPackages()

    def fetch(self, url: str, target: Path) -> None:
        self.fetched[url] += 1
        if url in self.gates:
            assert self.gates[url].wait(30)
        self._local.fetch(url, target)
        if self.full_for:
            self.full_for -= 1
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def source() -> WatchedSource:
    return WatchedSource()


@pytest.fixture
def pools() -> AdapterPools:
    return AdapterPools(TARGETS, rank_rows=ROWS, dtype=torch.float32)


def any_disk(tmp_path: Path, source: WatchedSource, budget_bytes: int = 10**6) -> DiskPackages:
    return DiskPackages(tmp_path / "disk", source, budget_bytes=budget_bytes)


@pytest.fixture
async def store(tmp_path: Path, source: WatchedSource, pools: AdapterPools) -> AsyncIterator[AdapterStore]:
    store = AdapterStore(pools, any_disk(tmp_path, source), Base(BASE, REVISION), SystemClock(), host_bytes=10**6)
    yield store
    await store.close()


@pytest.fixture
def urls(tmp_path: Path) -> list[str]:
    """Eight adapters of rank 2; the device has room for three."""
    return [
        str(write_adapter_package(tmp_path / "published", f"m{n}", adapter_files(value=float(n + 1)))) for n in range(8)
    ]


def any_unpacked(tmp_path: Path, url: str) -> Path:
    return open_package(Path(url), tmp_path / "unpacked").directory


def answer_of(pools: AdapterPools, *placements: object) -> list[float]:
    pools.compose(list(placements))  # type: ignore[arg-type]
    zeros = torch.zeros(len(placements), 1, 4)
    return [float(row[0, 0]) for row in pools.add("layer.q_proj", torch.ones(len(placements), 1, 6), zeros)]


async def test_each_adapter_computes_its_own_answer_though_they_take_turns_in_the_slots(
    store: AdapterStore, pools: AdapterPools, urls: list[str]
) -> None:
    for _ in range(2):
        for number, url in enumerate(urls, 1):
            async with store.held(url) as slot:
                assert answer_of(pools, slot.placement) == [6 * 2 * number**2]
    assert store.evictions == 13
    assert store.counts.found["source"] == 8 and store.counts.found["host"] == 8


async def test_requests_for_one_adapter_share_one_load(
    store: AdapterStore, source: WatchedSource, urls: list[str]
) -> None:
    slots = await asyncio.gather(*(store.hold(urls[0]) for _ in range(1_000)))
    assert source.fetched[urls[0]] == 1
    assert slots[0].holders == 1_000


async def test_a_cold_adapter_does_not_make_the_others_wait(
    store: AdapterStore, source: WatchedSource, urls: list[str]
) -> None:
    source.gates[urls[0]] = Event()
    cold = asyncio.create_task(store.hold(urls[0]))
    for url in urls[1:3]:
        store.let_go(await store.hold(url))
    assert not cold.done()
    source.gates[urls[0]].set()
    assert (await cold).holders == 1


async def test_when_every_slot_is_in_use_there_is_no_room_until_one_is_let_go(
    store: AdapterStore, urls: list[str]
) -> None:
    held = [await store.hold(url) for url in urls[:3]]
    with pytest.raises(NoRoom):
        await store.hold(urls[3])
    waiting = asyncio.create_task(store.freed())
    await asyncio.sleep(0)
    store.let_go(held[1])
    await waiting
    assert (await store.hold(urls[3])).url == urls[3]
    assert {slot.url for slot in held} - {held[1].url} <= {r.url for r in store.residency()}


async def test_a_caller_who_gives_up_leaves_no_hold_behind(
    store: AdapterStore, source: WatchedSource, urls: list[str]
) -> None:
    source.gates[urls[0]] = Event()
    impatient, patient = (asyncio.create_task(store.hold(urls[0])) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.wait([impatient])
    source.gates[urls[0]].set()
    assert (await patient).holders == 1


async def test_a_removed_adapters_rows_are_free_once_nobody_computes_with_it(
    store: AdapterStore, pools: AdapterPools, urls: list[str]
) -> None:
    slot = await store.hold(urls[0])
    removing = asyncio.create_task(store.remove(urls[0]))
    await asyncio.sleep(0)
    assert not removing.done() and pools.free_rows == ROWS - 2
    store.let_go(slot)
    await removing
    assert pools.free_rows == ROWS


async def test_another_tenants_adapter_is_refused(store: AdapterStore, pools: AdapterPools, urls: list[str]) -> None:
    with pytest.raises(BadPackage, match="another tenant"):
        await store.hold(urls[0], tenant="garage")
    slot = await store.hold(urls[0], tenant="bank")
    assert slot.holders == 1


async def test_a_restart_finds_on_disk_what_was_fetched_before(
    tmp_path: Path, source: WatchedSource, urls: list[str]
) -> None:
    for _ in range(2):
        pools = AdapterPools(TARGETS, rank_rows=ROWS, dtype=torch.float32)
        store = AdapterStore(pools, any_disk(tmp_path, source), Base(BASE, REVISION), SystemClock())
        await store.hold(urls[0])
        await store.close()
    assert source.fetched[urls[0]] == 1


async def test_a_package_that_rotted_on_disk_is_fetched_again(
    tmp_path: Path, source: WatchedSource, urls: list[str]
) -> None:
    disk = any_disk(tmp_path, source)
    with disk.opened(urls[0]) as (package, _):
        weights = package.directory / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    with disk.opened(urls[0]) as (package, was_here):
        assert not was_here
    assert source.fetched[urls[0]] == 2


def rot_unseen(package: ModelPackage) -> None:
    """One byte of the weights changes, and neither size nor time of the file tells."""
    weights = package.directory / "adapter_model.safetensors"
    before = weights.stat()
    weights.write_bytes(weights.read_bytes()[:-1] + b"x")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))


async def test_a_package_is_hashed_when_it_comes_and_by_each_process_that_finds_it_but_not_at_every_load(
    tmp_path: Path, source: WatchedSource, urls: list[str]
) -> None:
    disk = any_disk(tmp_path, source)
    with disk.opened(urls[0]) as (package, _):
        rot_unseen(package)
    with disk.opened(urls[0]) as (_, was_here):
        assert was_here
    with any_disk(tmp_path, source).opened(urls[0]) as (_, was_here):
        assert not was_here
    assert source.fetched[urls[0]] == 2


async def test_what_is_here_already_does_not_queue_behind_slow_downloads(
    tmp_path: Path, source: WatchedSource, pools: AdapterPools, urls: list[str]
) -> None:
    size = read_adapter(any_unpacked(tmp_path, urls[0]), dtype=torch.float32).bytes
    store = AdapterStore(pools, any_disk(tmp_path, source), Base(BASE, REVISION), SystemClock(), host_bytes=3 * size)
    for url in urls[:4]:
        store.let_go(await store.hold(url))
    assert urls[0] not in {one.url for one in store.residency()}
    gate = Event()
    slow = [str(tmp_path / f"slow{number}") for number in range(2 * FETCHES_AT_ONCE)]
    source.gates = dict.fromkeys(slow, gate)
    downloads = [asyncio.create_task(store.hold(url)) for url in slow]
    await asyncio.sleep(0)
    for url in (urls[0], urls[1]):
        store.let_go(await store.hold(url))
    assert store.counts.found["disk"] == 2 and not any(download.done() for download in downloads)
    store.let_go(await store.hold(urls[3]))
    assert store.counts.found["host"] + store.counts.found["device"] == 1
    gate.set()
    assert all(isinstance(one, PackageNotFound) for one in await asyncio.gather(*downloads, return_exceptions=True))
    await store.close()


async def test_host_memory_keeps_to_its_budget_and_forgets_the_least_recently_used(
    tmp_path: Path, source: WatchedSource, pools: AdapterPools, urls: list[str]
) -> None:
    size = read_adapter(any_unpacked(tmp_path, urls[0]), dtype=torch.float32).bytes
    store = AdapterStore(pools, any_disk(tmp_path, source), Base(BASE, REVISION), SystemClock(), host_bytes=4 * size)
    for url in (*urls[:4], urls[0], *urls[4:7], urls[0], urls[1]):
        store.let_go(await store.hold(url))
    assert store.counts.found == {"source": 7, "host": 2, "disk": 1}
    await store.close()


def test_a_published_archive_is_left_as_it_was(tmp_path: Path, source: WatchedSource, urls: list[str]) -> None:
    before = Path(urls[0]).read_bytes()
    with any_disk(tmp_path, source).opened(urls[0]):
        assert Path(urls[0]).read_bytes() == before and Path(urls[0]).stat().st_nlink == 1


def test_an_archive_on_another_file_system_is_copied(tmp_path: Path, urls: list[str]) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    with TemporaryDirectory(dir=elsewhere) as folder:
        LocalPackages().fetch(urls[0], Path(folder) / "fetched")
        assert (Path(folder) / "fetched").read_bytes() == Path(urls[0]).read_bytes()


async def test_a_full_disk_gives_up_old_packages_and_nothing_else(
    store: AdapterStore, source: WatchedSource, urls: list[str], tmp_path: Path
) -> None:
    for url in urls[:3]:
        store.let_go(await store.hold(url))
    source.full_for = 2
    store.let_go(await store.hold(urls[3]))
    assert len(list((tmp_path / "disk").iterdir())) == 2
    assert len(store.residency()) == 3
    source.full_for = 100
    with pytest.raises(NoRoom, match="disk"):
        await store.hold(urls[4])
    assert not list((tmp_path / "disk").iterdir())
    source.full_for = 0
    store.let_go(await store.hold(urls[4]))


async def test_the_disk_keeps_to_its_budget(tmp_path: Path, source: WatchedSource, urls: list[str]) -> None:
    disk = any_disk(tmp_path, source)
    with disk.opened(urls[0]) as (package, _):
        size = package.size_bytes
    small = DiskPackages(tmp_path / "small", source, budget_bytes=2 * size + 1)
    for url in urls:
        with small.opened(url):
            assert small.bytes <= 2 * size + 1


def nan_adapter() -> dict[str, bytes]:
    return adapter_files(value=float("nan"))


@pytest.mark.parametrize(
    ("files", "base", "message"),
    [
        (nan_adapter(), (BASE, REVISION), "not finite"),
        (adapter_files(), (BASE, "2"), "train it again"),
        (adapter_files({"layer.q_proj": (5, 4)}), (BASE, REVISION), "another base"),
        (adapter_files({"elsewhere.q_proj": (6, 4)}), (BASE, REVISION), "another base"),
        (adapter_files(use_dora=True), (BASE, REVISION), "use_dora"),
        (adapter_files(bias="all"), (BASE, REVISION), "bias"),
        ({**adapter_files(), "adapter_model.safetensors": b"\x08"}, (BASE, REVISION), "safetensors"),
        ({**adapter_files(), "adapter_config.json": b"{"}, (BASE, REVISION), "adapter_config.json"),
    ],
    ids="nan revision shape module dora bias weights config".split(),
)
async def test_an_adapter_that_would_be_served_wrong_is_refused_and_takes_no_room(
    store: AdapterStore,
    pools: AdapterPools,
    tmp_path: Path,
    files: dict[str, bytes],
    base: tuple[str, str],
    message: str,
) -> None:
    url = str(write_adapter_package(tmp_path / "bad", "bad", files, base=base))
    with pytest.raises(BadPackage, match=message):
        await store.hold(url)
    assert pools.free_rows == ROWS and not store.residency()


@pytest.fixture
def broken(tmp_path: Path, urls: list[str]) -> None:
    whole = Path(urls[0]).read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 5])  # amid the files: what follows them is padding
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("../../evil"), io.BytesIO())


async def test_a_truncated_archive_and_one_that_climbs_out_are_refused(
    store: AdapterStore, tmp_path: Path, broken: None
) -> None:
    with pytest.raises(BadPackage, match="truncated"):
        await store.hold(str(tmp_path / "cut.tar.gz"))
    with pytest.raises(BadPackage, match="would leave"):
        await store.hold(str(tmp_path / "evil.tar.gz"))
    with pytest.raises(PackageNotFound):
        await store.hold(str(tmp_path / "missing.tar.gz"))
    assert not list((tmp_path / "disk").iterdir())
