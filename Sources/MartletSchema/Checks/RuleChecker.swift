internal import MartletDescriptors
internal import MartletMessages

/// Checks what can be said about a file only when its names are resolved and its options are known.
///
/// The extensions of this type take one kind of element each.
struct RuleChecker {
    let file: GoogleProtobuf.FileDescriptorProto
    let rules: GoogleProtobuf.Edition
    let symbols: SymbolTable
    var problems: Problems
    /// Of the element at hand, as in `SourceCodeInfo`.
    private var path: [Int32] = []
    /// In force at the element at hand.
    private(set) var features: SchemaFeatures

    /// - Parameter file: linked, with options and locations.
    init(file: GoogleProtobuf.FileDescriptorProto, symbols: SymbolTable, problems: Problems) {
        self.file = file
        self.symbols = symbols
        self.problems = problems
        rules = file.rules
        features = SchemaFeatures(edition: rules)
    }

    /// - Parameter imports: the files that it imports, linked.
    mutating func check(imports: [GoogleProtobuf.FileDescriptorProto]) {
        checkFileFeatures()
        enter(file.options?.features, at: FieldNumber.File.options, FieldNumber.FileOption.features)
        checkImports(imports)
        let package = file.package ?? ""
        for (i, message) in file.messageType.enumerated() {
            descend(FieldNumber.File.messageType, i) { $0.check(message, in: package) }
        }
        for (i, enumeration) in file.enumType.enumerated() {
            descend(FieldNumber.File.enumType, i) { $0.check(enumeration) }
        }
        for (i, field) in file.extension.enumerated() {
            descend(FieldNumber.File.extension, i) { $0.check(field, in: package, isMap: false) }
        }
        for (i, service) in file.service.enumerated() {
            descend(FieldNumber.File.service, i) { $0.check(service) }
        }
    }

    // MARK: The file

    /// What is written for a file without descriptors can't be relied on by one with them.
    private mutating func checkImports(_ imports: [GoogleProtobuf.FileDescriptorProto]) {
        guard !file.isLite else { return }
        for (i, other) in imports.enumerated() where other.isLite {
            error(
                at: FieldNumber.File.dependency, Int32(i),
                message: "`\(other.name ?? "")` is optimized for LITE_RUNTIME; only files that are so too can import it"
            )
        }
    }

    private mutating func check(_ service: GoogleProtobuf.ServiceDescriptorProto) {
        guard file.isLite, file.options?.ccGenericServices == true || file.options?.javaGenericServices == true
        else { return }
        error(
            at: FieldNumber.Service.name,
            message: "a file that is optimized for LITE_RUNTIME has no services while `cc_generic_services` or "
                + "`java_generic_services` is set")
    }

    // MARK: Moving and reporting

    /// Runs `body` with `path` at an element of the one at hand; the features that it meets there end with it.
    mutating func descend(_ number: Int32, _ index: Int, _ body: (inout RuleChecker) -> Void) {
        let outer = features
        path.append(number)
        path.append(Int32(index))
        body(&self)
        path.removeLast(2)
        features = outer
    }

    /// - Parameters:
    ///   - options: the field number of the options in the element at hand.
    ///   - field: that of the features in the options.
    mutating func enter(_ choices: GoogleProtobuf.FeatureSet?, at options: Int32, _ field: Int32) {
        guard let choices else { return }
        features.merge(choices)
        for (feature, name) in choices.undecided {
            error(
                at: options, field, feature,
                message: "`\(name)` has to be a known value, not \(name.uppercased())_UNKNOWN")
        }
    }

    /// - Parameter part: where in the element at hand.
    mutating func error(at part: Int32..., message: String) {
        guard !problems.isFull else { return }
        problems.error(at: position(of: part), message)
    }

    mutating func warning(at part: Int32..., message: String) {
        guard !problems.isFullOfWarnings else { return }
        problems.warning(at: position(of: part), message)
    }

    private func position(of part: [Int32]) -> SchemaPosition? {
        file.sourceCodeInfo?.location.position(of: path + part)
    }
}

extension GoogleProtobuf.FeatureSet {
    /// The features that are set to the value that says nothing, by field number and name.
    fileprivate var undecided: [(Int32, String)] {
        [
            (1, "field_presence", fieldPresence?.rawValue), (2, "enum_type", enumType?.rawValue),
            (3, "repeated_field_encoding", repeatedFieldEncoding?.rawValue),
            (4, "utf8_validation", utf8Validation?.rawValue), (5, "message_encoding", messageEncoding?.rawValue),
            (6, "json_format", jsonFormat?.rawValue),
        ].filter { $0.2 == 0 }.map { ($0.0, $0.1) }
    }
}

extension GoogleProtobuf.FileDescriptorProto {
    /// Meant for the runtimes without descriptors.
    var isLite: Bool { options?.optimizeFor == .liteRuntime }
}
