"""Load the models into the process that worker processes are forked from.

The one module that works when it is imported: that is all a fork server can be asked to do.
"""

from copydesk.extraction.extract import load_models

load_models()
