/// The messages of the package `google.protobuf`.
public nonisolated enum GoogleProtobuf {}

/// The messages of the package `google.rpc`.
public nonisolated enum GoogleRPC {}
