"""Load the parser into the process that worker processes are forked from.

It works when it is imported, because that is all a fork server can be asked to do.
"""

from contextlib import suppress

from copydesk.errors import ModelError
from copydesk.extraction.parsing import load_pipeline
from copydesk.lexicons.language import ENGLISH

with suppress(ModelError):  # an error here would end the server; the workers raise it again
    load_pipeline(ENGLISH)
