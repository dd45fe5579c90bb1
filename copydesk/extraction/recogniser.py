"""Mark the named entities of parsed texts, exactly those that spaCy's recogniser would find.

spaCy's own loop goes from token to token and takes Python's lock for every action that it weighs
(docs/decisions.md), which is four fifths of its time. Its choices need no loop: outside an entity
an action depends on the token alone, and an entity, once begun, keeps its label until it ends. So
the network is spaCy's, and its scores are read for many tokens at once.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from spacy.attrs import ENT_IOB, IS_SPACE, SENT_START
from spacy.pipeline import EntityRecognizer
from spacy.tokens import Doc, Span

from copydesk.extraction.embedding import run_network

N_FEATURES = 3  # the token, the first token of the open entity, and the token before this one

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class Actions(NamedTuple):
    """What a recogniser may do with a token, in the order of its scores."""

    kinds: npt.NDArray[np.str_]  # of each action: Begin, In, Last, Unit, Out
    labels: Sequence[str]
    label: Numbers  # of each action; -1 for none
    inside: Numbers  # the action that continues an entity of each label
    last: Numbers  # the action that ends it


class Tokens(NamedTuple):
    """What is known of the tokens of all texts, one text after the other."""

    is_space: Flags
    is_last: Flags  # in its sentence or text


class Choices(NamedTuple):
    """What is done with each token if no entity is open there."""

    begins: Flags
    stands: Flags  # an entity by itself
    label: Numbers
    end: Numbers  # where the entity ends that begins here


def mark_entities(ner: EntityRecognizer, docs: Sequence[Doc]) -> None:
    """Mark the entities of texts whose sentences are known.

    Texts that hold entities already, and recognisers of another build, are left to spaCy.
    """
    is_known = _is_known(ner)
    by_spacy = [doc for doc in docs if not is_known or doc.to_array(ENT_IOB).any()]
    for _ in ner.pipe(by_spacy, batch_size=max(1, len(by_spacy))):
        pass
    # By what spaCy has marked, a recogniser may have learnt of labels that it has no scores for.
    new = [doc for doc in docs if len(doc) and not doc.to_array(ENT_IOB).any()]
    if not new:
        return
    actions = _read_actions(ner)
    found = _list_entities(_choose(ner, new, actions))
    _set_entities(new, found, actions.labels)


def _is_known(ner: EntityRecognizer) -> bool:
    return (
        ner.cfg["beam_width"] == 1
        and ner.model.attrs.get("has_upper", False)
        and not ner.model.attrs.get("unseen_classes")
        and not ner.postprocesses
        and ner.model.get_ref("lower").get_dim("nF") == N_FEATURES
    )


def _read_actions(ner: EntityRecognizer) -> Actions:
    names = [ner.moves.get_class_name(i) for i in range(ner.moves.n_moves)]
    labels = sorted({name[2:] for name in names if name[2:]})
    return Actions(
        kinds=np.array([name[0] for name in names]),
        labels=labels,
        label=np.array([labels.index(name[2:]) if name[2:] else -1 for name in names]),
        inside=np.array([names.index(f"I-{label}") for label in labels]),
        last=np.array([names.index(f"L-{label}") for label in labels]),
    )


def _choose(ner: EntityRecognizer, docs: Sequence[Doc], actions: Actions) -> Choices:
    """Return what is done with each token, the validity of actions being that of `ner.pyx`."""
    tokens = _read_tokens(docs)
    lower, upper = (ner.model.get_ref(name) for name in ("lower", "upper"))
    hidden = lower.predict(run_network(ner.model.get_ref("tok2vec"), docs))
    absent, features = hidden[0], hidden[1:]
    bias = lower.get_param("b")

    def score(summed: Floats) -> Floats:
        scores: Floats = upper.predict((summed + bias).max(axis=2))
        return scores

    scores = score(features[:, 0] + absent[1] + absent[2])
    is_begin, is_unit = (actions.kinds == kind for kind in ("B", "U"))
    scores[:, ~(is_begin | is_unit | (actions.kinds == "O"))] = -np.inf
    scores[:, is_unit & (actions.label < 0)] = -np.inf  # only for tokens that must stay free
    scores[np.ix_(tokens.is_space, is_unit)] = -np.inf
    scores[np.ix_(tokens.is_space | tokens.is_last, is_begin)] = -np.inf
    action = scores.argmax(axis=1)
    label = actions.label[action]
    begins, stands = is_begin[action], is_unit[action]
    end = np.arange(len(action)) + 1
    first = np.flatnonzero(begins)
    at = first + 1
    while len(first):  # all entities grow together, by a token at a time
        scores = score(features[at, 0] + features[first, 1] + features[at - 1, 2])
        row, of = np.arange(len(first)), label[first]
        inside, last = scores[row, actions.inside[of]], scores[row, actions.last[of]]
        is_inside_first = actions.inside[of] < actions.last[of]
        continues = ~tokens.is_last[at] & ((inside > last) | ((inside == last) & is_inside_first))
        end[first[~continues]] = at[~continues] + 1
        first, at = first[continues], at[continues] + 1
    return Choices(begins, stands, label, end)


def _read_tokens(docs: Sequence[Doc]) -> Tokens:
    columns = np.concatenate([doc.to_array([SENT_START, IS_SPACE]) for doc in docs])
    is_last = np.append(columns[1:, 0] == 1, [True])
    is_last[np.cumsum([len(doc) for doc in docs]) - 1] = True
    return Tokens(columns[:, 1].astype(np.bool_), is_last)


def _list_entities(choices: Choices) -> Iterator[tuple[int, int, int]]:
    """Yield start, end and label of the entities: none begins inside another."""
    free = 0
    for start in np.flatnonzero(choices.begins | choices.stands).tolist():
        if start >= free:
            free = int(choices.end[start])
            yield start, free, int(choices.label[start])


def _set_entities(
    docs: Sequence[Doc], found: Iterator[tuple[int, int, int]], labels: Sequence[str]
) -> None:
    """Mark entities whose offsets are counted over all texts, and all other tokens as outside."""
    offset = 0
    waiting = next(found, None)
    for doc in docs:
        spans = []
        while waiting is not None and waiting[0] < offset + len(doc):
            start, end, label = waiting
            spans.append(Span(doc, start - offset, end - offset, label=labels[label]))
            waiting = next(found, None)
        doc.set_ents(spans, default="outside")
        offset += len(doc)
