/// Writes an enum: an open one keeps the numbers it doesn't know, a closed one has none of them.
struct EnumEmitter {
    let style: Style

    func emit(_ model: EnumModel, to source: inout SourceWriter) {
        let (values, aliases) = Self.splitAliases(model.values)
        source.remarks(model.documentation)
        source.block("\(style.access)nonisolated enum \(model.swiftName): \(style.runtime).GeneratedEnum") { source in
            for value in values {
                source.remarks(value.documentation)
                source.line("case \(Naming.escaped(value.swiftName))")
            }
            if !model.isClosed {
                source.comment(["A number that the schema doesn't name."])
                source.line("case unrecognized(Swift.Int32)")
            }
            source.line()
            for (alias, original) in aliases {
                source.remarks(alias.documentation)
                source.block(
                    "\(style.access)static var \(Naming.escaped(alias.swiftName)): Self",
                    expression: ".\(original.swiftName)")
            }
            if !aliases.isEmpty { source.line() }
            source.array("\(style.access)static let allCases: [Self] = ", values.map { ".\($0.swiftName)" })
            source.line()
            emitTable(model, to: &source)
            source.line()
            let initializer = model.isClosed ? "init?" : "init"
            source.block("\(style.access)\(initializer)(rawValue: Swift.Int32)") { source in
                source.line("switch rawValue {")
                for value in values {
                    source.line("case \(Style.literal(value.number)): self = .\(value.swiftName)")
                }
                source.line(model.isClosed ? "default: return nil" : "default: self = .unrecognized(rawValue)")
                source.line("}")
            }
            source.line()
            source.block("\(style.access)var rawValue: Swift.Int32") { source in
                source.line("switch self {")
                for value in values {
                    source.line("case .\(value.swiftName): \(Style.literal(value.number))")
                }
                if !model.isClosed { source.line("case .unrecognized(let number): number") }
                source.line("}")
            }
        }
    }

    private func emitTable(_ model: EnumModel, to source: inout SourceWriter) {
        source.line("\(style.access)static let enumTable = \(style.runtime).EnumTable(")
        source.indented { source in
            source.line("\"\(model.fullName)\",\(model.isClosed ? " isClosed: true," : "")")
            source.line("[")
            source.indented { source in
                source.elements(model.values) { value, comma, source in
                    source.line("(\"\(value.protoName)\", \(Style.literal(value.number)))\(comma)")
                }
            }
            source.line("])")
        }
    }

    /// The first name of each number is a case; later ones are aliases, unless they read the same in Swift.
    private static func splitAliases(
        _ values: [EnumValueModel]
    ) -> (values: [EnumValueModel], aliases: [(alias: EnumValueModel, original: EnumValueModel)]) {
        var originals: [Int32: EnumValueModel] = [:]
        var distinct: [EnumValueModel] = []
        var aliases: [(EnumValueModel, EnumValueModel)] = []
        var names: Set<String> = []
        for value in values {
            if let original = originals[value.number] {
                if names.insert(value.swiftName).inserted { aliases.append((value, original)) }
            } else {
                originals[value.number] = value
                names.insert(value.swiftName)
                distinct.append(value)
            }
        }
        return (distinct, aliases)
    }
}
