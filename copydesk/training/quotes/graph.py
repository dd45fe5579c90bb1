"""Write the networks of the tagger as the graphs that run them, node by node.

An exporter leaves the choice of kernels to the fusions of whichever onnxruntime loads the file, and
some of them are slower or less exact than what they replace (docs/decisions.md). Here every node is
chosen. Weights are 8-bit numbers with a scale per column, and what flows into a matrix is cut to 8
bits too, with one scale for all of it. Three things keep that close to full precision:

- Processors without VNNI add 8-bit products in pairs, in 16 bits, and cut what is larger. Columns
  are scaled so that no pair of weights can get there, so all processors come to the same sums.
- A few neurons are several times as loud as all others, and would leave those a handful of steps.
  They are computed at full precision, beside the rest.
- The channels that flow into the wide matrix are as uneven. They are made more alike, and the rows
  of the matrix less.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime import InferenceSession

OPSET = 17
FILE_VERSION = 8  # the newest that all supported versions of onnxruntime read
FUSED = "com.microsoft"  # the domain of onnxruntime's own kernels
EPSILON = 1e-12  # of the norms, as in the network
STEPS = 127  # of an 8-bit number, to each side of zero
MAX_PAIR = 128  # 255 times that is the largest sum that 16 bits hold
N_LOUD = 4  # neurons of a layer at full precision; 16 are no better
EVENNESS = 0.75  # how far the channels are made alike; .65 to .8 are as good, 0 and .5 worse

Floats = npt.NDArray[np.float32]
Peaks = Mapping[str, Floats]
Port = tuple[str, int, Sequence[int | str | None]]  # name, type and shape of what flows in or out


class Graph:
    """Nodes and tables in the order in which they are added."""

    def __init__(self, weights: Mapping[str, Floats], *, peaks: Peaks | None = None) -> None:
        """Start a graph of the named weights of a network; without peaks, at full precision."""
        self.weights = weights
        self.peaks = peaks
        self.nodes: list[onnx.NodeProto] = []
        self.tables: dict[str, onnx.TensorProto] = {}
        self.flows: dict[str, str] = {}  # what flows into the matrices that peaks are measured for

    def table(self, name: str, values: npt.NDArray[np.generic] | None = None) -> str:
        """Return the name of a table: of the network, or with the values given."""
        if name not in self.tables:
            array = np.ascontiguousarray(self.weights[name] if values is None else values)
            self.tables[name] = numpy_helper.from_array(array, name)
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: float) -> str:
        """Add a node with one output, and return the name of that."""
        return self.add_many(kind, *inputs, n_outputs=1, domain=domain, **attributes)[0]

    def add_many(
        self, kind: str, *inputs: str, n_outputs: int, domain: str = "", **attributes: float
    ) -> list[str]:
        """Add a node with several outputs, and return their names."""
        outputs = [f"{kind}_{len(self.nodes)}_{i}" for i in range(n_outputs)]
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return outputs

    def output(self, name: str, found: str) -> None:
        """Give what a node found a name of its own."""
        self.nodes.append(helper.make_node("Identity", [found], [name]))


class Matrix(NamedTuple):
    """A matrix with a row for each channel that flows in, and its bias; the name is for tables."""

    name: str
    rows: Floats
    bias: Floats


def write_encoder(
    weights: Mapping[str, Floats], path: Path, *, n_heads: int, peaks: Peaks | None
) -> None:
    """Write an encoder as a graph; `weights` are those of `Encoder.state_dict()`, by name.

    It takes pieces as the network does, and beside them which of them are asked about: `words`.
    Without peaks (`measure_peaks`) it is written at full precision.
    """
    graph = make_encoder(weights, n_heads=n_heads, peaks=peaks)
    onnx.save(make_encoder_model(graph), path)


def measure_peaks(
    weights: Mapping[str, Floats],
    windows: Iterable[Mapping[str, npt.NDArray[np.int64]]],
    *,
    n_heads: int,
) -> dict[str, Floats]:
    """Return how large each channel gets that flows into a matrix, over all pieces of windows."""
    graph = make_encoder(weights, n_heads=n_heads, peaks=None)
    model = make_encoder_model(graph)
    for flow in graph.flows.values():
        model.graph.output.append(helper.make_tensor_value_info(flow, TensorProto.FLOAT, None))
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    peaks: dict[str, Floats] = {}
    for window in windows:
        flows = session.run([*graph.flows.values()], dict(window))
        for name, flow in zip(graph.flows, flows, strict=True):
            highest = np.abs(flow[0]).max(axis=0)
            peaks[name] = np.maximum(peaks.get(name, highest), highest)
    return peaks


def write_projector(
    weights: Mapping[str, Floats], path: Path, *, links: Mapping[str, tuple[str, str]]
) -> None:
    """Write what spans are projected with for each kind of link; `links` are the roles in it.

    `weights` are those of `Network.state_dict()`, by name. They are small in the file only: a text
    has few spans, so full precision costs nothing.
    """
    graph = Graph(weights)
    sizes = {}
    for name, roles in links.items():
        for side, role in zip(("asking", "asked"), roles, strict=True):
            matrix = find_matrix(graph, f"{name}.{side}")
            product = graph.add("MatMul", role, restore(graph, matrix))
            total = graph.add("Add", product, graph.table(f"{matrix.name}.bias"))
            graph.output(f"{name}_{side}", total)
            sizes[f"{name}_{side}"] = matrix.rows.shape
    (n_channels,) = {n for n, _ in sizes.values()}
    inputs: list[Port] = [
        (role, TensorProto.FLOAT, [f"{role}s", n_channels])
        for role in dict.fromkeys(chain.from_iterable(links.values()))
    ]
    outputs: list[Port] = [
        (name, TensorProto.FLOAT, [None, width]) for name, (_, width) in sizes.items()
    ]
    onnx.save(make_model(graph, inputs, outputs), path)


def make_encoder(weights: Mapping[str, Floats], *, n_heads: int, peaks: Peaks | None) -> Graph:
    """Return the nodes from pieces to the states of words and the scores of their labels."""
    graph = Graph(weights, peaks=peaks)
    states = embed(graph)
    n_layers = len({name.split(".")[1] for name in weights if name.startswith("layers.")})
    for i in range(n_layers):
        asked = "words" if i + 1 == n_layers else None
        states = add_layer(graph, states, f"layers.{i}", n_heads=n_heads, asked=asked)
    graph.output("states", states)
    graph.output("scores", multiply_exactly(graph, states, find_matrix(graph, "labels")))
    return graph


def make_encoder_model(graph: Graph) -> onnx.ModelProto:
    """Return the encoder with its inputs and outputs."""
    inputs: list[Port] = [
        (name, TensorProto.INT64, [1, "pieces"]) for name in ("ids", "places", "shapes")
    ]
    inputs.append(("words", TensorProto.INT64, ["words"]))
    n_labels, size = graph.weights["labels.weight"].shape
    outputs: list[Port] = [
        (name, TensorProto.FLOAT, [1, "words", width])
        for name, width in (("states", size), ("scores", n_labels))
    ]
    return make_model(graph, inputs, outputs)


def make_model(graph: Graph, inputs: Sequence[Port], outputs: Sequence[Port]) -> onnx.ModelProto:
    """Return a graph as a file holds it."""
    body = helper.make_graph(
        graph.nodes,
        "tagger",
        [helper.make_tensor_value_info(*port) for port in inputs],
        [helper.make_tensor_value_info(*port) for port in outputs],
        [*graph.tables.values()],
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(FUSED, 1)]
    return helper.make_model(body, opset_imports=opsets, ir_version=FILE_VERSION)


def embed(graph: Graph) -> str:
    """Add the sum of the embeddings; those of the pieces have a scale per row."""
    pieces = graph.weights["pieces.weight"]
    if graph.peaks is None:
        total = graph.add("Gather", graph.table("pieces.weight"), "ids")
    else:
        scale = scale_of(np.abs(pieces).max(axis=1, keepdims=True), steps=STEPS)
        small = graph.table("pieces.small", np.round(pieces / scale).astype(np.int8))
        rows = graph.add("Cast", graph.add("Gather", small, "ids"), to=TensorProto.FLOAT)
        scales = graph.add("Gather", graph.table("pieces.scale", scale), "ids")
        total = graph.add("Mul", rows, scales)
    zero, one, two = (graph.table(f"place.{i}", np.array([i], dtype=np.int64)) for i in range(3))
    n_pieces = graph.add("Slice", graph.add("Shape", "ids"), one, two, zero)
    positions = graph.add("Slice", graph.table("positions.weight"), zero, n_pieces, zero)
    looks = [
        graph.add("Gather", graph.table(f"{name}.weight"), name) for name in ("places", "shapes")
    ]
    for part in (positions, *looks):
        total = graph.add("Add", total, part)
    return normalize(graph, total, "norm")


def add_layer(graph: Graph, states: str, name: str, *, n_heads: int, asked: str | None) -> str:
    """Add a layer of BERT, and return its states: of all pieces, or of those asked about."""
    mix = find_matrix(graph, f"{name}.mix")
    query, key, value = graph.add_many("Split", multiply(graph, states, mix), n_outputs=3, axis=2)
    if asked is not None:
        query, states = (graph.add("Gather", x, asked, axis=1) for x in (query, states))
    mixed = graph.add("MultiHeadAttention", query, key, value, domain=FUSED, num_heads=n_heads)
    out = multiply(graph, mixed, find_matrix(graph, f"{name}.out"))
    states = normalize(graph, graph.add("Add", out, states), f"{name}.norm")
    narrow = add_neurons(graph, states, name)
    return normalize(graph, graph.add("Add", narrow, states), f"{name}.last_norm")


def add_neurons(graph: Graph, states: str, name: str) -> str:
    """Add the two matrices of a layer and the neurons between them, the loudest apart."""
    widen, narrow = (find_matrix(graph, f"{name}.{part}") for part in ("widen", "narrow"))
    if graph.peaks is None:
        wide = graph.add("Gelu", multiply_exactly(graph, states, widen), domain=FUSED)
        graph.flows |= {widen.name: states, narrow.name: wide}
        return multiply_exactly(graph, wide, narrow)
    order = np.argsort(-graph.peaks[narrow.name], kind="stable")
    loud, quiet = np.sort(order[:N_LOUD]), np.sort(order[N_LOUD:])
    even, scale = even_channels(widen, graph.peaks[widen.name])
    scaled = graph.add("Mul", states, graph.table(f"{widen.name}.channels", 1 / scale))
    wide = multiply(graph, scaled, Matrix(even.name, even.rows[:, quiet], even.bias[quiet]))
    wide = graph.add("Gelu", wide, domain=FUSED)
    total = multiply(graph, wide, narrow._replace(rows=narrow.rows[quiet]))
    part = Matrix(f"{widen.name}.loud", widen.rows[:, loud], widen.bias[loud])
    wide = graph.add("Gelu", multiply_exactly(graph, states, part), domain=FUSED)
    rest = graph.table(f"{narrow.name}.loud", narrow.rows[loud])
    return graph.add("Add", total, graph.add("MatMul", wide, rest))


def even_channels(matrix: Matrix, peaks: Floats) -> tuple[Matrix, Floats]:
    """Return a matrix for channels divided by the scale that comes with it (SmoothQuant)."""
    weights = np.abs(matrix.rows).max(axis=1)
    tiny = np.finfo(np.float32).tiny
    scale = np.maximum(peaks, tiny) ** EVENNESS / np.maximum(weights, tiny) ** (1 - EVENNESS)
    scale = (scale / np.exp(np.log(scale).mean())).astype(np.float32)
    return matrix._replace(rows=matrix.rows * scale[:, None]), scale


def find_matrix(graph: Graph, name: str) -> Matrix:
    """Return a matrix of the network."""
    return Matrix(name, graph.weights[f"{name}.weight"].T, graph.weights[f"{name}.bias"])


def multiply(graph: Graph, states: str, matrix: Matrix) -> str:
    """Add the product with a matrix, and its bias; both factors are cut to 8 bits."""
    if graph.peaks is None:
        return multiply_exactly(graph, states, matrix)
    size = np.abs(matrix.rows)
    # Rounding can raise both weights of a pair, by a half each.
    scale = scale_of((size[::2] + size[1::2]).max(axis=0), steps=MAX_PAIR - 1)
    tables = [
        graph.table(f"{matrix.name}.small", np.round(matrix.rows / scale).astype(np.int8)),
        graph.table(f"{matrix.name}.scale", scale),
        graph.table(f"{matrix.name}.zero", np.zeros(len(scale), dtype=np.int8)),
        graph.table(f"{matrix.name}.bias", matrix.bias),
    ]
    return graph.add("DynamicQuantizeMatMul", states, *tables, domain=FUSED)


def multiply_exactly(graph: Graph, states: str, matrix: Matrix) -> str:
    """Add the same product at full precision."""
    rows = graph.table(f"{matrix.name}.rows", matrix.rows)
    bias = graph.table(f"{matrix.name}.bias", matrix.bias)
    return graph.add("Add", graph.add("MatMul", states, rows), bias)


def restore(graph: Graph, matrix: Matrix) -> str:
    """Add the rows of a matrix at full precision, made when loaded from 8 bits in the file.

    `DequantizeLinear` would do the same, but is what versions of onnxruntime join with the product.
    """
    scale = scale_of(np.abs(matrix.rows).max(axis=0), steps=STEPS)
    small = graph.table(f"{matrix.name}.small", np.round(matrix.rows / scale).astype(np.int8))
    rows = graph.add("Cast", small, to=TensorProto.FLOAT)
    return graph.add("Mul", rows, graph.table(f"{matrix.name}.scale", scale))


def scale_of(largest: Floats, *, steps: int) -> Floats:
    """Return the size of a step where the largest number has so many; never zero."""
    return np.where(largest == 0, 1.0, largest / steps).astype(np.float32)


def normalize(graph: Graph, states: str, name: str) -> str:
    """Add the norm over each piece."""
    tables = graph.table(f"{name}.weight"), graph.table(f"{name}.bias")
    return graph.add("LayerNormalization", states, *tables, axis=-1, epsilon=EPSILON)
