/// What interceptors do to each message of one direction: functions applied one after another.
@usableFromInline package struct MessageMap: Sendable {
    package typealias Step = @Sendable (any Message) throws(RPCError) -> any Message

    private var steps: [Step]

    package init(_ steps: [Step]) { self.steps = steps }

    /// Throws INTERNAL when an interceptor makes another type of it.
    @usableFromInline func apply<Element: Message>(to message: Element) throws(RPCError) -> Element {
        var result: any Message = message
        for step in steps { result = try step(result) }
        guard let element = result as? Element else {
            throw RPCError(
                .internalError,
                "an interceptor made a \(type(of: result).messageName) of a \(Element.messageName); it must keep the type"
            )
        }
        return element
    }
}
