"""What the services need from outside, as protocols; the classes behind them live in `adapters` and are named in
`wiring`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, Protocol

from caseapp.domain.backups import Manifest, Member, TableTold
from caseapp.domain.documents import DocumentType
from caseapp.domain.events import Json
from caseapp.domain.packages.keys import OrganKey
from caseapp.domain.packages.parcel import Parcel


class Clock(Protocol):
    """Tells the time; tests and the demonstration set it."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class PdfRenderer(Protocol):
    """Makes a PDF of a finished HTML page, with the vendored fonts only."""

    def render(self, html: str, *, title: str) -> bytes:
        """Return the PDF. raises ExternalError where the system libraries are missing."""
        ...

    def ready(self) -> bool:
        """Return whether the system libraries are there: what can be done without papers then is."""
        ...

    def stamp(self, content: bytes, word: str, lines: Sequence[str]) -> bytes:
        """Return a PDF with a word stamped across every page, and lines at the head that say why.

        raises  ExternalError where the system libraries are missing
        """
        ...

    def glyphs_missing(self, text: str) -> tuple[str, ...]:
        """Return the characters of the text that no bundled font can print."""
        ...


class DocumentRenderer(Protocol):
    """Makes the HTML of an official document from its facts."""

    def render_html(self, doc_type: DocumentType, facts: Mapping[str, object], *, preview: bool) -> str:
        """Return the page; in a preview, missing facts are marked."""
        ...


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be bound: its MIME type (a PDF, or a picture that becomes one page) and what the bookmark says."""

    content: bytes
    media: str
    title: str


class PdfBinder(Protocol):
    """Binds finished files into one volume without printing them again."""

    def page_count(self, content: bytes, media: str) -> int:
        """Return how many sheets a file makes. raises InputError for one that cannot be bound"""
        ...

    def bind(self, front: bytes, sheets: Sequence[Sheet], back: bytes, *, title: str) -> bytes:
        """Return the volume as PDF/A, the sheets between front and back numbered through from 1."""
        ...

    def archival_problems(self, content: bytes) -> tuple[str, ...]:
        """Return what keeps a PDF from being PDF/A, as far as its structure shows."""
        ...


class PasswordHasher(Protocol):
    """Hashes passwords (argon2id)."""

    def hash(self, password: str) -> str:
        """Return the encoded hash."""
        ...

    def verify(self, encoded: str, password: str) -> bool:
        """Return whether the password fits; takes the same time for a wrong one."""
        ...

    def needs_rehash(self, encoded: str) -> bool:
        """Return whether the hash was made with weaker parameters than those now in force."""
        ...


class OneTimeCodes(Protocol):
    """The arithmetic of authenticator applications (RFC 6238)."""

    def matching_steps(self, secret: bytes, code: str, *, now: float) -> tuple[int, ...]:
        """Return the steps within the permitted drift whose code this is; takes the same time for a wrong one.

        now  seconds since 1970, UTC
        """
        ...

    def secret_text(self, secret: bytes) -> str:
        """Return the secret as people type it into an application: base32 without padding."""
        ...

    def enrolment_address(self, secret: bytes, *, issuer: str, login: str) -> str:
        """Return the `otpauth:` address that an application reads from a QR code."""
        ...


class NameReadings(Protocol):
    """Knows how Chinese names are written in letters."""

    def readings(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return for each Chinese character the syllables by which it may be read: small letters, no tones, ü as v.

        Signs that are not Chinese are passed over.
        """
        ...


class CommonPasswords(Protocol):
    """Knows the passwords that are tried first."""

    def __contains__(self, password: object, /) -> bool:
        """Return whether many people have used it; small letters."""
        ...


class Signer(Protocol):
    """Signs anchors with the installation's own key."""

    algorithm: str

    def sign(self, message: bytes) -> bytes:
        """Return the detached signature."""
        ...

    def verify(self, message: bytes, signature: bytes, public_key: str = "") -> bool:
        """Return whether the signature is that key's; without one, whether it is of any key of this installation."""
        ...

    def public_key(self) -> str:
        """Return the public key as text, for keeping elsewhere."""
        ...

    def public_keys(self) -> tuple[str, ...]:
        """Return the present public key and those of earlier times, which a restored backup brought along."""
        ...


class Vault(Protocol):
    """Seals what the database keeps but must not tell, with a key that is not in the database."""

    def seal(self, secret: bytes, *, purpose: str) -> str:
        """Return the sealed text; it opens for the same purpose only (for example 'totp:<user id>')."""
        ...

    def open(self, sealed: str, *, purpose: str) -> bytes:
        """Return the secret. raises ExternalError where the key or the purpose is another, or the text was changed."""
        ...

    def fingerprint(self, text: str, *, purpose: str) -> str:
        """Return '<algorithm>:<hex>', equal for equal texts and purposes; without the key nobody can tell or try which
        text it is. '' where the installation has no key.
        """
        ...


class FileStore(Protocol):
    """Content-addressed files outside the database."""

    def put(self, content: bytes) -> str:
        """Keep the bytes and return their sha256 (hex); the same bytes are kept once."""
        ...

    def get(self, sha256: str) -> bytes:
        """Return the bytes after checking their hash. raises ExternalError where they are missing or changed."""
        ...


class IncomingFile(Protocol):
    """A file that has come in whole and waits to be kept."""

    @property
    def digest(self) -> str:
        """Return '<algorithm>:<hex>' of the content."""
        ...

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        ...

    @property
    def head(self) -> bytes:
        """Return the beginning (`file_kinds.SAMPLE_BYTES`)."""
        ...

    @property
    def tail(self) -> bytes:
        """Return the end."""
        ...

    def open(self) -> BinaryIO:
        """Open what came in, to look into it."""
        ...

    def keep(self) -> None:
        """Keep it for good, whole; the same content is kept once."""
        ...


class EvidenceStore(Protocol):
    """Evidence files outside the database, by the hash of their content; large ones are never held in memory."""

    def receive(self, source: IO[bytes]) -> AbstractContextManager[IncomingFile]:
        """Take a file in; what is not kept before the block ends leaves nothing behind.

        raises  InputError (field 'files') where it is larger than may be
        """
        ...

    def open(self, digest: str, *, checked_lately: bool = False) -> BinaryIO:
        """Open a kept file after checking its hash. raises FileChanged where it is missing or changed.

        checked_lately  for the later parts of a recording that is being played: a check of some minutes ago will do,
                        unless the file has been touched since
        """
        ...

    def drop_leftovers(self, *, older_than_seconds: float, now: float) -> int:
        """Delete what interrupted uploads left behind; return how many files. now: seconds since the epoch."""
        ...


class Pictures(Protocol):
    """Looks at pictures and draws previews."""

    def measure(self, file: BinaryIO) -> tuple[int, int]:
        """Return width and height. raises InputError where it is broken or too large to be unpacked safely."""
        ...

    def preview(
        self, digest: str, kind: str, open_file: Callable[[], BinaryIO], *, longest: int, page: int = 1
    ) -> bytes:
        """Return a JPEG, upright, no side longer than `longest` pixels. raises ExternalError where none can be made.

        open_file  opens the file, where the preview is not there yet
        page       of a file that has several
        """
        ...

    def pages(self, preview: bytes) -> int:
        """Return how many pages the file of a preview has."""
        ...

    def card(self, lines: Sequence[str], *, tone: str = ...) -> bytes:
        """Return a JPEG with some lines of words, for the demonstration."""
        ...


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One e-mail. `key` becomes its Message-ID, the same at every attempt."""

    key: str
    to: str
    subject: str
    text: str


class MailRefused(Exception):
    """The receiving server will never take this message; `address` where it is the address that it refuses."""

    def __init__(self, why: str, *, address: bool = False) -> None:
        super().__init__(why)
        self.address = address


class MailUnsure(Exception):
    """The message was handed over, but whether it was taken is not known."""


class Mailer(Protocol):
    """Sends e-mails to members of staff."""

    def send(self, message: MailMessage) -> None:
        """Send one message.

        raises  MailRefused, MailUnsure, ExternalError where it was certainly not taken and may be tried again
        """
        ...


@dataclass(frozen=True, slots=True)
class LetterLine:
    """What an e-mail says of one notice: a few words for its kind, and the case by its number and id."""

    hint: str
    number: str
    case_id: str


class LetterWriter(Protocol):
    """Writes the text of e-mails in the reader's language."""

    def write(self, lines: Sequence[LetterLine], *, language: str, daily: bool) -> tuple[str, str]:
        """Return (subject, text)."""
        ...


class KeyRing(Protocol):
    """Keeps the keys with which organs sign packages. Private keys never leave it."""

    def own(self) -> tuple[OrganKey, ...]:
        """Return the keys of the organs that work here, the oldest of each first; revoked ones too."""
        ...

    def trusted(self) -> tuple[OrganKey, ...]:
        """Return the keys of others that somebody here said he trusts; revoked ones too."""
        ...

    def make(self, organ: str, *, at: str) -> OrganKey:
        """Make a key for an organ that works here."""
        ...

    def sign(self, key: str, message: bytes) -> bytes:
        """Return the detached signature. raises ExternalError where there is no such private key"""
        ...

    def is_signed(self, public_key: str, message: bytes, signature: bytes) -> bool:
        """Whether a signature of a message is that of a public key (hex)."""
        ...

    def trust(self, key: OrganKey) -> None:
        """Keep another organ's key."""
        ...

    def revoke(self, key: str, *, at: str, reason: str) -> OrganKey:
        """Mark a key as no longer good. raises ExternalError where it is not kept here"""
        ...


class BackupTarget(Protocol):
    """A backup that is being written."""

    @property
    def members(self) -> tuple[Member, ...]:
        """Return what was written so far."""
        ...

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a member piece by piece."""
        ...

    def add_file(self, name: str, path: Path) -> None:
        """Write a file."""
        ...

    def finish(self, manifest: Manifest, *, algorithm: str, sign: Callable[[bytes], bytes]) -> None:
        """Write the list and its signature."""
        ...


class BackupSource(Protocol):
    """A backup that is being read."""

    manifest: Manifest

    def is_signed(self, verify: Callable[[bytes, bytes, str], bool]) -> bool:
        """Return whether the list is signed with the key that it names."""
        ...

    def problems(self, progress: Callable[[int], object] | None = None) -> Iterator[tuple[str, str]]:
        """Yield (member, reason) of everything that is not as the list says. progress: so many members more"""
        ...

    def rows(self, table: TableTold) -> Iterator[list[Json]]:
        """Yield the cells of each row. raises ValueError for a line that is none"""
        ...

    def put(self, member: Member, folder: Path) -> None:
        """Write a member into a folder, whole or not at all. raises InputError where it is not as the list says"""
        ...


class Backups(Protocol):
    """Backups as files, and the kept files of this installation that go into them."""

    def kept(self) -> Iterator[tuple[str, Path]]:
        """Yield (name, path) of every file that belongs into a backup."""
        ...

    def holds_others(self, manifest: Manifest) -> bool:
        """Return whether a file is kept here that is not in a backup: then it is not for this place."""
        ...

    def lacks_private_keys(self) -> tuple[str, ...]:
        """Return the names of own organ keys whose private half is not here."""
        ...

    def writing(self, path: Path) -> AbstractContextManager[BackupTarget]:
        """Write a new backup, whole or not at all. raises InputError"""
        ...

    def reading(self, path: Path) -> AbstractContextManager[BackupSource]:
        """Open a backup. raises InputError where the file is none"""
        ...

    def put(self, archive: BackupSource, member: Member) -> None:
        """Put a file of a backup where it was kept. raises InputError"""
        ...


class PackageSeals(Protocol):
    """Makes and opens packages (docs/packages.md)."""

    def seal(
        self, manifest: Mapping[str, Any], items: Mapping[str, bytes], key: OrganKey, sign: Callable[[bytes], bytes]
    ) -> bytes:
        """Return the package: the same bytes for the same content.

        manifest  kind, package, matter, sender, receiver, sequence, previous, made_at
        """
        ...

    def check(self, content: bytes, keys: Sequence[OrganKey], receivers: Sequence[str] | None = None) -> Parcel:
        """Open a package and tell everything that is wrong with it. receivers: whom it may be addressed to"""
        ...

    def verifier(self) -> bytes:
        """Return the program that checks packages without this system."""
        ...

    def keys_of(self, document: object) -> tuple[Mapping[str, Any], ...]:
        """Return the public keys in a JSON document."""
        ...
