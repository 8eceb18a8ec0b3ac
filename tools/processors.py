"""`make nbval` as on other processors, whose linear algebra rounds otherwise: python -m tools.processors [NAME...]

A number that only one of them prints is no result. OpenBLAS takes the code of the processor in OPENBLAS_CORETYPE;
"generic" has neither that nor NumPy's fast loops. It needs an x86 processor that has what the others use.
"""

import os
import subprocess
import sys

from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

FAST_LOOPS = [feature for feature in __cpu_dispatch__ if __cpu_features__[feature]]
PROCESSORS = {name: {"OPENBLAS_CORETYPE": name} for name in ("Haswell", "Zen", "SkylakeX")}
PROCESSORS["generic"] = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": " ".join(FAST_LOOPS)}


def main(names):
    """Run all notebooks as on these processors, all of them without a name; 1 if a printed number differs."""
    if unknown := set(names) - set(PROCESSORS):
        sys.exit(f"Choose among {', '.join(PROCESSORS)}: there is no {', '.join(sorted(unknown))}.")
    green = {}
    for name in names or PROCESSORS:
        print(f"as on {name}", flush=True)
        environment = os.environ | PROCESSORS[name]
        green[name] = subprocess.run(["make", "nbval"], env=environment).returncode == 0
    for name, verdict in green.items():
        print(f"{name:>8}: {'green' if verdict else 'red: print only what holds on all'}")
    return int(not all(green.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
