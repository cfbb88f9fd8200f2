import Foundation

@testable import Views

/// A document read back by somebody else's parser.
struct Document {
    let root: [String: Any]
    let text: String

    init(_ json: JSONWriter) throws {
        text = String(decoding: json.bytes, as: UTF8.self)
        let parsed = try JSONSerialization.jsonObject(with: Data(json.bytes))
        root = parsed as? [String: Any] ?? [:]
    }

    func rows(_ key: String) -> [[String: Any]] { root[key] as? [[String: Any]] ?? [] }
}

extension [String: Any] {
    func int(_ path: String) -> Int64? { (value(path) as? NSNumber)?.int64Value }
    func double(_ path: String) -> Double? { (value(path) as? NSNumber)?.doubleValue }
    func string(_ path: String) -> String? { value(path) as? String }

    private func value(_ path: String) -> Any? {
        var current: Any? = self
        for part in path.split(separator: ".") {
            current = (current as? [String: Any])?[String(part)]
        }
        return current
    }
}
