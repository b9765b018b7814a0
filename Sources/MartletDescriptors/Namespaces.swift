public import MartletMessages

nonisolated extension GoogleProtobuf {
    /// The messages of the package `google.protobuf.compiler`.
    public nonisolated enum Compiler {}
}
