"""What goes between the server and a worker: plain data, checked when it is made and again when it arrives.

Each message about a run names the run and its build, which counts its resets. What a worker says of another build than
the server's is out of date.
"""

from ganlab.hosts.messages.from_worker import (
    Answered,
    Broken,
    Copied,
    Facts,
    Frame,
    Frozen,
    Heartbeat,
    Looked,
    MemberTaken,
    NotMade,
    Ready,
    Refused,
    Rows,
    Story,
    WorkOn,
)
from ganlab.hosts.messages.message import VERSION, Command, Looks, Message, NotAMessage, OfRun, decode, encode
from ganlab.hosts.messages.to_worker import (
    Arriving,
    Ask,
    Asked,
    Begin,
    BeginWall,
    Belong,
    Change,
    Close,
    ComeIn,
    CompareWith,
    Freeze,
    GoAhead,
    GoOn,
    Hold,
    Keep,
    NextFrame,
    Pause,
    Play,
    Reset,
    Restore,
    Retire,
    Save,
    SetGate,
    SetView,
    StepOnce,
    Stop,
    TakeMember,
    TraceStep,
    TrainTo,
    Try,
    Watch,
)

__all__ = [
    "VERSION", "Answered", "Arriving", "Ask", "Asked", "Begin", "BeginWall", "Belong", "Broken", "Change",
    "Close", "ComeIn", "Command", "CompareWith", "Copied", "Facts", "Frame", "Freeze", "Frozen", "GoAhead",
    "GoOn", "Heartbeat", "Hold", "Keep", "Looked", "Looks", "MemberTaken", "Message", "NextFrame",
    "NotAMessage", "NotMade", "OfRun", "Pause", "Play", "Ready", "Refused", "Reset", "Restore", "Retire",
    "Rows", "Save", "SetGate", "SetView", "StepOnce", "Stop", "Story", "TakeMember", "TraceStep", "TrainTo", "Try",
    "Watch", "WorkOn", "decode", "encode",
]  # fmt: skip
