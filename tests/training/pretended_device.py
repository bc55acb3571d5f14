"""A device that is not there: tensors that say that they live on it, and hold their numbers on the CPU.

It finds, without a GPU, most of what fails on one: a tensor or a source of chance on the wrong device, an optimiser's
state that was left on the CPU, and whatever stops the queue inside a step (a number read, a blocking copy). Torch calls
it "meta", which is the one device besides the CPU that every build of torch knows.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import torch
from torch.utils import _foreach_utils
from torch.utils._python_dispatch import TorchDispatchMode, _disable_current_modes
from torch.utils._pytree import tree_flatten, tree_map

from ganlab.networks import init

aten = torch.ops.aten
DEVICE = torch.device("meta")
COPIES = (aten._to_copy.default, aten.copy_.default, aten._foreach_copy_.default)
READS = (aten._local_scalar_dense.default, aten.nonzero.default, aten.masked_select.default, aten.equal.default)
INDEXING = (aten.index.Tensor, aten.index_put_.default, aten.index_put.default, aten._index_put_impl_.default)
OF_ANY_DEVICE = (aten.is_same_size.default,)
ELSEWHERE_STATE = 16  # bytes that a state of chance is longer here than on the CPU: neither takes the other's
CpuGenerator = torch.Generator
GENERATORS: dict[int, Generator] = {}  # by their address in C++, which hands out objects of its own for them


class Generator(CpuGenerator):
    """A source of chance of the CPU that says where it lives, and whose state no other device takes."""

    def __new__(cls, device: torch.device | str = "cpu") -> Generator:
        self = CpuGenerator.__new__(cls, "cpu")
        self.place = torch.device(device)
        GENERATORS[self._cdata] = self
        return self

    def __init__(self, device: torch.device | str = "cpu") -> None:
        pass

    @property
    def device(self) -> torch.device:
        return self.place

    def get_state(self) -> torch.Tensor:
        state = CpuGenerator.get_state(self)
        return state if self.place.type == "cpu" else torch.cat([state, state[:ELSEWHERE_STATE]])

    def set_state(self, state: torch.Tensor) -> Generator:
        if len(state) != len(self.get_state()):
            raise RuntimeError("RNG state is wrong size")
        CpuGenerator.set_state(self, state[: len(CpuGenerator.get_state(self))].contiguous())
        return self


class Elsewhere(torch.Tensor):
    """A tensor of the pretended device."""

    numbers: torch.Tensor

    @staticmethod
    def __new__(cls, numbers: torch.Tensor) -> Elsewhere:
        self = torch.Tensor._make_wrapper_subclass(
            cls, numbers.size(), strides=numbers.stride(), storage_offset=numbers.storage_offset(),
            dtype=numbers.dtype, device=DEVICE, requires_grad=False,
        )  # fmt: skip
        self.numbers = numbers
        return self

    __torch_function__ = torch._C._disabled_torch_function_impl

    @property
    def data(self) -> torch.Tensor:
        return Elsewhere(self.numbers.detach())

    @data.setter
    def data(self, other: torch.Tensor) -> None:
        assert isinstance(other, Elsewhere), "a parameter got data of another device"
        self.numbers = other.numbers

    def numpy(self, *, force: bool = False) -> Any:
        raise TypeError("can't convert a device's tensor to numpy: use Tensor.cpu() first")

    def __array__(self, *_: Any, **__: Any) -> Any:
        return self.numpy()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        assert Pretence.active is not None, f"{func} of a device's tensor outside the pretence"
        return Pretence.active.run(func, args, kwargs or {})


class Pretence(TorchDispatchMode):
    """Runs everything on the CPU; what a real device would refuse raises RuntimeError.

    Attributes:
        stops: how often each place of ganlab made the CPU wait for the device: a number that was read, a blocking copy.
    """

    active: Pretence | None = None

    def __init__(self) -> None:
        super().__init__()
        self.stops: Counter[str] = Counter()

    def __enter__(self) -> Pretence:
        Pretence.active = self
        return super().__enter__()

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        Pretence.active = None

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return self.run(func, args, kwargs or {})

    def run(self, func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
        given = tree_flatten((args, kwargs))[0]
        here = any(isinstance(value, Elsewhere) for value in given)
        target = kwargs.get("device")
        if target is not None:
            here = torch.device(target).type == DEVICE.type
            kwargs = {**kwargs, "device": torch.device("cpu")}
        if func is aten.copy_.default and not isinstance(args[0], Elsewhere):
            here = False
        self._refuse_what_a_device_would(func, args, given, here)
        self._note_stops(func, args, kwargs, given, here)
        kwargs.pop("non_blocking", None)

        same = {id(value.numbers): value for value in given if isinstance(value, Elsewhere)}
        numbers = lambda value: value.numbers if isinstance(value, Elsewhere) else value
        result = func(*tree_map(numbers, args), **tree_map(numbers, kwargs))

        def placed(value: Any) -> Any:
            if not isinstance(value, torch.Tensor) or isinstance(value, Elsewhere):
                return value
            if id(value) in same:
                return same[id(value)]
            return Elsewhere(value) if here else value

        return tree_map(placed, result)

    def _refuse_what_a_device_would(self, func: Any, args: Any, given: list[Any], here: bool) -> None:
        for source in given:
            if isinstance(source, CpuGenerator):
                place = GENERATORS[source._cdata].place.type if source._cdata in GENERATORS else "cpu"
                assert (place == DEVICE.type) == here, f"{func}: chance on {place}, tensor on the other device"
        if func in (*COPIES, *OF_ANY_DEVICE) or not any(isinstance(value, Elsewhere) for value in given):
            return
        strangers = [v for v in given if isinstance(v, torch.Tensor) and not isinstance(v, Elsewhere)]
        if func in INDEXING and isinstance(args[0], Elsewhere):
            return  # indices may come from the CPU
        if "_fused_" not in str(func):  # a fused optimiser takes no step count from the CPU either
            strangers = [tensor for tensor in strangers if tensor.dim()]
        assert not strangers, f"{func}: a tensor of the CPU, {tuple(strangers[0].shape)}, among those of the device"

    def _note_stops(self, func: Any, args: Any, kwargs: dict[str, Any], given: list[Any], here: bool) -> None:
        from_device = any(isinstance(value, Elsewhere) for value in given)
        to_device = func is aten._to_copy.default and here and not from_device
        to_device = to_device or (func is aten.copy_.default and here and not isinstance(args[1], Elsewhere))
        waits = to_device and not kwargs.get("non_blocking") and not (len(args) > 2 and args[2])
        indexed = func in INDEXING and any(
            isinstance(v, torch.Tensor) and (not isinstance(v, Elsewhere) or v.dtype == torch.bool) for v in given[1:]
        )
        leaves = func in COPIES and from_device and not here
        if (from_device and (func in READS or indexed)) or waits or leaves:
            self.stops[f"{func} at {_place()}"] += 1


def _place() -> str:
    """The line of ganlab that is being run."""
    frame = sys._getframe(1)
    while frame is not None:
        if "/ganlab/" in frame.f_code.co_filename:
            return f"{frame.f_code.co_filename.rpartition('/ganlab/')[2]}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return "elsewhere"


@contextmanager
def pretended_device(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretence]:
    """Let every Experiment whose device is not "cpu" train on the pretended one."""
    monkeypatch.setattr(torch, "Generator", Generator)
    _let_optimisers_fuse(monkeypatch)
    real_tensor, real_built = torch.tensor, init.built

    def tensor(data: Any, *, device: Any = None, **options: Any) -> torch.Tensor:
        made = real_tensor(data, **options)
        return made if device is None else made.to(device)

    def built(*args: Any, **options: Any) -> Any:
        with _disable_current_modes():  # it makes layers on "meta" itself
            return real_built(*args, **options)

    monkeypatch.setattr(torch, "tensor", tensor)
    _everywhere(monkeypatch, "built", real_built, built)
    from ganlab.training.device import pick_device

    _everywhere(monkeypatch, "pick_device", pick_device, lambda name: torch.device("cpu") if name == "cpu" else DEVICE)
    with Pretence() as pretence:
        yield pretence


def _let_optimisers_fuse(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the pretended device as on CUDA: in torch, and in what ganlab asks of it."""
    supported: Callable[[], list[str]] = _foreach_utils._get_fused_kernels_supported_devices
    _everywhere(monkeypatch, supported.__name__, supported, lambda: [*supported(), DEVICE.type])
    from ganlab.training import optimizers

    monkeypatch.setattr(optimizers, "FUSED", (*optimizers.FUSED, DEVICE.type))


def _everywhere(monkeypatch: pytest.MonkeyPatch, name: str, real: Any, other: Any) -> None:
    """Replace a function in every module that has imported it."""
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is real:
            monkeypatch.setattr(module, name, other)
