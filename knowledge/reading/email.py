"""E-mails to sections: the message itself under its subject, without what it quotes and how it is signed."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, MIMEPart
from email.utils import parsedate_to_datetime

from knowledge.errors import CannotRead
from knowledge.reading import Reading, html, text
from knowledge.reading.cleaning import clean, decode, one_line
from knowledge.reading.email_quotes import own_html, own_text
from knowledge.reading.remarks import counted, listed
from knowledge.values import Section

_FORWARDS = ("fw:", "fwd:", "wg:", "tr:", "rv:")
_HEADERS = ("subject", "from", "to", "date", "message-id", "received")


def read(content: bytes) -> Reading:
    """Parse a message as it was sent (.eml)."""
    message = message_from_bytes(content, policy=policy.default)
    if not any(message.get(name) for name in _HEADERS):
        raise CannotRead("is not an e-mail, whatever its name says; save the message again as .eml")
    subject = one_line(clean(_header(message, "subject")))
    body, left_out = _body(message, keep_quotes=subject.lower().startswith(_FORWARDS))
    path = (subject,) if subject else ()
    sections = tuple(Section((*path, *section.path), section.blocks, section.anchor) for section in body.sections)
    remarks = [*body.remarks]
    if left_out:
        remarks.append(f"Left out {listed(left_out)}.")
    remarks += _attached(message)
    if sent := _sent(message):
        remarks.append(f"Sent on {sent}; say as its effective date from when it holds, if that is another day.")
    return Reading(sections, {}, {"title": subject} if subject else {}, tuple(remarks))


def _body(message: EmailMessage, *, keep_quotes: bool) -> tuple[Reading, list[str]]:
    """The formatted text where there is one, since its tables are tables; and what of it was left out."""
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        raise CannotRead("holds no text, only attachments; put the documents themselves here")
    words, formatted = _text(part), part.get_content_subtype() == "html"
    reader, own_words = (html.read, own_html) if formatted else (text.read, own_text)
    if not keep_quotes:
        own, left_out = own_words(words)
        reading = reader(own.encode())
        if any(section.blocks for section in reading.sections):
            return reading, left_out
    return reader(words.encode()), []  # what is passed on without a word is what the message says


def _text(part: MIMEPart) -> str:
    """The part's words, in the encoding that it names, or else as any text file is decoded."""
    try:
        return str(part.get_content(errors="strict"))
    except (LookupError, UnicodeError, MessageError, KeyError):  # an encoding that does not exist, or is not kept to
        payload = part.get_payload(decode=True)
        return decode(payload) if isinstance(payload, bytes) else ""


def _attached(message: EmailMessage) -> list[str]:
    names = []
    for part in message.iter_attachments():
        if part.get_content_disposition() == "inline" and part.get_content_maintype() == "image":
            continue  # a logo below the signature
        names.append(one_line(clean(part.get_filename() or "")) or "one without a name")
    if not names:
        return []
    return [f"Has {counted(len(names), 'attachment')}, not read: {listed(names)}; put them here as documents of their own."]


def _sent(message: EmailMessage) -> str:
    try:
        return parsedate_to_datetime(_header(message, "date")).date().isoformat()
    except (ValueError, TypeError):
        return ""


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name) or "")
    except (ValueError, LookupError, MessageError, IndexError):  # the standard library's parser stumbles over some headers
        return ""
