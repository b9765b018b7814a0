internal import MartletMessages

// Answers protobuf's conformance suite, one request at a time, until its runner closes the pipe.
while let bytes = Pipe.readFrame() {
    let response: ConformanceResponse
    do throws(DecodingError) {
        response = Testee.answer(try ConformanceRequest(serialized: bytes))
    } catch {
        response = ConformanceResponse(result: .runtimeError("\(error)"))
    }
    guard let answer = try? response.serialized() else { fatalError("an answer passes protobuf's limit of 2 GiB") }
    Pipe.writeFrame(answer)
}
