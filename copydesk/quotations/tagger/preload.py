"""Load the tagger into the process that worker processes are forked from.

It works when it is imported, because that is all a fork server can be asked to do.
"""

from contextlib import suppress

from copydesk.errors import ModelError
from copydesk.lexicons.language import ENGLISH
from copydesk.quotations.tagger.tagger import load_tagger_model

with suppress(ModelError):  # an error here would end the server; the workers raise it again
    load_tagger_model(ENGLISH)
