internal import ContactCentre
internal import EventModel

/// A survey about no interaction: an order, a delivery, the company. One that names its
/// interaction is kept with that.
///
///     key  's', text invitation
///     row  u8 version = 1; int since, text queue, u8 channel; int last occurred,
///          num last position; SurveyAnswers
struct SurveyRow: RowRecord {
    static let prefix = UInt8(ascii: "s")
    private static let version: UInt8 = 1

    private var since: Timestamp?
    private var queue = ""
    private var channel = Channel.unknown
    private var last: (occurred: Timestamp, position: Position) = (.earliest, .zero)
    private var answers = SurveyAnswers()
    /// Not stored: whether its figures are to be moved when the fold settles.
    var isTouched = false

    init() {}

    var isEmpty: Bool { answers.isEmpty }

    static func writeKey(_ event: borrowing EventView, to key: inout [UInt8]) -> Bool {
        guard let invitation = event.bytes("invitation_id") else { return false }
        key.removeAll(keepingCapacity: true)
        key.append(prefix)
        key.append(keyText: invitation)
        return true
    }

    /// Takes an event unless it happened before the last one taken.
    mutating func take(_ event: borrowing EventView) {
        since = min(since ?? event.occurred, event.occurred)
        guard (event.occurred, event.position) > last else { return }
        last = (event.occurred, event.position)
        if queue.isEmpty { queue = event.text("queue") ?? "" }
        if channel == .unknown {
            channel = event.word("channel", Channel.self) ?? .unknown
        }
        answers.take(event)
    }

    /// What it adds to figures, filed where it began.
    var facts: [MetricFact] {
        guard let since else { return [] }
        return answers.measures.map {
            MetricFact(
                measure: $0, queue: queue, channel: channel, created: since, offered: since,
                ended: since)
        }
    }

    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "survey row")
        guard try reader.byte() == Self.version else {
            throw MalformedBytes("survey row version", at: 0)
        }
        since = Timestamp(milliseconds: try reader.zigzag())
        queue = try reader.text()
        guard let channel = Channel(rawValue: try reader.byte()) else {
            throw MalformedBytes("survey row channel", at: reader.offset)
        }
        self.channel = channel
        let occurred = Timestamp(milliseconds: try reader.zigzag())
        last = (occurred, Position(try reader.varint()))
        answers = try SurveyAnswers(from: &reader)
        guard reader.isAtEnd else { throw MalformedBytes("survey row", at: reader.offset) }
    }

    func encode(into row: inout [UInt8]) {
        row.append(Self.version)
        row.append(zigzag: since?.rawValue ?? 0)
        row.append(text: queue)
        row.append(channel.rawValue)
        row.append(zigzag: last.occurred.rawValue)
        row.append(varint: last.position.rawValue)
        answers.encode(into: &row)
    }
}
