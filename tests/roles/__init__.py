# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
