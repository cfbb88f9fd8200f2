/// What a redaction takes, of which events: what `event.redacted` says in text, without anything of
/// what is taken.
///
///     events with semicolons between them, by rising position; an event:
///         position ":" fields
///     fields with "&" between them, by name; a field:
///         name                     all of it: an attribute, `data` for the payload, `#n` for the
///                                  identifier of that number, from 0
///         id "=" id                nothing: two customers whom the event united by what goes of it or
///                                  of another, and who are to stay one person
///         name "@" cuts            some of a text
///     cuts with commas between them, rising and apart; a cut:
///         first byte "+" bytes     with `v` behind it where it is a value of a JSON document
///
///     17:text@5+12,30+4&title;18:data@9+11v;20:#1;21:c_17=c_20
public struct RedactedParts: Hashable, Sendable {
    /// What goes of one field.
    public struct Field: Hashable, Sendable {
        /// The attribute's name, `data`, `#n`, or two customers.
        public let name: String
        /// What goes of its text; nothing where all of it goes.
        public let cuts: [TextCut]

        /// Names a field, or cuts in it.
        public init(_ name: String, cuts: [TextCut] = []) {
            self.name = name
            self.cuts = cuts
        }

        /// Two customers whom the event united.
        public static func union(_ left: CustomerID, _ right: CustomerID) -> Field {
            Field("\(left)=\(right)")
        }

        /// The two customers, where it is a union.
        public var union: (left: CustomerID, right: CustomerID)? {
            let ids = name.split(separator: "=", omittingEmptySubsequences: false)
            guard ids.count == 2, let left = Self.customer(ids[0]),
                let right = Self.customer(ids[1]), left != right
            else { return nil }
            return (left, right)
        }

        private static func customer(_ text: Substring) -> CustomerID? {
            let bytes = Array(text.utf8)
            guard let customer = unsafe CustomerID(text: bytes.span.bytes),
                "\(customer)" == text
            else { return nil }
            return customer
        }

        /// The name of an identifier's field.
        public static func identifier(_ number: Int) -> String { "#\(number)" }

        /// The identifier's number, where it is one.
        public var identifier: Int? { name.hasPrefix("#") ? Int(name.dropFirst()) : nil }

        fileprivate var text: String {
            guard !cuts.isEmpty else { return name }
            let runs = cuts.map { "\($0.start)+\($0.count)" + ($0.isValue ? "v" : "") }
            return name + "@" + runs.joined(separator: ",")
        }
    }

    /// What goes of one event.
    public struct Part: Hashable, Sendable {
        /// The event.
        public let position: Position
        /// Its fields, by name.
        public let fields: [Field]

        /// Names what goes of an event.
        public init(_ position: Position, _ fields: [Field]) {
            self.position = position
            self.fields = fields.sorted { $0.name < $1.name }
        }

        /// The part as text.
        public var text: String {
            "\(position):" + fields.map(\.text).joined(separator: "&")
        }

        /// The part, or where its text would not fit into an attribute, all of its fields.
        public func bounded() -> Part {
            guard text.utf8.count > EventLimits.textBytesMax else { return self }
            return Part(position, fields.map { Field($0.name) })
        }

        /// What is removed of the event.
        public var removal: PartRemoval {
            var removal = PartRemoval(takesAll: false)
            for field in fields {
                if let number = field.identifier {
                    removal.surrogates[number] = ""
                } else if let (left, right) = field.union {
                    removal.unions.append(
                        SurrogateHolder(left, person: right, isUnion: true).text)
                } else if field.cuts.isEmpty {
                    removal.fields.insert(field.name)
                } else {
                    removal.cuts[field.name] = field.cuts
                }
            }
            return removal
        }
    }

    /// By rising position.
    public private(set) var parts: [Part] = []

    /// Names nothing.
    public init() {}

    /// Whether nothing is named.
    public var isEmpty: Bool { parts.isEmpty }

    /// How many events are named.
    public var count: Int { parts.count }

    /// How many places in them: whole fields and cuts.
    public var places: Int {
        parts.reduce(0) { $0 + $1.fields.reduce(0) { $0 + max(1, $1.cuts.count) } }
    }

    /// Adds what goes of an event; they come in rising order.
    public mutating func add(_ part: Part) {
        precondition(part.position > parts.last?.position ?? .zero && !part.fields.isEmpty)
        parts.append(part)
    }

    /// Has events tell of unions that they made.
    public mutating func add(unions: [Position: [Field]]) {
        var fields = unions
        for part in parts {
            let told = fields[part.position, default: []].filter { !part.fields.contains($0) }
            fields[part.position] = part.fields + told
        }
        parts = fields.sorted { $0.key < $1.key }.map { Part($0.key, $0.value).bounded() }
    }

    /// The text.
    public var text: String { parts.map(\.text).joined(separator: ";") }

    /// The same but for events behind a position.
    public func through(_ last: Position) -> RedactedParts {
        var kept = RedactedParts()
        kept.parts = parts.filter { $0.position <= last }
        return kept
    }

    /// The same in portions whose texts fit into an attribute, if every part's does.
    public func portions(ofBytes most: Int = EventLimits.textBytesMax) -> [RedactedParts] {
        var portions: [RedactedParts] = []
        var bytes = 0
        for part in parts {
            let size = part.text.utf8.count + 1
            if portions.isEmpty || bytes + size > most {
                portions.append(RedactedParts())
                bytes = 0
            }
            portions[portions.count - 1].parts.append(part)
            bytes += size
        }
        return portions
    }
}

/// Reading the text.
extension RedactedParts {
    /// Reads the text; nil for anything else.
    public init?(_ text: String) {
        guard !text.isEmpty else { return }
        for event in text.split(separator: ";", omittingEmptySubsequences: false) {
            guard let part = Part(event), part.position > parts.last?.position ?? .zero else {
                return nil
            }
            parts.append(part)
        }
    }

    fileprivate static func number(_ text: Substring, upTo most: Int) -> Int? {
        guard let first = text.utf8.first, (0x30...0x39).contains(first),
            let number = Int(text), number <= most
        else { return nil }
        return number
    }
}

extension RedactedParts.Part {
    fileprivate init?(_ text: Substring) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, let position = UInt64(halves[0]), position >= 1 else {
            return nil
        }
        var fields: [RedactedParts.Field] = []
        for word in halves[1].split(separator: "&", omittingEmptySubsequences: false) {
            guard let field = RedactedParts.Field(word), field.name > fields.last?.name ?? "" else {
                return nil
            }
            fields.append(field)
        }
        self.init(Position(position), fields)
    }
}

extension RedactedParts.Field {
    fileprivate init?(_ text: Substring) {
        let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        let name = halves[0]
        if name.contains("=") {
            self.init(String(name))
            guard halves.count == 1, union != nil else { return nil }
            return
        } else if name.hasPrefix("#") {
            guard halves.count == 1,
                RedactedParts.number(name.dropFirst(), upTo: EventLimits.identifiersMax) != nil
            else { return nil }
        } else {
            let bytes = Array(name.utf8)
            guard unsafe bytes.span.bytes.isSnakeCase else { return nil }
        }
        var cuts: [TextCut] = []
        if halves.count == 2 {
            for word in halves[1].split(separator: ",", omittingEmptySubsequences: false) {
                guard let cut = TextCut(word),
                    cut.start >= cuts.last.map({ $0.start + $0.count }) ?? 0
                else { return nil }
                cuts.append(cut)
            }
        }
        self.init(String(name), cuts: cuts)
    }
}

extension TextCut {
    fileprivate init?(_ text: Substring) {
        let isValue = text.hasSuffix("v")
        let numbers = (isValue ? text.dropLast() : text).split(
            separator: "+", omittingEmptySubsequences: false)
        let most = EventLimits.recordBytesMax
        guard numbers.count == 2, let start = RedactedParts.number(numbers[0], upTo: most),
            let count = RedactedParts.number(numbers[1], upTo: most), count >= 1
        else { return nil }
        self.init(start: start, count: count, isValue: isValue)
    }
}
