"""Write the trained quotation tagger as the files that the product reads.

The encoder becomes an ONNX graph of 8-bit weights: matrices with a scale per column, word pieces
with one per row. What flows into a matrix is cut to 8 bits as well, at run time, but in the first
layer. Labels keep full precision, links half of it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from copydesk.quotations.tagger.labels import LABELS, Role, Transitions
from copydesk.quotations.tagger.tagger import LINKS, N_EVIDENCE
from copydesk.training.quotes.network import SIZE, Encoder, LinkScores, Network

OPSET = 17
# What flows into these keeps full precision: on held-out articles, 8 bits everywhere cost 0.7
# points of exact contents, 8 bits everywhere else 0.1.
EXACT = ("/labels", "/layers.0/")
MIN_SHRUNK_BYTES = 100_000
MATRIX_AXES = 2
# Annotators disagree on what is worth marking, so the chain learns to hold back; of what it marks
# in doubt, the confidence shows what to drop. On held-out articles: exact +0.7, end to end +0.6.
TILT = 1.0
TILTED = (Role.CUE, Role.SOURCE)

Floats = npt.NDArray[np.float32]


class SmallEmbedding(nn.Module):
    """An embedding of 8-bit numbers with a scale per row."""

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(dim=1, keepdim=True) / 127
        self.register_buffer("table", (table / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Return the rows asked for, at full precision."""
        return self.table[ids].float() * self.scale[ids]


class Projector(nn.Module):
    """What contents, cues and sources are projected with for the three kinds of links."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.links = nn.ModuleList(getattr(network, name) for name in LINKS)

    def forward(self, content: Tensor, cue: Tensor, source: Tensor) -> tuple[Tensor, ...]:
        """Return asking and asked side of each kind of link."""
        sides = (content, cue), (cue, source), (content, source)
        return tuple(
            projection(states)
            for link, (asking, asked) in zip(self.links, sides, strict=True)
            for projection, states in ((link.asking, asking), (link.asked, asked))
        )


def write_model(
    network: Network,
    folder: Path,
    *,
    confidence: npt.NDArray[np.float64] | None = None,
    is_small: bool = True,
) -> None:
    """Write the model files, with 8-bit weights by default."""
    folder.mkdir(parents=True, exist_ok=True)
    write_encoder(network.encoder, folder / "quotes.onnx", is_small=is_small)
    write_projector(network, folder / "quotes.links.onnx", is_small=is_small)
    weights = np.zeros(N_EVIDENCE + 1) if confidence is None else confidence
    write_heads(network, weights, folder / "quotes.npz")


def write_encoder(encoder: Encoder, path: Path, *, is_small: bool) -> None:
    """Write an encoder as ONNX."""
    encoder.eval()
    pieces = encoder.pieces
    if is_small:
        encoder.pieces = SmallEmbedding(pieces.weight.detach())
    ids = torch.full((1, 9), 1000)
    looks = torch.zeros_like(ids)
    inputs = {"ids": ids, "places": looks, "shapes": looks}
    write_graph(encoder, inputs, ("states", "scores"), path, is_small=is_small)
    encoder.pieces = pieces


def write_projector(network: Network, path: Path, *, is_small: bool) -> None:
    """Write what spans are projected with as ONNX."""
    inputs = {role.value: torch.zeros(2, 3 * SIZE) for role in Role}
    outputs = tuple(f"{name}_{side}" for name in LINKS for side in ("asking", "asked"))
    write_graph(Projector(network).eval(), inputs, outputs, path, is_small=is_small)


def write_graph(
    module: nn.Module,
    inputs: Mapping[str, Tensor],
    outputs: Sequence[str],
    path: Path,
    *,
    is_small: bool,
) -> None:
    """Write a module as ONNX; what comes in may have any length, but for the states of spans."""
    draft = path.with_suffix(".draft.onnx")
    torch.onnx.export(
        module,
        tuple(inputs.values()),
        str(draft),
        input_names=list(inputs),
        output_names=list(outputs),
        dynamic_axes={name: free_axes(name, x) for name, x in inputs.items()},
        opset_version=OPSET,
        dynamo=False,  # the new exporter fixes the number of windows
    )
    if is_small:
        nodes = onnx.load(draft).graph.node
        small = path.with_suffix(".small.onnx")
        quantize_dynamic(
            draft,
            small,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=[node.name for node in nodes if node.name.startswith(EXACT)],
        )
        shrink_weights(small, draft)
        small.unlink()
    draft.replace(path)


def shrink_weights(path: Path, target: Path) -> None:
    """Write a graph whose large matrices of full precision are 8-bit in the file only."""
    model = onnx.load(path)
    graph = model.graph
    for weights in [table for table in graph.initializer if len(table.raw_data) > MIN_SHRUNK_BYTES]:
        table = numpy_helper.to_array(weights)
        if table.dtype != np.float32 or table.ndim != MATRIX_AXES:
            continue
        scale = np.abs(table).max(axis=0) / 127
        parts = {
            "small": np.round(table / scale).astype(np.int8),
            "scale": scale,
            "zero": np.zeros(len(scale), dtype=np.int8),
        }
        names = [f"{weights.name}_{part}" for part in parts]
        for name, part in zip(names, parts.values(), strict=True):
            graph.initializer.append(numpy_helper.from_array(part, name))
        node = helper.make_node("DequantizeLinear", names, [weights.name], axis=1)
        graph.initializer.remove(weights)
        graph.node.insert(0, node)
    onnx.save(model, target)


def free_axes(name: str, table: Tensor) -> dict[int, str]:
    """Return the axis that may have any length: spans of states, or pieces of one window."""
    if table.is_floating_point():
        return {0: f"{name}s"}
    return {1: "pieces"}


def write_heads(network: Network, confidence: npt.NDArray[np.float64], path: Path) -> None:
    """Write what is not the encoder: transitions, links, and the weights of confidence."""
    arrays: dict[str, npt.NDArray[np.generic]] = {"confidence": confidence.astype(np.float32)}
    arrays |= tilted(*(table.detach().numpy() for table in network.paths.tables()))._asdict()
    for name in LINKS:
        arrays |= {
            f"{name}_{field}": value.astype(np.float16)
            for field, value in _link_arrays(getattr(network, name)).items()
        }
    draft = path.with_suffix(".draft.npz")
    np.savez_compressed(draft, allow_pickle=False, **arrays)
    draft.replace(path)


def tilted(first: Floats, between: Floats, last: Floats) -> Transitions:
    """Return the transitions of the chain, more ready to begin a cue or a source than learnt."""
    begins = [part in "BS" and role in TILTED for role, part in LABELS]
    tilt = np.where(begins, TILT, 0.0).astype(np.float32)
    return Transitions(first + tilt, between + tilt, last)


def _link_arrays(scorer: LinkScores) -> dict[str, np.ndarray]:
    tables = {
        "gaps": scorer.gaps.weight,
        "line_gaps": scorer.line_gaps.weight,
        "ranks": scorer.ranks.weight,
        "weigh": scorer.weigh.weight[0],
        "weigh_bias": scorer.weigh.bias[0],
        "none": scorer.none.weight[0],
        "none_bias": scorer.none.bias[0],
    }
    return {name: table.detach().numpy() for name, table in tables.items()}
