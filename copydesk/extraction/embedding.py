"""Run spaCy's networks on texts, and embed each distinct word of them once.

Three quarters of the words in a batch of news occur in it before. Their embedding depends on the
word alone, so one text of distinct words is embedded, and every place gets the row of its word.
"""

from collections.abc import Sequence
from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt
from spacy.attrs import NORM, ORTH, SPACY
from spacy.pipeline import Tok2Vec
from spacy.tokens import Doc
from thinc.api import Model

WORD = [ORTH, NORM, SPACY]  # what a tokenizer says of a word; all else in `LEXICAL` follows
LEXICAL = frozenset({"ORTH", "LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"})

StatesT = TypeVar("StatesT")
Floats = npt.NDArray[np.float32]


def embed_texts(tok2vec: Tok2Vec, docs: Sequence[Doc]) -> None:
    """Give texts the tensors that the parts of the pipeline share."""
    if any(len(doc) for doc in docs):
        tok2vec.set_annotations(docs, run_network(tok2vec.model, docs))


def run_network(model: Model[list[Doc], StatesT], docs: Sequence[Doc]) -> StatesT:
    """Return what `model.predict(docs)` returns."""
    if model.has_ref("embed") and model.has_ref("encode"):
        embed = model.get_ref("embed")
        if _looks_at_words(embed):
            return cast("StatesT", model.get_ref("encode").predict(_embed(embed, docs)))
    elif model.layers and model.name == ">>".join(layer.name for layer in model.layers):
        states = run_network(model.layers[0], docs)
        for layer in model.layers[1:]:
            states = layer.predict(states)
        return cast("StatesT", states)
    return model.predict(list(docs))


def _looks_at_words(embed: Model[list[Doc], list[Floats]]) -> bool:
    """Return whether nothing but its word counts for the embedding of a token."""
    names = {
        str(column)
        for layer in embed.walk()
        if layer.name == "extract_features"
        for column in layer.attrs["columns"]
    }
    return bool(names) and names <= LEXICAL


def _embed(embed: Model[list[Doc], list[Floats]], docs: Sequence[Doc]) -> list[Floats]:
    """Return the embedding of each token of each text."""
    tokens = np.concatenate([doc.to_array(WORD) for doc in docs])
    words, places = np.unique(tokens, axis=0, return_inverse=True)
    strings = docs[0].vocab.strings
    text = Doc(
        docs[0].vocab,
        words=[strings[word] for word in words[:, 0].tolist()],
        spaces=words[:, 2].astype(np.bool_).tolist(),
    )
    text.from_array([NORM], words[:, 1])  # type: ignore[arg-type] # declared as floats
    ends = np.cumsum([len(doc) for doc in docs])[:-1]
    return np.split(embed.predict([text])[0][places.ravel()], ends)
