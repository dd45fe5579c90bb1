"""Put answers into `docs/cookbook.md`: `python -m tools.cookbook CATALOGUE docs/cookbook.md`.

Each question of the page is an SQL block, and the block after it is the answer of a catalogue. A
test asks the catalogue of the samples and compares.
"""

import io
import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import duckdb

QUESTION = re.compile(r"```sql\n(?P<query>.*?)```\n\n```text\n.*?```", re.DOTALL)
MAX_WIDTH = 120  # characters; wider columns are cut
MAX_ROWS = 100


def answer_questions(page: str, connection: duckdb.DuckDBPyConnection) -> str:
    """Return a page with the answer of `connection` after each question.

    Raises:
        duckdb.Error: if a question is not a valid query.
    """

    def with_answer(question: re.Match[str]) -> str:
        query = question["query"]
        return f"```sql\n{query}```\n\n```text\n{_show(connection.sql(query))}\n```"

    return QUESTION.sub(with_answer, page)


def _show(rows: duckdb.DuckDBPyRelation) -> str:
    printed = io.StringIO()
    with redirect_stdout(printed):
        rows.show(max_width=MAX_WIDTH, max_rows=MAX_ROWS)
    return printed.getvalue().strip("\n")


def main() -> None:
    """Write the answers of a catalogue into the page given on the command line."""
    catalogue, page = map(Path, sys.argv[1:])
    with duckdb.connect(str(catalogue), read_only=True) as connection:
        page.write_text(answer_questions(page.read_text("utf-8"), connection), "utf-8")


if __name__ == "__main__":
    main()
