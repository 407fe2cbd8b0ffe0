# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A cluster of machines on Apache CloudStack, made to be as a description says. Knows no front."""
