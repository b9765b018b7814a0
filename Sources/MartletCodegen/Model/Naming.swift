/// How names of a `.proto` file become names in Swift. Pure functions: the same name in gives the same name out.
///
/// Protobuf's identifiers are ASCII. Taking them byte by byte is several times as fast as by characters.
enum Naming {
    /// Fields, oneofs and methods: `created_at` → `createdAt`, `GetUser` → `getUser`, `URL` → `url`.
    static func lowerCamel(_ name: String) -> String {
        var camel: [UInt8] = []
        for word in name.utf8.split(separator: UInt8(ascii: "_")) {
            camel += camel.isEmpty ? lowercasingFirstWord(word) : capitalized(word)
        }
        return camel.isEmpty ? name : identifier(camel)
    }

    /// Messages, enums and services keep their own name; oneofs become types: `contact_info` → `ContactInfo`.
    static func upperCamel(_ name: String) -> String {
        let camel = name.utf8.split(separator: UInt8(ascii: "_")).flatMap(capitalized)
        return camel.isEmpty ? "_" : identifier(camel)
    }

    /// A message, enum or service. Only its first letter may change, since Swift's types start in upper case.
    static func typeName(_ name: String, suffix: String) -> String {
        let capitalized = capitalized(name)
        return forbiddenTypeNames.contains(capitalized) ? capitalized + suffix : capitalized
    }

    /// A field or oneof, without backticks.
    static func propertyName(_ name: String, suffix: String) -> String {
        let camel = lowerCamel(name)
        return forbiddenPropertyNames.contains(camel) ? camel + suffix : camel
    }

    /// A member of a oneof, without backticks. `none` and `some` would read as those of Optional.
    static func oneofCaseName(_ name: String) -> String {
        let name = propertyName(name, suffix: "Field")
        return name == "none" || name == "some" ? "\(name)Field" : name
    }

    /// An extension, without backticks.
    static func extensionName(_ name: String) -> String {
        let camel = lowerCamel(name)
        return forbiddenExtensionNames.contains(camel) ? "\(camel)Extension" : camel
    }

    /// An rpc, without backticks.
    static func methodName(_ name: String) -> String {
        let camel = lowerCamel(name)
        return forbiddenMethodNames.contains(camel) ? "\(camel)Method" : camel
    }

    /// A value of an enum: `STATE_ACTIVE` in `State` → `active`. The enum's name stays where what follows it starts
    /// with a digit (`EDITION_2023` → `edition2023`) or where nothing follows.
    static func caseName(_ name: String, inEnum enumName: String) -> String {
        var rest = name[...].drop { $0 == "_" }
        if let end = endOfPrefix(enumName, of: rest) {
            let stripped = rest[end...].drop { $0 == "_" }
            if let first = stripped.first, !first.isNumber { rest = stripped }
        }
        let camel = lowerCamel(rest.contains(where: \.isLowercase) ? String(rest) : rest.lowercased())
        return forbiddenCaseNames.contains(camel) ? "\(camel)Value" : camel
    }

    /// The enum of a file: `users/v1/user-service.proto` → `UsersV1UserServiceProto`.
    static func fileName(_ path: String) -> String {
        let words = path.utf8.split { !$0.isASCIILetter && !$0.isASCIIDigit }.flatMap(capitalized)
        let name = words.isEmpty ? "_" : identifier(words)
        return name.hasSuffix("Proto") ? name : "\(name)Proto"
    }

    /// The name as declarations and uses spell it: with backticks where it is a keyword.
    static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    /// Where the words of `enumName` end in `name`, whatever the case and the underscores of both, if a new word
    /// starts there.
    private static func endOfPrefix(_ enumName: String, of name: Substring) -> String.Index? {
        var wanted = enumName.lowercased()[...].filter { $0 != "_" }[...]
        var index = name.startIndex
        while let next = wanted.first {
            guard index < name.endIndex else { return nil }
            if name[index] != "_" {
                guard name[index].lowercased() == String(next) else { return nil }
                wanted.removeFirst()
            }
            index = name.index(after: index)
        }
        return index < name.endIndex && name[index] == "_" ? index : nil
    }

    static func capitalized(_ name: String) -> String {
        String(decoding: capitalized(Substring(name).utf8), as: UTF8.self)
    }

    private static func capitalized(_ word: Substring.UTF8View) -> [UInt8] {
        var word = Array(word)
        if word.first?.isASCIILowercase == true { word[0] &= ~0x20 }
        return word
    }

    /// `URL` → `url`, `HTTPServer` → `httpServer`, `GetUser` → `getUser`.
    private static func lowercasingFirstWord(_ word: Substring.UTF8View) -> [UInt8] {
        var word = Array(word)
        var end = word.firstIndex { !$0.isASCIIUppercase } ?? word.count
        if end > 1, end < word.count, word[end].isASCIILowercase { end -= 1 }
        for index in 0..<end { word[index] |= 0x20 }
        return word
    }

    /// No identifier starts with a digit.
    private static func identifier(_ camel: [UInt8]) -> String {
        let name = String(decoding: camel, as: UTF8.self)
        return camel.first?.isASCIIDigit == true ? "_\(name)" : name
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    fileprivate var isASCIILowercase: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }

    fileprivate var isASCIIUppercase: Bool { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }

    fileprivate var isASCIILetter: Bool { isASCIILowercase || isASCIIUppercase }
}
