/// When a contact on another channel is about the same need.
///
/// Nothing is joined until `definition.set kind need key default version <v> body
/// {"order_ms":n,"reply_ms":n,"reason_ms":n,"gap_ms":n}`: how long after the last event of another
/// contact that has ended it still counts, for each rule; while that is open it always does, but by
/// `gap_ms`. What is left out is as proposed here; 0 turns a rule off.
struct NeedRules: Equatable {
    /// By what two contacts are about one need; the surest come first. The words stand in events.
    enum Rule: String, CaseIterable {
        /// Both are about the same order.
        case sameOrder
        /// The customer answers a message that was sent in the other.
        case replyTo
        /// Both came for the same reason.
        case sameReason
        /// The other is open or came to nothing, and it was a short time ago.
        case shortTime
    }

    /// Part of what is inferred.
    private(set) var version = ""
    private var milliseconds: [Int64]

    private static let hour: Int64 = 3_600_000

    /// - Parameter definition: What was defined last, or nil.
    init(_ definition: DefinitionRecord?) {
        milliseconds = Rule.allCases.map { _ in 0 }
        guard let definition else { return }
        milliseconds = Rule.allCases.map(Self.proposed)
        version = definition.name
        for (place, rule) in Rule.allCases.enumerated() {
            guard let told = definition.number(Self.member(rule)) else { continue }
            milliseconds[place] = min(max(0, told), ViewLimits.needMillisecondsMax)
        }
    }

    private static func proposed(_ rule: Rule) -> Int64 {
        switch rule {
        case .sameOrder: 72 * hour
        case .replyTo: 7 * 24 * hour
        case .sameReason: 24 * hour
        case .shortTime: hour / 4
        }
    }

    private static func member(_ rule: Rule) -> String {
        switch rule {
        case .sameOrder: "order_ms"
        case .replyTo: "reply_ms"
        case .sameReason: "reason_ms"
        case .shortTime: "gap_ms"
        }
    }

    /// How long after the last event of an ended contact a rule holds; 0 where it is off.
    func within(_ rule: Rule) -> Int64 {
        milliseconds[Rule.allCases.firstIndex(of: rule) ?? 0]
    }

    /// Whether none of them is on.
    var isOff: Bool { milliseconds.allSatisfy { $0 == 0 } }
}
