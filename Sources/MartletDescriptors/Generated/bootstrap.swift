public import MartletMessages

nonisolated extension GoogleProtobuf {
    public nonisolated enum Edition: Sendable, Hashable {
        case `unknown`
        case `legacy`
        case `proto2`
        case `proto3`
        case `edition2023`
        case `edition2024`
        case `edition2026`
        case `unstable`
        case `edition1TestOnly`
        case `edition2TestOnly`
        case `edition99997TestOnly`
        case `edition99998TestOnly`
        case `edition99999TestOnly`
        case `max`
        case unrecognized(Int32)
        public init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .unknown
            case 900: self = .legacy
            case 998: self = .proto2
            case 999: self = .proto3
            case 1000: self = .edition2023
            case 1001: self = .edition2024
            case 1002: self = .edition2026
            case 9999: self = .unstable
            case 1: self = .edition1TestOnly
            case 2: self = .edition2TestOnly
            case 99997: self = .edition99997TestOnly
            case 99998: self = .edition99998TestOnly
            case 99999: self = .edition99999TestOnly
            case 2_147_483_647: self = .max
            default: self = .unrecognized(rawValue)
            }
        }
        public var rawValue: Int32 {
            switch self {
            case .unknown: 0
            case .legacy: 900
            case .proto2: 998
            case .proto3: 999
            case .edition2023: 1000
            case .edition2024: 1001
            case .edition2026: 1002
            case .unstable: 9999
            case .edition1TestOnly: 1
            case .edition2TestOnly: 2
            case .edition99997TestOnly: 99997
            case .edition99998TestOnly: 99998
            case .edition99999TestOnly: 99999
            case .max: 2_147_483_647
            case .unrecognized(let v): v
            }
        }
    }
    public nonisolated enum SymbolVisibility: Sendable, Hashable {
        case `visibilityUnset`
        case `visibilityLocal`
        case `visibilityExport`
        case unrecognized(Int32)
        public init(rawValue: Int32) {
            switch rawValue {
            case 0: self = .visibilityUnset
            case 1: self = .visibilityLocal
            case 2: self = .visibilityExport
            default: self = .unrecognized(rawValue)
            }
        }
        public var rawValue: Int32 {
            switch self {
            case .visibilityUnset: 0
            case .visibilityLocal: 1
            case .visibilityExport: 2
            case .unrecognized(let v): v
            }
        }
    }
    public nonisolated struct FileDescriptorSet: Sendable, Hashable {
        public var file: [GoogleProtobuf.FileDescriptorProto] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(file: [GoogleProtobuf.FileDescriptorProto] = []) {
            self.file = file
        }
    }
    public nonisolated struct FileDescriptorProto: Sendable, Hashable {
        public var name: String? = nil
        public var `package`: String? = nil
        public var dependency: [String] = []
        public var publicDependency: [Int32] = []
        public var weakDependency: [Int32] = []
        public var optionDependency: [String] = []
        public var messageType: [GoogleProtobuf.DescriptorProto] = []
        public var enumType: [GoogleProtobuf.EnumDescriptorProto] = []
        public var service: [GoogleProtobuf.ServiceDescriptorProto] = []
        public var `extension`: [GoogleProtobuf.FieldDescriptorProto] = []
        public var options: GoogleProtobuf.FileOptions? = nil
        public var sourceCodeInfo: GoogleProtobuf.SourceCodeInfo? = nil
        public var syntax: String? = nil
        public var edition: GoogleProtobuf.Edition? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, `package`: String? = nil, dependency: [String] = [], publicDependency: [Int32] = [],
            weakDependency: [Int32] = [], optionDependency: [String] = [],
            messageType: [GoogleProtobuf.DescriptorProto] = [], enumType: [GoogleProtobuf.EnumDescriptorProto] = [],
            service: [GoogleProtobuf.ServiceDescriptorProto] = [],
            `extension`: [GoogleProtobuf.FieldDescriptorProto] = [], options: GoogleProtobuf.FileOptions? = nil,
            sourceCodeInfo: GoogleProtobuf.SourceCodeInfo? = nil, syntax: String? = nil,
            edition: GoogleProtobuf.Edition? = nil
        ) {
            self.name = name
            self.`package` = `package`
            self.dependency = dependency
            self.publicDependency = publicDependency
            self.weakDependency = weakDependency
            self.optionDependency = optionDependency
            self.messageType = messageType
            self.enumType = enumType
            self.service = service
            self.`extension` = `extension`
            self.options = options
            self.sourceCodeInfo = sourceCodeInfo
            self.syntax = syntax
            self.edition = edition
        }
    }
    public nonisolated struct DescriptorProto: Sendable, Hashable {
        public nonisolated struct ExtensionRange: Sendable, Hashable {
            public var start: Int32? = nil
            public var end: Int32? = nil
            public var options: GoogleProtobuf.ExtensionRangeOptions? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(start: Int32? = nil, end: Int32? = nil, options: GoogleProtobuf.ExtensionRangeOptions? = nil) {
                self.start = start
                self.end = end
                self.options = options
            }
        }
        public nonisolated struct ReservedRange: Sendable, Hashable {
            public var start: Int32? = nil
            public var end: Int32? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(start: Int32? = nil, end: Int32? = nil) {
                self.start = start
                self.end = end
            }
        }
        public var name: String? = nil
        public var field: [GoogleProtobuf.FieldDescriptorProto] = []
        public var `extension`: [GoogleProtobuf.FieldDescriptorProto] = []
        public var nestedType: [GoogleProtobuf.DescriptorProto] = []
        public var enumType: [GoogleProtobuf.EnumDescriptorProto] = []
        public var extensionRange: [GoogleProtobuf.DescriptorProto.ExtensionRange] = []
        public var oneofDecl: [GoogleProtobuf.OneofDescriptorProto] = []
        public var options: GoogleProtobuf.MessageOptions? = nil
        public var reservedRange: [GoogleProtobuf.DescriptorProto.ReservedRange] = []
        public var reservedName: [String] = []
        public var visibility: GoogleProtobuf.SymbolVisibility? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, field: [GoogleProtobuf.FieldDescriptorProto] = [],
            `extension`: [GoogleProtobuf.FieldDescriptorProto] = [], nestedType: [GoogleProtobuf.DescriptorProto] = [],
            enumType: [GoogleProtobuf.EnumDescriptorProto] = [],
            extensionRange: [GoogleProtobuf.DescriptorProto.ExtensionRange] = [],
            oneofDecl: [GoogleProtobuf.OneofDescriptorProto] = [], options: GoogleProtobuf.MessageOptions? = nil,
            reservedRange: [GoogleProtobuf.DescriptorProto.ReservedRange] = [], reservedName: [String] = [],
            visibility: GoogleProtobuf.SymbolVisibility? = nil
        ) {
            self.name = name
            self.field = field
            self.`extension` = `extension`
            self.nestedType = nestedType
            self.enumType = enumType
            self.extensionRange = extensionRange
            self.oneofDecl = oneofDecl
            self.options = options
            self.reservedRange = reservedRange
            self.reservedName = reservedName
            self.visibility = visibility
        }
    }
    public nonisolated struct ExtensionRangeOptions: Sendable, Hashable {
        public nonisolated enum VerificationState: Sendable, Hashable {
            case `declaration`
            case `unverified`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .declaration
                case 1: self = .unverified
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .declaration: 0
                case .unverified: 1
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated struct Declaration: Sendable, Hashable {
            public var number: Int32? = nil
            public var fullName: String? = nil
            public var type: String? = nil
            public var reserved: Bool? = nil
            public var repeated: Bool? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(
                number: Int32? = nil, fullName: String? = nil, type: String? = nil, reserved: Bool? = nil,
                repeated: Bool? = nil
            ) {
                self.number = number
                self.fullName = fullName
                self.type = type
                self.reserved = reserved
                self.repeated = repeated
            }
        }
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var declaration: [GoogleProtobuf.ExtensionRangeOptions.Declaration] = []
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var verification: GoogleProtobuf.ExtensionRangeOptions.VerificationState? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = [],
            declaration: [GoogleProtobuf.ExtensionRangeOptions.Declaration] = [],
            features: GoogleProtobuf.FeatureSet? = nil,
            verification: GoogleProtobuf.ExtensionRangeOptions.VerificationState? = nil
        ) {
            self.uninterpretedOption = uninterpretedOption
            self.declaration = declaration
            self.features = features
            self.verification = verification
        }
    }
    public nonisolated struct FieldDescriptorProto: Sendable, Hashable {
        public nonisolated enum TypeEnum: Sendable, Hashable {
            case `double`
            case `float`
            case `int64`
            case `uint64`
            case `int32`
            case `fixed64`
            case `fixed32`
            case `bool`
            case `string`
            case `group`
            case `message`
            case `bytes`
            case `uint32`
            case `enum`
            case `sfixed32`
            case `sfixed64`
            case `sint32`
            case `sint64`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 1: self = .double
                case 2: self = .float
                case 3: self = .int64
                case 4: self = .uint64
                case 5: self = .int32
                case 6: self = .fixed64
                case 7: self = .fixed32
                case 8: self = .bool
                case 9: self = .string
                case 10: self = .group
                case 11: self = .message
                case 12: self = .bytes
                case 13: self = .uint32
                case 14: self = .enum
                case 15: self = .sfixed32
                case 16: self = .sfixed64
                case 17: self = .sint32
                case 18: self = .sint64
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .double: 1
                case .float: 2
                case .int64: 3
                case .uint64: 4
                case .int32: 5
                case .fixed64: 6
                case .fixed32: 7
                case .bool: 8
                case .string: 9
                case .group: 10
                case .message: 11
                case .bytes: 12
                case .uint32: 13
                case .enum: 14
                case .sfixed32: 15
                case .sfixed64: 16
                case .sint32: 17
                case .sint64: 18
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum Label: Sendable, Hashable {
            case `optional`
            case `repeated`
            case `required`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 1: self = .optional
                case 3: self = .repeated
                case 2: self = .required
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .optional: 1
                case .repeated: 3
                case .required: 2
                case .unrecognized(let v): v
                }
            }
        }
        public var name: String? = nil
        public var number: Int32? = nil
        public var label: GoogleProtobuf.FieldDescriptorProto.Label? = nil
        public var type: GoogleProtobuf.FieldDescriptorProto.TypeEnum? = nil
        public var typeName: String? = nil
        public var extendee: String? = nil
        public var defaultValue: String? = nil
        public var oneofIndex: Int32? = nil
        public var jsonName: String? = nil
        public var options: GoogleProtobuf.FieldOptions? = nil
        public var proto3Optional: Bool? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, number: Int32? = nil, label: GoogleProtobuf.FieldDescriptorProto.Label? = nil,
            type: GoogleProtobuf.FieldDescriptorProto.TypeEnum? = nil, typeName: String? = nil, extendee: String? = nil,
            defaultValue: String? = nil, oneofIndex: Int32? = nil, jsonName: String? = nil,
            options: GoogleProtobuf.FieldOptions? = nil, proto3Optional: Bool? = nil
        ) {
            self.name = name
            self.number = number
            self.label = label
            self.type = type
            self.typeName = typeName
            self.extendee = extendee
            self.defaultValue = defaultValue
            self.oneofIndex = oneofIndex
            self.jsonName = jsonName
            self.options = options
            self.proto3Optional = proto3Optional
        }
    }
    public nonisolated struct OneofDescriptorProto: Sendable, Hashable {
        public var name: String? = nil
        public var options: GoogleProtobuf.OneofOptions? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(name: String? = nil, options: GoogleProtobuf.OneofOptions? = nil) {
            self.name = name
            self.options = options
        }
    }
    public nonisolated struct EnumDescriptorProto: Sendable, Hashable {
        public nonisolated struct EnumReservedRange: Sendable, Hashable {
            public var start: Int32? = nil
            public var end: Int32? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(start: Int32? = nil, end: Int32? = nil) {
                self.start = start
                self.end = end
            }
        }
        public var name: String? = nil
        public var value: [GoogleProtobuf.EnumValueDescriptorProto] = []
        public var options: GoogleProtobuf.EnumOptions? = nil
        public var reservedRange: [GoogleProtobuf.EnumDescriptorProto.EnumReservedRange] = []
        public var reservedName: [String] = []
        public var visibility: GoogleProtobuf.SymbolVisibility? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, value: [GoogleProtobuf.EnumValueDescriptorProto] = [],
            options: GoogleProtobuf.EnumOptions? = nil,
            reservedRange: [GoogleProtobuf.EnumDescriptorProto.EnumReservedRange] = [], reservedName: [String] = [],
            visibility: GoogleProtobuf.SymbolVisibility? = nil
        ) {
            self.name = name
            self.value = value
            self.options = options
            self.reservedRange = reservedRange
            self.reservedName = reservedName
            self.visibility = visibility
        }
    }
    public nonisolated struct EnumValueDescriptorProto: Sendable, Hashable {
        public var name: String? = nil
        public var number: Int32? = nil
        public var options: GoogleProtobuf.EnumValueOptions? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(name: String? = nil, number: Int32? = nil, options: GoogleProtobuf.EnumValueOptions? = nil) {
            self.name = name
            self.number = number
            self.options = options
        }
    }
    public nonisolated struct ServiceDescriptorProto: Sendable, Hashable {
        public var name: String? = nil
        public var method: [GoogleProtobuf.MethodDescriptorProto] = []
        public var options: GoogleProtobuf.ServiceOptions? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, method: [GoogleProtobuf.MethodDescriptorProto] = [],
            options: GoogleProtobuf.ServiceOptions? = nil
        ) {
            self.name = name
            self.method = method
            self.options = options
        }
    }
    public nonisolated struct MethodDescriptorProto: Sendable, Hashable {
        public var name: String? = nil
        public var inputType: String? = nil
        public var outputType: String? = nil
        public var options: GoogleProtobuf.MethodOptions? = nil
        public var clientStreaming: Bool? = nil
        public var serverStreaming: Bool? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: String? = nil, inputType: String? = nil, outputType: String? = nil,
            options: GoogleProtobuf.MethodOptions? = nil, clientStreaming: Bool? = nil, serverStreaming: Bool? = nil
        ) {
            self.name = name
            self.inputType = inputType
            self.outputType = outputType
            self.options = options
            self.clientStreaming = clientStreaming
            self.serverStreaming = serverStreaming
        }
    }
    public nonisolated struct FileOptions: Sendable, Hashable {
        public nonisolated enum OptimizeMode: Sendable, Hashable {
            case `speed`
            case `codeSize`
            case `liteRuntime`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 1: self = .speed
                case 2: self = .codeSize
                case 3: self = .liteRuntime
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .speed: 1
                case .codeSize: 2
                case .liteRuntime: 3
                case .unrecognized(let v): v
                }
            }
        }
        public var javaPackage: String? = nil
        public var javaOuterClassname: String? = nil
        public var javaMultipleFiles: Bool? = nil
        public var javaGenerateEqualsAndHash: Bool? = nil
        public var javaStringCheckUtf8: Bool? = nil
        public var optimizeFor: GoogleProtobuf.FileOptions.OptimizeMode? = nil
        public var goPackage: String? = nil
        public var ccGenericServices: Bool? = nil
        public var javaGenericServices: Bool? = nil
        public var pyGenericServices: Bool? = nil
        public var deprecated: Bool? = nil
        public var ccEnableArenas: Bool? = nil
        public var objcClassPrefix: String? = nil
        public var csharpNamespace: String? = nil
        public var swiftPrefix: String? = nil
        public var phpClassPrefix: String? = nil
        public var phpNamespace: String? = nil
        public var phpMetadataNamespace: String? = nil
        public var rubyPackage: String? = nil
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            javaPackage: String? = nil, javaOuterClassname: String? = nil, javaMultipleFiles: Bool? = nil,
            javaGenerateEqualsAndHash: Bool? = nil, javaStringCheckUtf8: Bool? = nil,
            optimizeFor: GoogleProtobuf.FileOptions.OptimizeMode? = nil, goPackage: String? = nil,
            ccGenericServices: Bool? = nil, javaGenericServices: Bool? = nil, pyGenericServices: Bool? = nil,
            deprecated: Bool? = nil, ccEnableArenas: Bool? = nil, objcClassPrefix: String? = nil,
            csharpNamespace: String? = nil, swiftPrefix: String? = nil, phpClassPrefix: String? = nil,
            phpNamespace: String? = nil, phpMetadataNamespace: String? = nil, rubyPackage: String? = nil,
            features: GoogleProtobuf.FeatureSet? = nil, uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.javaPackage = javaPackage
            self.javaOuterClassname = javaOuterClassname
            self.javaMultipleFiles = javaMultipleFiles
            self.javaGenerateEqualsAndHash = javaGenerateEqualsAndHash
            self.javaStringCheckUtf8 = javaStringCheckUtf8
            self.optimizeFor = optimizeFor
            self.goPackage = goPackage
            self.ccGenericServices = ccGenericServices
            self.javaGenericServices = javaGenericServices
            self.pyGenericServices = pyGenericServices
            self.deprecated = deprecated
            self.ccEnableArenas = ccEnableArenas
            self.objcClassPrefix = objcClassPrefix
            self.csharpNamespace = csharpNamespace
            self.swiftPrefix = swiftPrefix
            self.phpClassPrefix = phpClassPrefix
            self.phpNamespace = phpNamespace
            self.phpMetadataNamespace = phpMetadataNamespace
            self.rubyPackage = rubyPackage
            self.features = features
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct MessageOptions: Sendable, Hashable {
        public var messageSetWireFormat: Bool? = nil
        public var noStandardDescriptorAccessor: Bool? = nil
        public var deprecated: Bool? = nil
        public var mapEntry: Bool? = nil
        public var deprecatedLegacyJsonFieldConflicts: Bool? = nil
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            messageSetWireFormat: Bool? = nil, noStandardDescriptorAccessor: Bool? = nil, deprecated: Bool? = nil,
            mapEntry: Bool? = nil, deprecatedLegacyJsonFieldConflicts: Bool? = nil,
            features: GoogleProtobuf.FeatureSet? = nil, uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.messageSetWireFormat = messageSetWireFormat
            self.noStandardDescriptorAccessor = noStandardDescriptorAccessor
            self.deprecated = deprecated
            self.mapEntry = mapEntry
            self.deprecatedLegacyJsonFieldConflicts = deprecatedLegacyJsonFieldConflicts
            self.features = features
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct FieldOptions: Sendable, Hashable {
        public nonisolated enum CType: Sendable, Hashable {
            case `string`
            case `cord`
            case `stringPiece`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .string
                case 1: self = .cord
                case 2: self = .stringPiece
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .string: 0
                case .cord: 1
                case .stringPiece: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum JSType: Sendable, Hashable {
            case `jsNormal`
            case `jsString`
            case `jsNumber`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .jsNormal
                case 1: self = .jsString
                case 2: self = .jsNumber
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .jsNormal: 0
                case .jsString: 1
                case .jsNumber: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum OptionRetention: Sendable, Hashable {
            case `retentionUnknown`
            case `retentionRuntime`
            case `retentionSource`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .retentionUnknown
                case 1: self = .retentionRuntime
                case 2: self = .retentionSource
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .retentionUnknown: 0
                case .retentionRuntime: 1
                case .retentionSource: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum OptionTargetType: Sendable, Hashable {
            case `targetTypeUnknown`
            case `targetTypeFile`
            case `targetTypeExtensionRange`
            case `targetTypeMessage`
            case `targetTypeField`
            case `targetTypeOneof`
            case `targetTypeEnum`
            case `targetTypeEnumEntry`
            case `targetTypeService`
            case `targetTypeMethod`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .targetTypeUnknown
                case 1: self = .targetTypeFile
                case 2: self = .targetTypeExtensionRange
                case 3: self = .targetTypeMessage
                case 4: self = .targetTypeField
                case 5: self = .targetTypeOneof
                case 6: self = .targetTypeEnum
                case 7: self = .targetTypeEnumEntry
                case 8: self = .targetTypeService
                case 9: self = .targetTypeMethod
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .targetTypeUnknown: 0
                case .targetTypeFile: 1
                case .targetTypeExtensionRange: 2
                case .targetTypeMessage: 3
                case .targetTypeField: 4
                case .targetTypeOneof: 5
                case .targetTypeEnum: 6
                case .targetTypeEnumEntry: 7
                case .targetTypeService: 8
                case .targetTypeMethod: 9
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated struct EditionDefault: Sendable, Hashable {
            public var edition: GoogleProtobuf.Edition? = nil
            public var value: String? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(edition: GoogleProtobuf.Edition? = nil, value: String? = nil) {
                self.edition = edition
                self.value = value
            }
        }
        public nonisolated struct FeatureSupport: Sendable, Hashable {
            public var editionIntroduced: GoogleProtobuf.Edition? = nil
            public var editionDeprecated: GoogleProtobuf.Edition? = nil
            public var deprecationWarning: String? = nil
            public var editionRemoved: GoogleProtobuf.Edition? = nil
            public var removalError: String? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(
                editionIntroduced: GoogleProtobuf.Edition? = nil, editionDeprecated: GoogleProtobuf.Edition? = nil,
                deprecationWarning: String? = nil, editionRemoved: GoogleProtobuf.Edition? = nil,
                removalError: String? = nil
            ) {
                self.editionIntroduced = editionIntroduced
                self.editionDeprecated = editionDeprecated
                self.deprecationWarning = deprecationWarning
                self.editionRemoved = editionRemoved
                self.removalError = removalError
            }
        }
        public var ctype: GoogleProtobuf.FieldOptions.CType? = nil
        public var packed: Bool? = nil
        public var jstype: GoogleProtobuf.FieldOptions.JSType? = nil
        public var lazy: Bool? = nil
        public var unverifiedLazy: Bool? = nil
        public var deprecated: Bool? = nil
        public var weak: Bool? = nil
        public var debugRedact: Bool? = nil
        public var retention: GoogleProtobuf.FieldOptions.OptionRetention? = nil
        public var targets: [GoogleProtobuf.FieldOptions.OptionTargetType] = []
        public var editionDefaults: [GoogleProtobuf.FieldOptions.EditionDefault] = []
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var featureSupport: GoogleProtobuf.FieldOptions.FeatureSupport? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            ctype: GoogleProtobuf.FieldOptions.CType? = nil, packed: Bool? = nil,
            jstype: GoogleProtobuf.FieldOptions.JSType? = nil, lazy: Bool? = nil, unverifiedLazy: Bool? = nil,
            deprecated: Bool? = nil, weak: Bool? = nil, debugRedact: Bool? = nil,
            retention: GoogleProtobuf.FieldOptions.OptionRetention? = nil,
            targets: [GoogleProtobuf.FieldOptions.OptionTargetType] = [],
            editionDefaults: [GoogleProtobuf.FieldOptions.EditionDefault] = [],
            features: GoogleProtobuf.FeatureSet? = nil,
            featureSupport: GoogleProtobuf.FieldOptions.FeatureSupport? = nil,
            uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.ctype = ctype
            self.packed = packed
            self.jstype = jstype
            self.lazy = lazy
            self.unverifiedLazy = unverifiedLazy
            self.deprecated = deprecated
            self.weak = weak
            self.debugRedact = debugRedact
            self.retention = retention
            self.targets = targets
            self.editionDefaults = editionDefaults
            self.features = features
            self.featureSupport = featureSupport
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct OneofOptions: Sendable, Hashable {
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            features: GoogleProtobuf.FeatureSet? = nil, uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.features = features
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct EnumOptions: Sendable, Hashable {
        public var allowAlias: Bool? = nil
        public var deprecated: Bool? = nil
        public var deprecatedLegacyJsonFieldConflicts: Bool? = nil
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            allowAlias: Bool? = nil, deprecated: Bool? = nil, deprecatedLegacyJsonFieldConflicts: Bool? = nil,
            features: GoogleProtobuf.FeatureSet? = nil, uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.allowAlias = allowAlias
            self.deprecated = deprecated
            self.deprecatedLegacyJsonFieldConflicts = deprecatedLegacyJsonFieldConflicts
            self.features = features
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct EnumValueOptions: Sendable, Hashable {
        public var deprecated: Bool? = nil
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var debugRedact: Bool? = nil
        public var featureSupport: GoogleProtobuf.FieldOptions.FeatureSupport? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            deprecated: Bool? = nil, features: GoogleProtobuf.FeatureSet? = nil, debugRedact: Bool? = nil,
            featureSupport: GoogleProtobuf.FieldOptions.FeatureSupport? = nil,
            uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.deprecated = deprecated
            self.features = features
            self.debugRedact = debugRedact
            self.featureSupport = featureSupport
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct ServiceOptions: Sendable, Hashable {
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var deprecated: Bool? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            features: GoogleProtobuf.FeatureSet? = nil, deprecated: Bool? = nil,
            uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.features = features
            self.deprecated = deprecated
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct MethodOptions: Sendable, Hashable {
        public nonisolated enum IdempotencyLevel: Sendable, Hashable {
            case `idempotencyUnknown`
            case `noSideEffects`
            case `idempotent`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .idempotencyUnknown
                case 1: self = .noSideEffects
                case 2: self = .idempotent
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .idempotencyUnknown: 0
                case .noSideEffects: 1
                case .idempotent: 2
                case .unrecognized(let v): v
                }
            }
        }
        public var deprecated: Bool? = nil
        public var idempotencyLevel: GoogleProtobuf.MethodOptions.IdempotencyLevel? = nil
        public var features: GoogleProtobuf.FeatureSet? = nil
        public var uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            deprecated: Bool? = nil, idempotencyLevel: GoogleProtobuf.MethodOptions.IdempotencyLevel? = nil,
            features: GoogleProtobuf.FeatureSet? = nil, uninterpretedOption: [GoogleProtobuf.UninterpretedOption] = []
        ) {
            self.deprecated = deprecated
            self.idempotencyLevel = idempotencyLevel
            self.features = features
            self.uninterpretedOption = uninterpretedOption
        }
    }
    public nonisolated struct UninterpretedOption: Sendable, Hashable {
        public nonisolated struct NamePart: Sendable, Hashable {
            public var namePart: String = ""
            public var isExtension: Bool = false
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(namePart: String = "", isExtension: Bool = false) {
                self.namePart = namePart
                self.isExtension = isExtension
            }
        }
        public var name: [GoogleProtobuf.UninterpretedOption.NamePart] = []
        public var identifierValue: String? = nil
        public var positiveIntValue: UInt64? = nil
        public var negativeIntValue: Int64? = nil
        public var doubleValue: Double? = nil
        public var stringValue: [UInt8]? = nil
        public var aggregateValue: String? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            name: [GoogleProtobuf.UninterpretedOption.NamePart] = [], identifierValue: String? = nil,
            positiveIntValue: UInt64? = nil, negativeIntValue: Int64? = nil, doubleValue: Double? = nil,
            stringValue: [UInt8]? = nil, aggregateValue: String? = nil
        ) {
            self.name = name
            self.identifierValue = identifierValue
            self.positiveIntValue = positiveIntValue
            self.negativeIntValue = negativeIntValue
            self.doubleValue = doubleValue
            self.stringValue = stringValue
            self.aggregateValue = aggregateValue
        }
    }
    public nonisolated struct FeatureSet: Sendable, Hashable {
        public nonisolated enum FieldPresence: Sendable, Hashable {
            case `unknown`
            case `explicit`
            case `implicit`
            case `legacyRequired`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .explicit
                case 2: self = .implicit
                case 3: self = .legacyRequired
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .explicit: 1
                case .implicit: 2
                case .legacyRequired: 3
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum EnumType: Sendable, Hashable {
            case `unknown`
            case `open`
            case `closed`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .open
                case 2: self = .closed
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .open: 1
                case .closed: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum RepeatedFieldEncoding: Sendable, Hashable {
            case `unknown`
            case `packed`
            case `expanded`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .packed
                case 2: self = .expanded
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .packed: 1
                case .expanded: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum Utf8Validation: Sendable, Hashable {
            case `unknown`
            case `verify`
            case `none`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 2: self = .verify
                case 3: self = .none
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .verify: 2
                case .none: 3
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum MessageEncoding: Sendable, Hashable {
            case `unknown`
            case `lengthPrefixed`
            case `delimited`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .lengthPrefixed
                case 2: self = .delimited
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .lengthPrefixed: 1
                case .delimited: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum JsonFormat: Sendable, Hashable {
            case `unknown`
            case `allow`
            case `legacyBestEffort`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .allow
                case 2: self = .legacyBestEffort
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .allow: 1
                case .legacyBestEffort: 2
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated enum EnforceNamingStyle: Sendable, Hashable {
            case `unknown`
            case `style2024`
            case `styleLegacy`
            case `style2026`
            case unrecognized(Int32)
            public init(rawValue: Int32) {
                switch rawValue {
                case 0: self = .unknown
                case 1: self = .style2024
                case 2: self = .styleLegacy
                case 3: self = .style2026
                default: self = .unrecognized(rawValue)
                }
            }
            public var rawValue: Int32 {
                switch self {
                case .unknown: 0
                case .style2024: 1
                case .styleLegacy: 2
                case .style2026: 3
                case .unrecognized(let v): v
                }
            }
        }
        public nonisolated struct VisibilityFeature: Sendable, Hashable {
            public nonisolated enum DefaultSymbolVisibility: Sendable, Hashable {
                case `unknown`
                case `exportAll`
                case `exportTopLevel`
                case `localAll`
                case `strict`
                case unrecognized(Int32)
                public init(rawValue: Int32) {
                    switch rawValue {
                    case 0: self = .unknown
                    case 1: self = .exportAll
                    case 2: self = .exportTopLevel
                    case 3: self = .localAll
                    case 4: self = .strict
                    default: self = .unrecognized(rawValue)
                    }
                }
                public var rawValue: Int32 {
                    switch self {
                    case .unknown: 0
                    case .exportAll: 1
                    case .exportTopLevel: 2
                    case .localAll: 3
                    case .strict: 4
                    case .unrecognized(let v): v
                    }
                }
            }
            public var unknownFields: [UInt8] = []
            public init() {}
        }
        public nonisolated struct ProtoLimitsFeature: Sendable, Hashable {
            public nonisolated enum EnforceProtoLimits: Sendable, Hashable {
                case `protoLimitsUnknown`
                case `legacyNoExplicitLimits`
                case `protoLimits2026`
                case unrecognized(Int32)
                public init(rawValue: Int32) {
                    switch rawValue {
                    case 0: self = .protoLimitsUnknown
                    case 1: self = .legacyNoExplicitLimits
                    case 2: self = .protoLimits2026
                    default: self = .unrecognized(rawValue)
                    }
                }
                public var rawValue: Int32 {
                    switch self {
                    case .protoLimitsUnknown: 0
                    case .legacyNoExplicitLimits: 1
                    case .protoLimits2026: 2
                    case .unrecognized(let v): v
                    }
                }
            }
            public var unknownFields: [UInt8] = []
            public init() {}
        }
        public var fieldPresence: GoogleProtobuf.FeatureSet.FieldPresence? = nil
        public var enumType: GoogleProtobuf.FeatureSet.EnumType? = nil
        public var repeatedFieldEncoding: GoogleProtobuf.FeatureSet.RepeatedFieldEncoding? = nil
        public var utf8Validation: GoogleProtobuf.FeatureSet.Utf8Validation? = nil
        public var messageEncoding: GoogleProtobuf.FeatureSet.MessageEncoding? = nil
        public var jsonFormat: GoogleProtobuf.FeatureSet.JsonFormat? = nil
        public var enforceNamingStyle: GoogleProtobuf.FeatureSet.EnforceNamingStyle? = nil
        public var defaultSymbolVisibility: GoogleProtobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility? = nil
        public var enforceProtoLimits: GoogleProtobuf.FeatureSet.ProtoLimitsFeature.EnforceProtoLimits? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            fieldPresence: GoogleProtobuf.FeatureSet.FieldPresence? = nil,
            enumType: GoogleProtobuf.FeatureSet.EnumType? = nil,
            repeatedFieldEncoding: GoogleProtobuf.FeatureSet.RepeatedFieldEncoding? = nil,
            utf8Validation: GoogleProtobuf.FeatureSet.Utf8Validation? = nil,
            messageEncoding: GoogleProtobuf.FeatureSet.MessageEncoding? = nil,
            jsonFormat: GoogleProtobuf.FeatureSet.JsonFormat? = nil,
            enforceNamingStyle: GoogleProtobuf.FeatureSet.EnforceNamingStyle? = nil,
            defaultSymbolVisibility: GoogleProtobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility? = nil,
            enforceProtoLimits: GoogleProtobuf.FeatureSet.ProtoLimitsFeature.EnforceProtoLimits? = nil
        ) {
            self.fieldPresence = fieldPresence
            self.enumType = enumType
            self.repeatedFieldEncoding = repeatedFieldEncoding
            self.utf8Validation = utf8Validation
            self.messageEncoding = messageEncoding
            self.jsonFormat = jsonFormat
            self.enforceNamingStyle = enforceNamingStyle
            self.defaultSymbolVisibility = defaultSymbolVisibility
            self.enforceProtoLimits = enforceProtoLimits
        }
    }
    public nonisolated struct FeatureSetDefaults: Sendable, Hashable {
        public nonisolated struct FeatureSetEditionDefault: Sendable, Hashable {
            public var edition: GoogleProtobuf.Edition? = nil
            public var overridableFeatures: GoogleProtobuf.FeatureSet? = nil
            public var fixedFeatures: GoogleProtobuf.FeatureSet? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(
                edition: GoogleProtobuf.Edition? = nil, overridableFeatures: GoogleProtobuf.FeatureSet? = nil,
                fixedFeatures: GoogleProtobuf.FeatureSet? = nil
            ) {
                self.edition = edition
                self.overridableFeatures = overridableFeatures
                self.fixedFeatures = fixedFeatures
            }
        }
        public var defaults: [GoogleProtobuf.FeatureSetDefaults.FeatureSetEditionDefault] = []
        public var minimumEdition: GoogleProtobuf.Edition? = nil
        public var maximumEdition: GoogleProtobuf.Edition? = nil
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(
            defaults: [GoogleProtobuf.FeatureSetDefaults.FeatureSetEditionDefault] = [],
            minimumEdition: GoogleProtobuf.Edition? = nil, maximumEdition: GoogleProtobuf.Edition? = nil
        ) {
            self.defaults = defaults
            self.minimumEdition = minimumEdition
            self.maximumEdition = maximumEdition
        }
    }
    public nonisolated struct SourceCodeInfo: Sendable, Hashable {
        public nonisolated struct Location: Sendable, Hashable {
            public var path: [Int32] = []
            public var span: [Int32] = []
            public var leadingComments: String? = nil
            public var trailingComments: String? = nil
            public var leadingDetachedComments: [String] = []
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(
                path: [Int32] = [], span: [Int32] = [], leadingComments: String? = nil, trailingComments: String? = nil,
                leadingDetachedComments: [String] = []
            ) {
                self.path = path
                self.span = span
                self.leadingComments = leadingComments
                self.trailingComments = trailingComments
                self.leadingDetachedComments = leadingDetachedComments
            }
        }
        public var location: [GoogleProtobuf.SourceCodeInfo.Location] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(location: [GoogleProtobuf.SourceCodeInfo.Location] = []) {
            self.location = location
        }
    }
    public nonisolated struct GeneratedCodeInfo: Sendable, Hashable {
        public nonisolated struct Annotation: Sendable, Hashable {
            public nonisolated enum Semantic: Sendable, Hashable {
                case `none`
                case `set`
                case `alias`
                case unrecognized(Int32)
                public init(rawValue: Int32) {
                    switch rawValue {
                    case 0: self = .none
                    case 1: self = .set
                    case 2: self = .alias
                    default: self = .unrecognized(rawValue)
                    }
                }
                public var rawValue: Int32 {
                    switch self {
                    case .none: 0
                    case .set: 1
                    case .alias: 2
                    case .unrecognized(let v): v
                    }
                }
            }
            public var path: [Int32] = []
            public var sourceFile: String? = nil
            public var begin: Int32? = nil
            public var end: Int32? = nil
            public var semantic: GoogleProtobuf.GeneratedCodeInfo.Annotation.Semantic? = nil
            public var unknownFields: [UInt8] = []
            public init() {}
            public init(
                path: [Int32] = [], sourceFile: String? = nil, begin: Int32? = nil, end: Int32? = nil,
                semantic: GoogleProtobuf.GeneratedCodeInfo.Annotation.Semantic? = nil
            ) {
                self.path = path
                self.sourceFile = sourceFile
                self.begin = begin
                self.end = end
                self.semantic = semantic
            }
        }
        public var annotation: [GoogleProtobuf.GeneratedCodeInfo.Annotation] = []
        public var unknownFields: [UInt8] = []
        public init() {}
        public init(annotation: [GoogleProtobuf.GeneratedCodeInfo.Annotation] = []) {
            self.annotation = annotation
        }
    }
}
