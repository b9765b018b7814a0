internal import MartletDescriptors
internal import MartletMessages

/// Turns the options of a file, written as names and values, into the fields of the options messages.
///
/// Values are written in binary form, as the schema of the options message says, and read back as that message: so custom
/// options, which are extensions, come to its unknown fields, where everybody who knows them can read them.
struct OptionInterpreter {
    var linker: FileLinker
    /// Where the locations of interpreted options belong, by where the parser put them.
    private var moved: [[Int32]: [Int32]] = [:]
    private let types: OptionTypes
    /// Leaves custom options as they are written.
    private let isEarly: Bool

    /// - Parameter isEarly: interprets the options of descriptor.proto only, among them the features, on which it depends how
    ///   custom options are written.
    init(linker: FileLinker, isEarly: Bool = false) {
        self.linker = linker
        self.isEarly = isEarly
        types = OptionTypes(symbols: linker.symbols, visible: linker.file.visible)
    }

    // MARK: Every element

    mutating func interpret(_ file: inout GoogleProtobuf.FileDescriptorProto) {
        let package = file.package ?? ""
        interpret(&file.options, FieldNumber.File.options, in: package)
        for i in file.messageType.indices {
            descend(FieldNumber.File.messageType, i) { $0.interpret(&file.messageType[i], in: package) }
        }
        for i in file.enumType.indices {
            descend(FieldNumber.File.enumType, i) { $0.interpret(&file.enumType[i], in: package) }
        }
        for i in file.extension.indices {
            descend(FieldNumber.File.extension, i) {
                $0.interpret(&file.extension[i].options, FieldNumber.Field.options, in: package)
            }
        }
        for i in file.service.indices {
            descend(FieldNumber.File.service, i) { $0.interpret(&file.service[i], in: package) }
        }
    }

    private mutating func interpret(_ message: inout GoogleProtobuf.DescriptorProto, in outer: String) {
        let scope = Names.join(outer, message.name ?? "")
        interpret(&message.options, FieldNumber.Message.options, in: outer)
        for i in message.field.indices where message.field[i].options != nil {
            descend(FieldNumber.Message.field, i) {
                $0.interpret(&message.field[i].options, FieldNumber.Field.options, in: scope)
            }
        }
        for i in message.oneofDecl.indices {
            descend(FieldNumber.Message.oneof, i) {
                $0.interpret(&message.oneofDecl[i].options, FieldNumber.Oneof.options, in: scope)
            }
        }
        for i in message.nestedType.indices {
            descend(FieldNumber.Message.nestedType, i) { $0.interpret(&message.nestedType[i], in: scope) }
        }
        for i in message.enumType.indices {
            descend(FieldNumber.Message.enumType, i) { $0.interpret(&message.enumType[i], in: scope) }
        }
        for i in message.extensionRange.indices {
            descend(FieldNumber.Message.extensionRange, i) {
                $0.interpret(&message.extensionRange[i].options, FieldNumber.Range.options, in: scope)
            }
        }
        for i in message.extension.indices {
            descend(FieldNumber.Message.extension, i) {
                $0.interpret(&message.extension[i].options, FieldNumber.Field.options, in: scope)
            }
        }
    }

    private mutating func interpret(_ enumeration: inout GoogleProtobuf.EnumDescriptorProto, in outer: String) {
        interpret(&enumeration.options, FieldNumber.Enum.options, in: outer)
        for i in enumeration.value.indices where enumeration.value[i].options != nil {
            descend(FieldNumber.Enum.value, i) {
                $0.interpret(&enumeration.value[i].options, FieldNumber.EnumValue.options, in: outer)
            }
        }
    }

    private mutating func interpret(_ service: inout GoogleProtobuf.ServiceDescriptorProto, in package: String) {
        let scope = Names.join(package, service.name ?? "")
        interpret(&service.options, FieldNumber.Service.options, in: package)
        for i in service.method.indices {
            descend(FieldNumber.Service.method, i) {
                $0.interpret(&service.method[i].options, FieldNumber.Method.options, in: scope)
            }
        }
    }

    private mutating func descend(_ number: Int32, _ index: Int, _ body: (inout OptionInterpreter) -> Void) {
        linker.path.append(number)
        linker.path.append(Int32(index))
        body(&self)
        linker.path.removeLast(2)
    }

    // MARK: One element

    /// Fields of options messages that can't be written, and why.
    private static let unwritten = [
        "map_entry": "`map_entry` is for the compiler; declare a field `map<K, V>`",
        "uninterpreted_option": "`uninterpreted_option` is for the compiler; set the option itself",
    ]

    /// - Parameter number: of the options in the descriptor of the element at hand.
    private mutating func interpret<Options: OptionsMessage>(
        _ options: inout Options?, _ number: Int32, in scope: String
    ) {
        guard let written = options?.uninterpretedOption, !written.isEmpty else { return }
        let late = isEarly ? written.filter { $0.name.first?.isExtension == true } : []
        let optionsPath = linker.path + [number]
        var bytes: [UInt8] = []
        var counts: [[Int32]: Int32] = [:]
        for (index, option) in written.enumerated() where !isEarly || option.name.first?.isExtension != true {
            guard !linker.problems.isFull else { break }
            let path = optionsPath + [FieldNumber.UninterpretedOption.inOptions, Int32(index)]
            do throws(OptionProblem) {
                let fields = try fields(of: option, in: Options.self, scope: scope)
                var target = fields.map(\.number)
                if fields.last?.isRepeated == true {
                    let count = counts[target, default: 0]
                    counts[target] = count + 1
                    target.append(count)
                } else if WireBytes.hasField(target[...], in: bytes[...]) {
                    throw OptionProblem("option `\(option.writtenName)` is set twice; remove one")
                }
                bytes += try serialize(option, fields, scope: scope, use: use(of: Options.self))
                moved[path] = optionsPath + target
            } catch {
                linker.problems.error(at: linker.locations.position(of: path), error.message)
            }
        }
        do {
            options = try Options(serialized: bytes)
            options?.uninterpretedOption = late
        } catch {
            linker.problems.error(
                at: linker.locations.position(of: optionsPath),
                "these options are not those of \(Options.messageName): \(error)")
        }
    }

    /// What the parts of the option's name mean, from the field of the options message on.
    private mutating func fields<Options: OptionsMessage>(
        of option: GoogleProtobuf.UninterpretedOption, in: Options.Type, scope: String
    ) throws(OptionProblem) -> [OptionField] {
        var fields: [OptionField] = []
        var container = Options.messageName
        for part in option.name {
            if let outer = fields.last {
                guard let type = types.message(of: outer), !outer.isRepeated else {
                    throw OptionProblem(
                        "`\(outer.name)` has no parts that can be set one by one"
                            + (outer.isRepeated ? "; write `= { … }` for each" : ""))
                }
                container = type.fullName
            }
            if part.isExtension {
                let (field, file) = try types.extensionField(part.namePart, in: scope, of: container)
                linker.used.insert(file)
                fields.append(field)
                continue
            }
            if fields.isEmpty {
                if let problem = Self.unwritten[part.namePart] { throw OptionProblem(problem) }
                if part.namePart == "features", !linker.isEdition {
                    throw OptionProblem("features belong to editions; start the file with `edition = \"2023\";`")
                }
            }
            let type = types.message(container)
            guard let field = type?.part(part.namePart) else {
                let names = (type?.descriptor.field ?? []).compactMap(\.name)
                let remedy = hint(Suggestion.closest(to: part.namePart, among: names))
                guard fields.isEmpty else {
                    throw OptionProblem("`\(container)` has no field `\(part.namePart)`\(remedy)")
                }
                throw OptionProblem(
                    "unknown option `\(part.namePart)` of \(OptionUse.element(Options.target))"
                        + (remedy.isEmpty
                            ? "; a custom option is written in parentheses: `(\(part.namePart))`" : remedy))
            }
            fields.append(field)
        }
        let use = use(of: Options.self)
        for field in fields {
            if let problem = use.problem(with: field.descriptor) { throw problem }
        }
        return fields
    }

    private func use<Options: OptionsMessage>(of: Options.Type) -> OptionUse {
        OptionUse(target: Options.target, edition: linker.file.parsed.descriptor.rules)
    }

    /// The option in binary form, as part of the options message.
    private func serialize(
        _ option: GoogleProtobuf.UninterpretedOption, _ fields: [OptionField], scope: String, use: OptionUse
    ) throws(OptionProblem) -> [UInt8] {
        let last = fields[fields.count - 1]
        do throws(OptionProblem) {
            var bytes = last.tagged(try value(of: option, for: last, scope: scope, use: use))
            for outer in fields.dropLast().reversed() { bytes = outer.tagged(bytes) }
            return bytes
        } catch {
            throw OptionProblem("option `\(option.writtenName)` \(error.message)")
        }
    }

    private func value(
        of option: GoogleProtobuf.UninterpretedOption, for field: OptionField, scope: String, use: OptionUse
    ) throws(OptionProblem) -> [UInt8] {
        if let type = types.message(of: field) {
            guard let text = option.aggregateValue else {
                throw OptionProblem("takes a message in braces: `{ field: value }`")
            }
            return try OptionText.serialize(text, as: type, types: types, scope: scope, use: use)
        }
        guard let scalar = OptionScalar(option) else {
            throw OptionProblem("takes a single value, not a message")
        }
        var wire = WireBytes()
        try scalar.write(to: &wire, as: field, .option, enumeration: types.enumeration(of: field))
        return wire.bytes
    }

    // MARK: Locations

    /// `locations` with those of interpreted options where protoc puts them.
    func relocated(
        _ locations: [GoogleProtobuf.SourceCodeInfo.Location]
    ) -> [GoogleProtobuf.SourceCodeInfo.Location] {
        guard !moved.isEmpty else { return locations }
        var result: [GoogleProtobuf.SourceCodeInfo.Location] = []
        result.reserveCapacity(locations.count)
        for var location in locations {
            guard let end = location.path.lastIndex(of: FieldNumber.UninterpretedOption.inOptions),
                end + 1 < location.path.count, let target = moved[Array(location.path[...(end + 1)])]
            else {
                result.append(location)
                continue
            }
            // Of the parts of an option only the whole has a place in the options message.
            guard end + 2 == location.path.count else { continue }
            location.path = target
            result.append(location)
        }
        return result
    }
}

extension GoogleProtobuf.UninterpretedOption {
    /// As in `.proto` text.
    var writtenName: String {
        name.map { $0.isExtension ? "(\($0.namePart))" : $0.namePart }.joined(separator: ".")
    }
}
