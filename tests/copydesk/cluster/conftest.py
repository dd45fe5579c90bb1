"""What the tests of the cluster share: a lake whose pages were read and labelled."""

from dataclasses import replace

import pytest

from copydesk.cleaning.articles import pair_pages
from copydesk.cleaning.copytext import compose_copy
from copydesk.cleaning.segments import label_page
from copydesk.lake.lake import Lake
from copydesk.reading.pages import page_of_text
from copydesk.tables import RAW_ARTICLES, SEGMENTS


@pytest.fixture(scope="session")
def fill():
    """Return a function that writes texts into a lake as the pages of a bundle."""

    def write(folder, texts, *, bundle="may"):
        lake = Lake(str(folder))
        pages = [
            replace(page_of_text(article_id, text), bundle=bundle, source_path=f"{article_id}.txt")
            for article_id, text in texts.items()
        ]
        lake.replace(RAW_ARTICLES, RAW_ARTICLES.spool(pages), bundle=bundle)
        segments = (segment for page in pages for segment in label_page(page))
        lake.replace(SEGMENTS, SEGMENTS.spool(segments), bundle=bundle)
        return lake

    return write


@pytest.fixture(scope="session")
def copies_in():
    """Return a function that gives the copies of a bundle in the order of their ids."""

    def read(lake, *, bundle="may"):
        raws = RAW_ARTICLES.to_rows(lake.read(RAW_ARTICLES, bundle=bundle))
        segments = SEGMENTS.to_rows(lake.read(SEGMENTS, bundle=bundle))
        return [compose_copy(page.raw, page.segments) for page in pair_pages(raws, segments)]

    return read
