/// The extensions of a message with `option message_set_wire_format` are messages, each written as a group:
///
///     repeated group Item = 1 { required uint32 type_id = 2; required bytes message = 3; }
///
/// The type id is the extension's number. A reader takes the two in either order.
private enum MessageSetItem {
    static let item: UInt32 = 1
    static let typeID: UInt32 = 2
    static let message: UInt32 = 3
}

extension UnknownFields {
    /// The messages of the items of a number, as fields of that number.
    func items(_ number: UInt32) -> [UInt8] {
        var found: [UInt8] = []
        forEachField { tag, bytes in
            guard let item = MessageSetItemReader(tag, bytes), item.typeID == number else { return }
            found.appendVarint(number << 3 | UInt32(WireTag.Form.bytes.rawValue))
            found.appendVarint(UInt32(item.message.count))
            found += item.message
        }
        return found
    }

    mutating func removeItems(_ number: UInt32) {
        var others: [UInt8] = []
        forEachField { tag, bytes in
            if MessageSetItemReader(tag, bytes)?.typeID != number { others += bytes }
        }
        bytes = others
    }

    /// `field` is the message as a field of that number.
    mutating func appendItem(_ number: UInt32, field: [UInt8]) {
        field.withUnsafeBytes { field in
            var reader = WireReader(field)
            guard (try? reader.tag()) != nil, let message = try? reader.bytes() else {
                preconditionFailure("extensions of a message set are messages")
            }
            bytes.appendVarint(MessageSetItem.item << 3 | UInt32(WireTag.Form.groupStart.rawValue))
            bytes.appendVarint(MessageSetItem.typeID << 3 | UInt32(WireTag.Form.varint.rawValue))
            bytes.appendVarint(number)
            bytes.appendVarint(MessageSetItem.message << 3 | UInt32(WireTag.Form.bytes.rawValue))
            bytes.appendVarint(UInt32(message.count))
            bytes += message
            bytes.appendVarint(MessageSetItem.item << 3 | UInt32(WireTag.Form.groupEnd.rawValue))
        }
    }
}

private struct MessageSetItemReader {
    private(set) var typeID: UInt32?
    private(set) var message = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Nil where the field is no item.
    init?(_ tag: WireTag, _ bytes: UnsafeRawBufferPointer) {
        guard tag.number == MessageSetItem.item, tag.form == .groupStart else { return nil }
        var reader = WireReader(bytes)
        do throws(ParseFailure) {
            _ = try reader.tag()
            while true {
                let tag = try reader.tag()
                switch (tag.number, tag.form) {
                case (MessageSetItem.item, .groupEnd): return
                case (MessageSetItem.typeID, .varint): typeID = UInt32(truncatingIfNeeded: try reader.varint())
                case (MessageSetItem.message, .bytes): message = try reader.bytes()
                default: try reader.skipValue(of: tag)
                }
            }
        } catch {
            return nil
        }
    }
}
