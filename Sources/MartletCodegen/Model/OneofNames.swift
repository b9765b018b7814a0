internal import MartletDescriptors
internal import MartletMessages

/// Names for the enums of a message's oneofs.
struct OneofNames {
    private var taken: Set<String>

    /// A oneof gets `Oneof` behind its name where the name is that of a type which the message, or one nested in it,
    /// holds or mentions: `message Payload` beside `oneof payload` is common. So does one that would be named as views.
    init(of descriptor: GoogleProtobuf.DescriptorProto, fullName: String, names: TypeNames) {
        taken = Set(names[fullName].path).union(["View"])
        take(descriptor, names)
    }

    private mutating func take(_ descriptor: GoogleProtobuf.DescriptorProto, _ names: TypeNames) {
        for field in descriptor.field {
            if let type = field.typeName, let name = names.find(type) { taken.formUnion(name.path) }
        }
        for nested in descriptor.enumType { taken.insert(Naming.typeName(nested.name ?? "", suffix: "Enum")) }
        for nested in descriptor.nestedType {
            taken.insert(Naming.typeName(nested.name ?? "", suffix: "Message"))
            take(nested, names)
        }
    }

    func typeName(_ protoName: String) -> String {
        let name = Naming.typeName(Naming.upperCamel(protoName), suffix: "Oneof")
        return taken.contains(name) ? "\(name)Oneof" : name
    }
}
