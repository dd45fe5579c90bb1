"""Register the component `copydesk_quotes` with spaCy.

spaCy imports this module with every pipeline that is made (an entry point of the package), so it
imports nothing. What the component needs is imported when a pipeline asks for it, and the
quotation tagger is loaded with the first text.
"""

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from copydesk.api.finder import QuoteFinder

NAME = "copydesk_quotes"


@Language.factory(NAME, default_config={"method": "tagger"}, requires=["token.dep", "doc.ents"])
def make_quote_finder(nlp: Language, name: str, method: str) -> "QuoteFinder":
    """Return the component; with `config={"method": "rules"}`, one that does without the tagger.

    Raises: ValueError: if the pipeline is not English, or there is no such method.
    """
    if nlp.lang != "en":
        msg = f"{name} reads English; this pipeline reads {nlp.lang!r}"
        raise ValueError(msg)
    from copydesk.api.finder import QuoteFinder  # see above

    return QuoteFinder(method)
