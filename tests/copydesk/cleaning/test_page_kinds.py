"""Behaviour of `cleaning.page_kinds`: what a site shows in place of an article has no copy."""

import pytest

from copydesk.cleaning.articles import Page, compose_articles
from copydesk.cleaning.segments import label_page
from copydesk.reading.pages import page_of_text
from copydesk.rows import COPY_LABELS, Article, ArticleKind

STORY = """\
Ferry to Keelby is late again

By Ida Rolf

KEELBY — The ferry from Keelby came an hour late on Monday, its captain Tove Sarnik said at sea.

“The engine stopped twice off the point, and we waited for the tide to turn,” Sarnik said on Monday.

The harbour office said the boat would be looked at in the yard before the end of the next week.

“Nobody was hurt, and nobody was pleased either,” said Paul Holm, who has taken it for forty years.
"""
WALLS = """\
== bot_wall
One moment
Verifying you are human. This may take a few seconds.
gullpost.example needs to review the security of your connection. Ray ID: 9c1d
== bot_wall
Please verify you are a human
Access to this page has been denied because we believe you are using automation tools.
Press and hold the button. Reference ID: 77-a1
== bot_wall
Pardon our interruption
Something about your browser made us think you were a bot. Complete the CAPTCHA below.
== bot_wall
JavaScript is disabled
You need to enable JavaScript to open this site.
If you use an ad blocker, switch it off.
== error_page
404 – Not found
Oops! The page you are looking for has gone for a walk.
== error_page
403 Forbidden
You do not have permission to access /harbour on this server.
== error_page
Gull Post
502 Bad Gateway
Please try again in a minute.
== error_page
We are sorry
This article is no longer available. Go back to the home page.
== region_block
451: Unavailable for legal reasons
This site is not available in your country because of the GDPR.
== region_block
Hello from Gull Bay
Our site is currently not available to readers in most European countries. We look for ways to \
comply with the GDPR.
== consent_page
We value your privacy
We and our 412 partners store information on a device, such as cookies, and process personal data.
Reject all
Accept all
Manage preferences
== consent_page
Your privacy choices
The Gull Post uses cookies to measure audience and to show personalised ads.
Accept all
More options
Cookie policy
== paywall_stub
Harbour wall vote is put off
This article is for subscribers only.
Already a subscriber? Log in
Start your free trial: 1 crown per week
== paywall_stub
Harbour wall vote is put off
The council of Keelby put off its vote on Thursday…
Subscribe to continue reading
Already a subscriber? Sign in
== search_results
Search results for “harbour wall”
1 - 10 of 243 results
Sort by: relevance
Harbour wall vote is put off
The council of Keelby put off its vote.
Harbour wall costs double
Engineers speak of 58 million crowns.
Next
== search_results
No results found for “gull census”
Try another word.
Filter by date
== section_front
Top stories
Ferry is late again
2 hours ago
Gulls are counted
5 hours ago
Bakery opens on the quay
A day ago
Load more
== section_front
Category: Harbour
Ferry is late again
Read more
The wall will cost more
Read more
Older posts
"""
ABOUT_THEM = """\
== article
Site of the ferry line fails

KEELBY — Travellers who opened the site of the ferry line on Monday saw “404: page not found” \
and then “access denied”, its manager Ida Rolf said, and nobody could buy a ticket until the \
evening.

“Something went wrong with the server, and we are sorry,” Rolf said. “Whoever wrote to us was \
told to try again, and that was wrong.”

The line will give back the fares of those who paid twice, and will put up a page that works.
== article
Regulator fines shop over cookies

KEELBY — The regulator fined a shop on the quay on Friday because its page asked visitors to \
accept all cookies and hid where to reject all of them, its head Tove Sarnik said in a letter \
that was read in court.

“Consent to cookies has to be as easy to refuse as to give, and here it was not,” Sarnik said \
after the hearing.
== article
Results of the regatta

The Gull won on Sunday by a length, the harbour master said.
"""
AROUND = [
    "{story}",
    "{story}\nAlready a subscriber? Log in\nSubscribe to continue reading\nPrivacy policy",
    "We use cookies to measure audience. Accept all\nManage preferences\n{story}",
    "Top stories\nMost read\n{story}\nLoad more\n2 hours ago",
]


def split_pages(pages):
    """Return the name and the text of each page: the name has a line of its own."""
    for page in pages.split("== ")[1:]:
        name, _, text = page.partition("\n")
        yield name, text.strip()


def compose(text):
    raw = page_of_text("a1", text)
    segments = label_page(raw)
    article = next(
        row for row in compose_articles([Page(raw, segments)]) if isinstance(row, Article)
    )
    return article, segments


@pytest.mark.parametrize(("reason", "text"), [*split_pages(WALLS)])
def test_a_page_in_place_of_an_article_has_a_kind_and_no_copy(reason, text):
    article, segments = compose(text)
    assert (article.kind, article.kind_reason) == (ArticleKind.NO_ARTICLE, reason)
    assert article.body == ""
    assert not COPY_LABELS & {segment.label for segment in segments}
    assert segments[0].start == 0
    assert segments[-1].end == len(text)


@pytest.mark.parametrize(
    "text",
    [
        *(around.format(story=STORY) for around in AROUND),
        *(text for _, text in split_pages(ABOUT_THEM)),
    ],
)
def test_an_article_that_has_such_words_is_one(text):
    article, _ = compose(text)
    assert (article.kind, article.kind_reason) == (ArticleKind.ARTICLE, None)
    assert article.n_words > 0


@pytest.mark.parametrize("text", ["", "\n\n", "Gulls", "Ferry is late\n" * 500])
def test_a_page_without_such_words_is_an_article_however_little_is_on_it(text):
    article, _ = compose(text)
    assert article.kind is ArticleKind.ARTICLE
