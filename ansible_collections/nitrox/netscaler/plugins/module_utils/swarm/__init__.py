# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Which endpoints the services of a Docker Swarm have, from what a manager's API answered. Pure: it asks nobody."""
