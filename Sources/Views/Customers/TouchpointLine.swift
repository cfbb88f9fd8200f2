internal import ContactCentre
internal import EventModel

/// A `TouchpointRow` read in place.
struct TouchpointLine: ~Escapable {
    let channel: Channel
    let state: InteractionState
    let resolution: Resolution?
    let flags: TouchpointRow.Flags
    let queue: RawSpan?
    let agent: RawSpan?
    let started: Timestamp
    let last: Timestamp
    /// When the customer was gone, where they got nowhere.
    let lost: Timestamp?
    let waitMilliseconds: Int64?
    let position: Position
    let unanswered: Messages.Unanswered?

    @_lifetime(copy row)
    init(row: RawSpan) throws(MalformedBytes) {
        var reader = ByteReader(row, of: "touchpoint row")
        guard try reader.byte() == TouchpointRow.version else {
            throw MalformedBytes("touchpoint row version", at: 0)
        }
        guard let channel = Channel(rawValue: try reader.byte()),
            let state = InteractionState(rawValue: try reader.byte())
        else { throw MalformedBytes("touchpoint row", at: reader.offset) }
        let raw = try reader.byte()
        let flags = TouchpointRow.Flags(rawValue: try reader.byte())
        let queue = try reader.optionalBytes()
        let agent = try reader.optionalBytes()
        let started = Timestamp(milliseconds: try reader.zigzag())
        let last = Timestamp(milliseconds: started.rawValue &+ (try reader.zigzag()))
        var lost: Timestamp?
        if flags.isLost {
            lost = Timestamp(milliseconds: started.rawValue &+ (try reader.zigzag()))
        }
        guard started >= .earliest, started <= .latest, last >= .earliest, last <= .latest,
            lost.map({ $0 >= .earliest && $0 <= .latest }) ?? true
        else {
            throw MalformedBytes("touchpoint row", at: reader.offset)
        }
        let wait = try reader.varint()
        let position = Position(try reader.varint())
        var unanswered: Messages.Unanswered?
        if flags.contains(.unanswered) {
            let moment = Timestamp(milliseconds: started.rawValue &+ (try reader.zigzag()))
            let behind = UInt64(bitPattern: try reader.zigzag())
            guard moment == moment.clamped else {
                throw MalformedBytes("touchpoint row", at: reader.offset)
            }
            unanswered = Messages.Unanswered(
                occurred: moment, position: Position(position.rawValue &+ behind))
        }
        guard reader.isAtEnd else { throw MalformedBytes("touchpoint row", at: reader.offset) }
        self.flags = flags
        self.position = position
        self.unanswered = unanswered
        self.channel = channel
        self.state = state
        resolution = raw == 0 ? nil : Resolution(rawValue: raw - 1)
        self.queue = queue
        self.agent = agent
        self.started = started
        self.last = last
        self.lost = lost
        waitMilliseconds = wait == 0 ? nil : Int64(truncatingIfNeeded: wait - 1)
    }

    /// Writes what `CustomerDocument` draws of it, behind the interaction's name.
    func writeMembers(to json: inout JSONWriter) {
        json.field("channel", word: channel.word)
        if let queue {
            json.key("queue")
            json.value(queue)
        }
        json.field("started", started)
        json.field("last", last)
        json.field("state", word: state.word)
        json.field("resolution", word: resolution?.word)
        if let agent {
            json.key("agent")
            json.value(agent)
        }
        json.field("wait_ms", waitMilliseconds)
        json.field("position", position)
        if let unanswered {
            json.field("unanswered_since", unanswered.occurred)
            json.field("unanswered_position", unanswered.position)
        }
    }

    /// Reads a row that a scan showed.
    @_lifetime(copy row)
    static func decoded(_ row: RawSpan) throws(ViewFault) -> TouchpointLine {
        do throws(MalformedBytes) {
            return try TouchpointLine(row: row)
        } catch {
            throw .damaged(error)
        }
    }
}
