import RESP

/// What libFuzzer calls with inputs that it thinks up: each is parsed whole, parsed as it would
/// arrive in pieces, and read by `ReferenceRequestParser`; all three must say the same. The first
/// byte chooses the size of the pieces. A difference or a trap ends the run with the input kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRequestParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let sent = Array(input.dropFirst())
    let whole = items(sent, pieceBytes: max(1, sent.count))
    let cut = items(sent, pieceBytes: Int(first & 0x0F) + 1)
    precondition(whole == cut, "cut otherwise, it says something else")
    precondition(
        whole == ReferenceRequestParser(limits: limits).items(in: sent),
        "the reference says something else")
    return 0
}

/// Small, so that their edges are met by short inputs.
private let limits = RequestLimits(
    argumentsMax: 8, bulkBytesMax: 64, requestBytesMax: 256, inlineBytesMax: 96)

/// Feeds a parser as a server does: appends what comes, drops what is consumed.
private func items(_ sent: [UInt8], pieceBytes: Int) -> [ReferenceRequestParser.Item] {
    var parser = RequestParser(limits: limits)
    var items: [ReferenceRequestParser.Item] = []
    var buffer: [UInt8] = []
    var offset = 0
    while offset < sent.count {
        let end = min(sent.count, offset + pieceBytes)
        buffer += sent[offset..<end]
        offset = end
        while !buffer.isEmpty {
            let (item, consumed) = next(&parser, buffer)
            guard let item else { break }
            items.append(item)
            if item == .refused { return items }
            precondition(consumed >= 1 && consumed <= buffer.count)
            buffer.removeFirst(consumed)
        }
    }
    return buffer.isEmpty ? items : items + [.pending(byteCount: buffer.count)]
}

private func next(
    _ parser: inout RequestParser, _ buffer: [UInt8]
) -> (ReferenceRequestParser.Item?, consumed: Int) {
    let bytes = unsafe buffer.span.bytes
    switch parser.parse(bytes) {
    case .incomplete: return (nil, 0)
    case .blank(let consumed): return (.blank, consumed)
    case .failure: return (.refused, 0)
    case .request(let consumed):
        let arguments = parser.arguments(in: bytes)
        let words = (0..<arguments.count).map { index in
            unsafe arguments[index].withUnsafeBytes { unsafe Array($0) }
        }
        return (.request(words), consumed)
    }
}
