internal import EventLog
internal import EventModel
internal import Views

/// Whether a view's file is one of this log and this build.
extension Projector where Fold: ~Copyable {
    /// Tells whether the rows were folded with the identity projection of this build, by the rules that
    /// are for all events; what cannot be read is not asked here.
    static func isOfThisIdentity(
        _ store: ViewStore, _ generation: IdentityGeneration
    ) throws(ViewFault) -> Bool {
        let checkpoint: ViewStore.Checkpoint
        do throws(ViewFault) {
            checkpoint = try ViewSnapshot(store).checkpoint
        } catch {
            guard case .damaged = error else { throw error }
            return true
        }
        return checkpoint.position == .zero || checkpoint.isOf(generation)
    }

    /// Tells whether the log holds the very record at the view's checkpoint, so that its rows are
    /// what this log gives up to there.
    static func belongs(_ store: ViewStore, to log: LogSource) throws(ViewFault) -> Bool {
        let snapshot: ViewSnapshot
        do throws(ViewFault) {
            snapshot = try ViewSnapshot(store)
        } catch {
            guard case .damaged = error else { throw error }
            return false
        }
        let checkpoint = snapshot.checkpoint
        // Rows without a checkpoint would be folded over.
        guard checkpoint.position > .zero else {
            guard checkpoint == .zero else { return false }
            return try snapshot.isEmpty()
        }
        guard checkpoint.position <= log.head.position else { return false }
        var checksum: UInt32 = 0
        do {
            var reader = try log.makeReader()
            _ = try reader.event(at: checkpoint.position) { (event) throws(Never) in
                checksum = CRC32C.checksum(event.record)
            }
        } catch {
            throw .storage("read the event at checkpoint \(checkpoint.position): \(error)")
        }
        return checksum == checkpoint.record
    }
}
