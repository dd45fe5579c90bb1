"""Load the parser into the process that worker processes are forked from.

It works when it is imported, because that is all a fork server can be asked to do.
"""

from copydesk.extraction.parsing import load_pipeline
from copydesk.lexicons.language import ENGLISH

load_pipeline(ENGLISH)
