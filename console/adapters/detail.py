"""The capability of a source that tells more of a single machine when it is asked: boards, fans, pools, errors.

Apart from `base`, because few sources can. A session that offers it is opened for one question and closed after it,
so that a slow machine never holds up the poll of its site.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from console.adapters.base import Deadline
from console.domain.machine_detail import MachineDetail
from console.domain.roster import Miner


@runtime_checkable
class Details(Protocol):
    """A session whose source tells the parts of one machine."""

    def detail(self, machine: Miner, deadline: Deadline) -> MachineDetail:
        """What the source tells of a machine of the newest roster, now.

        Raises a SourceError: Unreachable where the machine does not answer, Unsupported where this site's source does
        not know such a question, BadAnswer where another machine answers in its place.
        """
        ...
