internal import ContactCentre
internal import EventModel

/// A `TouchpointRow` read in place.
struct TouchpointLine: ~Escapable {
    let channel: Channel
    let state: InteractionState
    let resolution: Resolution?
    let queue: RawSpan?
    let agent: RawSpan?
    let started: Timestamp
    let last: Timestamp
    let waitMilliseconds: Int64?

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
        let queue = try reader.optionalBytes()
        let agent = try reader.optionalBytes()
        let started = Timestamp(milliseconds: try reader.zigzag())
        let last = Timestamp(milliseconds: started.rawValue &+ (try reader.zigzag()))
        guard started >= .earliest, started <= .latest, last >= .earliest, last <= .latest else {
            throw MalformedBytes("touchpoint row", at: reader.offset)
        }
        let wait = try reader.varint()
        guard reader.isAtEnd else { throw MalformedBytes("touchpoint row", at: reader.offset) }
        self.channel = channel
        self.state = state
        resolution = raw == 0 ? nil : Resolution(rawValue: raw - 1)
        self.queue = queue
        self.agent = agent
        self.started = started
        self.last = last
        waitMilliseconds = wait == 0 ? nil : Int64(truncatingIfNeeded: wait - 1)
    }

    /// Writes the line as an object, as `CustomerDocument` draws it.
    ///
    /// - Parameters:
    ///   - key: A key that has the interaction's name as its last part.
    ///   - offset: Where the name starts in it.
    func write(
        nameIn key: RawSpan, at offset: Int, to json: inout JSONWriter
    ) throws(ViewFault) {
        json.beginObject()
        json.key("interaction")
        if key.firstOffset(of: 0, from: offset) == key.byteCount - 2 {
            json.value(key.extracting(offset..<key.byteCount - 2))
        } else {
            json.value(try key.keyText(at: offset).text)
        }
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
        json.endObject()
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

extension RawSpan {
    fileprivate func firstOffset(of byte: UInt8, from start: Int) -> Int? {
        var offset = start
        while offset < byteCount {
            if self[offset] == byte { return offset }
            offset += 1
        }
        return nil
    }
}
