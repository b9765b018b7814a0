internal import MartletSchema

/// Finds what would have one name in Swift though its names in the schema differ.
struct Collisions {
    private struct Entry {
        let kind: String
        let protoName: String
        let place: SourcePlace

        /// Such as `field "user_id"`.
        var what: String { "\(kind) \"\(protoName)\"" }
    }

    private struct Scope {
        /// Added to the advice of every message, such as ``, or set swift_prefix …`.
        let advice: String
        var entries: [String: Entry] = [:]
    }

    private(set) var diagnostics: [SchemaDiagnostic] = []

    private let views: Views

    /// `files`: everything that is generated into one module.
    init(_ files: [FileModel], views: Views) {
        self.views = views
        var topLevels: [[String]: Scope] = [:]
        // Those outside of messages are members of one type for each extended message.
        var extensions: [String: Scope] = [:]
        for file in files {
            let namespace = file.namespace?.path ?? []
            var scope =
                topLevels[namespace] ?? Scope(advice: "rename one, or set `option swift_prefix` in one of the files")
            for message in file.messages {
                claim(message.swiftName, "message", message.fullName, message.documentation.place, in: &scope)
                checkMessage(message)
            }
            for model in file.enums {
                claim(model.swiftName, "enum", model.fullName, model.documentation.place, in: &scope)
                checkEnum(model)
            }
            for service in file.services {
                for name in service.declaredNames {
                    claim(name, "service", service.fullName, service.documentation.place, in: &scope)
                }
                checkService(service)
            }
            topLevels[namespace] = scope
            for model in file.extensions {
                claim(model, in: &extensions[model.extendee, default: Scope(advice: "rename one")])
            }
        }
        var namespaces: Set<Namespace> = []
        for file in files {
            // All files of a namespace name the same enum.
            guard let namespace = file.namespace, !namespace.isBuiltIn, namespaces.insert(namespace).inserted else {
                continue
            }
            for path in [[], namespace.path] {
                claim(
                    namespace.path[0], "the namespace of package", file.package, file.place,
                    in: &topLevels[path, default: Scope(advice: "rename one")])
            }
        }
        var scope = topLevels[[]] ?? Scope(advice: "rename one")
        // Two files with one output are a fault of their own: see FileChecks.
        var outputs: Set<String> = []
        for file in files where outputs.insert(Generator.outputName(for: file.name)).inserted {
            claim(file.swiftName, "file", file.name, file.place, in: &scope)
        }
    }

    private mutating func checkMessage(_ message: MessageModel) {
        var types = Scope(advice: "rename one")
        for nested in message.messages {
            claim(nested.swiftName, "message", nested.fullName, nested.documentation.place, in: &types)
            checkMessage(nested)
        }
        for nested in message.enums {
            claim(nested.swiftName, "enum", nested.fullName, nested.documentation.place, in: &types)
            checkEnum(nested)
        }
        var constants = Scope(advice: "rename one")
        for model in message.extensions { claim(model, in: &constants) }
        if views.contain(message.fullName) {
            claim("View", "the view of message", message.fullName, message.documentation.place, in: &types)
            checkView(message)
        }
        var properties = Scope(advice: "rename one")
        for member in message.members {
            switch member {
            case .field(let field):
                claim(field, in: &properties)
                if field.cardinality == .optional { claimFallback(field, in: &properties) }
            case .oneof(let oneof):
                let place = oneof.documentation.place
                claim(oneof.typeName, "oneof", oneof.protoName, place, in: &types)
                claim(oneof.swiftName, "oneof", oneof.protoName, place, in: &properties)
                var cases = Scope(advice: "rename one")
                for field in oneof.fields {
                    claim(field, in: &cases)
                    claimFallback(field, in: &properties)
                }
            }
        }
    }

    /// The members of a view, which has those of oneofs beside its own.
    private mutating func checkView(_ message: MessageModel) {
        var scope = Scope(advice: "rename one, or make no view of the message")
        for case .oneof(let oneof) in message.members {
            claim(oneof.swiftName, "oneof", oneof.protoName, oneof.documentation.place, in: &scope)
        }
        for field in message.fields {
            claim(field, in: &scope)
            let place = field.documentation.place
            switch field.type {
            case .message(let name) where field.isSingular && views.contain(name):
                claim(field.presenceName, "the presence of field", field.protoName, place, in: &scope)
            case .scalar(let scalar) where field.isSingular && scalar.isLengthDelimited:
                claim(field.bytesName, "the bytes of field", field.protoName, place, in: &scope)
            default: break
            }
        }
    }

    private mutating func checkEnum(_ model: EnumModel) {
        var cases: [Int32: Set<String>] = [:]
        var scope = Scope(advice: "rename one")
        for value in model.values where cases[value.number, default: []].insert(value.swiftName).inserted {
            claim(value.swiftName, "enum value", value.protoName, value.documentation.place, in: &scope)
        }
    }

    private mutating func checkService(_ service: ServiceModel) {
        var scope = Scope(advice: "rename one")
        for method in service.methods {
            claim(method.swiftName, "method", method.protoName, method.documentation.place, in: &scope)
        }
    }

    private mutating func claim(_ field: FieldModel, in scope: inout Scope) {
        claim(field.swiftName, "field", field.protoName, field.documentation.place, in: &scope)
    }

    private mutating func claim(_ model: ExtensionModel, in scope: inout Scope) {
        claim(model.field.swiftName, "extension", model.fullName, model.field.documentation.place, in: &scope)
    }

    private mutating func claimFallback(_ field: FieldModel, in scope: inout Scope) {
        guard field.defaultText != nil else { return }
        claim(field.fallbackName, "the default of field", field.protoName, field.documentation.place, in: &scope)
    }

    private mutating func claim(
        _ swiftName: String, _ kind: String, _ protoName: String, _ place: SourcePlace, in scope: inout Scope
    ) {
        let entry = Entry(kind: kind, protoName: protoName, place: place)
        guard let first = scope.entries[swiftName] else {
            scope.entries[swiftName] = entry
            return
        }
        diagnostics.append(
            place.error(
                "\(entry.what) and \(first.what) (\(first.place)) would both be \"\(swiftName)\" in Swift: "
                    + scope.advice))
    }
}
