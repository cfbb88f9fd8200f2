public import EventModel

/// What a suppression list asks of the log.
extension LogWriter {
    /// Whether the erasure with a surrogate is in the log: at the position that it was given, or
    /// said anew behind a restore.
    public func isErased(
        _ surrogate: Surrogate, at position: Position
    ) throws(EventLogError) -> Bool {
        for pending in erasures.pending {
            if case .person(surrogate, _, _) = pending.what { return true }
        }
        guard position >= Position(1), position <= head.position else { return false }
        var isIt = false
        try withEvent(at: position) { event in
            isIt = event.type.equals("customer.erased") && event.text("surrogate") == surrogate.text
        }
        return isIt
    }
}
