import Testing

/// What goes wrong in production, on purpose: one after another, since each wants the machine for itself.
@Suite(.serialized) struct FaultTests {}
