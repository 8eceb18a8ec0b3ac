"""What the course claims to be fast, measured against what one would use instead: `python -m benchmarks`."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as in the Makefile; kernels inherit it
