"""Asks a host's Site API to do something, and tells exactly how sure we may be of what became of it.

Nothing left: NotSent. The site answered that it will not: CommandRefused. Anything else after the first byte left is
CommandLost, whatever it looks like. No request that commands is ever sent twice from here.
"""

from __future__ import annotations

from console.adapters.base import Deadline
from console.adapters.control import Foreseen, Progress, Taken
from console.adapters.http import Answer, HttpSession
from console.adapters.redaction import Redactor
from console.adapters.siteapi.orders import FactsWire, OrderParser, abilities, check_token, wire_body
from console.domain.command import Order, Verb
from console.domain.errors import (
    AuthRefused,
    CommandLost,
    CommandRefused,
    NotSent,
    RateLimited,
    SourceError,
    Unsupported,
)

OK, TAKEN = 200, 202
NO_COMMANDS = frozenset({404, 405, 501})
REFUSES = frozenset(range(400, 500)) - {401, 429}
JUDGED_HERE = frozenset(range(200, 600)) - {401, 429}
NOT_SIMULATED = "the fleet is simulated, and the site does not say that it is: nothing is sent"
SIMULATED = "the site says that it is simulated, and the fleet is not: nothing is sent"


class SiteApiControl:
    """A `Controller` of one site; `simulated` is what its fleet is (R60). Used by one thread at a time."""

    def __init__(self, simulated: bool, http: HttpSession, redact: Redactor) -> None:
        self._simulated, self._http = simulated, http
        self._parser = OrderParser(redact)

    def abilities(self, deadline: Deadline) -> frozenset[Verb]:
        """What the site can be asked; nothing where it takes no commands. Raises a SourceError."""
        return abilities(self._facts(deadline))

    def preview(self, order: Order, deadline: Deadline) -> Foreseen:
        """What the order would do. Raises Unsupported for a verb that the site has not, else a SourceError."""
        self._check_able(order, deadline)
        expect = {OK, *NO_COMMANDS, *REFUSES} - {403}
        answer = self._http.post("/v1/commands/preview", wire_body(order), deadline=deadline, expect=expect)
        if answer.status in NO_COMMANDS:
            raise Unsupported("the site tells no preview of commands")
        if answer.status != OK:
            raise CommandRefused(self._words(answer))
        return self._parser.foreseen(answer.json_body(), order)

    def execute(self, order: Order, key: str, deadline: Deadline) -> Taken:
        """Send the order once. Raises NotSent, CommandRefused or CommandLost, and nothing else of the error tree.

        The site is asked what it is on the same connection right before, so that no order reaches another kind of
        site than was meant, and none is lost to a connection that the site had closed long ago.
        """
        try:
            body = wire_body(order)
            self._check_able(order, deadline)
        except SourceError as error:
            raise NotSent(str(error)) from None
        try:
            answer = self._send(body, key, deadline)
        finally:
            self._http.hang_up()
        if answer.status in REFUSES:
            raise CommandRefused(self._words(answer))
        if answer.status != TAKEN:
            raise CommandLost(f"{self._http.host} answered {answer.status}: whether anything was done is not known")
        try:
            return self._parser.taken(answer.json_body(), order)
        except SourceError as error:
            raise CommandLost(f"the order was taken, but {error}") from None

    def progress(self, token: str, deadline: Deadline) -> Progress:
        """How far a command is by the site's own word. Raises Unsupported where it does not tell."""
        check_token(token)
        answer = self._http.get(f"/v1/commands/{token}", deadline=deadline, expect={OK, *NO_COMMANDS})
        if answer.status in NO_COMMANDS:
            raise Unsupported(f"the site tells nothing of the command {token}")
        return self._parser.progress(answer.json_body(), token)

    def close(self) -> None:
        """Close the connection; safe to call twice."""
        self._http.close()

    def _facts(self, deadline: Deadline) -> FactsWire:
        """What the site is now; raises Unsupported where it is of another kind than its fleet (R60)."""
        facts = self._parser.facts(self._http.get("/v1/site", deadline=deadline).json_body())
        if facts.simulated != self._simulated:
            raise Unsupported(NOT_SIMULATED if self._simulated else SIMULATED)
        return facts

    def _check_able(self, order: Order, deadline: Deadline) -> None:
        if order.verb not in abilities(self._facts(deadline)):
            raise Unsupported(f"the site has no order '{order.verb}'")

    def _send(self, body: bytes, key: str, deadline: Deadline) -> Answer:
        headers = {"Idempotency-Key": key}
        try:
            return self._http.post("/v1/commands", body, headers, deadline=deadline, expect=JUDGED_HERE)
        except RateLimited as error:
            raise NotSent(str(error)) from None
        except AuthRefused as error:
            raise (CommandRefused if self._http.spoke else NotSent)(str(error)) from None
        except SourceError as error:
            if self._http.spoke:
                raise CommandLost(f"{error}; whether anything was done is not known") from None
            raise NotSent(str(error)) from None

    def _words(self, answer: Answer) -> str:
        """Why the site will not, in its own words where it has some."""
        words = self._parser.words(answer.body) or "it gives no reason"
        return f"{self._http.host} refuses: {words} ({answer.status})"
