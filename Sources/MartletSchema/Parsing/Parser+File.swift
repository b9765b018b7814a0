internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    mutating func parseFile() -> GoogleProtobuf.FileDescriptorProto {
        var file = GoogleProtobuf.FileDescriptorProto()
        let root = open(path: [])
        defer { close(root) }
        if at("syntax") {
            parseOrSkip { (parser) throws(UnreadableStatement) in try parser.parseSyntax(root) }
            if syntax == .proto3 { file.syntax = "proto3" }
        } else if at("edition") {
            guard parseEdition(root) else { return file }
            syntax = .editions
            file.syntax = "editions"
            file.edition = .edition2023
        } else {
            problems.warning(
                at: current.position,
                "the file has no `syntax` and is read as proto2; start it with `syntax = \"proto3\";`")
        }
        while !atEnd {
            if takeEnd(";", of: nil) { continue }
            if at("}") {
                problems.error(at: current.position, "this `}` closes nothing; remove it")
                _ = takeEnd("}", of: nil)
                continue
            }
            parseOrSkip { (parser) throws(UnreadableStatement) in try parser.parseTopLevel(&file, root) }
        }
        return file
    }

    private mutating func parseSyntax(_ root: Int) throws(UnreadableStatement) {
        let location = open(root, FieldNumber.File.syntax)
        defer { close(location) }
        advance()
        try expect("=")
        let position = current.position
        switch try takeString("\"proto3\" or \"proto2\"") {
        case "proto2": syntax = .proto2
        case "proto3": syntax = .proto3
        case let other: problems.error(at: position, "unknown syntax `\(other)`; write \"proto3\" or \"proto2\"")
        }
        try expectSemicolon(of: location)
    }

    /// Returns false, with the problem reported, where the rest of the file follows rules that aren't known.
    private mutating func parseEdition(_ root: Int) -> Bool {
        let location = open(root, FieldNumber.File.syntax)
        defer { close(location) }
        do throws(UnreadableStatement) {
            advance()
            try expect("=")
            let position = current.position
            let edition = try takeString("\"2023\"")
            guard edition == "2023" else {
                let newer = ["2024", "2026", "UNSTABLE"].contains(edition)
                problems.error(
                    at: position,
                    newer
                        ? "edition \(edition) is newer than what Martlet reads; write \"2023\""
                        : "unknown edition `\(edition)`; write \"2023\"")
                return false
            }
            try expectSemicolon(of: location)
            return true
        } catch {
            return false
        }
    }

    private mutating func parseTopLevel(
        _ file: inout GoogleProtobuf.FileDescriptorProto, _ root: Int
    ) throws(UnreadableStatement) {
        switch currentText {
        case "message":
            let location = open(root, FieldNumber.File.messageType, file.messageType.count)
            defer { close(location) }
            file.messageType.append(try parseMessage(location))
        case "enum":
            let location = open(root, FieldNumber.File.enumType, file.enumType.count)
            defer { close(location) }
            file.enumType.append(try parseEnum(location))
        case "service":
            let location = open(root, FieldNumber.File.service, file.service.count)
            defer { close(location) }
            file.service.append(try parseService(location))
        case "extend":
            let location = open(root, FieldNumber.File.extension)
            defer { close(location) }
            try parseExtend(
                &file.extension, groups: &file.messageType, location: location,
                groupParent: (root, FieldNumber.File.messageType))
        case "import":
            try parseImport(&file, root)
        case "package":
            try parsePackage(&file, root)
        case "option":
            let location = open(root, FieldNumber.File.options)
            defer { close(location) }
            var options = file.options.take() ?? .init()
            defer { file.options = options }
            try parseOptionStatement(&options.uninterpretedOption, location)
        case "syntax":
            problems.error(
                at: current.position, "`syntax` has to be the first statement of the file, once, without an `edition`")
            throw UnreadableStatement()
        case "edition":
            problems.error(
                at: current.position, "`edition` has to be the first statement of the file, once, without a `syntax`")
            throw UnreadableStatement()
        case let other:
            let statements = ["message", "enum", "service", "extend", "import", "package", "option", "syntax"]
            throw expected(
                "`message`, `enum`, `service`, `extend`, `import`, `package` or `option`",
                suggestion: Suggestion.closest(to: other, among: statements))
        }
    }

    private mutating func parsePackage(
        _ file: inout GoogleProtobuf.FileDescriptorProto, _ root: Int
    ) throws(UnreadableStatement) {
        if file.package != nil {
            problems.error(at: current.position, "the file already has a package; keep one `package` statement")
        }
        let location = open(root, FieldNumber.File.package)
        defer { close(location) }
        advance()
        var name = try takeIdentifier("a package name")
        while take(".") { name += "." + (try takeIdentifier("a name after `.`")) }
        file.package = name
        try expectSemicolon(of: location)
    }

    private mutating func parseImport(
        _ file: inout GoogleProtobuf.FileDescriptorProto, _ root: Int
    ) throws(UnreadableStatement) {
        let location = open(root, FieldNumber.File.dependency, file.dependency.count)
        defer { close(location) }
        advance()
        if at("public") {
            let keyword = open(root, FieldNumber.File.publicDependency, file.publicDependency.count)
            advance()
            close(keyword)
            file.publicDependency.append(Int32(file.dependency.count))
        } else if at("weak") {
            let keyword = open(root, FieldNumber.File.weakDependency, file.weakDependency.count)
            advance()
            close(keyword)
            file.weakDependency.append(Int32(file.dependency.count))
        }
        file.dependency.append(try takeString("the path of a file in quotes"))
        try expectSemicolon(of: location)
    }
}
