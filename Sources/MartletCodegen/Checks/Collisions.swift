internal import MartletSchema

/// Finds what would have one name in Swift though its names in the schema differ.
struct Collisions {
    private struct Entry {
        /// Such as `field "user_id"`.
        let what: String
        let place: SourcePlace
    }

    private struct Scope {
        /// Added to the advice of every message, such as ``, or set swift_prefix …`.
        let advice: String
        var entries: [String: Entry] = [:]
    }

    private(set) var diagnostics: [SchemaDiagnostic] = []

    /// `files`: everything that is generated into one module.
    init(_ files: [FileModel]) {
        var topLevels: [[String]: Scope] = [:]
        for file in files {
            var scope =
                topLevels[file.namespace ?? []]
                ?? Scope(advice: "rename one, or set `option swift_prefix` in one of the files")
            for message in file.messages {
                claim(message.swiftName, "message", message.fullName, message.documentation.place, in: &scope)
                checkMessage(message)
            }
            for model in file.enums {
                claim(model.swiftName, "enum", model.fullName, model.documentation.place, in: &scope)
                checkEnum(model)
            }
            for service in file.services {
                for suffix in ["", "Methods", "Client"] {
                    claim(
                        service.swiftName + suffix, "service", service.fullName, service.documentation.place,
                        in: &scope)
                }
                checkService(service)
            }
            topLevels[file.namespace ?? []] = scope
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
        var properties = Scope(advice: "rename one")
        for member in message.members {
            switch member {
            case .field(let field): claim(field, in: &properties)
            case .oneof(let oneof):
                let place = oneof.documentation.place
                claim(oneof.typeName, "oneof", oneof.protoName, place, in: &types)
                claim(oneof.swiftName, "oneof", oneof.protoName, place, in: &properties)
                var cases = Scope(advice: "rename one")
                for field in oneof.fields { claim(field, in: &cases) }
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

    private mutating func claim(
        _ swiftName: String, _ kind: String, _ protoName: String, _ place: SourcePlace, in scope: inout Scope
    ) {
        let entry = Entry(what: "\(kind) \"\(protoName)\"", place: place)
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
