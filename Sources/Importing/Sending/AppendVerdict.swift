internal import RESP

/// What the reply to an append says.
enum AppendVerdict: Equatable {
    /// All events are stored now.
    case stored
    /// All events were stored before.
    case repeated
    /// Some were stored before and some not; nothing was stored.
    case partlyRepeated
    /// An event is from before the erasure of somebody whom it names; nothing was stored.
    case suppressed
    /// An event is refused for what it is; nothing was stored.
    case refused(code: String, message: String)
    /// The daemon refuses for what it is itself.
    case halted(code: String, message: String)
    /// The reply is no answer to an append.
    case senseless

    /// Errors that concern no single event: to go on would only collect more of them.
    private static let halting: Set<String> = [
        "ERR", "SYNTAX", "NOPERM", "NOPROTO", "FULL", "STORAGE", "DAMAGED", "VIEW", "HALTED",
        "STALE",
        "AHEAD", "STOPPING", "LOADING", "BUSY",
    ]

    /// Reads the reply to an APPENDBATCH of so many events: their positions, and `REPEAT` behind
    /// them if all were stored before.
    init(batch reply: Reply, eventCount: Int) {
        switch reply {
        case .error(let code, let message):
            self.init(code: code, message: message)
        case .array(var values):
            let isRepeat = Self.takeRepeat(&values)
            let isWhole = values.count == eventCount && values.allSatisfy { $0.integerValue != nil }
            self = isWhole ? (isRepeat ? .repeated : .stored) : .senseless
        default: self = .senseless
        }
    }

    /// Reads the reply to an APPEND: a position, or a position and `REPEAT`, or `ERASED` where the
    /// event was stored and its person is erased since.
    init(event reply: Reply) {
        switch reply {
        case .error(let code, let message): self.init(code: code, message: message)
        case .integer: self = .stored
        case .array(var values):
            let isRepeat = Self.takeRepeat(&values)
            let isOne = isRepeat && values.count == 1 && values[0].integerValue != nil
            self = isOne ? .repeated : .senseless
        default: self = .senseless
        }
    }

    private static func takeRepeat(_ values: inout [Reply]) -> Bool {
        guard ["REPEAT", "ERASED"].contains(values.last?.text) else { return false }
        values.removeLast()
        return true
    }

    private init(code: String, message: String) {
        if code == "PARTIALREPEAT" {
            self = .partlyRepeated
        } else if code == "ERASED" {
            self = .suppressed
        } else if Self.halting.contains(code) {
            self = .halted(code: code, message: message)
        } else {
            self = .refused(code: code, message: message)
        }
    }
}
