"""When a machine counts as hashing, degraded, off, curtailed or unknown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.health import miner_states
from console.domain.metric import MinerState

NAN = float("nan")
RATED = 1e14


def state_of(hashrate: float, rated: float = RATED, told: float | None = None) -> MinerState:
    column = None if told is None else np.array([told], dtype=np.float32)
    return MinerState(int(miner_states(np.array([hashrate], dtype=np.float32), np.array([rated]), column)[0]))


@pytest.mark.parametrize(
    ("hashrate", "rated", "told", "state"),
    [
        (1e14, RATED, None, MinerState.HASHING),
        (0.91e14, RATED, None, MinerState.HASHING),
        (0.89e14, RATED, None, MinerState.DEGRADED),
        (0.02e14, RATED, None, MinerState.DEGRADED),
        (0.009e14, RATED, None, MinerState.OFF),
        (0.0, RATED, None, MinerState.OFF),
        (NAN, RATED, None, MinerState.UNKNOWN),
        (9.0 * 2**43, 10.0 * 2**43, None, MinerState.HASHING),  # at the limit to the bit
        (1e10, NAN, None, MinerState.HASHING),
        (0.0, NAN, None, MinerState.OFF),
        (0.0, RATED, MinerState.CURTAILED, MinerState.CURTAILED),
        (0.5e14, RATED, MinerState.CURTAILED, MinerState.CURTAILED),
        (NAN, RATED, MinerState.CURTAILED, MinerState.CURTAILED),
        (1e14, RATED, MinerState.CURTAILED, MinerState.HASHING),
        (0.0, RATED, MinerState.HASHING, MinerState.OFF),
        (1e14, RATED, MinerState.OFF, MinerState.HASHING),
        (0.0, RATED, NAN, MinerState.OFF),
    ],
)
def test_the_measured_hashrate_decides_and_only_curtailed_is_believed(
    hashrate: float, rated: float, told: float | None, state: MinerState
) -> None:
    assert state_of(hashrate, rated, told) is state


@given(
    st.lists(
        st.tuples(st.floats(0, 2.0**48, width=32) | st.just(NAN), st.floats(1e12, 2e14) | st.just(NAN)), min_size=1
    )
)
def test_every_machine_has_one_state_and_no_value_is_never_hashing(machines: list[tuple[float, float]]) -> None:
    hashrate = np.array([machine[0] for machine in machines], dtype=np.float32)
    states = miner_states(hashrate, np.array([machine[1] for machine in machines]))
    assert states.shape == hashrate.shape
    assert set(states.tolist()) <= {int(state) for state in MinerState}
    assert (states[np.isnan(hashrate)] == MinerState.UNKNOWN).all()
    assert (states[hashrate == 0] == MinerState.OFF).all()


def test_exactly_ninety_percent_hashes_and_exactly_one_percent_is_off_at_every_rating() -> None:
    tenths = np.arange(1, 5001, dtype=np.float64)  # ratings of 0.1 to 500 TH/s
    rated, ninety, one = tenths * 1e11, (tenths * 9e10).astype(np.float32), (tenths * 1e9).astype(np.float32)
    assert (miner_states(ninety, rated) == MinerState.HASHING).all()
    assert (miner_states(np.nextafter(ninety, np.float32(0)), rated) == MinerState.DEGRADED).all()
    assert (miner_states(one, rated) == MinerState.OFF).all()
