"""The command line with a first step that does not end: `python -m tests.making.stuck HOW FILE refresh …`.

HOW it is stuck: in a linear program (`lp`, no Python runs), or waiting for a program that
ignores Ctrl-C (`kind`). FILE is made when it is; for `kind` with the number of that process.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np

from assets.intake import asset


def lp(file: Path) -> None:
    import highspy

    size, random = 400, np.random.default_rng(1)
    model = highspy.HighsLp()
    model.num_col_ = model.num_row_ = size
    model.col_cost_ = -random.random(size)
    model.col_lower_, model.col_upper_ = np.zeros(size), np.full(size, 1000.0)
    model.row_lower_, model.row_upper_ = np.full(size, -1e30), random.random(size) * size * 100
    model.integrality_ = [highspy.HighsVarType.kInteger] * size
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.arange(0, size * size + 1, size)
    model.a_matrix_.index_ = np.tile(np.arange(size), size)
    model.a_matrix_.value_ = random.random(size * size)
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.passModel(model)
    file.touch()
    solver.run()
    file.with_suffix(".klaar").touch()


def kind(file: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import signal, time; signal.signal(2, 1); time.sleep(600)"])
    file.write_text(str(child.pid))
    child.wait()


if __name__ == "__main__":
    stuck, file = {"lp": lp, "kind": kind}[sys.argv[1]], Path(sys.argv[2])
    asset.take_in = lambda *_arguments: stuck(file)

    from orchestration import cli

    sys.exit(cli.main(sys.argv[3:]))
