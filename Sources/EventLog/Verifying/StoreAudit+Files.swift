internal import EventIndex
internal import EventModel
internal import Glibc
internal import LMDB

/// Opening a segment and what lies beside it: first with our own eyes, then through liblmdb, which
/// believes what it reads.
extension StoreAudit {
    /// Opens a segment; nil when what is wrong has been told.
    func open(_ access: Access, _ finding: inout SegmentFinding) -> Segment? {
        let file = Self.file(finding.first)
        let path = path + "/" + file
        let positions = finding.first...max(finding.first, finding.last)
        do {
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: access == .shared ? LogLimits.segmentMapBytes : nil)
            for page in pages {
                finding.faults.add(VerificationFault(.page, file, "\(page)"))
            }
            guard pages.allSatisfy(\.isForWriting) else { return nil }
            return access == .shared
                ? try Segment.openShared(path: path, first: finding.first)
                : try Segment.openUnchanging(path: path, first: finding.first)
        } catch let error as LMDBError {
            finding.faults.add(
                VerificationFault(
                    error.isCorrupted ? .segment : .unreadable, file, positions: positions,
                    "\(error)"))
        } catch let error as EventLogError {
            finding.faults.add(Self.fault(error, file, positions))
        } catch {
            preconditionFailure("an error of an unknown kind: \(error)")
        }
        return nil
    }

    private static func fault(
        _ error: EventLogError, _ file: String, _ positions: ClosedRange<Position>
    ) -> VerificationFault {
        switch error {
        case .notAStore(_, let found):
            VerificationFault(.meta, file, positions: positions, found)
        case .storage(let error) where !error.isCorrupted:
            VerificationFault(.unreadable, file, positions: positions, "\(error)")
        default: VerificationFault(.meta, file, positions: positions, "\(error)")
        }
    }

    /// Opens a segment's index and filter; nil when there is none or it cannot be used, which has
    /// been told then.
    func openIndex(
        _ first: Position, _ access: Access, _ finding: inout SegmentFinding
    ) -> IndexComparison? {
        guard let identity else { return nil }
        let name = IndexFile.fileName(first: first)
        let (file, path) = ("log/" + name, logPath + "/" + name)
        guard Self.exists(path) else { return nil }
        do {
            let pages = try Environment.pageFaults(
                path: path, sharedMapBytes: access == .shared ? 1 << 36 : nil)
            for page in pages { finding.faults.add(VerificationFault(.index, file, "\(page)")) }
            guard pages.allSatisfy(\.isForWriting) else { return nil }
            let index =
                access == .shared
                ? try IndexFile.openShared(path: path, store: identity.store, first: first)
                : try IndexFile.openSealed(path: path, store: identity.store, first: first)
            finding.indexed = index.end
            return IndexComparison(
                index, filter: openFilter(first, identity, &finding), key: identity.key,
                file: file)
        } catch {
            finding.faults.add(VerificationFault(.index, file, "\(error)"))
            return nil
        }
    }

    private func openFilter(
        _ first: Position, _ identity: Identity, _ finding: inout SegmentFinding
    ) -> SegmentFilter? {
        let name = SegmentFilter.fileName(first: first)
        guard Self.exists(logPath + "/" + name) else { return nil }
        do throws(IndexError) {
            return try SegmentFilter.open(
                path: logPath + "/" + name, store: identity.store, first: first)
        } catch {
            finding.faults.add(VerificationFault(.filter, "log/" + name, "\(error)"))
            return nil
        }
    }

    /// How an index is opened.
    func access(toIndex first: Position) -> Access {
        let lock = logPath + "/" + IndexFile.fileName(first: first) + "-lock"
        return unsafe Glibc.access(lock, R_OK | W_OK) == 0 ? .shared : .unchanging
    }

    /// How the newest segment's files are opened. Without a lock file nobody has them open for
    /// writing, and none must be made: it would be ours and not the daemon's.
    func access(toNewest first: Position) -> Access {
        let lock = path + "/" + Self.file(first) + "-lock"
        guard !isBackup, unsafe Glibc.access(lock, R_OK | W_OK) == 0 else { return .unchanging }
        return .shared
    }
}

extension Segment {
    /// Opens a segment file that another process may be writing, for reading only; see
    /// `Environment.openReadOnlyShared`.
    static func openShared(path: String, first: Position) throws(EventLogError) -> Segment {
        let environment: Environment
        do throws(LMDBError) {
            environment = try Environment.openReadOnlyShared(
                path: path, mapBytes: LogLimits.segmentMapBytes, maxDatabases: databasesMax)
        } catch {
            throw .storage(error)
        }
        return try read(environment, first: first)
    }
}
