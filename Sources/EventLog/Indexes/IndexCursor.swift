internal import EventIndex
internal import EventModel

/// Looks into the index of one segment, for one thread, with a place of its own in it.
final class IndexCursor {
    /// What it looks into.
    private(set) var part: IndexSet.Part
    private var reader: IndexReader?
    /// When it was asked last, for letting go of files.
    private(set) var lastUse: UInt64 = 0

    /// Whether the last reading had to open the file.
    private(set) var wasOpened = false
    /// The position behind the last one that it sees.
    private(set) var end: Position

    init(_ part: IndexSet.Part) {
        self.part = part
        end = part.end
        refresh(part)
    }

    /// Whether it is a merged index.
    var isMerged: Bool {
        if case .sealed = part { return true }
        return false
    }

    /// Whether the file of a merged index is open.
    var holdsSealedFile: Bool {
        if case .sealed = part { return reader != nil }
        return false
    }

    /// Sees what has been written since, or the merged index in the place of the one that grew.
    func refresh(_ part: IndexSet.Part) {
        switch (self.part, part) {
        case (.runs, .runs(let file)):
            // At once: what a reader sees must not depend on when it is first asked.
            if reader == nil { reader = file.reader() } else { reader?.refresh() }
            end = reader?.end ?? end
        case (.runs, .sealed):
            reader = nil
            end = part.end
        case (.sealed(let before, _, _), .sealed(let now, _, _)):
            // Made anew, after damage was met in it.
            if before !== now { reader = nil }
        case (.sealed, .runs): preconditionFailure("a merged index stays merged")
        }
        self.part = part
    }

    /// Lets go of the file until it is asked again.
    func close() { reader = nil }

    /// Whether events with this id may be there; `false` is certain and costs no look into the file.
    func mayContain(id: KeyHash, _ files: IndexSet) throws(EventLogError) -> Bool {
        try mayContain(files) { filter throws(IndexError) in try filter.mayContain(id: id) }
    }

    /// Whether events of this stream may be there.
    func mayContain(stream: KeyHash, _ files: IndexSet) throws(EventLogError) -> Bool {
        try mayContain(files) { filter throws(IndexError) in try filter.mayContain(stream: stream) }
    }

    private func mayContain(
        _ files: IndexSet, _ ask: (SegmentFilter) throws(IndexError) -> Bool
    ) throws(EventLogError) -> Bool {
        guard case .sealed(let filter, _, _) = part else { return true }
        do throws(IndexError) {
            return try ask(filter)
        } catch {
            throw files.note(error)
        }
    }

    /// Reads in the file, which is opened when it is not.
    func read<Result>(
        _ files: IndexSet, use: UInt64,
        _ body: (inout IndexReader) throws(IndexError) -> Result
    ) throws(EventLogError) -> Result {
        lastUse = use
        wasOpened = reader == nil
        var taken: IndexReader
        if let present = reader.take() {
            taken = present
        } else {
            guard case .sealed(let filter, let first, let end) = part else {
                preconditionFailure("an index that grows is open")
            }
            taken = try files.sharedSealed(filter, first: first, end: end).reader()
        }
        let result: Result
        do throws(IndexError) {
            result = try body(&taken)
        } catch {
            reader = consume taken
            throw files.note(error)
        }
        reader = consume taken
        return result
    }
}
