internal import EventIndex
internal import EventModel

extension EventLog {
    /// Looks ids up in the merged indexes of segments that have ended, and reads the events that may
    /// have them, so that what that takes of files is in memory when they are staged. What is found
    /// is not told: `LogWriter.stage` looks again.
    ///
    /// For any thread, with a reader of its own. Faults are left to those who meet them again.
    public func readAhead(_ ids: [EventIDHash], _ reader: inout LogReader) {
        var list: [Position] = []
        var faults = MajorFaults()
        for id in ids {
            do throws(EventLogError) {
                try indexes.lookUps.timing(&faults) { () throws(EventLogError) in
                    list.removeAll(keepingCapacity: true)
                    try indexes.findMerged(id.hash, into: &list)
                    for position in list { try touch(position, &reader) }
                }
            } catch {
                // Who stages the event is told.
                continue
            }
        }
    }

    private func touch(_ position: Position, _ reader: inout LogReader) throws(EventLogError) {
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: position) { (_) throws(Never) in }
        } catch {
            switch error {
            case .log(let error): throw error
            }
        }
    }
}

extension IndexSet {
    /// Adds the positions of events in merged indexes that may have an id, on any thread.
    func findMerged(_ hash: KeyHash, into list: inout [Position]) throws(EventLogError) {
        for part in all {
            guard case .sealed(let filter, let first, let end) = part else { continue }
            do throws(IndexError) {
                guard try filter.mayContain(id: hash) else { continue }
            } catch {
                throw note(error)
            }
            var reader = try sharedSealed(filter, first: first, end: end).reader()
            do throws(IndexError) {
                try reader.candidates(id: hash, into: &list)
            } catch {
                throw note(error)
            }
        }
    }
}
