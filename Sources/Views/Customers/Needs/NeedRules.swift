/// When a contact on another channel is about the same need.
///
/// Shipped, and to be set by `definition.set kind need key default version <v> body
/// {"order_ms":n,"reply_ms":n,"reason_ms":n,"gap_ms":n}`: how long after the last event of the other
/// contact it still counts, for each rule. 0 turns a rule off.
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
    private(set) var version = "shipped-1"
    private var milliseconds: [Int64]

    private static let hour: Int64 = 3_600_000

    /// - Parameter definition: What was defined last, or nil.
    init(_ definition: DefinitionRecord?) {
        milliseconds = Rule.allCases.map(Self.shipped)
        guard let definition else { return }
        version = definition.name
        for (place, rule) in Rule.allCases.enumerated() {
            guard let told = definition.number(Self.member(rule)) else { continue }
            milliseconds[place] = min(max(0, told), ViewLimits.needMillisecondsMax)
        }
    }

    private static func shipped(_ rule: Rule) -> Int64 {
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

    /// How long after the last event of the other contact a rule holds; 0 where it is off.
    func within(_ rule: Rule) -> Int64 {
        milliseconds[Rule.allCases.firstIndex(of: rule) ?? 0]
    }

    /// The longest of them; nothing that ended before is looked at.
    var longest: Int64 { milliseconds.max() ?? 0 }
}
