internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// A declaration and the file that has it.
struct Located<Descriptor: Sendable>: Sendable {
    let element: Element<Descriptor>
    let file: SchemaFile

    var descriptor: Descriptor { element.descriptor }
}

/// One of the two versions that are compared, its declarations by full name.
struct SchemaVersion: Sendable {
    typealias Field = GoogleProtobuf.FieldDescriptorProto

    /// An extension is known by what it extends and its number.
    struct ExtensionKey: Hashable {
        let extendee: String
        let number: Int32
    }

    let schema: Schema
    private(set) var messages: [String: Located<GoogleProtobuf.DescriptorProto>] = [:]
    private(set) var enums: [String: Located<GoogleProtobuf.EnumDescriptorProto>] = [:]
    private(set) var services: [String: Located<GoogleProtobuf.ServiceDescriptorProto>] = [:]
    private(set) var extensions: [ExtensionKey: Located<Field>] = [:]
    /// By message, in the order of the file.
    private(set) var fields: [String: [Located<Field>]] = [:]
    /// By message.
    private(set) var oneofs: [String: [Located<GoogleProtobuf.OneofDescriptorProto>]] = [:]
    /// By enum.
    private(set) var values: [String: [Located<GoogleProtobuf.EnumValueDescriptorProto>]] = [:]
    /// By service.
    private(set) var methods: [String: [Located<GoogleProtobuf.MethodDescriptorProto>]] = [:]

    init(_ schema: Schema) {
        self.schema = schema
        for file in schema.files {
            let elements = FileElements(file)
            func located<Descriptor>(_ element: Element<Descriptor>) -> Located<Descriptor> {
                Located(element: element, file: file)
            }
            for element in elements.messages { messages[element.fullName] = located(element) }
            for element in elements.enums { enums[element.fullName] = located(element) }
            for element in elements.services { services[element.fullName] = located(element) }
            for element in elements.extensions {
                let extendee = String((element.descriptor.extendee ?? "").dropFirst())
                extensions[ExtensionKey(extendee: extendee, number: element.descriptor.number ?? 0)] = located(element)
            }
            for element in elements.fields { fields[element.scope, default: []].append(located(element)) }
            for element in elements.oneofs { oneofs[element.scope, default: []].append(located(element)) }
            for element in elements.values { values[element.scope, default: []].append(located(element)) }
            for element in elements.methods { methods[element.scope, default: []].append(located(element)) }
        }
    }

    /// The oneof that the field was written in.
    func oneof(of field: Located<Field>) -> String? {
        guard let index = field.descriptor.oneofIndex, field.descriptor.proto3Optional != true else { return nil }
        return messages[field.element.scope]?.descriptor.oneofDecl[Int(index)].name
    }
}
