internal import MartletDescriptors
internal import MartletMessages

extension FileLinker {
    private typealias Number = FieldNumber.Message

    mutating func link(_ message: inout GoogleProtobuf.DescriptorProto, in outer: String) {
        let scope = Names.join(outer, message.name ?? "")
        for i in message.field.indices {
            descend(Number.field, i) { $0.linkField(&message.field[i], in: scope) }
        }
        let mapFields = message.mapFields(in: scope)
        for i in message.nestedType.indices {
            let field = mapFields[i]
            writtenPath = field.map { path + [Number.field, Int32($0), FieldNumber.Field.typeName] }
            descend(Number.nestedType, i) { $0.link(&message.nestedType[i], in: scope) }
            if let field { checkMap(field, entry: message.nestedType[i]) }
            writtenPath = nil
        }
        for i in message.extension.indices {
            descend(Number.extension, i) { $0.linkExtension(&message.extension[i], in: scope) }
        }
        checkRanges(of: message)
        checkNumbers(of: message)
        checkOneofs(of: message)
    }

    // MARK: Numbers

    private mutating func checkNumbers(of message: GoogleProtobuf.DescriptorProto) {
        var owners: [Int32: String] = [:]
        let reservedNames = Set(message.reservedName)
        let reserved = NumberRanges(message.reservedRange.map { .init(from: $0.start ?? 0, upTo: $0.end ?? 0) })
        let extensions = NumberRanges(message.extensionRange.map { .init(from: $0.start ?? 0, upTo: $0.end ?? 0) })
        for (i, field) in message.field.enumerated() where !problems.isFull {
            let (name, number) = (field.name ?? "", field.number ?? 0)
            descend(Number.field, i) { linker in
                if let problem = NumberRules.problem(with: number) {
                    linker.error(at: FieldNumber.Field.number, message: problem)
                } else if let owner = owners[number] {
                    linker.error(
                        at: FieldNumber.Field.number,
                        message: "field number \(number) is already used by `\(owner)`"
                            + NumberRules.hint(in: message))
                } else if reserved.contains(number) {
                    linker.error(
                        at: FieldNumber.Field.number,
                        message: "field number \(number) is reserved"
                            + NumberRules.hint(in: message))
                } else if extensions.contains(number) {
                    linker.error(
                        at: FieldNumber.Field.number,
                        message: "field number \(number) is kept for extensions"
                            + NumberRules.hint(in: message))
                }
                if reservedNames.contains(name) {
                    linker.error(
                        at: FieldNumber.Field.name, message: "the field name `\(name)` is reserved; choose another")
                }
            }
            if owners[number] == nil { owners[number] = name }
        }
    }

    private mutating func checkRanges(of message: GoogleProtobuf.DescriptorProto) {
        if isProto3, !message.extensionRange.isEmpty {
            error(
                at: Number.extensionRange, 0,
                message: "proto3 has no extension ranges; remove it, or use google.protobuf.Any or proto2")
        }
        let reserved = message.reservedRange.map { ($0.start ?? 0, $0.end ?? 0) }
        let extensions = message.extensionRange.map { ($0.start ?? 0, $0.end ?? 0) }
        let all =
            reserved.enumerated().map { (range: $1, number: Number.reservedRange, index: $0) }
            + extensions.enumerated().map { (range: $1, number: Number.extensionRange, index: $0) }
        for item in all {
            let (start, end) = item.range
            if start <= 0 {
                error(at: item.number, Int32(item.index), message: "a range of field numbers starts at 1 or later")
            } else if end <= start {
                error(
                    at: item.number, Int32(item.index),
                    message: "the range ends before it starts; write the smaller first")
            } else if end > Parser.fieldNumberEnd, item.number == Number.extensionRange, !message.isMessageSet {
                error(
                    at: item.number, Int32(item.index),
                    message: "the largest field number is \(Parser.fieldNumberEnd - 1); write `max` for it")
            }
        }
        for overlap in NumberRanges(all.map { .init(from: $0.range.0, upTo: $0.range.1) }).overlaps {
            let (item, other) = (all[overlap.index], all[overlap.other].range)
            error(
                at: item.number, Int32(item.index),
                message: "the range overlaps the range \(other.0) to \(other.1 - 1)")
        }
        checkReservedNames(message.reservedName, number: Number.reservedName)
    }

    private mutating func checkReservedNames(_ names: [String], number: Int32) {
        var seen: Set<String> = []
        for (i, name) in names.enumerated() where !seen.insert(name).inserted {
            error(at: number, Int32(i), message: "`\(name)` is reserved twice; remove one")
        }
    }

    // MARK: Oneofs

    private mutating func checkOneofs(of message: GoogleProtobuf.DescriptorProto) {
        let filled = Set(message.field.compactMap(\.oneofIndex))
        for (i, oneof) in message.oneofDecl.enumerated() where !filled.contains(Int32(i)) {
            error(
                at: Number.oneof, Int32(i), FieldNumber.Oneof.name,
                message: "oneof `\(oneof.name ?? "")` has no fields; add one or remove it")
        }
    }
}
