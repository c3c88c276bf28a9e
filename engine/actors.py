"""Who acts, in which role, for which party."""

from __future__ import annotations

from dataclasses import dataclass

#: Party kinds. A role belongs to one kind; a queue is a role at one party.
PARTY_KINDS = ("student", "employer", "school_class", "college", "school", "province", "system")


@dataclass(frozen=True, slots=True)
class Seat:
    """One place where an account sits: a role at a party, with its queue."""

    queue_id: int
    role: str
    party_kind: str
    party_id: int


@dataclass(frozen=True, slots=True)
class Actor:
    """An account at work. `seats` are its memberships in force; role and party are those of the first.

    `school_id` is the school whose rows it may see, None for the province and the system.
    """

    account_id: int
    name: str
    role: str
    party_kind: str
    party_id: int
    school_id: int | None
    seats: tuple[Seat, ...]

    @property
    def queue_ids(self) -> tuple[int, ...]:
        return tuple(seat.queue_id for seat in self.seats)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(seat.role for seat in self.seats)

    def parties(self, kind: str) -> tuple[int, ...]:
        """Ids of the parties of a kind at which the actor sits."""
        return tuple(dict.fromkeys(seat.party_id for seat in self.seats if seat.party_kind == kind))

    def sits_at(self, kind: str, party_id: int) -> bool:
        return any(seat.party_kind == kind and seat.party_id == party_id for seat in self.seats)


#: Acts of timers, messages and jobs: nobody's.
SYSTEM = Actor(0, "系统", "系统", "system", 0, None, ())
