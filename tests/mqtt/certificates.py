"""A certificate authority for this machine, made with openssl."""

import subprocess


class Authority:
    """A certificate authority in `folder`; its certificate is `file`."""

    def __init__(self, folder):
        self._folder = folder
        self.file = folder / "authority.crt"
        self._key = folder / "authority.key"
        extensions = [
            "-addext",
            "basicConstraints=critical,CA:TRUE",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
        ]
        subject = ["-subj", "/CN=temp_eta test authority", "-days", "30"]
        files = ["-keyout", str(self._key), "-out", str(self.file)]
        openssl("req", "-x509", *NEW_KEY, *subject, *files, *extensions)

    def issue(self, name, role, host="localhost", days=30):
        """Return certificate and key, for a "server" at `host` or a "client".

        `name` is that of the files. It is valid for so many `days`.
        """
        certificate = self._folder / f"{name}.crt"
        key, request = self._folder / f"{name}.key", self._folder / f"{name}.csr"
        if certificate.exists():
            return certificate, key
        files = ["-keyout", str(key), "-out", str(request)]
        openssl("req", *NEW_KEY, "-subj", "/CN=octo", *files)
        extensions = self._folder / f"{name}.ext"
        address = ",IP:127.0.0.1" if host == "localhost" else ""
        extensions.write_text(
            f"subjectAltName=DNS:{host}{address}\nextendedKeyUsage={role}Auth\n"
        )
        signed = ["-CA", str(self.file), "-CAkey", str(self._key), "-CAcreateserial"]
        files = ["-in", str(request), "-out", str(certificate)]
        options = ["-days", str(days), "-extfile", str(extensions)]
        openssl("x509", "-req", *signed, *files, *options)
        return certificate, key


NEW_KEY = ["-newkey", "rsa:2048", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
