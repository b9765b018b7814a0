internal import MartletDescriptors
internal import MartletMessages

/// An options message, with the element it belongs to.
protocol OptionsMessage: GeneratedMessage {
    static var target: OptionUse.Target { get }
    var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] { get set }
}

extension GoogleProtobuf.FileOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeFile }
}
extension GoogleProtobuf.MessageOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeMessage }
}
extension GoogleProtobuf.FieldOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeField }
}
extension GoogleProtobuf.OneofOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeOneof }
}
extension GoogleProtobuf.ExtensionRangeOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeExtensionRange }
}
extension GoogleProtobuf.EnumOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeEnum }
}
extension GoogleProtobuf.EnumValueOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeEnumEntry }
}
extension GoogleProtobuf.ServiceOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeService }
}
extension GoogleProtobuf.MethodOptions: OptionsMessage {
    static var target: OptionUse.Target { .targetTypeMethod }
}

/// The full names of all options messages.
let optionsMessageNames: Set<String> = [
    GoogleProtobuf.FileOptions.messageName, GoogleProtobuf.MessageOptions.messageName,
    GoogleProtobuf.FieldOptions.messageName, GoogleProtobuf.OneofOptions.messageName,
    GoogleProtobuf.ExtensionRangeOptions.messageName, GoogleProtobuf.EnumOptions.messageName,
    GoogleProtobuf.EnumValueOptions.messageName, GoogleProtobuf.ServiceOptions.messageName,
    GoogleProtobuf.MethodOptions.messageName,
]
