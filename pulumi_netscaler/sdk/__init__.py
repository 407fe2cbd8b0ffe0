# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What runs in a Pulumi program: resource classes, providers, components, lookups. Only lookups touch the network."""
