internal import EventIndex
internal import EventModel

/// Makes the index of a segment that has ended anew from the log while everything goes on, after
/// damage was met in it. Until it is done, what needs the index is refused.
struct IndexRepair: Sendable {
    private let indexes: IndexSet
    private let makeBuild: @Sendable () throws(EventLogError) -> IndexBuild

    /// - Parameter makeBuild: Makes what reads the log, for the thread that repairs.
    init(
        indexes: IndexSet,
        makeBuild: @escaping @Sendable () throws(EventLogError) -> IndexBuild
    ) {
        self.indexes = indexes
        self.makeBuild = makeBuild
    }

    /// Makes an index anew, and puts it into its place.
    ///
    /// - Parameters:
    ///   - end: The first position of the next segment.
    ///   - goesOn: False when it is to stop; it ends soon then, and the next opening takes it up.
    /// - Returns: Whether it is done.
    /// - Throws: `damaged` when the segment cannot be read either; `full`, `storage`.
    func run(first: Position, end: Position, goesOn: () -> Bool) throws(EventLogError) -> Bool {
        let (file, path) = try indexes.beginRepair(first: first)
        let isDone: Bool
        do throws(EventLogError) {
            isDone = try fill(file, end, goesOn, first)
        } catch {
            try StoreFiles.removeLeftovers(path)
            throw error
        }
        try StoreFiles.removeLeftovers(path)
        return isDone
    }

    private func fill(
        _ file: IndexFile, _ end: Position, _ goesOn: () -> Bool, _ first: Position
    ) throws(EventLogError) -> Bool {
        var build = try makeBuild()
        try build.checkEnd(of: first, end)
        while file.end < end {
            guard goesOn() else { return false }
            let tail = try build.tail(from: file.end, to: end)
            do throws(IndexError) {
                try file.write(tail)
            } catch {
                throw IndexSet.failure(error)
            }
        }
        try indexes.replaceDamaged(with: file, end: end)
        return true
    }
}
