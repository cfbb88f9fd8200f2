import Foundation
import Testing

/// Real data sets lie outside the project; without them these tests say so and are skipped.
enum RealData {
    /// The folder `data`, where `$THROUGHLINE_DATA` says.
    static let folder: URL? = {
        guard let path = ProcessInfo.processInfo.environment["THROUGHLINE_DATA"] else { return nil }
        let url = URL(fileURLWithPath: path)
        let truth = url.appendingPathComponent("anonymous-bank/truth-jan-jul.json")
        return FileManager.default.fileExists(atPath: truth.path) ? url : nil
    }()

    static var isThere: Bool { folder != nil }

    /// Whether the full counts are asked for.
    static var isLong: Bool { ProcessInfo.processInfo.environment["THROUGHLINE_LONG"] != nil }

    static let months = [
        "1999-01-january", "1999-02-february", "1999-03-march", "1999-04-april", "1999-05-may",
        "1999-06-june", "1999-07-july",
    ]

    /// The project's mapping of the bank's tables.
    static var mapping: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../bench/mappings/anonymous-bank.toml").standardized.path
    }

    static func file(_ month: String) throws -> String {
        try #require(folder).appendingPathComponent("anonymous-bank/\(month).txt.zst").path
    }

    /// The figures computed independently of this program.
    static func truth() throws -> [String: Any] {
        let url = try #require(folder).appendingPathComponent("anonymous-bank/truth-jan-jul.json")
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        return try #require((object as? [String: Any])?["scope"] as? [String: Any])
    }
}

/// Reading of JSON objects by path: `row["wait_answered"]["n"]`.
struct Figure {
    let value: Any?

    subscript(_ key: String) -> Figure { Figure(value: (value as? [String: Any])?[key]) }
    subscript(_ index: Int) -> Figure {
        let list = value as? [Any] ?? []
        return Figure(value: index < list.count ? list[index] : nil)
    }

    var list: [Figure] { (value as? [Any] ?? []).map { Figure(value: $0) } }
    var object: [String: Any] { value as? [String: Any] ?? [:] }
    var integer: Int? { (value as? NSNumber)?.intValue }
    var number: Double? { (value as? NSNumber)?.doubleValue }
    var text: String? { value as? String }

    /// The number rounded to so many decimals, as the truth prints it.
    func rounded(_ decimals: Int) -> Double? {
        let factor = pow(10, Double(decimals))
        return number.map { ($0 * factor).rounded() / factor }
    }

    /// Milliseconds as whole seconds; nil when they are not whole.
    var seconds: Int? { integer.flatMap { $0 % 1_000 == 0 ? $0 / 1_000 : nil } }
}
