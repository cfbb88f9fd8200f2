internal import EventModel
internal import JSON

/// The `data` member of an event of ours: attributes, identifiers and payload.
struct EventData {
    private(set) var attributes: [(String, String)] = []
    private(set) var identifiers: [(String, String)] = []
    private(set) var payload: (bytes: [UInt8], contentType: String)?

    /// When the store that exported the event had recorded it.
    private(set) var recorded: Timestamp?
    /// Whether that store had recorded it by itself.
    private(set) var isDaemons = false

    private static let known = [
        "attributes", "identifiers", "payload", "payload_base64", "content_type", "recorded",
        "daemon",
    ]

    /// - Throws: `notAnEvent`.
    init(_ data: JSONValue?, contentType: String?) throws(RowFault) {
        guard let data else { return }
        let media = contentType?.prefix { $0 != ";" }.lowercased()
        guard media == nil || media == "application/json" else {
            throw .notAnEvent(
                problem: "datacontenttype must be application/json, as data is JSON; the payload's "
                    + "own type is data.content_type")
        }
        guard let members = data.members else {
            throw .notAnEvent(problem: "data must be an object")
        }
        try CloudEvent.checkNames(members, "data")
        if let stranger = members.first(where: { !Self.known.contains($0.name) }) {
            throw .notAnEvent(
                problem: "data has a member \(Self.printable(stranger.name)); expected "
                    + Self.known.joined(separator: ", "))
        }
        try readRecording(data)
        try readAttributes(data["attributes"])
        try readIdentifiers(data["identifiers"])
        try readPayload(data)
    }

    private static func printable(_ name: String) -> String {
        unsafe name.utf8Span.span.bytes.printableName()
    }

    private mutating func readRecording(_ data: JSONValue) throws(RowFault) {
        if let value = data["recorded"], value != .null {
            guard let moment = value.text.flatMap({ Timestamp(rfc3339: $0) }) else {
                throw .notAnEvent(problem: "data.recorded must be an RFC 3339 time")
            }
            recorded = moment
        }
        switch data["daemon"] {
        case nil, .null: break
        case .boolean(let flag): isDaemons = flag
        default: throw .notAnEvent(problem: "data.daemon must be true or false")
        }
    }

    private mutating func readAttributes(_ value: JSONValue?) throws(RowFault) {
        guard let value, value != .null else { return }
        guard let members = value.members else {
            throw .notAnEvent(problem: "data.attributes must be an object")
        }
        try CloudEvent.checkNames(members, "data.attributes")
        for member in members {
            let name = Self.printable(member.name)
            guard !Mapping.reserved.contains(member.name.lowercased()) else {
                throw .notAnEvent(problem: "\(name) is no attribute")
            }
            if let text = try Self.text(member.value, name) {
                attributes.append((member.name, text))
            }
        }
    }

    /// The word of an append for an attribute's value; nil: it is not there.
    private static func text(
        _ value: JSONValue, _ name: String
    ) throws(RowFault) -> String? {
        switch value {
        case .null: return nil
        case .string(let text): return text
        case .integer(let number): return "\(number)"
        case .boolean(let flag): return flag ? "true" : "false"
        case .number:
            throw .notAnEvent(
                problem: "attribute \(name) has a fraction or more than 64 bits; write money as "
                    + "{\"minor_units\": …, \"currency\": …} and shares in whole units")
        case .object(let members):
            guard members.count == 2, case .integer(let units) = value["minor_units"],
                let currency = value["currency"]?.text
            else { fallthrough }
            return "\(units) \(currency)"
        case .array:
            throw .notAnEvent(
                problem: "attribute \(name) must be a text, an integer, a boolean or money; "
                    + "structure belongs into data.payload")
        }
    }

    private mutating func readIdentifiers(_ value: JSONValue?) throws(RowFault) {
        guard let value, value != .null else { return }
        guard let elements = value.elements else {
            throw .notAnEvent(problem: "data.identifiers must be an array")
        }
        for element in elements {
            guard let members = element.members, let kind = element["kind"]?.text,
                let text = element["value"]?.text
            else {
                throw .notAnEvent(problem: "an identifier must have kind and value, both texts")
            }
            let names = members.map(\.name)
            guard names.allSatisfy({ ["kind", "value", "role", "strength"].contains($0) }) else {
                throw .notAnEvent(
                    problem: "an identifier has kind, value, role and strength, nothing else")
            }
            var word = element["role"]?.text ?? "customer"
            if let strength = element["strength"]?.text { word += ":" + strength }
            guard Mapping.isRole(word) else {
                throw .notAnEvent(
                    problem: "an identifier's role or strength is not one of ours")
            }
            identifiers.append((word, "\(kind):\(text)"))
        }
    }

    private mutating func readPayload(_ data: JSONValue) throws(RowFault) {
        let contentType = data["content_type"]?.text
        if let text = data["payload_base64"]?.text {
            guard let bytes = Base64.decode(text), data["payload"] == nil else {
                throw .notAnEvent(
                    problem: "data.payload_base64 must be base64 and stand without payload")
            }
            payload = (bytes, contentType ?? "application/octet-stream")
        } else if let value = data["payload"], value != .null {
            if case .string(let text) = value {
                payload = (Array(text.utf8), contentType ?? "text/plain")
            } else {
                var bytes: [UInt8] = []
                value.write(to: &bytes)
                payload = (bytes, contentType ?? "application/json")
            }
        }
    }
}
