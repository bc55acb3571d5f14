"""ONNX models and torch.export programs that give what torch gives, for any batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from ganlab.experiment import Experiment
from ganlab.export.files import CannotExport
from ganlab.export.formats import FORMATS, export
from ganlab.export.generator import TrainedGenerator
from ganlab.export.onnx import write_onnx
from ganlab.export.program import difference, write_program
from ganlab.export.trained_run import TrainedRun, without_history
from tests.export.conftest import trained

SHAPES = {
    "data": "shapes",
    "image_size": 8,
    "batch_size": 4,
    "g_channels": 2,
    "discriminator": "dcgan",
    "d_channels": 2,
}


def test_the_onnx_model_takes_any_batch_and_says_what_it_is(digits: TrainedRun, tmp_path: Path) -> None:
    written = export(digits, FORMATS["onnx"], tmp_path)
    assert "largest difference from torch over 64 samples" in written.check
    assert written.check.endswith("; opset 18, which onnxruntime 1.15 and later can read")
    path = tmp_path / "generator.onnx"
    model = onnx.load(path)
    assert ([opset.version for opset in model.opset_import if not opset.domain], model.ir_version) == ([18], 8)
    session = onnxruntime.InferenceSession(path)
    for n in (1, 7):
        z = digits.generator.latents(n)
        (samples,) = session.run(["samples"], {"z": z.numpy()})
        assert np.abs(samples - digits.generator(z).numpy()).max() < 1e-5
    said = session.get_modelmeta().custom_metadata_map
    assert (said["latent_dim"], said["latent_distribution"]) == ("4", "normal")
    assert said["input"] == "4 numbers of noise"
    assert (said["value_range"], said["labels"][:4]) == ("[-1, 1]", "0, 1")
    assert Experiment.from_json(said["experiment"]) == digits.experiment
    assert str(Path(torch.__file__).parent) not in str(onnx.load(path)), "names a folder of this computer"


@pytest.mark.parametrize(
    "values",
    [{"generator": "resnet", "self_attention": True, "g_norm": "layer"}, {"generator": "stylegan", "g_depth": 1}],
)
def test_networks_with_attention_and_with_styles_can_be_traced(values: dict[str, object], tmp_path: Path) -> None:
    taken = trained(1, **SHAPES, **values)
    write_program(taken, tmp_path)
    write_onnx(taken, tmp_path)


def test_a_network_that_can_not_be_traced_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    class Undecided(torch.nn.Module):
        def forward(self, z: torch.Tensor) -> torch.Tensor:
            return z if z.sum() > 0 else -z

    generator = TrainedGenerator(Undecided(), Experiment.of(latent_dim=2), (2,))
    taken = without_history(generator, 0, ())
    with pytest.raises(CannotExport, match="can't trace the network"):
        write_program(taken, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_differs_from_torch_is_not_offered(ring: TrainedRun) -> None:
    with pytest.raises(CannotExport, match="differs from torch"):
        difference(ring.generator, lambda z: ring.generator(z) + 0.1)
