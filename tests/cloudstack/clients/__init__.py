# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Public CloudStack clients that nobody here wrote, unmodified, against the simulator."""
