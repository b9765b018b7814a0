internal import MartletDescriptors
internal import MartletMessages

/// What an options message belongs to.
struct OptionTarget: Sendable {
    let message: String
    /// With its article, for messages to people.
    let element: String

    private init(_ message: String, _ element: String) {
        self.message = "google.protobuf." + message
        self.element = element
    }

    static let file = OptionTarget("FileOptions", "a file")
    static let message = OptionTarget("MessageOptions", "a message")
    static let field = OptionTarget("FieldOptions", "a field")
    static let oneof = OptionTarget("OneofOptions", "a oneof")
    static let extensionRange = OptionTarget("ExtensionRangeOptions", "an extension range")
    static let enumeration = OptionTarget("EnumOptions", "an enum")
    static let enumValue = OptionTarget("EnumValueOptions", "an enum value")
    static let service = OptionTarget("ServiceOptions", "a service")
    static let method = OptionTarget("MethodOptions", "a method")

    /// The full names of all options messages.
    static let allMessages = Set(
        [file, message, field, oneof, extensionRange, enumeration, enumValue, service, method].map(\.message))
}

/// An options message with what the interpreter needs to know of it.
protocol OptionsMessage {
    static var target: OptionTarget { get }
    /// By name in `.proto` text.
    static var builtins: [String: BuiltinOption<Self>] { get }
    var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] { get set }
    /// Where custom options go, in binary form.
    var unknownFields: UnknownFields { get set }
}

/// How an option of descriptor.proto's own is set.
struct BuiltinOption<Options>: Sendable {
    /// In the options message.
    let number: Int32
    /// The values it takes, for messages to people.
    let form: String
    /// Returns false when the value is of the wrong form.
    let set: @Sendable (inout Options, GoogleProtobuf.UninterpretedOption) -> Bool

    static func bool(_ number: Int32, _ property: any WritableKeyPath<Options, Bool?> & Sendable) -> Self {
        Self(number: number, form: "`true` or `false`") { options, value in
            guard let text = value.identifierValue, text == "true" || text == "false" else { return false }
            options[keyPath: property] = text == "true"
            return true
        }
    }

    static func string(_ number: Int32, _ property: any WritableKeyPath<Options, String?> & Sendable) -> Self {
        Self(number: number, form: "a string in quotes") { options, value in
            guard let bytes = value.stringValue, let text = String(validating: bytes, as: UTF8.self) else {
                return false
            }
            options[keyPath: property] = text
            return true
        }
    }

    /// - Parameter values: by their names in descriptor.proto.
    static func choice<Value: Sendable>(
        _ number: Int32, _ property: any WritableKeyPath<Options, Value?> & Sendable,
        _ values: KeyValuePairs<String, Value>
    ) -> Self {
        let values = Array(values)
        let names = values.map { "`\($0.key)`" }
        let form = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return Self(number: number, form: form) { options, value in
            guard let match = values.first(where: { $0.key == value.identifierValue }) else { return false }
            options[keyPath: property] = match.value
            return true
        }
    }
}
