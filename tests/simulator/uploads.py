# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Uploads and pairs for tests of certificates."""

from __future__ import annotations

import base64

from .certificates import pem
from .nitro import Nitro


def put(nitro: Nitro, **files: str | bytes) -> None:
    """Upload files: NAME_EXT=what, of `pem`, or bytes."""
    for name, what in files.items():
        content = base64.b64encode(pem(what) if isinstance(what, str) else what).decode()
        nitro.add("systemfile", filename=name.replace("_", "."), filelocation="/nsconfig/ssl", filecontent=content)


def pair(nitro: Nitro, name: str, what: str) -> None:
    put(nitro, **{f"{name}_pem": f"{what}-cert", f"{name}_key": f"{what}-key"})
    nitro.add("sslcertkey", certkey=name, cert=f"{name}.pem", key=f"{name}.key")
