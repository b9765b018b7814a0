/// Writes the enum that stands for a `.proto` file, with the file's descriptor.
struct DescriptorEmitter {
    let spelling: Spelling
    let files: FileNames

    private var style: Style { spelling.style }

    func emit(_ file: FileModel, to source: inout SourceWriter) {
        source.comment(["The file `\(file.name)`."])
        source.block(
            "\(style.access)nonisolated enum \(file.swiftName): \(style.runtime).GeneratedFile"
        ) { source in
            emit("\(style.access)static let descriptor", file, to: &source)
            source.line()
            source.array(
                "\(style.access)static let messages: [any \(style.runtime).GeneratedMessage.Type] = ",
                file.messages.flatMap(\.withNested).map {
                    "\(spelling.type(.message($0.fullName), in: nil)).self"
                })
            emitExtensions(of: file, to: &source)
            let imports = files.importedTypes(of: file)
            if imports.isEmpty { return }
            source.line()
            source.array(
                "\(style.access)static let imports: [any \(style.runtime).GeneratedFile.Type] = ",
                imports.map { "\($0).self" })
        }
        for file in files.embedded(in: file) {
            source.line()
            source.comment(["The file `\(file.name)`, for which no Swift is generated here."])
            emit("private nonisolated let \(FileNames.embeddedName(file))", file, to: &source)
        }
    }

    private func emitExtensions(of file: FileModel, to source: inout SourceWriter) {
        let names =
            file.extensions.indices.map(ExtensionEmitter.constant)
            + file.messages.flatMap(\.withNested).flatMap { message in
                message.extensions.map {
                    "\(spelling.type(.message(message.fullName), in: nil)).\($0.field.swiftName)"
                }
            }
        guard !names.isEmpty else { return }
        source.line()
        source.array("\(style.access)static let extensions: [any \(style.runtime).GeneratedExtension] = ", names)
    }

    private func emit(_ head: String, _ file: FileModel, to source: inout SourceWriter) {
        source.line("\(head) = \(style.runtime).FileDescriptor(")
        source.indented { source in
            source.line("\"\(Style.escaped(file.name))\",")
            if !file.imports.isEmpty {
                source.line("imports: [")
                source.indented { source in
                    source.elements(file.imports) { name, comma, source in
                        source.line(files.descriptor(of: name) + comma)
                    }
                }
                source.line("],")
            }
            source.line("base64: \"\"\"")
            source.indented { source in
                let lines = Base64.lines(file.descriptor)
                for line in lines.dropLast() { source.line(line + "\\") }
                source.line(lines.last ?? "")
                source.line("\"\"\")")
            }
        }
    }
}

/// Base64 (RFC 4648, section 4) in lines for a string literal.
private enum Base64 {
    /// Enough for 100 characters.
    private static let bytesPerLine = 75
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func lines(_ bytes: [UInt8]) -> [String] {
        let alphabet = alphabet
        return stride(from: 0, to: bytes.count, by: bytesPerLine).map { start in
            line(bytes[start..<min(start + bytesPerLine, bytes.count)], alphabet)
        }
    }

    private static func line(_ bytes: ArraySlice<UInt8>, _ alphabet: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 3) {
            let count = min(3, bytes.endIndex - start)
            var bits = UInt32(bytes[start]) << 16
            if count > 1 { bits |= UInt32(bytes[start + 1]) << 8 }
            if count > 2 { bits |= UInt32(bytes[start + 2]) }
            for index in 0..<4 {
                text.append(index > count ? UInt8(ascii: "=") : alphabet[Int(bits >> UInt32(18 - 6 * index)) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
