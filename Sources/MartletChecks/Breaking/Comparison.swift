internal import MartletDescriptors
internal import MartletMessages
internal import MartletSchema

/// A declaration in both versions.
struct Pair<Descriptor: Sendable>: Sendable {
    let old: Located<Descriptor>
    let new: Located<Descriptor>
}

/// Two versions, and which declaration of the old one is which of the new one. Types and services are the same where
/// their full names are, in whatever file; where a file has changed its package, its own go with it.
struct Comparison: Sendable {
    typealias Field = GoogleProtobuf.FieldDescriptorProto

    let old: SchemaVersion
    let new: SchemaVersion
    /// Of the old version: the files that were asked for.
    let files: [SchemaFile]
    let messages: [Pair<GoogleProtobuf.DescriptorProto>]
    let enums: [Pair<GoogleProtobuf.EnumDescriptorProto>]
    let services: [Pair<GoogleProtobuf.ServiceDescriptorProto>]
    let methods: [Pair<GoogleProtobuf.MethodDescriptorProto>]
    /// Fields of messages and extensions.
    let fields: [Pair<Field>]

    init(old: Schema, new: Schema) {
        let (oldVersion, newVersion) = (SchemaVersion(old), SchemaVersion(new))
        self.old = oldVersion
        self.new = newVersion
        files = old.files.filter(\.isRoot)

        func pairs<Descriptor>(
            _ old: [String: Located<Descriptor>], _ new: [String: Located<Descriptor>]
        ) -> [Pair<Descriptor>] {
            old.values.filter(\.file.isRoot).compactMap { located in
                new[Self.newName(of: located.element.fullName, in: located.file, newVersion)].map {
                    Pair(old: located, new: $0)
                }
            }
        }
        messages = pairs(oldVersion.messages, newVersion.messages)
        enums = pairs(oldVersion.enums, newVersion.enums)
        services = pairs(oldVersion.services, newVersion.services)
        methods = services.flatMap { service in
            let new = newVersion.methods[service.new.element.fullName] ?? []
            return (oldVersion.methods[service.old.element.fullName] ?? []).compactMap { method in
                new.first { $0.element.name == method.element.name }.map { Pair(old: method, new: $0) }
            }
        }
        let members = messages.flatMap { message in
            let new = newVersion.fields[message.new.element.fullName] ?? []
            return (oldVersion.fields[message.old.element.fullName] ?? []).compactMap { field in
                new.first { $0.descriptor.number == field.descriptor.number }.map { Pair(old: field, new: $0) }
            }
        }
        let extensions = oldVersion.extensions.compactMap { key, field -> Pair<Field>? in
            guard field.file.isRoot else { return nil }
            let extendee = Self.newName(of: key.extendee, in: oldVersion.messages[key.extendee]?.file, newVersion)
            return newVersion.extensions[.init(extendee: extendee, number: key.number)].map {
                Pair(old: field, new: $0)
            }
        }
        fields = members + extensions
    }

    /// What the type or service of the old version would be called in the new one, if it is still there.
    func newName<Descriptor>(of located: Located<Descriptor>) -> String {
        Self.newName(of: located.element.fullName, in: located.file, new)
    }

    /// The same for a message or enum by its old full name, which may start with a dot.
    func newName(ofType name: String) -> String {
        let name = name.hasPrefix(".") ? String(name.dropFirst()) : name
        return Self.newName(of: name, in: old.messages[name]?.file ?? old.enums[name]?.file, new)
    }

    private static func newName(of name: String, in oldFile: SchemaFile?, _ new: SchemaVersion) -> String {
        guard new.messages[name] == nil, new.enums[name] == nil, new.services[name] == nil, let oldFile,
            let newFile = new.schema.file(oldFile.name), newFile.package != oldFile.package
        else { return name }
        let rest = oldFile.package.isEmpty ? name : String(name.dropFirst(oldFile.package.utf8.count + 1))
        return newFile.package.isEmpty ? rest : "\(newFile.package).\(rest)"
    }
}
