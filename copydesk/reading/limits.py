"""Limit what is read of files from strangers: sizes, depths and rates of expansion."""

from dataclasses import dataclass
from typing import Annotated

from copydesk.errors import UnreadableError
from copydesk.system.allowance import Allowance
from copydesk.system.memory import MIB
from copydesk.values import Stage


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that a file may hold; what is over a limit becomes a row of `rejected_files`.

    The defaults are far above what news needs: an article has 10 kB, its page 200 kB, and text
    packs to a tenth.
    """

    page_mib: Annotated[int, "MiB of one page, line of JSON Lines or row of a table, unpacked"] = 16
    json_mib: Annotated[
        int,
        "MiB of one file that is read whole (JSON, mail, XML, office, PDF), unpacked; small values "
        "of JSON take thirty times as much memory",
    ] = 64
    file_mib: Annotated[
        int, "MiB that one file of the bundle unpacks to, with archives inside archives"
    ] = 65_536
    ratio: Annotated[int, "bytes out of one byte of the file; the first 64 MiB are free"] = 200
    depth: Annotated[int, "archives and compressions inside each other"] = 6
    entries: Annotated[int, "files in one archive"] = 1_000_000
    page_seconds: Annotated[
        int, "CPU seconds in which one page is read, and again those in which it is cleaned"
    ] = 60
    work_mib: Annotated[int, "MiB of memory that one page takes while it is read or cleaned"] = (
        4_096
    )
    article_seconds: Annotated[
        int, "CPU seconds that names and quotations of one article take; the longest take 100"
    ] = 300
    article_mib: Annotated[
        int, "MiB of memory that one article takes beside the models; the longest take 600"
    ] = 4_096

    @property
    def page_bytes(self) -> int:
        """The most bytes of one page."""
        return self.page_mib * MIB

    @property
    def page_allowance(self) -> Allowance:
        """What one page may take while it is read, and again while it is cleaned."""
        return Allowance(
            self.page_seconds,
            self.work_mib,
            "COPYDESK_MAX_PAGE_SECONDS",
            "COPYDESK_MAX_WORK_MIB",
        )

    @property
    def article_allowance(self) -> Allowance:
        """What names and quotations of one article may take."""
        return Allowance(
            self.article_seconds,
            self.article_mib,
            "COPYDESK_MAX_ARTICLE_SECONDS",
            "COPYDESK_MAX_ARTICLE_MIB",
        )


DEFAULT_LIMITS = Limits()
FREE_BYTES = 64 * MIB


class Budget:
    """The bytes that a file of the bundle may still unpack to."""

    def __init__(self, limits: Limits, file_bytes: int) -> None:
        """Start with the bytes that a file of `file_bytes` may unpack to."""
        self.most = min(limits.file_mib * MIB, max(FREE_BYTES, limits.ratio * file_bytes))
        self._left = self.most

    def spend(self, n_bytes: int) -> None:
        """Subtract bytes that came out.

        Raises: UnreadableError: if the file unpacks to more than the limits allow.
        """
        self._left -= n_bytes
        if self._left < 0:
            msg = "unpacks to too much (COPYDESK_MAX_RATIO, COPYDESK_MAX_FILE_MIB)"
            raise UnreadableError(Stage.UNPACK, "too_large", msg)
