"""Write the trained quotation tagger as the files that the product reads.

The networks become ONNX graphs (`graph.py`), the encoder one that computes in 8 bits. What is not a
network keeps half of full precision.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from torch import nn

from copydesk.quotations.tagger.labels import LABELS, Role, Transitions
from copydesk.quotations.tagger.tagger import LINKS, N_EVIDENCE
from copydesk.training.quotes.graph import Peaks, write_encoder, write_projector
from copydesk.training.quotes.network import N_HEADS, LinkScores, Network

# Annotators disagree on what is worth marking, so the chain learns to hold back; of what it marks
# in doubt, the confidence shows what to drop. On held-out articles: exact +0.7, end to end +0.6.
TILT = 1.0
TILTED = (Role.CUE, Role.SOURCE)

Floats = npt.NDArray[np.float32]


def write_model(
    network: Network,
    folder: Path,
    *,
    peaks: Peaks | None,
    confidence: npt.NDArray[np.float64] | None = None,
) -> None:
    """Write the model files; without peaks (`measure_peaks`), the encoder at full precision."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / "draft.onnx"
    write_encoder(weights_of(network.encoder), draft, n_heads=N_HEADS, peaks=peaks)
    draft.replace(folder / "quotes.onnx")
    links = {name: (asking.value, asked.value) for name, (asking, asked) in LINKS.items()}
    write_projector(weights_of(network), draft, links=links)
    draft.replace(folder / "quotes.links.onnx")
    weights = np.zeros(N_EVIDENCE + 1) if confidence is None else confidence
    write_heads(network, weights, folder / "quotes.npz")


def weights_of(module: nn.Module) -> dict[str, Floats]:
    """Return the weights of a network, or of a part of it, by name."""
    return {name: table.detach().numpy() for name, table in module.state_dict().items()}


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
