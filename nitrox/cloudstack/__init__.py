# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A CloudStack in memory that speaks its HTTP API (``nitrox simulate cloudstack``, docs/cloudstack-simulator.md)."""
