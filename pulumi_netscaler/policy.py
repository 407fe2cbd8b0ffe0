# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Resources and lookups of the NITRO package policy (see ``policy.pyi``)."""

from .sdk.classes import lazily

__getattr__, __dir__ = lazily("policy")
