"""A worker process, as `ganlab.hosts.worker_process` starts it."""

import sys

from ganlab.hosts.worker_main import main

main(sys.argv[1], int(sys.argv[2]), shared=sys.argv[3] == "shared")
