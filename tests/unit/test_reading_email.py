"""An e-mail says what its sender wrote, and nothing that it quotes."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from knowledge.errors import CannotRead
from knowledge.reading import Reading, read
from tests.paper import blocks

QUOTE = "On Mon, 2 Nov 2026 at 10:00, Tom Reed <tom@fernhill.example>\nwrote:\n> Is it five days?\n> Or four?\n"
FORMATTED = """<html><body><p>Six days.</p><table><tr><td>Year</td><td>Days</td></tr><tr><td>2027</td><td>6</td></tr></table>
<div class="gmail_signature">Ruth, HR</div>{quote}</body></html>"""


def mail(body: str, subject: str = "Carrying over in 2027", formatted: str = "", **files: bytes) -> Reading:
    message = EmailMessage()
    message["Subject"], message["From"], message["Date"] = subject, "ruth@fernhill.example", "Fri, 20 Nov 2026 10:00:00 +0100"
    message.set_content(body)
    if formatted:
        message.add_alternative(formatted, subtype="html")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return read("a.eml", message.as_bytes())


def test_a_message_stands_under_its_subject_without_quotes_and_signature() -> None:
    reading = mail(f"From January, six days.\n\n- first\n- second\n\n-- \nRuth\nHR\n\n{QUOTE}", handbook=b"%PDF-")

    assert {section.path for section in reading.sections} == {("Carrying over in 2027",)}
    assert blocks(reading) == [("paragraph", "From January, six days."), ("list", "- first\n- second")]
    assert reading.properties == {"title": "Carrying over in 2027"}
    assert "Left out the messages that it quotes and its signature." in reading.remarks
    assert any("1 attachment, not read: handbook.pdf" in remark for remark in reading.remarks)


def test_the_day_it_was_sent_is_no_effective_date() -> None:
    reading = mail("Six days.")

    assert "effective" not in reading.properties
    assert any(remark.startswith("Sent on 2026-11-20") for remark in reading.remarks)


@pytest.mark.parametrize(
    "quote",
    [
        '<div class="gmail_quote">five days</div>',
        '<blockquote type="cite">five days</blockquote>',
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Tom</p></div></div><p>five days</p>',
        '<div id="divRplyFwdMsg">From: Tom</div><div>five days</div>',
    ],
)
def test_a_formatted_message_keeps_its_table_and_loses_what_each_mail_program_quotes(quote: str) -> None:
    reading = mail("plain", formatted=FORMATTED.format(quote=quote))

    assert blocks(reading) == [("paragraph", "Six days."), ("table", "| Year | Days |\n| --- | --- |\n| 2027 | 6 |")]


@pytest.mark.parametrize(("subject", "body"), [("Fwd: days", f"See below.\n\n{QUOTE}"), ("days", QUOTE)])
def test_a_message_that_only_passes_another_on_says_what_that_says(subject: str, body: str) -> None:
    assert "Is it five days?" in repr(blocks(mail(body, subject)))


def test_an_answer_below_the_lines_that_it_quotes_is_kept() -> None:
    assert blocks(mail(f"{QUOTE}\nSix days.\n")) == [("paragraph", "Six days.")]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Subject: =?utf-8?q?=C3=84nderung?=\nContent-Type: text/plain; charset=nonsense\n\n\xe4hnlich", "ähnlich"),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-8\n\nf\xfcnf", "fünf"),
        (b"Subject: x\nContent-Transfer-Encoding: base64\n\nc2l4IGRheXM=", "six days"),
    ],
)
def test_words_in_an_odd_encoding_are_not_lost(content: bytes, words: str) -> None:
    assert blocks(read("a.eml", content)) == [("paragraph", words)]


def test_what_is_no_message_says_so() -> None:
    with pytest.raises(CannotRead, match="is not an e-mail"):
        read("a.eml", b"only words")
    with pytest.raises(CannotRead, match="only attachments"):
        read("a.eml", b"Subject: x\nContent-Type: application/pdf\n\n%PDF-")
