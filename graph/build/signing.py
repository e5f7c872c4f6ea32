"""SHA256SUMS and its detached signature (Ed25519, RFC 8032), by the library `cryptography`.

`SHA256SUMS` has the form of coreutils, so that `sha256sum -c` reads it; `SHA256SUMS.sig` is the raw signature of 64
bytes, so that `openssl pkeyutl -verify -rawin` reads it with the public key in PEM.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from graph import manifest

SUMS: Final = "SHA256SUMS"
SIGNATURE: Final = "SHA256SUMS.sig"


class SignatureError(ValueError):
    """A key that cannot be used, or a release that is not what was signed; the message says which."""


def make_keys(private: Path, public: Path) -> None:
    """Write a new pair of keys in PEM; the private one for its owner alone. Raises :class:`FileExistsError`."""
    key = Ed25519PrivateKey.generate()
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with os.fdopen(os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    with public.open("xb") as file:
        file.write(
            key.public_key().public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            )
        )  # fmt: skip


def sums(directory: Path) -> bytes:
    """The sums of every file of a directory, the manifest too, in the form of coreutils."""
    listed = {name: one.sha256 for name, one in manifest.describe(directory).items()}
    listed[manifest.NAME] = manifest.digest(directory / manifest.NAME)
    for name in (SUMS, SIGNATURE):
        listed.pop(name, None)
    return "".join(f"{listed[name]}  {name}\n" for name in sorted(listed)).encode()


def sign(directory: Path, private: Path) -> None:
    """Write the signature of the sums that stand there. Raises :class:`SignatureError` for a key that is none."""
    try:
        key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise SignatureError(f"{private}: no private key: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SignatureError(f"{private}: an Ed25519 key is needed")
    (directory / SIGNATURE).write_bytes(key.sign((directory / SUMS).read_bytes()))


def verify(directory: Path, public: Path | None) -> str:
    """Hold a published release against its sums and, where a key is given, the sums against their signature.

    Returns what was verified, in words. Raises :class:`SignatureError` with everything that differs.
    """
    path = directory / SUMS
    if not path.exists():
        raise SignatureError(f"{directory}: no {SUMS}; was it published?")
    said = path.read_bytes()
    stated, actual = _parsed(said), _parsed(sums(directory))
    wrong = [f"{name}: missing" for name in sorted(stated.keys() - actual.keys())]
    wrong += [f"{name}: not in {SUMS}" for name in sorted(actual.keys() - stated.keys())]
    wrong += [
        f"{name}: differs from {SUMS}" for name in sorted(stated) if actual.get(name, stated[name]) != stated[name]
    ]
    if wrong:
        raise SignatureError("; ".join(wrong))
    if public is None:
        return f"{len(stated)} files as {SUMS} says; the signature was not looked at (no public key was given)"
    try:
        key = serialization.load_pem_public_key(public.read_bytes())
    except (OSError, ValueError) as error:
        raise SignatureError(f"{public}: no public key: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureError(f"{public}: an Ed25519 key is needed")
    try:
        key.verify((directory / SIGNATURE).read_bytes(), said)
    except FileNotFoundError:
        raise SignatureError(f"{directory}: no {SIGNATURE}; it was published unsigned") from None
    except InvalidSignature:
        raise SignatureError(f"{SIGNATURE}: not made over this {SUMS} by the owner of {public.name}") from None
    return f"{len(stated)} files as {SUMS} says, signed by the owner of {public.name}"


def _parsed(text: bytes) -> dict[str, str]:
    """Sums by name. Raises :class:`SignatureError` for a line that is none."""
    found = {}
    for line in text.decode(errors="replace").splitlines():
        value, gap, name = line.partition("  ")
        if not gap:
            raise SignatureError(f"{SUMS}: {line!r} is no sum")
        found[name] = value
    return found
