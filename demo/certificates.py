"""A certificate authority of one's own, for phones nearby: browsers give camera and place to https alone."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA_LASTS, _SERVER_LASTS = timedelta(days=365), timedelta(days=30)
_SLACK = timedelta(days=1)
"""A phone's clock may be a little behind."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Our own certificate authority: its certificate for phones to trust, its key for nobody else."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def for_phones(self) -> bytes:
        """The certificate in DER, as phones install it."""
        return self.certificate.public_bytes(Encoding.DER)


def authority(folder: Path) -> Authority:
    """The authority that is kept in *folder*, or a new one: a phone that trusts it need not be asked again."""
    key_file, certificate_file = folder / "ca.key", folder / "ca.pem"
    if key_file.exists() and certificate_file.exists():
        kept = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = load_pem_private_key(key_file.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and kept.not_valid_after_utc > datetime.now(UTC):
            return Authority(kept, key)
    folder.mkdir(parents=True, exist_ok=True)
    made = _new_authority()
    _write_secret(key_file, made.key)
    certificate_file.write_bytes(made.certificate.public_bytes(Encoding.PEM))
    return made


def server_context(by: Authority, address: str, folder: Path) -> ssl.SSLContext:
    """What a server at this address speaks TLS with, its certificate newly made."""
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = (
        _builder(address, key, by.certificate.subject, _SERVER_LASTS)
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
        .sign(by.key, SHA256())
    )
    key_file, certificate_file = folder / "server.key", folder / "server.pem"
    _write_secret(key_file, key)
    certificate_file.write_bytes(certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context


def _new_authority() -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    name = "flashclaim on this computer"
    usage = x509.KeyUsage(
        key_cert_sign=True,
        crl_sign=True,
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        _builder(name, key, _named(name), _CA_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, SHA256())
    )
    return Authority(certificate, key)


def _builder(
    name: str, key: ec.EllipticCurvePrivateKey, issuer: x509.Name, lasts: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + lasts)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _write_secret(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    file.touch(mode=0o600)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
