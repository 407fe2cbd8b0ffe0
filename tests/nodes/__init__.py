# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A network of real machines for tests.

    with network() as net:
        one, two = net.boot_all({"n1": "10.231.0.11", "n2": "10.231.0.12"})
        one.shell("uname -r")
        net.run(["ansible-playbook", …])  # from the controller's namespace
        net.cut(one); net.mend(one); one.stop(); one.start(); one.destroy()

At the end of the block, also by an error, all of it is gone.
"""
