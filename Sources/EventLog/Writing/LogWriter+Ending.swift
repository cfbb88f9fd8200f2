internal import EventIndex
public import EventModel

/// Where a segment ends, but for the count of its events, which `LogIndex` sees as they come.
extension LogWriter {
    /// Ends the segment behind the head when its file has its size. What is counted in events is
    /// seen as they come.
    func endSegmentIfLarge() {
        let newest = strides.newest
        if newest.bytes >= options.sizes.segmentBytes, newest.first == index.segment {
            index.beginSegment()
        }
    }

    /// Ends the segment behind the staged round, or behind the head when nothing is staged: it is
    /// sealed, and the next event begins another. Nothing happens where a segment has no event yet.
    ///
    /// - Returns: Its last position.
    @discardableResult
    public func endSegment() -> Position {
        endsSegment = true
        if stagedCount == 0 { endSegmentIfAsked() }
        return Position(head.position.rawValue + UInt64(stagedCount))
    }

    /// Hears what a look-up has failed with. Where it is the newest segment's index that is damaged,
    /// the segment ends: that of one that has ended is made anew while everything goes on.
    func met(_ error: EventLogError) -> EventLogError {
        if case .damagedIndex = error, index.isSegmentDamaged { endSegment() }
        return error
    }

    func endSegmentIfAsked() {
        guard endsSegment || index.isSegmentDamaged else { return }
        endsSegment = false
        // What was staged and taken back may have begun it already.
        if index.segment <= head.position { index.beginSegment() }
        strides.index(index.takeFinished(through: head.position))
        strides.endSegment(behind: head.position)
    }
}
