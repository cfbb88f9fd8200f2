import Importing
import JSON

/// One thing that the doctor looked at.
struct Finding: Equatable {
    /// How it stands.
    enum State: String {
        /// As it should be.
        case good
        /// Worth knowing; nothing stops working.
        case note
        /// Something does not work, or will not before long.
        case problem
    }

    let state: State
    /// What was looked at: disk, permissions, limits …
    let area: String
    /// What was found.
    let what: String
    /// What to do; nothing where it is as it should be.
    let advice: String?

    static func good(_ area: String, _ what: String) -> Finding {
        Finding(state: .good, area: area, what: what, advice: nil)
    }

    static func note(_ area: String, _ what: String, _ advice: String) -> Finding {
        Finding(state: .note, area: area, what: what, advice: advice)
    }

    static func problem(_ area: String, _ what: String, _ advice: String) -> Finding {
        Finding(state: .problem, area: area, what: what, advice: advice)
    }

    /// The finding in a line, and what to do in another.
    var text: String {
        let mark =
            switch state {
            case .good: "good   "
            case .note: "note   "
            case .problem: Terminal.bold("problem")
            }
        let line = "\(mark)  \(DisplayWidth.pad(area, to: 11))  \(Escaping.printable(what))\n"
        return line + (advice.map { "         → \(Escaping.printable($0))\n" } ?? "")
    }

    var document: JSONValue {
        .object([
            JSONValue.Member("state", .string(state.rawValue)),
            JSONValue.Member("area", .string(area)), JSONValue.Member("what", .string(what)),
            JSONValue.Member("advice", advice.map { .string($0) } ?? .null),
        ])
    }
}
