/// Writes a oneof as an enum with a case for each member.
struct OneofEmitter {
    let spelling: Spelling
    let boxing: Boxing

    func emit(_ oneof: OneofModel, of message: MessageModel, to source: inout SourceWriter) {
        let style = spelling.style
        let boxed = oneof.fields.filter { boxing.isBoxed(field: $0.number, of: message.fullName) }
        let isAllBoxed = boxed.count == oneof.fields.count
        source.comment(oneof.documentation.comment)
        source.block(
            "\(style.access)nonisolated \(isAllBoxed ? "indirect " : "")enum \(oneof.typeName): "
                + "Swift.Sendable, Swift.Hashable"
        ) { source in
            for field in oneof.fields {
                let isBoxed = !isAllBoxed && boxed.contains { $0.number == field.number }
                source.remarks(field.documentation)
                source.list(
                    "\(isBoxed ? "indirect " : "")case \(Naming.escaped(field.swiftName))",
                    [spelling.type(field.type, in: message.fullName)])
            }
        }
    }
}
