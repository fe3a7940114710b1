"""The solver says of any program what SciPy's wrapping of HiGHS says, however often it is asked, and prints nothing."""

import subprocess
import sys
import time

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from gapcalc.solver import Solver, is_whole

SEEDS = range(60)
SECONDS = 20.0


def drawn(seed: int) -> tuple[csr_array, np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.random.Generator]:
    """Sums of a few whole numbers, some of which leave no solution."""
    chance = np.random.default_rng(seed)
    rows, size = int(chance.integers(1, 6)), int(chance.integers(2, 9))
    matrix = csr_array(chance.integers(-2, 3, (rows, size)).astype(float))
    truth = chance.integers(0, 7, size)
    low = matrix @ truth - chance.integers(0, 2, rows)
    high = low + chance.integers(0, 3, rows)
    least = np.maximum(0, truth - chance.integers(0, 4, size)).astype(float)
    return matrix, low, high, least, least + chance.integers(0, 6, size), chance


@pytest.mark.parametrize("whole", [False, True])
def test_answers_are_those_of_scipy_again_and_again(*, whole: bool) -> None:
    found = none = 0
    for seed in SEEDS:
        matrix, low, high, least, most, chance = drawn(seed)
        solver = Solver(matrix, low, high, least, most, SECONDS)
        for _ in range(4):
            weights = chance.integers(-3, 4, len(least)).astype(float)
            answer = solver.least(weights, whole=whole)
            other = milp(
                weights,
                constraints=LinearConstraint(matrix, low, high),
                bounds=Bounds(least, most),
                integrality=np.full(len(least), int(whole)),
            )
            assert (answer.numbers is None) == (other.x is None)
            if answer.numbers is None:
                assert answer.impossible
                none += 1
                continue
            found += 1
            assert answer.numbers @ weights == pytest.approx(other.fun)
            assert answer.bound == pytest.approx(other.fun)
            assert (low - 1e-6 <= matrix @ answer.numbers).all()
            assert (matrix @ answer.numbers <= high + 1e-6).all()
            assert is_whole(answer.numbers) or not whole
    assert found > 40
    assert none > 10


def test_only_whole_numbers_where_any_would_do_better() -> None:
    solver = Solver(
        csr_array([[2.0, 2.0]]), np.array([-np.inf]), np.array([3.0]), np.zeros(2), np.full(2, 9.0), SECONDS
    )
    weights = np.array([-1.0, -1.0])
    assert [solver.least(weights, whole=whole).bound for whole in (False, True, False)] == [-1.5, -1.0, -1.5]


def test_it_gives_up_when_its_time_is_over() -> None:
    solver, chance = hard(0.0)
    answer = solver.least(-chance.random(200))
    assert answer.numbers is None
    assert not answer.impossible
    assert answer.bound == -np.inf


def hard(seconds: float) -> tuple[Solver, np.random.Generator]:
    """A program whose whole answers take far longer than that."""
    chance = np.random.default_rng(0)
    matrix = csr_array(chance.integers(0, 50, (80, 200)).astype(float))
    return Solver(matrix, np.full(80, -np.inf), np.full(80, 999.0), np.zeros(200), np.full(200, 9.0), seconds), chance


def test_each_answer_has_its_time_and_no_more() -> None:
    solver, chance = hard(0.2)
    took = []
    for _ in range(5):
        start = time.perf_counter()
        answer = solver.least(-chance.random(200), whole=True)
        took.append(time.perf_counter() - start)
        assert answer.numbers is not None
        assert answer.bound < -1
    # Not longer from answer to answer.
    assert took[-1] < 3 * took[0] + 1


def test_what_others_did_with_the_solver_does_not_matter() -> None:
    code = """
import highspy, numpy as np
from scipy.sparse import csr_array
other = highspy.Highs()
other.silent()
other.minimize(other.addVariable(0, 5))
from gapcalc.solver import Solver
one = np.array([1.0])
print(Solver(csr_array([[1.0]]), one, one, one, one, 1.0).least(one, whole=True).numbers)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[1.]"


def test_what_it_cannot_read_is_an_error() -> None:
    one = np.array([1.0])
    with pytest.raises(RuntimeError, match="the solver failed"):
        Solver(csr_array([[np.inf]]), one, one, one, one, 1.0).least(one)


def test_it_prints_nothing() -> None:
    code = """
from tests.unit.test_solver import hard
solver, chance = hard(0.5)
solver.least(-chance.random(200))
solver.least(-chance.random(200), whole=True)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == ran.stderr == ""
