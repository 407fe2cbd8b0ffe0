# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Real Debian machines for tests: systemd-nspawn in network namespaces of their own, over one root file system from a cache.

    with network() as net:
        one, two = net.boot_all({"n1": "10.231.0.11", "n2": "10.231.0.12"})
        one.shell("uname -r")
        net.run(["ansible-playbook", …])  # from the controller's namespace
        net.cut(one); net.mend(one); one.stop(); one.start(); one.destroy()

Nothing listens outside the namespaces that the network makes. Leaving the block, also by an error, takes everything away,
and the next network removes what a killed one left behind.
"""
