"""Define the network of the quotation tagger: MiniLM with heads for labels and links.

Written out here instead of taken from a library: six layers of BERT are a page of code, and two
more embeddings (quotation marks, capitals) join those of the pieces.
"""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from copydesk.quotations.tagger.labels import (
    FORBIDDEN,
    LABELS,
    Transitions,
    possible_transitions,
    sum_paths,
)
from copydesk.quotations.tagger.links import N_GAPS, N_LINE_GAPS, N_RANKS
from copydesk.quotations.tagger.pieces import N_PLACES, N_SHAPES

N_LABELS = len(LABELS)
SIZE, N_HEADS, N_LAYERS, INNER, VOCABULARY, MAX_POSITIONS = 384, 12, 6, 1536, 30522, 512
LINK_SIZE = 128


class Layer(nn.Module):
    """One layer of the encoder, as in BERT: norms after the sums."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.mix = nn.Linear(SIZE, 3 * SIZE)
        self.out = nn.Linear(SIZE, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.widen = nn.Linear(SIZE, INNER)
        self.narrow = nn.Linear(INNER, SIZE)
        self.last_norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return new states of the pieces; a mask is added to what they see of each other."""
        n_windows, n_pieces, _ = states.shape
        split = self.mix(states).view(n_windows, n_pieces, 3, N_HEADS, SIZE // N_HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4).unbind(0)
        # On a CPU twice as fast as torch's own attention, which is made for longer texts.
        with torch.autocast("cpu", enabled=False):  # it would take the softmax at full precision
            weights = query * (SIZE // N_HEADS) ** -0.5 @ key.transpose(2, 3)
            if mask is not None:
                weights += mask.to(weights.dtype)
            mixed = torch.softmax(weights, dim=3) @ value
        mixed = mixed.transpose(1, 2).reshape(n_windows, n_pieces, SIZE)
        states = self.norm(states + self.dropout(self.out(mixed)))
        wide = functional.gelu(self.widen(states))
        return self.last_norm(states + self.dropout(self.narrow(wide)))


class Encoder(nn.Module):
    """MiniLM with two more embeddings at its input; gives states and label scores per piece."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(VOCABULARY, SIZE)
        self.positions = nn.Embedding(MAX_POSITIONS, SIZE)
        self.places = nn.Embedding(N_PLACES, SIZE)
        self.shapes = nn.Embedding(N_SHAPES, SIZE)
        self.norm = nn.LayerNorm(SIZE, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(N_LAYERS))
        self.labels = nn.Linear(SIZE, N_LABELS)
        nn.init.zeros_(self.places.weight)
        nn.init.zeros_(self.shapes.weight)

    def forward(
        self, ids: Tensor, places: Tensor, shapes: Tensor, is_piece: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Return a state and the scores of the labels for each piece of each window.

        `is_piece` says which are pieces and which are padding, where there is any.
        """
        at = torch.arange(ids.shape[1])
        states = self.pieces(ids) + self.positions(at) + self.places(places) + self.shapes(shapes)
        states = self.dropout(self.norm(states))
        mask = None
        if is_piece is not None:
            mask = torch.where(is_piece, 0.0, FORBIDDEN)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        return states, self.labels(self.dropout(states))


class PathScores(nn.Module):
    """A linear-chain CRF over the words of a line."""

    def __init__(self) -> None:
        super().__init__()
        for name, table in possible_transitions()._asdict().items():
            self.register_buffer(f"barred_{name}", torch.from_numpy(table))
            self.register_parameter(name, nn.Parameter(torch.zeros(table.shape)))

    def tables(self) -> tuple[Tensor, Tensor, Tensor]:
        """Return the scores of the first label, of each transition, and of the last label."""
        return (
            self.first + self.barred_first,
            self.between + self.barred_between,
            self.last + self.barred_last,
        )

    def forward(self, scores: Tensor, labels: Tensor, lengths: Tensor) -> Tensor:
        """Return the summed negative log likelihood of lines; the longest comes first.

        `sum_paths` knows the gradient: torch is given a sum that has it, moved to the right value.
        """
        first, between, last = self.tables()
        tables = Transitions(*(table.detach().numpy() for table in (first, between, last)))
        sums = sum_paths(scores.detach().numpy(), lengths.numpy(), tables)
        is_word = torch.arange(scores.shape[1]) < lengths[:, None]
        ends = torch.arange(len(labels)), lengths - 1
        right = functional.one_hot(labels, N_LABELS) * is_word[:, :, None]
        steps = torch.zeros(N_LABELS, N_LABELS)
        pairs = labels[:, :-1][is_word[:, 1:]], labels[:, 1:][is_word[:, 1:]]
        steps.index_put_(pairs, torch.ones(len(pairs[0])), accumulate=True)
        wrong = torch.from_numpy(sums.labels).float() - right
        sloped = (
            (scores * wrong).sum()
            + (first * wrong[:, 0].sum(0)).sum()
            + (between * (torch.from_numpy(sums.steps).float() - steps)).sum()
            + (last * wrong[ends].sum(0)).sum()
        )
        with torch.no_grad():
            path = (scores * right).sum() + (between * steps).sum()
            path += first[labels[:, 0]].sum() + last[labels[ends]].sum()
            value = float(sums.log_totals.sum()) - path
        loss: Tensor = sloped + (value - sloped.detach())
        return loss


class LinkScores(nn.Module):
    """Score which of some spans a span belongs to; the score of none is one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.asking = nn.Linear(3 * SIZE, 2 * LINK_SIZE)
        self.asked = nn.Linear(3 * SIZE, 2 * LINK_SIZE)
        self.gaps = nn.Embedding(N_GAPS, LINK_SIZE)
        self.line_gaps = nn.Embedding(N_LINE_GAPS, LINK_SIZE)
        self.ranks = nn.Embedding(N_RANKS, LINK_SIZE)
        self.weigh = nn.Linear(LINK_SIZE, 1)
        self.none = nn.Linear(LINK_SIZE, 1)
        for table in (self.gaps, self.line_gaps, self.ranks):
            nn.init.normal_(table.weight, std=0.1)

    def forward(
        self, asking: Tensor, asked: Tensor, pairs: tuple[Tensor, Tensor], looks: Tensor
    ) -> Tensor:
        """Return the scores of none for each asking span, then of the pairs asked about."""
        left, left_product = self.asking(asking).chunk(2, dim=-1)
        right, right_product = self.asked(asked).chunk(2, dim=-1)
        place = self.gaps(looks[:, 0]) + self.line_gaps(looks[:, 1]) + self.ranks(looks[:, 2])
        i, j = pairs
        sums = functional.relu(left[i] + right[j] + place)
        products = (left_product[i] * right_product[j]).sum(1) / LINK_SIZE**0.5
        scores = self.weigh(sums).squeeze(1) + products
        return torch.cat([self.none(functional.relu(left)).squeeze(1), scores])


class Network(nn.Module):
    """Everything that is learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.paths = PathScores()
        self.cue_of_content = LinkScores()
        self.source_of_cue = LinkScores()
        self.source_of_content = LinkScores()


def load_pretrained(encoder: Encoder, weights: Mapping[str, Tensor]) -> None:
    """Fill an encoder with the weights of a BERT of the same size."""
    token_type = weights["embeddings.token_type_embeddings.weight"][0]
    named = {
        "pieces.weight": weights["embeddings.word_embeddings.weight"],
        "positions.weight": weights["embeddings.position_embeddings.weight"] + token_type,
        "norm.weight": weights["embeddings.LayerNorm.weight"],
        "norm.bias": weights["embeddings.LayerNorm.bias"],
    }
    parts = {
        "out": "attention.output.dense",
        "norm": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "last_norm": "output.LayerNorm",
    }
    for i in range(N_LAYERS):
        theirs, ours = f"encoder.layer.{i}", f"layers.{i}"
        for kind in ("weight", "bias"):
            mixing = (f"{theirs}.attention.self.{p}.{kind}" for p in ("query", "key", "value"))
            named[f"{ours}.mix.{kind}"] = torch.cat([weights[name] for name in mixing])
            for part, name in parts.items():
                named[f"{ours}.{part}.{kind}"] = weights[f"{theirs}.{name}.{kind}"]
    left = encoder.load_state_dict(named, strict=False)
    fresh = {"places.weight", "shapes.weight", "labels.weight", "labels.bias"}
    if left.unexpected_keys or set(left.missing_keys) != fresh:
        message = f"not the expected weights: {left}"
        raise ValueError(message)


def span_states(words: Tensor, spans: Tensor) -> Tensor:
    """Return first, last and mean state of each span of words."""
    sums = functional.pad(words.cumsum(0), (0, 0, 1, 0))
    start, end = spans[:, 0], spans[:, 1]
    means = (sums[end] - sums[start]) / (end - start)[:, None]
    return torch.cat([words[start], words[end - 1], means], dim=1)
