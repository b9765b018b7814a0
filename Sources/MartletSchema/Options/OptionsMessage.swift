internal import MartletDescriptors
internal import MartletMessages

/// An options message, with the element it belongs to.
protocol OptionsMessage: GeneratedMessage {
    /// With its article, for messages to people.
    static var element: String { get }
    var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] { get set }
}

extension GoogleProtobuf.FileOptions: OptionsMessage {
    static var element: String { "a file" }
}
extension GoogleProtobuf.MessageOptions: OptionsMessage {
    static var element: String { "a message" }
}
extension GoogleProtobuf.FieldOptions: OptionsMessage {
    static var element: String { "a field" }
}
extension GoogleProtobuf.OneofOptions: OptionsMessage {
    static var element: String { "a oneof" }
}
extension GoogleProtobuf.ExtensionRangeOptions: OptionsMessage {
    static var element: String { "an extension range" }
}
extension GoogleProtobuf.EnumOptions: OptionsMessage {
    static var element: String { "an enum" }
}
extension GoogleProtobuf.EnumValueOptions: OptionsMessage {
    static var element: String { "an enum value" }
}
extension GoogleProtobuf.ServiceOptions: OptionsMessage {
    static var element: String { "a service" }
}
extension GoogleProtobuf.MethodOptions: OptionsMessage {
    static var element: String { "a method" }
}

/// The full names of all options messages.
let optionsMessageNames: Set<String> = [
    GoogleProtobuf.FileOptions.messageName, GoogleProtobuf.MessageOptions.messageName,
    GoogleProtobuf.FieldOptions.messageName, GoogleProtobuf.OneofOptions.messageName,
    GoogleProtobuf.ExtensionRangeOptions.messageName, GoogleProtobuf.EnumOptions.messageName,
    GoogleProtobuf.EnumValueOptions.messageName, GoogleProtobuf.ServiceOptions.messageName,
    GoogleProtobuf.MethodOptions.messageName,
]
