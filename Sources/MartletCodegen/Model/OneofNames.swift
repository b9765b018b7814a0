internal import MartletDescriptors
internal import MartletMessages

/// Names for the enums of a message's oneofs.
struct OneofNames {
    private var taken: Set<String>

    /// A oneof gets `Oneof` behind its name where the name is that of a type which the message holds or mentions:
    /// `message Payload` beside `oneof payload` is common.
    init(
        of descriptor: GoogleProtobuf.DescriptorProto, fullName: String, fields: [FieldModel], names: TypeNames
    ) {
        taken = Set(
            descriptor.nestedType.compactMap { $0.name.map { Naming.typeName($0, suffix: "Message") } }
                + descriptor.enumType.compactMap { $0.name.map { Naming.typeName($0, suffix: "Enum") } })
        taken.formUnion(names[fullName].path)
        for field in fields {
            switch field.type {
            case .scalar: break
            case .enum(let type), .message(let type):
                if let outermost = names[type].path.first { taken.insert(outermost) }
            }
        }
    }

    func typeName(_ protoName: String) -> String {
        let name = Naming.typeName(Naming.upperCamel(protoName), suffix: "Oneof")
        return taken.contains(name) ? "\(name)Oneof" : name
    }
}
