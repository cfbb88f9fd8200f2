internal import EventLog
internal import EventModel
internal import Views

extension ViewSet {
    /// Finds the last definition of rules in the log that is for all events: the identity view knows
    /// those up to its checkpoint, the log is read behind it.
    ///
    /// Called before the views are opened. Complexity: the events behind the identity view's checkpoint;
    /// all of the log where there is none.
    static func generation(
        of log: LogSource, folder: String
    ) throws(ViewFault) -> IdentityGeneration {
        var (found, seen) = try knownGeneration(log, folder) ?? (.none, .zero)
        guard seen < log.head.position else { return found }
        do throws(EventLogError) {
            var reader = try log.makeReader()
            var next = seen.next
            while next <= log.head.position {
                guard let behind = try take(&found, from: next, &reader) else { break }
                next = behind
            }
        } catch {
            // What passes would have views folded by the wrong rules. Where the log is damaged they go
            // as far as it can be read.
            guard !error.isOfResources else { throw ViewFault(error) }
        }
        return found
    }

    /// Takes the last definition that is for all events of those from a position on.
    ///
    /// - Returns: Where to go on behind events that cannot be read, as a definition behind them holds for
    ///   those before them; nil at the end of the log.
    private static func take(
        _ found: inout IdentityGeneration, from start: Position, _ reader: inout LogReader
    ) throws(EventLogError) -> Position? {
        do throws(ReadFailure<Never>) {
            _ = try reader.events(from: start) { (event) throws(Never) in
                if let generation = IdentityGeneration(event) { found = generation }
                return true
            }
            return nil
        } catch {
            switch error {
            case .log(.damaged(let events)): return max(events.next, start.next)
            case .log(.damagedJournal(_, _, let last)), .log(.missingSegment(_, let last)):
                return max(last.next, start.next)
            case .log(let error): throw error
            }
        }
    }

    /// What an identity view of this log knows, of whatever version, and how far it is.
    private static func knownGeneration(
        _ log: LogSource, _ folder: String
    ) throws(ViewFault) -> (IdentityGeneration, Position)? {
        let files = ViewFiles(
            folder: folder, name: IdentityProjection.name, version: IdentityProjection.version)
        for path in [files.path] + files.otherVersions().reversed()
        where FolderListing.exists(path) {
            let store = try ViewStore.open(path: path)
            guard try Projector<IdentityProjection>.belongs(store, to: log) else { continue }
            do throws(ViewFault) {
                let snapshot = try ViewSnapshot(store)
                return (try IdentityView.wantedGeneration(snapshot), snapshot.position)
            } catch {
                // What is damaged is folded anew: the log says it.
                guard case .damaged = error else { throw error }
            }
        }
        return nil
    }
}
