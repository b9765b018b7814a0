/// How names of a `.proto` file become names in Swift. Pure functions: the same name in gives the same name out.
enum Naming {
    /// Fields, oneofs and methods: `created_at` → `createdAt`, `GetUser` → `getUser`, `URL` → `url`.
    static func lowerCamel(_ name: String) -> String {
        let words = name.split(separator: "_")
        guard let first = words.first else { return name }
        let joined = words.dropFirst().reduce(into: lowercasingFirstWord(first)) { $0 += capitalized($1) }
        return startsWithDigit(joined) ? "_\(joined)" : joined
    }

    /// Messages, enums and services keep their own name; oneofs become types: `contact_info` → `ContactInfo`.
    static func upperCamel(_ name: String) -> String {
        let joined = name.split(separator: "_").reduce(into: "") { $0 += capitalized($1) }
        return joined.isEmpty || startsWithDigit(joined) ? "_\(joined)" : joined
    }

    /// A message, enum or service. Only its first letter may change, since Swift's types start in upper case.
    static func typeName(_ name: String, suffix: String) -> String {
        let capitalized = capitalized(name[...])
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
        let words = path.split { !$0.isASCII || !$0.isLetter && !$0.isNumber }
        return upperCamel(words.joined(separator: "_")).replacing(/Proto$/, with: "") + "Proto"
    }

    /// What protoc makes a field's name in JSON: `display_name` → `displayName`.
    static func jsonName(_ name: String) -> String {
        var isUpper = false
        return String(
            name.compactMap { character -> Character? in
                defer { isUpper = character == "_" }
                if character == "_" { return nil }
                return isUpper && character.isASCII ? Character(character.uppercased()) : character
            })
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

    static func capitalized(_ word: Substring) -> String { word.prefix(1).uppercased() + word.dropFirst() }

    /// `URL` → `url`, `HTTPServer` → `httpServer`, `GetUser` → `getUser`.
    private static func lowercasingFirstWord(_ word: Substring) -> String {
        let upper = word.prefix { $0.isUppercase }
        guard upper.count > 1, let next = word[upper.endIndex...].first else {
            return upper.lowercased() + word[upper.endIndex...]
        }
        let end = next.isLowercase ? word.index(before: upper.endIndex) : upper.endIndex
        return word[..<end].lowercased() + word[end...]
    }

    private static func startsWithDigit(_ name: String) -> Bool { name.first?.isNumber ?? false }
}
