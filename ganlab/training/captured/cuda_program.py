"""An iteration as a CUDA graph: all its kernels after one launch, where a small network's launches cost the most."""

from __future__ import annotations

import torch
from torch import Tensor

from ganlab.training.captured.program import Program


class CudaProgram:
    """Carries out a program as one unit of work on its GPU.

    Its results always lie in the same place: whoever wants to keep them copies them before the next call.
    """

    def __init__(self, program: Program) -> None:
        """Capture the program. It is carried out once for that: the caller puts the state back.

        Raises:
            RuntimeError: CUDA can't capture it.
        """
        self._program = program  # keeps the tensors that the graph reads and changes
        self._graph = torch.cuda.CUDAGraph()
        here, apart = torch.cuda.current_stream(), torch.cuda.Stream()  # type: ignore[no-untyped-call]
        apart.wait_stream(here)
        with torch.cuda.stream(apart):
            program()  # what libraries set up the first time may not happen in a capture
        here.wait_stream(apart)
        for source in program.outside:
            if isinstance(source, torch.Generator):
                self._graph.register_generator_state(source)
        with torch.cuda.graph(self._graph, stream=apart, capture_error_mode="thread_local"):
            self._results = program()

    def __call__(self) -> dict[str, Tensor]:
        self._graph.replay()
        return self._results
