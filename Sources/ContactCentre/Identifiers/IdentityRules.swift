internal import EventModel

/// By what identifiers are read and persons are told apart: one version of the definition
/// `identityRules`, or what is shipped.
///
/// It never changes once made, and is read from any thread.
public final class IdentityRules: Sendable {
    /// What the rules are made of.
    public struct Content: Sendable, Equatable {
        /// The definition's version; what is shipped is `shipped`.
        public var version = "shipped"
        /// Where telephone numbers without a country belong; nil = they stay as they are.
        public var region: PhoneRegion?
        /// The kinds that have rules; others are read as given.
        public var kinds: [IdentifierKind] = []
        /// Domains whose addresses have several spellings.
        public var foldings: [EmailFolding] = []
        /// What stands before the @ of addresses that several people read.
        public var roleAddresses: [String] = []
        /// Values of any kind that say nothing of a person.
        public var blocked: [String] = []
        /// Our own numbers, which say nothing of who calls from them.
        public var ownNumbers: [String] = []
        /// Each brand's scope; brands that are not named share the scope without a name.
        public var scopes: [(brand: String, scope: String)] = []
        /// Whether they are meant for all events, those before the definition too.
        public var isForAllHistory = false

        /// Makes rules that rule nothing.
        public init() {}

        /// Compares everything.
        public static func == (left: Content, right: Content) -> Bool {
            left.version == right.version && left.region == right.region
                && left.kinds == right.kinds && left.foldings == right.foldings
                && left.roleAddresses == right.roleAddresses && left.blocked == right.blocked
                && left.scopes.map(\.brand) == right.scopes.map(\.brand)
                && left.scopes.map(\.scope) == right.scopes.map(\.scope)
                && left.isForAllHistory == right.isForAllHistory
                && left.ownNumbers == right.ownNumbers
        }
    }

    /// What a fold asks of a kind with every event: numbers only.
    public struct Traits: Sendable {
        /// Whether it shows a device.
        public let isDevice: Bool
        /// Whether it names an account.
        public let isAccount: Bool
        /// Whether its values are telephone numbers.
        public let isPhone: Bool
        /// Whether its values are e-mail addresses.
        public let isEmail: Bool
        /// Which comes first; the least is first.
        public let priority: Int
        /// The most that rules let one person have.
        public let limit: Int?
        /// How far back the limit counts, in milliseconds; nil = for ever.
        public let windowMilliseconds: Int64?
        /// With more persons than that it is shared.
        public let sharedAbove: Int
        /// Unseen for so long it may go to a new holder, in milliseconds; nil = it may not.
        public let expiresMilliseconds: Int64?

        init(_ kind: IdentifierKind) {
            let day: Int64 = 86_400_000
            isDevice = kind.isDevice
            isAccount = kind.isAccount
            isPhone = kind.form == .phone
            isEmail = kind.form == .email
            priority = kind.priority
            limit = kind.limit
            windowMilliseconds = kind.windowDays.map { Int64($0) * day }
            sharedAbove = kind.sharedAbove
            expiresMilliseconds = kind.expiresDays.map { Int64($0) * day }
        }
    }

    /// What they are made of.
    public let content: Content
    private let traits: [Traits]
    private let names: [[UInt8]]
    private static let otherTraits: Traits = {
        var other = IdentifierKind(name: "")
        other.limit = IdentifierKind.manyMax
        other.windowDays = IdentifierKind.manyDays
        return Traits(other)
    }()
    let phoneKind: Int?
    let byName: SpanTable<Int>
    let foldings: SpanTable<EmailFolding>
    private let roleAddresses: SpanTable<Bool>
    private let scopes: SpanTable<[UInt8]>
    private let blocked: BlockedValues
    private let blockedByKind: [BlockedValues]
    /// Whether brands are kept apart at all.
    public let hasScopes: Bool

    /// Makes rules; where a name stands twice, the first counts.
    public init(_ content: Content) {
        self.content = content
        traits = content.kinds.map { Traits($0) }
        names = content.kinds.map { Array($0.name.utf8) }
        byName = SpanTable(Self.unique(content.kinds.enumerated().map { ($1.name, $0) }))
        phoneKind = content.kinds.firstIndex { $0.form == .phone }
        foldings = SpanTable(
            Self.unique(
                content.foldings.flatMap { folding in
                    [(folding.domain, folding)] + (folding.same.map { [($0, folding)] } ?? [])
                }))
        roleAddresses = SpanTable(Self.unique(content.roleAddresses.map { ($0, true) }))
        scopes = SpanTable(Self.unique(content.scopes.map { ($0.brand, Array($0.scope.utf8)) }))
        hasScopes = !content.scopes.isEmpty
        blocked = BlockedValues(content.blocked)
        let own = content.ownNumbers.map { Self.ownNumber($0, content.region) }
        blockedByKind = content.kinds.map {
            BlockedValues($0.form == .phone ? $0.blocked + own : $0.blocked)
        }
    }

    /// An own number in its normal form; a pattern as it is.
    private static func ownNumber(_ number: String, _ region: PhoneRegion?) -> String {
        guard !number.utf8.contains(where: { $0 == 0x2A || $0 == 0x3F }) else { return number }
        var form: [UInt8] = []
        unsafe appendPhone(number.utf8Span.span.bytes, of: region, to: &form)
        return String(decoding: form, as: UTF8.self)
    }

    private static func unique<Value>(_ list: [(String, Value)]) -> [(key: String, value: Value)] {
        var kept: [(key: String, value: Value)] = []
        for (key, value) in list where !kept.contains(where: { $0.key == key }) {
            kept.append((key, value))
        }
        return kept
    }

    /// What holds for a kind by its number; nil stands for kinds without rules.
    public func traits(_ kind: Int?) -> Traits { kind.map { traits[$0] } ?? Self.otherTraits }

    /// The name of a kind by its number.
    public func name(ofKind number: Int) -> [UInt8] { names[number] }

    /// Returns a kind's number, or nil when there are no rules for it.
    public func number(ofKind name: RawSpan) -> Int? { byName[name] }

    /// The scope of a brand's identifiers.
    public func scope(ofBrand brand: RawSpan) -> [UInt8] { scopes[brand] ?? [] }

    /// Tells whether a value in its normal form says nothing of a person.
    public func isBlocked(_ kind: Int?, _ value: RawSpan) -> Bool {
        if value.isZeroes || blocked.contain(value) { return true }
        return kind.map { blockedByKind[$0].contain(value) } ?? false
    }

    /// Tells whether an e-mail address in its normal form is read by several people.
    public func isRoleAddress(_ value: RawSpan) -> Bool {
        guard let at = value.firstOffset(of: UInt8(ascii: "@")) else { return false }
        return roleAddresses[value.extracting(0..<at)] != nil
    }
}

/// Values and patterns.
private struct BlockedValues: Sendable {
    let values: SpanTable<Bool>
    let patterns: [[UInt8]]

    init(_ list: [String]) {
        let isPattern = { (text: String) in text.utf8.contains { $0 == 0x2A || $0 == 0x3F } }
        values = SpanTable(Set(list.filter { !isPattern($0) }).sorted().map { ($0, true) })
        patterns = list.filter(isPattern).map { Array($0.utf8) }
    }

    func contain(_ value: RawSpan) -> Bool {
        if values[value] != nil { return true }
        for pattern in patterns where unsafe value.matches(pattern.span.bytes) { return true }
        return false
    }
}

extension RawSpan {
    /// Whether it consists of zeroes, with signs and hyphens at most.
    fileprivate var isZeroes: Bool {
        for offset in 0..<byteCount {
            switch self[offset] {
            case UInt8(ascii: "0"), UInt8(ascii: "-"), UInt8(ascii: "+"): continue
            default: return false
            }
        }
        return true
    }

    /// Tells whether it matches a pattern: `*` any bytes, `?` one. Complexity: O(bytes × pattern).
    fileprivate func matches(_ pattern: RawSpan) -> Bool {
        var (offset, place) = (0, 0)
        var star: (place: Int, offset: Int)?
        while offset < byteCount {
            if place < pattern.byteCount, pattern[place] == UInt8(ascii: "*") {
                star = (place, offset)
                place += 1
            } else if place < pattern.byteCount,
                pattern[place] == UInt8(ascii: "?") || pattern[place] == self[offset]
            {
                place += 1
                offset += 1
            } else if let from = star {
                place = from.place + 1
                offset = from.offset + 1
                star = (from.place, offset)
            } else {
                return false
            }
        }
        while place < pattern.byteCount, pattern[place] == UInt8(ascii: "*") { place += 1 }
        return place == pattern.byteCount
    }
}
