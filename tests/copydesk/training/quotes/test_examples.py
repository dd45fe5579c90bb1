"""Behaviour of training examples: gold spans become labels of words, and links between spans."""

import numpy as np
import pytest

from copydesk.quotations.tagger.labels import LABELS, Role
from copydesk.training.quotes.examples import (
    crop_example,
    is_held_out,
    make_example,
    repair_labels,
    thin_links,
    vary,
)

TEXT = "“We sail at dawn,” Ana Petrel said. “Nobody stays.”\nThe crew agreed that it was late."
SPLIT = (["“We sail at dawn,”", "“Nobody stays.”"], "said", "Ana Petrel")
REPORTED = (["that it was late."], "agreed", "The crew")


def spans(*parts):
    return [[TEXT.index(part), TEXT.index(part) + len(part)] for part in parts]


def row(*quotes):
    return {
        "doc_id": "a",
        "publisher": "b",
        "text": TEXT,
        "quotes": [
            {
                "content": spans(*content),
                "cue": spans(cue),
                "source": spans(source) if source else [],
            }
            for content, cue, source in quotes
        ],
    }


def words_of(example, role):
    """The spans of a role, as their words are in the text."""
    pieces, found = example.pieces, []
    ends = [*example.words[1:].tolist(), len(pieces.ids)]
    for i, number in enumerate(example.labels.tolist()):
        word = TEXT[pieces.starts[example.words[i]] : pieces.ends[ends[i] - 1]]
        if LABELS[number][0] is role:
            if LABELS[number][1] in "BS":
                found.append([])
            found[-1].append(word)
    return [" ".join(words) for words in found]


def test_spans_become_labels_without_the_punctuation_around_them():
    example = make_example(row(SPLIT, REPORTED))
    assert words_of(example, Role.CONTENT) == [
        "We sail at dawn",
        "Nobody stays",
        "that it was late",
    ]
    assert words_of(example, Role.CUE) == ["said", "agreed"]
    assert words_of(example, Role.SOURCE) == ["Ana Petrel", "The crew"]


def test_content_is_cut_at_a_line_end():
    both = (["“Nobody stays.”\nThe crew"], "said", "Ana Petrel")
    assert words_of(make_example(row(both)), Role.CONTENT) == ["Nobody stays", "The crew"]


def test_all_contents_of_a_quotation_belong_to_its_cue_and_that_to_its_source():
    (crop,) = crop_example(make_example(row(SPLIT, REPORTED)), max_pieces=320, seed=None)
    assert crop.links.cue_of_content.tolist() == [0, 0, 1]
    assert crop.links.source_of_cue.tolist() == [0, 1]
    assert crop.links.source_of_content.tolist() == [0, 0, 1]


def test_a_quotation_without_a_source_belongs_to_none():
    (crop,) = crop_example(make_example(row((SPLIT[0], "said", None))), max_pieces=320, seed=None)
    assert crop.links.source_of_cue.tolist() == [-1]


def test_what_asks_for_a_missed_cue_or_source_belongs_to_none():
    (crop,) = crop_example(make_example(row(SPLIT, REPORTED)), max_pieces=320, seed=None)
    thinned = [thin_links(crop.links, seed=str(i)) for i in range(200)]
    (links,) = {
        tuple(links.cue_of_content.tolist()): links
        for links in thinned
        if len(links.cues) == 1 and len(links.sources) == 2 and links.cue_of_content[0] < 0
    }.values()
    assert links.cue_of_content.tolist() == [-1, -1, 0]
    assert links.source_of_cue.tolist() == [1]
    assert links.source_of_content.tolist() == [0, 0, 1]


def test_windows_hold_every_word_once():
    example = make_example(row(SPLIT, REPORTED))
    crops = list(crop_example(example, max_pieces=16, seed="1"))
    assert len(crops) > 1
    assert sum(len(crop.words) for crop in crops) == len(example.words)


@pytest.mark.parametrize(
    ("broken", "repaired"),
    [("IE", "BE"), ("E", "S"), ("BI", "BE"), ("B", "S"), ("OIIEO", "OBIEO"), ("BOE", "SOS")],
)
def test_labels_of_a_span_that_was_cut_are_repaired(broken, repaired):
    def numbers(parts):
        return [LABELS.index((None, "O") if p == "O" else (Role.CUE, p)) for p in parts]

    line = np.zeros(len(broken), dtype=np.int64)
    assert repair_labels(np.array(numbers(broken)), line).tolist() == numbers(repaired)


def test_the_same_seed_varies_the_same_words_and_leaves_the_answers():
    example = make_example(row(SPLIT, REPORTED))
    once, again = vary(example, seed="x"), vary(example, seed="x")
    assert once.pieces.ids.tolist() == again.pieces.ids.tolist()
    assert once.labels.tolist() == example.labels.tolist()


def test_one_article_in_ten_is_held_out_whatever_the_file():
    rows = [row() | {"doc_id": f"article {i}"} for i in range(2000)]
    assert sum(map(is_held_out, rows)) == pytest.approx(190, abs=40)
