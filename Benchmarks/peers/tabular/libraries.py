"""What must be so before numpy and PyTorch are loaded."""

import importlib.util
import os
import pathlib
import sys

REQUIREMENTS = pathlib.Path(__file__).resolve().parents[1] / "requirements-tables.txt"

# Every library, and the program, chooses its own best kernels and as many threads as it is told.
OVERRIDES = [
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "VAE_INSTRUCTION_SET", "VAE_PRODUCTS",
    "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TORCH_COMPILE_DISABLE",
]  # fmt: skip


def prepare(*modules):
    """Unsets what would override the libraries' own choices; ends the script where one of the modules is missing."""
    for variable in OVERRIDES:
        os.environ.pop(variable, None)
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(
            f"{pathlib.Path(sys.argv[0]).name}: expected the Python packages {', '.join(modules)}, found no "
            f"{', '.join(missing)}; python3 -m pip install -r {REQUIREMENTS}, or Scripts/compare-tables.sh, which does"
        )
