internal import EventLog
internal import EventModel
internal import RESP

/// Card numbers that come in several messages: what an author said before in an interaction is read
/// from the log, where it is the same whatever was restarted in between. It is looked for only where a
/// text begins with digits.
extension CommandExecutor {
    /// Returns what must not be stored of an event, given what its author said before.
    ///
    /// - Parameter bound: The position that the event would have, or has.
    func cut(
        _ arguments: Arguments, _ range: Range<Int>, before bound: Position
    ) throws(CommandError) -> SplitNumber.Cut? {
        var interaction: [UInt8] = []
        var author: [UInt8] = []
        var text: [UInt8] = []
        var payload: [UInt8] = []
        var next = range.lowerBound + 1
        while next < range.upperBound {
            let (name, value) = (arguments[next], arguments[next + 1])
            if name.equals("interaction") { interaction = value.copied() }
            if name.equals("author") { author = value.copied() }
            if name.equals("text") { text = value.copied() }
            if name.equalsIgnoringCase("DATA") { payload = value.copied() }
            next += 2
        }
        guard !interaction.isEmpty, !author.isEmpty else { return nil }
        let (said, whose) = (text.isEmpty ? payload : text, author)
        var earlier: [ArraySlice<UInt8>] = []
        try readingLog { () throws(EventLogError) in
            var positions: [Position] = []
            try writer.newest(
                of: StreamName(.interaction, interaction), before: bound,
                limit: SplitNumber.eventsMax, into: &positions)
            for position in positions where earlier.count < SplitNumber.messagesMax {
                try writer.showStaged(position) { event in
                    guard let author = event.bytes("author"), author.copied() == whose else {
                        return
                    }
                    let text = event.bytes("text")?.copied() ?? event.data.copied()
                    guard !text.isEmpty else { return }
                    earlier.append(text.suffix(SplitNumber.tailBytesMax))
                }
            }
        }
        var cut = SplitNumber.cut(said, after: earlier.map(Array.init))
        cut?.isOfPayload = text.isEmpty
        return cut
    }
}
