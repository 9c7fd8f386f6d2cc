"""A certificate authority of one evening: TLS for a server on this machine."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIVES = datetime.timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ServerCertificate:
    """A key and a certificate for 127.0.0.1 and localhost that vouches for itself, both as PEM."""

    key: bytes
    certificate: bytes

    @classmethod
    def made(cls) -> ServerCertificate:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sotto's local AWS")])
        now = datetime.datetime.now(datetime.UTC)
        names = x509.SubjectAlternativeName(
            [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - LIVES)
            .not_valid_after(now + LIVES)
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            ),
            certificate.public_bytes(serialization.Encoding.PEM),
        )

    def server_tls(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            pem = Path(folder) / "identity.pem"
            pem.touch(mode=0o600)
            pem.write_bytes(self.key + self.certificate)
            context.load_cert_chain(pem)
        context.set_alpn_protocols(["h2"])
        return context

    def client_tls(self) -> ssl.SSLContext:
        """Trusts this identity and nobody else."""
        context = ssl.create_default_context(cadata=self.certificate.decode())
        context.set_alpn_protocols(["h2"])
        return context
