# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A NetScaler appliance in memory that speaks NITRO: the only one that most tests will ever see."""
