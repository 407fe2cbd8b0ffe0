# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Real Debian machines on one computer: systemd-nspawn in network namespaces of their own, over one root file system.

Needs root on Linux (`image.unavailable` says what is missing). Nothing listens outside the namespaces made here. What a
process made goes away at its end, also after an error; what a killed one left behind, the next one removes.
"""
