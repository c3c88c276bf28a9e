"""SpiffWorkflow's classes, mended. Each override names the hazard (H…) of the library that it takes away.

Nearly all of them have one cause. The library grows a tree of everything that may still happen, keeps
everything that has happened, and reads joins, boundaries and loops off that tree. Here the tree holds
**tokens only**: a task comes to be when a token reaches it and goes when the token leaves. Below the root of
a level stand its tokens; an activity with boundary events, an event-based gateway and a multi-instance
activity are *groups*, whose children are what waits together. So an instance of any age costs the same (H1,
H12), there is nothing to predict (H17, H24), and no round of a loop can be taken for another (H0, H16, H20).

H0 H20 H21  elements.ParallelGateway          H13  activities.CallActivity, MultiInstance; scopes
H1 H12      tokens.Level.leave: no past       H14  Builder takes the one start event there is
H2 H3 H6    state: rows of our own            H15  events.Armed.arm
H4 H5       scopes: nothing in task data      H16  events.Split, BoundaryEvent.fire
H7          elements.ServiceTask              H17 H24  reached.Reached: no prediction
H8 H9       moments, events.Armed             H18 H19  tokens.Level._task_removed_notify
H10         elements.ExclusiveGateway         H22  events.BoundaryEvent.fire
H11         activities.MultiInstance          H23  events.EventBasedGateway
                                              H25  Run.catch
"""

from engine.spiff.mends.activities import CallActivity, MultiInstance, Subprocess
from engine.spiff.mends.elements import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    ParallelGateway,
    ServiceTask,
    StartEvent,
    ThrowEvent,
    UserTask,
)
from engine.spiff.mends.events import BoundaryEvent, CatchEvent, EventBasedGateway, Split
from engine.spiff.mends.reached import ProcessSpec, Reached
from engine.spiff.mends.tokens import READY, ROOT, WAITING, Inner, Instance, Token, Way

__all__ = [
    "READY",
    "ROOT",
    "WAITING",
    "BoundaryEvent",
    "BusinessRuleTask",
    "CallActivity",
    "CatchEvent",
    "EndEvent",
    "EventBasedGateway",
    "ExclusiveGateway",
    "Inner",
    "Instance",
    "MultiInstance",
    "ParallelGateway",
    "ProcessSpec",
    "Reached",
    "ServiceTask",
    "Split",
    "StartEvent",
    "Subprocess",
    "ThrowEvent",
    "Token",
    "UserTask",
    "Way",
]
