# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The role cloudstack_cluster and what it is made of, against the CloudStack simulator in memory."""
