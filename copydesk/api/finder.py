"""Find quotations as a component of a spaCy pipeline: `doc._.quotes`."""

from spacy.tokens import Doc

from copydesk.api.quote import Quote, pack_quotes, unpack_quotes, view_mentions, view_quotes
from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.extract import extract_article
from copydesk.quotations.methods import QuoteMethod

KEY = "copydesk_quotes"  # in `doc.user_data`, where `DocBin` and `nlp.pipe(n_process=2)` find it

MIN_SHARE = 0.5  # of words with an annotation; some rules of a pipeline give it to a few


class QuoteFinder:
    """A component that finds the quotations of a parsed text, in `doc._.quotes`.

    >>> nlp = spacy.load("en_core_web_md")                                 # doctest: +SKIP
    >>> finder = nlp.add_pipe("copydesk_quotes")
    >>> doc = nlp("“We will not sail,” union leader Anna Miller warned on Monday.")
    >>> doc._.quotes
    [Quote('We will not sail,', speaker='Anna Miller', direct, confidence=0.9...)]
    >>> doc.char_span(*doc._.quotes[0].spans[0])
    We will not sail,

    It works with any English pipeline that has a tagger, a parser, a lemmatizer and NER, and takes
    the text as copy from end to end. Offsets are those of `doc.text`. `doc._.quotes` survives
    `DocBin(store_user_data=True)` and `nlp.pipe(texts, n_process=2)`.

    Raises:
        ValueError: for a text that another pipeline has read, and that lacks one of these.
    """

    def __init__(self, method: str) -> None:
        """Use the tagger, or rules alone, which load no model.

        Raises: ValueError: if there is no such method.
        """
        self.method = QuoteMethod(method)
        if not Doc.has_extension("quotes"):
            Doc.set_extension("quotes", getter=_read_quotes)

    def __call__(self, doc: Doc) -> Doc:
        """Find the quotations of `doc`, and return it."""
        if not doc.text.strip():
            doc.user_data[KEY] = []
            return doc
        lacking = _find_lacking(doc)
        if lacking is not None:
            msg = f"{KEY} needs a pipeline with `{lacking}` before it"
            raise ValueError(msg)
        found = extract_article(copy_of_text("", doc.text), doc, self.method)
        quotes = view_quotes(found.quotes, view_mentions(found.mentions))
        doc.user_data[KEY] = pack_quotes(quotes)
        return doc


def _read_quotes(doc: Doc) -> list[Quote]:
    return unpack_quotes(doc.user_data.get(KEY, []))


def _find_lacking(doc: Doc) -> str | None:
    """Return the component that a text shows no work of."""
    words = [token for token in doc if token.is_alpha]
    n_needed = MIN_SHARE * len(words)
    has_worked = {
        "parser": doc.has_annotation("DEP"),
        "ner": doc.has_annotation("ENT_IOB"),
        "tagger": sum(bool(word.tag_) for word in words) >= n_needed,
        "lemmatizer": sum(bool(word.lemma_) for word in words) >= n_needed,
    }
    return next((name for name, worked in has_worked.items() if not worked), None)
