"""The kernel as a frontend sees it, by Debian's jupyter_client: order and time of outputs, questions, interrupts, attacks, its end.

The kernel's name is in PSCONVNET_KERNEL; JUPYTER_PATH says where it is registered. KernelTests runs this.
"""

import unittest

from kernel.busy import *
from kernel.ends import *
from kernel.interrupts import *
from kernel.outputs import *
from kernel.questions import *
from kernel.sweeps import *
from kernel.wire import *

if __name__ == "__main__":
    unittest.main(verbosity=2)
