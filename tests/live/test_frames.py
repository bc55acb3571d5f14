import json

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ganlab.live.frames import Quantised, encode
from tests.live.decoding import decode

ANY_DTYPE = st.sampled_from([np.float64, np.float32, np.uint8, np.uint16, np.int16, np.int32, np.int64, np.bool_])
POINTS = 400  # a curve's longest


def curve() -> np.ndarray:
    return np.random.default_rng(0).normal(size=POINTS).astype(np.float32)


def curves(names: str) -> dict[str, np.ndarray]:
    return {name: curve() for name in names.split()}


def plane() -> dict[str, object]:
    rng = np.random.default_rng(0)
    return {
        "extent": 1.5,
        "real": Quantised(rng.normal(size=(1000, 2))),
        "fake": Quantised(rng.normal(size=(1000, 2))),
        "surface": Quantised(rng.random((64, 64)), 8),
        "level": 0.5,
        "arrows_from": rng.normal(size=(200, 2)).astype(np.float32),
        "arrows": rng.normal(size=(200, 2)).astype(np.float32),
        "warp": rng.normal(size=(17, 17, 2)).astype(np.float32),
        "captured_centres": rng.normal(size=(8, 2)).astype(np.float32),
    }


def test_plain_data_and_arrays_come_back() -> None:
    snapshot = {
        "iteration": 12,
        "passes": None,
        "state": "running",
        "message": "Größe √2",
        "list": [1, 2.5, "x", True],
        "nested": {"a": np.arange(6, dtype=np.float32).reshape(2, 3), "b": np.uint8([1, 2, 3])},
    }
    seen = decode(encode(snapshot))
    assert seen | {"nested": None} == snapshot | {"nested": None}
    np.testing.assert_array_equal(seen["nested"]["a"], snapshot["nested"]["a"])
    assert seen["nested"]["b"].dtype == np.uint8


@given(
    st.lists(
        ANY_DTYPE.flatmap(
            lambda dtype: hnp.arrays(
                dtype,
                hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
                elements={"min_value": 0, "max_value": 100} if dtype != np.bool_ else None,
            )
        ),
        max_size=6,
    )
)
def test_any_arrays_come_back_and_are_aligned(arrays: list[np.ndarray]) -> None:
    seen = decode(encode({"arrays": arrays}))["arrays"]
    for before, after in zip(arrays, seen, strict=True):
        assert after.shape == before.shape
        np.testing.assert_allclose(after, before, rtol=1e-6, atol=1e-37)


@pytest.mark.parametrize(("bits", "steps"), [(8, 254), (16, 65534)])
def test_quantised_values_are_off_by_half_a_step_at_most(bits: int, steps: int) -> None:
    values = np.random.default_rng(1).normal(3.0, 5.0, size=(100, 2))
    seen = decode(encode({"a": Quantised(values, bits)}))["a"]
    assert np.abs(seen - values).max() <= 0.5 * np.ptp(values) / steps * 1.001


def test_quantised_keeps_what_is_not_a_number_apart() -> None:
    values = np.array([1.0, np.nan, 2.0, np.inf, -np.inf])
    np.testing.assert_allclose(
        decode(encode({"a": Quantised(values)}))["a"], [1.0, np.nan, 2.0, np.nan, np.nan], equal_nan=True
    )


@pytest.mark.parametrize("values", [[], [7.0, 7.0], [np.nan, np.nan], [-3e38, 3e38]])
def test_quantised_takes_degenerate_ranges(values: list[float]) -> None:
    seen = decode(encode({"a": Quantised(np.array(values))}))["a"]
    np.testing.assert_allclose(seen, values, equal_nan=True, rtol=1e-4)


def test_numbers_that_json_lacks_become_null() -> None:
    frame = encode({"loss": float("nan"), "deep": [{"x": float("inf")}], "numpy": np.float32("nan")})
    assert decode(frame) == {"loss": None, "deep": [{"x": None}], "numpy": None}
    header = frame[8 : 8 + int.from_bytes(frame[4:8], "little")]
    json.loads(header, parse_constant=lambda name: pytest.fail(f"the header holds {name}"))


def test_numpy_scalars_are_numbers() -> None:
    assert decode(encode({"a": np.int64(3), "b": np.float32(0.5), "c": np.bool_(True)})) == {
        "a": 3,
        "b": 0.5,
        "c": True,
    }


def test_an_array_used_twice_is_sent_once() -> None:
    x = np.arange(1000, dtype=np.float32)
    frame = encode({"losses": {"x": x}, "scores": {"x": x}})
    assert len(frame) < 4200
    np.testing.assert_array_equal(decode(frame)["scores"]["x"], x)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", np.array(["text"]), np.array([1j])])
def test_what_is_not_plain_data_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        encode({"a": value})


def test_a_frame_of_points_fits_its_budget() -> None:
    x = curve()
    bands = {name: Quantised(curve()) for name in ("lo", "hi")}
    losses = curves("d g penalty") | {"x": x, "d_lo": bands["lo"], "d_hi": bands["hi"]}
    losses |= {"g_lo": Quantised(curve()), "g_hi": Quantised(curve())}
    scores = curves("real fake") | {"x": x, "boundary": 0.5}
    scores |= {name: Quantised(curve()) for name in ("real_lo", "real_hi", "fake_lo", "fake_hi")}
    assert len(encode({"views": {"losses": losses, "plane": plane(), "scores": scores}})) <= 40_000


def test_a_frame_of_digits_fits_its_budget() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (64, 8, 8, 1)).astype(np.uint8)
    views = {
        "losses": curves("x d d_lo d_hi g g_lo g_hi"),
        "scores": curves("x real real_lo real_hi fake fake_lo fake_hi"),
        "gradients": curves("x d g"),
        "samples": {"pixels": pixels, "real_pixels": pixels[:8]},
        "interpolation": {"pixels": pixels[:10]},
    }
    assert len(encode({"views": views})) <= 60_000
