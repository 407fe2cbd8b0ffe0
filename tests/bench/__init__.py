# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Benchmarks: ``python -m tests.bench`` (``make bench``). Each figure stands beside a baseline that runs in the same minute."""
