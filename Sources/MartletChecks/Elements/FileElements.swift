internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// Everything that somebody wrote in one file, nested declarations included; what the compiler adds (the entries of
/// maps, the oneofs around proto3's `optional`) is left out.
struct FileElements: Sendable {
    let file: SchemaFile
    private(set) var messages: [Element<GoogleProtobuf.DescriptorProto>] = []
    private(set) var fields: [Element<GoogleProtobuf.FieldDescriptorProto>] = []
    private(set) var extensions: [Element<GoogleProtobuf.FieldDescriptorProto>] = []
    private(set) var oneofs: [Element<GoogleProtobuf.OneofDescriptorProto>] = []
    private(set) var enums: [Element<GoogleProtobuf.EnumDescriptorProto>] = []
    /// Their scope is their enum, though for the language it is what the enum is declared in.
    private(set) var values: [Element<GoogleProtobuf.EnumValueDescriptorProto>] = []
    private(set) var services: [Element<GoogleProtobuf.ServiceDescriptorProto>] = []
    private(set) var methods: [Element<GoogleProtobuf.MethodDescriptorProto>] = []

    init(_ file: SchemaFile) {
        self.file = file
        let descriptor = file.descriptor
        let package = descriptor.package ?? ""
        for (index, message) in descriptor.messageType.enumerated() {
            add(message, in: package, at: [PathNumber.File.messageType, Int32(index)])
        }
        for (index, enumeration) in descriptor.enumType.enumerated() {
            add(enumeration, in: package, at: [PathNumber.File.enumType, Int32(index)])
        }
        extensions += Self.elements(descriptor.extension, in: package, at: [PathNumber.File.extension], name: \.name)
        for (index, service) in descriptor.service.enumerated() {
            let element = Element(
                descriptor: service, name: service.name ?? "", scope: package,
                path: [PathNumber.File.service, Int32(index)])
            services.append(element)
            methods += Self.elements(
                service.method, in: element.fullName, at: element.path + [PathNumber.Service.method], name: \.name)
        }
    }

    private mutating func add(_ message: GoogleProtobuf.DescriptorProto, in scope: String, at path: [Int32]) {
        guard message.options?.mapEntry != true else { return }
        let element = Element(descriptor: message, name: message.name ?? "", scope: scope, path: path)
        let fullName = element.fullName
        messages.append(element)
        fields += Self.elements(message.field, in: fullName, at: path + [PathNumber.Message.field], name: \.name)
        extensions += Self.elements(
            message.extension, in: fullName, at: path + [PathNumber.Message.extension], name: \.name)
        let added = Set(message.field.filter { $0.proto3Optional == true }.compactMap(\.oneofIndex))
        oneofs += Self.elements(
            message.oneofDecl, in: fullName, at: path + [PathNumber.Message.oneof], name: \.name
        ).filter { !added.contains($0.path.last!) }
        for (index, nested) in message.nestedType.enumerated() {
            add(nested, in: fullName, at: path + [PathNumber.Message.nestedType, Int32(index)])
        }
        for (index, enumeration) in message.enumType.enumerated() {
            add(enumeration, in: fullName, at: path + [PathNumber.Message.enumType, Int32(index)])
        }
    }

    private mutating func add(_ enumeration: GoogleProtobuf.EnumDescriptorProto, in scope: String, at path: [Int32]) {
        let element = Element(descriptor: enumeration, name: enumeration.name ?? "", scope: scope, path: path)
        enums.append(element)
        values += Self.elements(
            enumeration.value, in: element.fullName, at: path + [PathNumber.Enum.value], name: \.name)
    }

    private static func elements<Descriptor: Sendable>(
        _ descriptors: [Descriptor], in scope: String, at path: [Int32], name: (Descriptor) -> String?
    ) -> [Element<Descriptor>] {
        descriptors.enumerated().map { index, descriptor in
            Element(
                descriptor: descriptor, name: name(descriptor) ?? "", scope: scope, path: path + [Int32(index)])
        }
    }
}
