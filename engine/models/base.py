"""What every model declares besides its columns: its words, who sees its rows, what FEEL may read of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import peewee

from engine import clock, db
from engine.actors import Actor
from engine.errors import NotFound, Sentence, StateChanged

Words = Mapping[str, Sentence]


class StateField(peewee.CharField):
    """A stored enumeration with a table of allowed transitions and a CHECK.

    `finished` are the words after which a case about the row may end (what a diagram owes).
    """

    if TYPE_CHECKING:

        def __get__(self, row: Any, owner: Any = None) -> Any: ...

        def __set__(self, row: Any, value: Any) -> None: ...

    def __init__(
        self, transitions: Mapping[str, Iterable[str]], finished: Iterable[str], **kwargs: Any
    ) -> None:
        self.transitions = {state: frozenset(then) for state, then in transitions.items()}
        self.finished = frozenset(finished)
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        words = ", ".join(f"'{state}'" for state in self.transitions)
        self.constraints = [peewee.Check(f"{self.column_name or name} IN ({words})")]
        super().bind(model, name, set_attribute)


class Model(db.BaseModel):
    """Base of every table that people see.

    label, words        names of the table and its columns, for people
    read_only           columns that CRUD shows and never edits: states, parties, numbers
    search              columns that the list's search looks at, by prefix
    codes               column → code list of engine/codes.json
    masked              column → "id_number", "mobile" or "email": how lists show it
    listed              columns of the CRUD list, in order; empty: all
    facts               names by which FEEL in diagrams reads rows, when a case's subject is this model
    readable            columns (or properties) that FEEL may read of a row
    deadlines           states that must not outlast a moment → the attribute that says which: a diagram
                        that lets one stand without a timer that ends it is refused
    """

    label: ClassVar[Sentence] = Sentence("", "")
    words: ClassVar[Words] = {}
    read_only: ClassVar[frozenset[str]] = frozenset()
    search: ClassVar[tuple[str, ...]] = ()
    codes: ClassVar[Mapping[str, str]] = {}
    masked: ClassVar[Mapping[str, str]] = {}
    listed: ClassVar[tuple[str, ...]] = ()
    facts: ClassVar[Mapping[str, str]] = {}
    readable: ClassVar[tuple[str, ...]] = ()
    deadlines: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def model_name(cls) -> str:
        """The model's name in diagrams, forms and addresses: its table's."""
        return str(cls._meta.table_name)

    @classmethod
    def visible_to(cls, actor: Actor) -> Any:
        """A SELECT of the rows that the actor may see. Nothing, unless a model says otherwise."""
        return cls.select().where(peewee.SQL("1 = 0"))

    @classmethod
    def changeable_by(cls, actor: Actor) -> Any:
        """A SELECT of the rows that the actor may change by hand, as far as its office may change any. All that
        it sees, unless a model says otherwise."""
        return cls.visible_to(actor)

    @classmethod
    def fetch(cls, actor: Actor, row_id: int) -> Self:
        """The row, fetched with the permission. Raises NotFound for a stranger (section 0 rule 5)."""
        row = cls.visible_to(actor).where(cls._meta.primary_key == row_id).first()
        if row is None:
            raise NotFound()
        return row

    @classmethod
    def state_field(cls) -> StateField | None:
        """The stored enumeration of the model's life, where it has one."""
        field = cls._meta.fields.get("state")
        return field if isinstance(field, StateField) else None

    def change_state(self, to: str, **values: Any) -> None:
        """Moves the row to a state and sets other columns with it, if nobody moved it meanwhile.

        Raises StateChanged where the transition is not allowed from the stored state.
        """
        cls, row = type(self), cast(Any, self)
        field = cls.state_field()
        if field is None:
            raise TypeError(f"{cls.model_name()} has no state")
        if to not in field.transitions:
            raise ValueError(f"{cls.model_name()} has no state {to}")
        if to not in field.transitions[row.state]:
            raise StateChanged()
        changed = (
            cls.update(state=to, **values)
            .where(cls._meta.primary_key == self.get_id(), field == row.state)
            .execute()
        )
        if changed != 1:
            raise StateChanged()
        row.state = to
        for name, value in values.items():
            setattr(self, name, value)

    #: The kinds that `parties` gives, as far as they are sure: a diagram is checked against them. None: not said.
    party_kinds: ClassVar[frozenset[str] | None] = None

    def parties(self) -> list[tuple[str, int]]:
        """The parties of a case about this row: (kind, id)."""
        return []

    def case_title(self) -> Sentence:
        """What a case about this row is called in lists."""
        return Sentence(str(self), str(self))


def code_field(**kwargs: Any) -> peewee.CharField:
    """A column that holds a code of a list."""
    return peewee.CharField(max_length=20, **kwargs)


def now() -> datetime:
    """Default of created columns."""
    return clock.now()
