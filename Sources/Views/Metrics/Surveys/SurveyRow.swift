internal import ContactCentre
internal import EventModel

/// A survey about no interaction: an order, a delivery, the company. One whose invitation or answer names an
/// interaction is kept with that, and this row says with which.
///
///     key  's', text invitation
///     row  u8 version = 2; text interaction, empty where none was named; of none: int named, num
///          position, text queue, u8 channel; SurveyAnswers
///     key  'v', i32 quarter, text invitation: that it has figures there, as `ContactIndexRow`
struct SurveyRow: RowRecord {
    static let prefix = UInt8(ascii: "s")
    static let indexPrefix = UInt8(ascii: "v")
    private static let version: UInt8 = 2

    /// The interaction that the first event by position named; empty where none did.
    private(set) var interaction = ""
    /// The first event by when it happened that names a queue or channel.
    private var named: (occurred: Timestamp, position: Position) = (.latest, .zero)
    private var queue = ""
    private var channel = Channel.unknown
    private(set) var answers = SurveyAnswers()
    /// Not stored: whether its figures are to be moved when the fold settles.
    var isTouched = false

    init() {}

    var isEmpty: Bool { answers.isEmpty && interaction.isEmpty }

    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let invitation = event.bytes("invitation_id") else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: invitation)
        return true
    }

    /// Takes an event, in whatever order they come.
    mutating func take(_ event: borrowing EventView) {
        let queue = event.text("queue") ?? ""
        let channel = event.word("channel", Channel.self) ?? .unknown
        if !queue.isEmpty || channel != .unknown,
            (event.occurred, event.position) < named || named.position == .zero
        {
            named = (event.occurred, event.position)
            self.queue = queue
            self.channel = channel
        }
        answers.take(event)
    }

    /// Hands what there is over to an interaction.
    ///
    /// - Returns: The positions of the events it was told by.
    mutating func hand(to interaction: String) -> [UInt64] {
        let positions = answers.positions
        self = SurveyRow()
        self.interaction = interaction
        return positions
    }

    /// What it adds to figures, filed where it began.
    var facts: [MetricFact] { answers.facts(queue: queue, channel: channel) }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "survey row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("survey row version", at: 0)
        }
        interaction = try reader.text()
        if interaction.isEmpty {
            let occurred = try reader.moment()
            named = (occurred, Position(try reader.varint()))
            queue = try reader.text()
            guard let channel = Channel(rawValue: try reader.byte()) else {
                throw MalformedBytes("survey row channel", at: reader.offset)
            }
            self.channel = channel
            answers = try SurveyAnswers(from: &reader)
        }
        guard reader.isAtEnd else { throw MalformedBytes("survey row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(text: interaction)
        guard interaction.isEmpty else { return }
        row.append(zigzag: named.occurred.rawValue)
        row.append(varint: named.position.rawValue)
        row.append(text: queue)
        row.append(channel.rawValue)
        answers.encode(into: &row)
    }
}
