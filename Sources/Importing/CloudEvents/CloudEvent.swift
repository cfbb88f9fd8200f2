internal import EventModel
internal import JSON

/// One event in the JSON form of CloudEvents 1.0, its members checked.
struct CloudEvent {
    var type: String
    var source: String
    var id: String
    var subject: String?
    /// As it was written, and as it was read.
    var time: (text: String, moment: Timestamp)?
    var dataContentType: String?
    var data: JSONValue?
    var dataBase64: String?
    var extensions: [(name: String, value: String)] = []

    /// Checks a document's members.
    ///
    /// - Throws: `notAnEvent`.
    init(_ document: JSONValue) throws(RowFault) {
        guard let members = document.members else {
            throw .notAnEvent(problem: "the document is no object")
        }
        try Self.checkNames(members, "the document")
        guard document["specversion"]?.text == "1.0" else {
            throw .notAnEvent(problem: "specversion must be \"1.0\" (CloudEvents 1.0)")
        }
        type = try Self.required("type", document)
        source = try Self.required("source", document)
        id = try Self.required("id", document)
        subject = try Self.optional("subject", document)
        dataContentType = try Self.optional("datacontenttype", document)
        dataBase64 = try Self.optional("data_base64", document)
        data = document["data"]
        if case .null = data { data = nil }
        guard data == nil || dataBase64 == nil else {
            throw .notAnEvent(problem: "data and data_base64 exclude each other")
        }
        if let text = try Self.optional("time", document) {
            guard let moment = Timestamp(rfc3339: text) else {
                throw .notAnEvent(problem: "time must be an RFC 3339 time")
            }
            time = (text, moment)
        }
        for member in members where !Self.known.contains(member.name) {
            try addExtension(member)
        }
    }

    private static let known: Set<String> = [
        "specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema",
        "data", "data_base64",
    ]

    private mutating func addExtension(_ member: JSONValue.Member) throws(RowFault) {
        let isName = member.name.utf8.allSatisfy { byte in
            byte.isASCIIDigit || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
        }
        guard isName, !member.name.isEmpty else {
            throw .notAnEvent(
                problem: "a member beside the standard's is named by [a-z0-9]; our attributes "
                    + "stand in data.attributes")
        }
        switch member.value {
        case .null: return
        case .string(let text): extensions.append((member.name, text))
        case .integer(let number): extensions.append((member.name, "\(number)"))
        case .boolean(let flag): extensions.append((member.name, flag ? "true" : "false"))
        default:
            throw .notAnEvent(
                problem: "extension \(member.name) must be a text, an integer or "
                    + "a boolean")
        }
    }

    static func checkNames(
        _ members: [JSONValue.Member], _ place: String
    ) throws(RowFault) {
        guard Set(members.map(\.name)).count == members.count else {
            throw .notAnEvent(problem: "\(place) has one name twice")
        }
    }

    private static func required(
        _ name: String, _ document: JSONValue
    ) throws(RowFault) -> String {
        guard let text = try optional(name, document), !text.isEmpty else {
            throw .notAnEvent(problem: "\(name) is missing or empty")
        }
        return text
    }

    private static func optional(
        _ name: String, _ document: JSONValue
    ) throws(RowFault) -> String? {
        switch document[name] {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .notAnEvent(problem: "\(name) must be a text")
        }
    }
}
