internal import MartletDescriptors
internal import MartletMessages

extension GoogleProtobuf.FileOptions: OptionsMessage {
    static var target: OptionTarget { .file }
    static let builtins: [String: BuiltinOption<Self>] = [
        "java_package": .string(1, \.javaPackage),
        "java_outer_classname": .string(8, \.javaOuterClassname),
        "optimize_for": .choice(
            9, \.optimizeFor, ["SPEED": .speed, "CODE_SIZE": .codeSize, "LITE_RUNTIME": .liteRuntime]),
        "java_multiple_files": .bool(10, \.javaMultipleFiles),
        "go_package": .string(11, \.goPackage),
        "cc_generic_services": .bool(16, \.ccGenericServices),
        "java_generic_services": .bool(17, \.javaGenericServices),
        "py_generic_services": .bool(18, \.pyGenericServices),
        "java_generate_equals_and_hash": .bool(20, \.javaGenerateEqualsAndHash),
        "deprecated": .bool(23, \.deprecated),
        "java_string_check_utf8": .bool(27, \.javaStringCheckUtf8),
        "cc_enable_arenas": .bool(31, \.ccEnableArenas),
        "objc_class_prefix": .string(36, \.objcClassPrefix),
        "csharp_namespace": .string(37, \.csharpNamespace),
        "swift_prefix": .string(39, \.swiftPrefix),
        "php_class_prefix": .string(40, \.phpClassPrefix),
        "php_namespace": .string(41, \.phpNamespace),
        "php_metadata_namespace": .string(44, \.phpMetadataNamespace),
        "ruby_package": .string(45, \.rubyPackage),
    ]
}

extension GoogleProtobuf.MessageOptions: OptionsMessage {
    static var target: OptionTarget { .message }
    static let builtins: [String: BuiltinOption<Self>] = [
        "message_set_wire_format": .bool(1, \.messageSetWireFormat),
        "no_standard_descriptor_accessor": .bool(2, \.noStandardDescriptorAccessor),
        "deprecated": .bool(3, \.deprecated),
        "deprecated_legacy_json_field_conflicts": .bool(11, \.deprecatedLegacyJsonFieldConflicts),
    ]
}

extension GoogleProtobuf.FieldOptions: OptionsMessage {
    static var target: OptionTarget { .field }
    static let builtins: [String: BuiltinOption<Self>] = [
        "ctype": .choice(1, \.ctype, ["STRING": .string, "CORD": .cord, "STRING_PIECE": .stringPiece]),
        "packed": .bool(2, \.packed),
        "deprecated": .bool(3, \.deprecated),
        "lazy": .bool(5, \.lazy),
        "jstype": .choice(
            6, \.jstype, ["JS_NORMAL": .jsNormal, "JS_STRING": .jsString, "JS_NUMBER": .jsNumber]),
        "weak": .bool(10, \.weak),
        "unverified_lazy": .bool(15, \.unverifiedLazy),
        "debug_redact": .bool(16, \.debugRedact),
        "retention": .choice(
            17, \.retention,
            [
                "RETENTION_UNKNOWN": .retentionUnknown, "RETENTION_RUNTIME": .retentionRuntime,
                "RETENTION_SOURCE": .retentionSource,
            ]),
    ]
}

extension GoogleProtobuf.OneofOptions: OptionsMessage {
    static var target: OptionTarget { .oneof }
    static let builtins: [String: BuiltinOption<Self>] = [:]
}

extension GoogleProtobuf.ExtensionRangeOptions: OptionsMessage {
    static var target: OptionTarget { .extensionRange }
    static let builtins: [String: BuiltinOption<Self>] = [
        "verification": .choice(3, \.verification, ["DECLARATION": .declaration, "UNVERIFIED": .unverified])
    ]
}

extension GoogleProtobuf.EnumOptions: OptionsMessage {
    static var target: OptionTarget { .enumeration }
    static let builtins: [String: BuiltinOption<Self>] = [
        "allow_alias": .bool(2, \.allowAlias),
        "deprecated": .bool(3, \.deprecated),
        "deprecated_legacy_json_field_conflicts": .bool(6, \.deprecatedLegacyJsonFieldConflicts),
    ]
}

extension GoogleProtobuf.EnumValueOptions: OptionsMessage {
    static var target: OptionTarget { .enumValue }
    static let builtins: [String: BuiltinOption<Self>] = [
        "deprecated": .bool(1, \.deprecated),
        "debug_redact": .bool(3, \.debugRedact),
    ]
}

extension GoogleProtobuf.ServiceOptions: OptionsMessage {
    static var target: OptionTarget { .service }
    static let builtins: [String: BuiltinOption<Self>] = ["deprecated": .bool(33, \.deprecated)]
}

extension GoogleProtobuf.MethodOptions: OptionsMessage {
    static var target: OptionTarget { .method }
    static let builtins: [String: BuiltinOption<Self>] = [
        "deprecated": .bool(33, \.deprecated),
        "idempotency_level": .choice(
            34, \.idempotencyLevel,
            [
                "IDEMPOTENCY_UNKNOWN": .idempotencyUnknown, "NO_SIDE_EFFECTS": .noSideEffects,
                "IDEMPOTENT": .idempotent,
            ]),
    ]
}
