internal import MartletDescriptors
internal import MartletMessages

extension Parser {
    mutating func parseService(_ location: Int) throws(UnreadableStatement) -> GoogleProtobuf.ServiceDescriptorProto {
        var service = GoogleProtobuf.ServiceDescriptorProto()
        advance()
        let nameLocation = open(location, FieldNumber.Service.name)
        let name = try takeIdentifier("a service name")
        close(nameLocation)
        service.name = name
        try parseBlock(of: location, "service `\(name)`") { (parser) throws(UnreadableStatement) in
            if parser.at("option") {
                let optionLocation = parser.open(location, FieldNumber.Service.options)
                defer { parser.close(optionLocation) }
                var options = service.options.take() ?? .init()
                defer { service.options = options }
                try parser.parseOptionStatement(&options.uninterpretedOption, optionLocation)
            } else {
                let methodLocation = parser.open(location, FieldNumber.Service.method, service.method.count)
                defer { parser.close(methodLocation) }
                service.method.append(try parser.parseMethod(methodLocation))
            }
        }
        return service
    }

    private mutating func parseMethod(
        _ location: Int
    ) throws(UnreadableStatement) -> GoogleProtobuf.MethodDescriptorProto {
        var method = GoogleProtobuf.MethodDescriptorProto()
        guard take("rpc") else { throw expected("`rpc` or `option`") }
        let nameLocation = open(location, FieldNumber.Method.name)
        let name = try takeIdentifier("a method name")
        close(nameLocation)
        method.name = name

        let (input, clientStreaming) = try parseMethodType(
            location, FieldNumber.Method.inputType, FieldNumber.Method.clientStreaming)
        method.inputType = input
        if clientStreaming { method.clientStreaming = true }
        try expect("returns")
        let (output, serverStreaming) = try parseMethodType(
            location, FieldNumber.Method.outputType, FieldNumber.Method.serverStreaming)
        method.outputType = output
        if serverStreaming { method.serverStreaming = true }

        if at("{") {
            var options = GoogleProtobuf.MethodOptions()
            try parseBlock(of: location, "method `\(name)`") { (parser) throws(UnreadableStatement) in
                let optionLocation = parser.open(location, FieldNumber.Method.options)
                defer { parser.close(optionLocation) }
                guard parser.at("option") else { throw parser.expected("`option`") }
                try parser.parseOptionStatement(&options.uninterpretedOption, optionLocation)
            }
            method.options = options
        } else {
            try expectSemicolon(of: location)
        }
        return method
    }

    /// `(Type)` or `(stream Type)`.
    private mutating func parseMethodType(
        _ location: Int, _ typeNumber: Int32, _ streamingNumber: Int32
    ) throws(UnreadableStatement) -> (name: String, isStream: Bool) {
        try expect("(")
        let isStream = at("stream")
        if isStream {
            let streamLocation = open(location, streamingNumber)
            advance()
            close(streamLocation)
        }
        let typeLocation = open(location, typeNumber)
        let name = try parseTypeName()
        close(typeLocation)
        try expect(")")
        return (name, isStream)
    }
}
