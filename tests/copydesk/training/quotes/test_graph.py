"""Behaviour of the tagger's graphs: they compute what the networks compute, cut to 8 bits."""

from math import erf

import numpy as np
import pytest
from onnxruntime import InferenceSession

pytest.importorskip("onnx")

from onnx import TensorProto

from copydesk.training.quotes.graph import (
    EPSILON,
    Graph,
    Matrix,
    make_model,
    measure_peaks,
    multiply,
    write_encoder,
    write_projector,
)

SIZE, INNER, N_HEADS, N_PIECES = 64, 128, 2, 11
N_ROWS = {"pieces": 50, "positions": 32, "places": 5, "shapes": 3, "labels": 13}
LOUD = 7  # the channel and the neuron that are several times as loud as others


def random_weights(seed, *, n_layers):
    """Return weights as trained ones are: a channel and a neuron are loud, most weights small."""
    random = np.random.default_rng(seed)
    shapes = {name: (n, SIZE) for name, n in N_ROWS.items()}
    norms = ["norm"]
    for i in range(n_layers):
        shapes |= {
            f"layers.{i}.mix": (3 * SIZE, SIZE),
            f"layers.{i}.out": (SIZE, SIZE),
            f"layers.{i}.widen": (INNER, SIZE),
            f"layers.{i}.narrow": (SIZE, INNER),
        }
        norms += [f"layers.{i}.norm", f"layers.{i}.last_norm"]
    weights = {f"{name}.weight": random.normal(0, 0.1, shape) for name, shape in shapes.items()}
    weights |= {f"{name}.bias": random.normal(0, 0.1, shape[0]) for name, shape in shapes.items()}
    for name in norms:
        weights |= {f"{name}.weight": random.normal(1, 0.1, SIZE)}
        weights |= {f"{name}.bias": random.normal(0, 0.1, SIZE)}
    for i in range(n_layers):
        weights[f"layers.{i}.norm.weight"][LOUD] = 10.0
        weights[f"layers.{i}.widen.weight"][:, LOUD] /= 10.0
        weights[f"layers.{i}.widen.bias"][LOUD] = 20.0
        weights[f"layers.{i}.narrow.weight"][:, LOUD] /= 20.0
    return {name: table.astype(np.float32) for name, table in weights.items()}


def random_window(seed):
    random = np.random.default_rng(seed)
    return {
        "ids": random.integers(0, N_ROWS["pieces"], (1, N_PIECES)),
        "places": random.integers(0, N_ROWS["places"], (1, N_PIECES)),
        "shapes": random.integers(0, N_ROWS["shapes"], (1, N_PIECES)),
        "words": np.array([1, 2, 5, 9]),
    }


def run_layers(weights, window, *, n_layers):
    """Return states and scores at full precision, as `Encoder.forward` computes them."""

    def normalize(x, name):
        x = (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + EPSILON)
        return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def multiply(x, name):
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    x = weights["pieces.weight"][window["ids"][0]] + weights["positions.weight"][:N_PIECES]
    x = x + weights["places.weight"][window["places"][0]]
    x = normalize(x + weights["shapes.weight"][window["shapes"][0]], "norm")
    for i in range(n_layers):
        split = multiply(x, f"layers.{i}.mix").reshape(N_PIECES, 3, N_HEADS, SIZE // N_HEADS)
        query, key, value = split.transpose(1, 2, 0, 3)
        seen = np.exp(query @ key.transpose(0, 2, 1) * (SIZE // N_HEADS) ** -0.5)
        mixed = (seen / seen.sum(-1, keepdims=True)) @ value
        mixed = mixed.transpose(1, 0, 2).reshape(N_PIECES, SIZE)
        x = normalize(x + multiply(mixed, f"layers.{i}.out"), f"layers.{i}.norm")
        wide = multiply(x, f"layers.{i}.widen")
        wide = wide * (1 + np.vectorize(erf)(wide / np.sqrt(2))) / 2
        x = normalize(x + multiply(wide, f"layers.{i}.narrow"), f"layers.{i}.last_norm")
    words = x[window["words"]]
    return words, multiply(words, "labels")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    ("n_layers", "is_small", "max_share"),
    [
        pytest.param(3, False, 1e-5, id="full precision"),
        pytest.param(1, True, 0.02, id="one layer"),
        pytest.param(3, True, 0.05, id="three layers"),
    ],
)
def test_graph_computes_what_the_network_computes(tmp_path, n_layers, is_small, max_share, seed):
    weights = random_weights(seed, n_layers=n_layers)
    windows = [random_window(100 + i) for i in range(4)]
    peaks = measure_peaks(weights, windows, n_heads=N_HEADS) if is_small else None
    write_encoder(weights, tmp_path / "encoder.onnx", n_heads=N_HEADS, peaks=peaks)
    session = InferenceSession(tmp_path / "encoder.onnx", providers=["CPUExecutionProvider"])
    window = random_window(seed)
    expected = run_layers(weights, window, n_layers=n_layers)
    for found, right in zip(session.run(None, window), expected, strict=True):
        assert found.shape == (1, *right.shape)
        assert np.abs(found[0] - right).mean() < max_share * np.abs(right).mean()


def test_peaks_are_the_largest_of_all_pieces_of_all_windows():
    weights = random_weights(0, n_layers=1)
    windows = [random_window(i) for i in range(3)]
    each = [measure_peaks(weights, [window], n_heads=N_HEADS) for window in windows]
    together = measure_peaks(weights, windows, n_heads=N_HEADS)
    assert together.keys() == {"layers.0.widen", "layers.0.narrow"}
    for name, peaks in together.items():
        assert (peaks == np.max([one[name] for one in each], axis=0)).all()
    assert together["layers.0.narrow"].argmax() == LOUD


@pytest.mark.parametrize("side", [1, -1])
@pytest.mark.parametrize("n_channels", [2, 64, 384])
def test_sums_of_8_bit_products_are_never_cut_short(n_channels, side):
    """Without VNNI, 16 bits hold the sum of two products, here the largest there are."""
    rows = np.full((n_channels, 16), side * 0.02, dtype=np.float32)
    graph = Graph({}, peaks={})
    matrix = Matrix("even", rows, np.zeros(16, dtype=np.float32))
    graph.output("sums", multiply(graph, "states", matrix))
    ports = [
        (name, TensorProto.FLOAT, [1, 1, n]) for name, n in (("states", n_channels), ("sums", 16))
    ]
    model = make_model(graph, ports[:1], ports[1:])
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (sums,) = session.run(None, {"states": np.ones((1, 1, n_channels), dtype=np.float32)})
    assert np.allclose(sums, side * 0.02 * n_channels, rtol=0.02)


def test_projector_projects_each_role_for_its_links(tmp_path):
    random = np.random.default_rng(0)
    links = {"cue_of_content": ("content", "cue"), "source_of_cue": ("cue", "source")}
    weights, spans = {}, {}
    for name, roles in links.items():
        for side, role in zip(("asking", "asked"), roles, strict=True):
            weights[f"{name}.{side}.weight"] = random.normal(0, 1, (6, 9)).astype(np.float32)
            weights[f"{name}.{side}.bias"] = random.normal(0, 1, 6).astype(np.float32)
            spans[role] = random.normal(0, 1, (4, 9)).astype(np.float32)
    write_projector(weights, tmp_path / "links.onnx", links=links)
    session = InferenceSession(tmp_path / "links.onnx", providers=["CPUExecutionProvider"])
    for name, roles in links.items():
        for side, role in zip(("asking", "asked"), roles, strict=True):
            rows, bias = (weights[f"{name}.{side}.{part}"] for part in ("weight", "bias"))
            (found,) = session.run([f"{name}_{side}"], spans)
            assert np.allclose(found, spans[role] @ rows.T + bias, atol=0.1)
