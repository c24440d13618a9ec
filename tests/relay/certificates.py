"""An authority that vouches for this machine, made with openssl."""

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
        """A certificate for a "server" that is called `host`, or a "client", and its key.

        `name` is that of its files; it is valid for so many `days` from now on.
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
