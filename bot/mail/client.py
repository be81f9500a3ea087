"""A mail server spoken to: whether it took a mail, and what its refusal means for the next attempt."""

import ssl
from datetime import timedelta
from email.message import EmailMessage
from functools import cache

import aiosmtplib

from bot.delivery import GiveUp, OutcomeUnknown, RetryLater
from bot.mail.letter import TIMEOUT, MailServer, one_line


def client_of(server: MailServer) -> aiosmtplib.SMTP:
    """A line to this server, not yet open. A password waits for TLS, and is told to no server that offers none:
    whoever stands between us could take the offer away and listen.
    """
    return aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        username=server.user,
        password=server.password,
        use_tls=server.tls,
        start_tls=False if server.tls else True if server.user else None,  # None: if it is offered
        tls_context=_tls_context(),
        timeout=TIMEOUT,
    )


ADVICE = {  # by what stands in the words of whoever refused
    "STARTTLS": "a password is told over TLS only: write smtps://USER:PASSWORD@HOST:465, or take both away",
    "CERTIFICATE_VERIFY_FAILED": "write the host as its certificate has it; SSL_CERT_FILE names an authority of yours",
    "WRONG_VERSION_NUMBER": "smtps:// is for TLS from the start, mostly port 465; for port 587 write smtp://",
    "server ready message": "smtp:// is for a port that begins without TLS, mostly 587; for port 465 write smtps://",
}


def refusal(error: OSError | aiosmtplib.SMTPException) -> str:
    """Why the line did not open, as the server says it."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return one_line(f"{error.code} {error.message}" if error.code > 0 else error.message)
    return str(error)


def advice(error: OSError | aiosmtplib.SMTPException) -> str:
    """What to write in SMTP_URL instead."""
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return "check the user and the password in SMTP_URL"
    said = str(error)
    known = next((told for words, told in ADVICE.items() if words in said), "check the host and the port")
    return f"SMTP_URL: {known}"


@cache
def _tls_context() -> ssl.SSLContext:
    """Made once: it reads all the authorities of the machine."""
    return ssl.create_default_context()


async def hand_over(server: MailServer, mail: EmailMessage) -> None:
    """Give the mail to the server.

    Raises RetryLater or GiveUp for a mail that surely did not arrive, OutcomeUnknown when the line broke behind it.
    """
    client = client_of(server)
    try:
        await client.connect()
    except (OSError, aiosmtplib.SMTPConnectError, aiosmtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise RetryLater(f"mail server does not answer: {error}") from error
    except aiosmtplib.SMTPAuthenticationError as error:
        raise RetryLater(f"mail server refused our password: {error.message}", timedelta(minutes=5)) from error
    except aiosmtplib.SMTPException as error:
        raise RetryLater(f"mail server: {error}") from error
    try:
        await client.send_message(mail)
    except aiosmtplib.SMTPResponseException as refused:
        raise _refusal(refused.code, refused.message) from refused
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise _refusal(first.code, first.message) from refused
    except (OSError, aiosmtplib.SMTPException, TimeoutError) as lost:
        raise OutcomeUnknown(f"the connection broke while sending: {lost}") from lost
    finally:
        client.close()


def _refusal(code: int, message: str) -> RetryLater | GiveUp:
    words = f"mail server said {code}: {one_line(message)}"
    return GiveUp(words) if 500 <= code < 600 else RetryLater(words)
