"""Behaviour of `extraction.embedding`: networks say of words what they say without it."""

import numpy as np
import pytest
from thinc.api import Linear, Model, chain

from copydesk.extraction.embedding import run_network
from copydesk.extraction.parsing import load_pipeline
from copydesk.lexicons.language import ENGLISH

ROUNDING = 1e-4  # of sums whose terms are added in another order


@pytest.fixture(scope="module")
def networks():
    nlp = load_pipeline(ENGLISH)
    return nlp.get_pipe("tok2vec").model, nlp.get_pipe("ner").model.get_ref("tok2vec")


@pytest.mark.model
@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["Ida said so. So said Ida, and so they say."], id="words that come again"),
        pytest.param(["so so,so  so\n\nso "], id="one word before a space and without"),
        pytest.param(["I can't, cannot, won't, gonna and ain't."], id="words with other norms"),
        pytest.param(["", "Ida Holm", "", "Holm"], id="empty texts between others"),
        pytest.param(["\n\n", " \t "], id="nothing but spaces"),
        pytest.param(["xqz東京👩‍✈️ é e\u0301 ﬁ fi"], id="words without a vector"),
    ],
)
def test_states_are_those_of_the_network(networks, texts):
    nlp = load_pipeline(ENGLISH)
    docs = [nlp.make_doc(text) for text in texts]
    for network in networks:
        theirs, ours = network.predict(docs), run_network(network, docs)
        assert len(ours) == len(theirs)
        for mine, spacys in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(mine, spacys, atol=ROUNDING)


def test_networks_of_another_build_are_run_as_they_are():
    def count(_, docs, **__):
        return np.array([[len(doc)] for doc in docs], dtype=np.float32), None

    double = Linear(1, 1)
    double.set_param("W", np.array([[2.0]], dtype=np.float32))
    double.set_param("b", np.zeros(1, dtype=np.float32))
    counted = chain(Model("count", count), double)
    docs = [load_pipeline(ENGLISH).make_doc(text) for text in ("Ida", "Ida Holm")]
    assert run_network(counted, docs).tolist() == [[2.0], [4.0]]
