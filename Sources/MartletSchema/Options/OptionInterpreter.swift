internal import MartletDescriptors
internal import MartletMessages

/// Turns the options of a file, written as names and values, into the fields of the options messages.
///
/// Built-in options are set; custom ones (extensions of the options messages) are resolved and kept as they are written.
struct OptionInterpreter {
    var linker: FileLinker
    /// Where the locations of interpreted options belong, by where the parser put them.
    private var moved: [[Int32]: [Int32]] = [:]

    init(linker: FileLinker) {
        self.linker = linker
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

    /// - Parameter number: of the options in the descriptor of the element at hand.
    private mutating func interpret<Options: OptionsMessage>(
        _ options: inout Options?, _ number: Int32, in scope: String
    ) {
        guard var result = options, !result.uninterpretedOption.isEmpty else { return }
        let written = result.uninterpretedOption
        let optionsPath = linker.path + [number]
        result.uninterpretedOption = []
        var seen: Set<String> = []
        for (index, option) in written.enumerated() {
            let place = [number, FieldNumber.UninterpretedOption.inOptions, Int32(index)]
            let path = optionsPath + place.dropFirst()
            do throws(OptionProblem) {
                if option.name[0].isExtension {
                    try checkCustom(option, of: Options.target, in: scope)
                    moved[path] =
                        optionsPath + [
                            FieldNumber.UninterpretedOption.inOptions, Int32(result.uninterpretedOption.count),
                        ]
                    result.uninterpretedOption.append(option)
                } else {
                    let builtin = try builtin(option, of: Options.self)
                    guard seen.insert(option.name[0].namePart).inserted else {
                        throw OptionProblem("option `\(option.writtenName)` is set twice; remove one")
                    }
                    guard builtin.set(&result, option) else {
                        throw OptionProblem("option `\(option.writtenName)` takes \(builtin.form)")
                    }
                    moved[path] = optionsPath + [builtin.number]
                }
            } catch {
                linker.problems.error(at: linker.file.parsed.locations.position(of: path), error.message)
            }
        }
        options = result
    }

    private func builtin<Options: OptionsMessage>(
        _ option: GoogleProtobuf.UninterpretedOption, of: Options.Type
    ) throws(OptionProblem) -> BuiltinOption<Options> {
        let name = option.name[0].namePart
        if name == "features" {
            throw OptionProblem("features belong to editions, which are not supported yet; remove the option")
        }
        guard let builtin = Options.builtins[name] else {
            let remedy = hint(Suggestion.closest(to: name, among: Options.builtins.keys.sorted()))
            throw OptionProblem(
                "unknown option `\(name)` of \(Options.target.element)"
                    + (remedy.isEmpty ? "; a custom option is written in parentheses: `(\(name))`" : remedy))
        }
        guard option.name.count == 1 else {
            throw OptionProblem("option `\(name)` has no parts; it takes \(builtin.form)")
        }
        return builtin
    }

    /// The first part of the name has to be an extension of the right options message.
    private mutating func checkCustom(
        _ option: GoogleProtobuf.UninterpretedOption, of target: OptionTarget, in scope: String
    ) throws(OptionProblem) {
        let name = option.name[0].namePart
        switch linker.symbols.resolve(name, in: scope, visible: linker.file.visible, typesOnly: false) {
        case .found(let symbol, let fullName) where symbol.kind == .extension:
            linker.used.insert(symbol.file)
            if let extendee = linker.symbols.extendedMessage(by: fullName), extendee != target.message {
                throw OptionProblem("`\(fullName)` extends `\(extendee)`, so it is no option of \(target.element)")
            }
        case .found(let symbol, let fullName):
            throw OptionProblem(
                "`\(fullName)` is \(symbol.kind.description), not an option; options are declared with "
                    + "`extend \(target.message)`")
        case .hidden(let symbol, let fullName):
            let other = linker.files[symbol.file].name
            throw OptionProblem(
                "`\(fullName)` is declared in \(other), which is not imported; add `import \"\(other)\";`")
        case .shadowed(let closest):
            throw OptionProblem(
                "`\(name)` is looked for in `\(closest)`, the closest that starts so, which has no such option; "
                    + "write `.\(name)` to start at the root")
        case .missing:
            throw OptionProblem(
                "unknown option `(\(name))`; import the file that declares it with `extend \(target.message)`")
        }
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
            let rest = location.path[(end + 2)...]
            let isKept = target[target.count - 2] == FieldNumber.UninterpretedOption.inOptions
            guard rest.isEmpty || isKept else { continue }
            location.path = target + rest
            result.append(location)
        }
        return result
    }
}

/// Why an option can't be set.
private struct OptionProblem: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }
}

extension GoogleProtobuf.UninterpretedOption {
    /// As in `.proto` text.
    var writtenName: String {
        name.map { $0.isExtension ? "(\($0.namePart))" : $0.namePart }.joined(separator: ".")
    }
}
