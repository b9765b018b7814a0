internal import MartletDescriptors
internal import MartletMessages

/// Where an option is set. Some options say what they may be set on, and in which editions.
struct OptionUse {
    typealias Target = GoogleProtobuf.FieldOptions.OptionTargetType

    let target: Target
    let edition: GoogleProtobuf.Edition

    /// Why `field`, an option or a part of one, can't be set here.
    func problem(with field: GoogleProtobuf.FieldDescriptorProto) -> OptionProblem? {
        let name = field.name ?? ""
        let targets = Self.targets(of: field)
        if !targets.isEmpty, !targets.contains(target) {
            let allowed = targets.map(Self.element).joined(separator: ", ")
            return OptionProblem("`\(name)` can't be set on \(Self.element(target)); it is for \(allowed)")
        }
        guard let support = field.options?.featureSupport else { return nil }
        if let introduced = support.editionIntroduced, edition.rawValue < introduced.rawValue {
            return OptionProblem("`\(name)` exists since edition \(Self.name(introduced)); remove it")
        }
        if let removed = support.editionRemoved, edition.rawValue >= removed.rawValue {
            let reason = support.removalError.map { ": \($0)" } ?? ""
            return OptionProblem("`\(name)` exists no more since edition \(Self.name(removed))\(reason)")
        }
        return nil
    }

    /// What may be targeted, with its article.
    static func element(_ target: Target) -> String {
        switch target {
        case .targetTypeFile: "a file"
        case .targetTypeExtensionRange: "an extension range"
        case .targetTypeMessage: "a message"
        case .targetTypeField: "a field"
        case .targetTypeOneof: "a oneof"
        case .targetTypeEnum: "an enum"
        case .targetTypeEnumEntry: "an enum value"
        case .targetTypeService: "a service"
        case .targetTypeMethod: "a method"
        default: "something unknown"
        }
    }

    /// As declared, also where the file that declares it is not interpreted yet. Empty means everything.
    private static func targets(of field: GoogleProtobuf.FieldDescriptorProto) -> [Target] {
        guard let options = field.options else { return [] }
        let written = options.uninterpretedOption.filter { $0.writtenName == "targets" }
        guard !written.isEmpty else { return options.targets }
        return written.compactMap { option in
            targetNames.first { "TARGET_TYPE_\($0.name)" == option.identifierValue }?.target
        }
    }

    private static let targetNames: [(name: String, target: Target)] = [
        ("FILE", .targetTypeFile), ("EXTENSION_RANGE", .targetTypeExtensionRange), ("MESSAGE", .targetTypeMessage),
        ("FIELD", .targetTypeField),
        ("ONEOF", .targetTypeOneof), ("ENUM", .targetTypeEnum), ("ENUM_ENTRY", .targetTypeEnumEntry),
        ("SERVICE", .targetTypeService), ("METHOD", .targetTypeMethod),
    ]

    private static func name(_ edition: GoogleProtobuf.Edition) -> String {
        switch edition {
        case .proto2: "proto2"
        case .proto3: "proto3"
        default: String(edition.rawValue - GoogleProtobuf.Edition.edition2023.rawValue + 2023)
        }
    }
}
