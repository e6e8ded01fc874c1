"""The adapters that the contract is held against; an adapter over HTTP joins by one line here."""

from __future__ import annotations

from tests.contract import promql_case, siteapi_case
from tests.contract.case import Case

CASES: tuple[Case, ...] = (promql_case.CASE, siteapi_case.CASE)
COMMANDING: tuple[Case, ...] = tuple(case for case in CASES if case.order is not None)
