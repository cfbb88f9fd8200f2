public import EventModel

extension EventDraft {
    /// Appends the record that the log would store, unstamped.
    ///
    /// - Throws: What the intake refuses.
    public func encode(
        with intake: inout EventIntake, into records: inout [UInt8]
    ) throws(EventRefusal) {
        var batch = EventBatch()
        batch.append(self)
        try batch.encode(with: &intake, into: &records)
    }
}

extension EventBatch {
    /// Appends the records of all events, unstamped, as the daemon does on `APPENDBATCH`.
    ///
    /// - Throws: What the intake refuses; the records of the events before it stay.
    public func encode(
        with intake: inout EventIntake, into records: inout [UInt8]
    ) throws(EventRefusal) {
        var wordsLeft = 0
        var name: [UInt8] = []
        var index = 0
        try forEachWord { (word) throws(EventRefusal) in
            if wordsLeft == 0 {
                wordsLeft = Int(word.integer() ?? 0)
                index = 0
                return
            }
            if index == 0 {
                // The clock is not the simulation's business: no event lies ahead of it.
                try intake.begin(type: word, now: .latest)
            } else if index % 2 == 1 {
                name.removeAll(keepingCapacity: true)
                name.append(word)
            } else if unsafe name.span.bytes.equals("DATA") {
                try intake.take(data: word)
            } else {
                try intake.take(unsafe name.span.bytes, word)
            }
            index += 1
            wordsLeft -= 1
            if wordsLeft == 0 { try intake.finish(into: &records) }
        }
    }
}
