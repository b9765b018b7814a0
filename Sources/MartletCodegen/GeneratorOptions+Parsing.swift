extension GeneratorOptions {
    /// Sets an option by its name on a command line without dashes, such as `access` or `module`.
    ///
    /// - Returns: what is wrong, to be read after the name; nil if nothing is.
    package mutating func set(_ name: String, to value: String) -> String? {
        switch name {
        case "runtime-module": runtimeModule = value
        case "module-name": moduleName = value
        case "access":
            guard let access = AccessLevel(rawValue: value) else {
                return "is public, package or internal, not \"\(value)\""
            }
            self.access = access
        case "module":
            guard let mapping = ModuleMapping(argument: value) else {
                return "is PATH-PREFIX=MODULE, not \"\(value)\""
            }
            modules.append(mapping)
        case "namespace":
            guard let mapping = NamespaceMapping(argument: value) else {
                return "is package, none or a name for an enum, with PATH-PREFIX= before it or not; not \"\(value)\""
            }
            namespaces.append(mapping)
        case _ where Self.flags.contains(name):
            guard let isOn = Bool(value) else { return "is true or false, not \"\(value)\"" }
            switch name {
            case "views": views = isOn
            case "synchronous": synchronous = isOn
            default: testDoubles = isOn
            }
        default: return "is no option"
        }
        return nil
    }

    /// The options that a command line may give without a value, which then is `true`.
    package static let flags: Set<String> = ["views", "synchronous", "test-doubles"]
}
