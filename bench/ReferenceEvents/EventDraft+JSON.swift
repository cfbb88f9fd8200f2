public import EventModel

extension EventDraft {
    /// The event as one flat JSON object, as a store that knows no schema would keep it.
    public var json: [UInt8] {
        var bytes = Array("{\"type\":".utf8)
        Self.quote(type.utf8, &bytes)
        field("source", source.utf8, &bytes)
        field("id", id.utf8, &bytes)
        if let occurred { field("occurred", occurred.rfc3339.utf8, &bytes) }
        for identifier in identifiers {
            field(
                "\(identifier.role.attributeName)",
                "\(identifier.kind):\(identifier.value)".utf8, &bytes)
        }
        for attribute in attributes {
            switch attribute.value {
            case .text(let text), .ref(let text): field(attribute.name, text.utf8, &bytes)
            case .integer(let number): bare(attribute.name, "\(number)", &bytes)
            case .boolean(let truth): bare(attribute.name, "\(truth)", &bytes)
            case .time(let time): field(attribute.name, time.rfc3339.utf8, &bytes)
            case .money(let units, let currency):
                field(attribute.name, "\(units) \(currency)".utf8, &bytes)
            }
        }
        if !contentType.isEmpty { field("data", data, &bytes) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    private func bare(_ name: String, _ value: String, _ bytes: inout [UInt8]) {
        bytes.append(contentsOf: ",\"\(name)\":\(value)".utf8)
    }

    private func field(
        _ name: String, _ value: some Sequence<UInt8>, _ bytes: inout [UInt8]
    ) {
        bytes.append(contentsOf: ",\"\(name)\":".utf8)
        Self.quote(value, &bytes)
    }

    private static func quote(_ value: some Sequence<UInt8>, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in value {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes.append(UInt8(ascii: "\\"))
            }
            precondition(byte >= 0x20, "the reference events have no control characters")
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
