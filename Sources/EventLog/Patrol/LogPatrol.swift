internal import EventIndex
internal import EventModel
internal import LMDB

/// Looks, piece by piece, at what lies in a log and nobody has asked for: blocks of segments that
/// have ended, and all indexes. One thread owns it.
///
/// It reads files as bytes: liblmdb, which believes its pages, is not led to one that has gone wrong.
public struct LogPatrol: ~Copyable {
    /// What a step has come to.
    public enum Step: Sendable {
        /// It has looked at a piece of that file.
        case looked(file: String)
        /// It has met damage.
        case damage(PatrolFinding)
        /// Everything has been looked at; the next step begins again.
        case roundEnded
    }

    private enum Work: ~Copyable {
        case none
        case blocks(PairWalk, name: String, next: Position, end: Position)
        case index(IndexWalk, first: Position)
    }

    private enum Piece {
        case blocks(first: Position, end: Position)
        case index(first: Position)
    }

    private let segments: SegmentSet
    private let indexes: IndexSet
    /// What is still to be looked at in this round, the next one last.
    private var pieces: [Piece]?
    private var work = Work.none
    /// As of which `SegmentSet.generation` the piece at hand is.
    private var generation: UInt64 = 0

    init(_ segments: SegmentSet, _ indexes: IndexSet) {
        self.segments = segments
        self.indexes = indexes
    }

    /// Looks at the next pages.
    @available(*, noasync)
    public mutating func step(pages: Int) -> Step {
        var taken = Work.none
        // A file whose place another has taken is not kept open.
        if segments.generation == generation { swap(&taken, &work) } else { work = .none }
        switch consume taken {
        case .none: return begin()
        case .blocks(let walk, let name, let next, let end):
            return look(walk, name, next, end, pages)
        case .index(let walk, let first): return look(walk, first, pages)
        }
    }

    private mutating func begin() -> Step {
        generation = segments.generation
        guard var left = pieces else {
            pieces = plan()
            return .looked(file: "log")
        }
        guard let piece = left.popLast() else {
            pieces = nil
            return .roundEnded
        }
        pieces = left
        switch piece {
        case .blocks(let first, let end): return beginBlocks(first, end)
        case .index(let first): return beginIndex(first)
        }
    }

    private func plan() -> [Piece] {
        let ended = segments.ended
        let blocks = ended.map { Piece.blocks(first: $0.first, end: $0.end) }
        let all = indexes.all.map { Piece.index(first: $0.first) }
        return Array((blocks + all).reversed())
    }

    private mutating func beginBlocks(_ first: Position, _ end: Position) -> Step {
        let name = Segment.fileName(first: first)
        do throws(LMDBError) {
            var walk = try PairWalk(unchanging: segments.path(of: first))
            walk.begin("blocks")
            work = .blocks(walk, name: name, next: first, end: end)
            return .looked(file: name)
        } catch {
            // Left out of this round.
            guard !error.isOfResources else { return .looked(file: name) }
            return damage(name, first, end, "\(error)")
        }
    }

    private mutating func look(
        _ walk: consuming PairWalk, _ name: String, _ next: Position, _ end: Position, _ pages: Int
    ) -> Step {
        var next = next
        do throws(LMDBError) {
            let step = try walk.step(pages: pages)
            for pair in step.pairs {
                guard pair.key.count == 8 else {
                    return damage(name, next, end, "a key that is no position")
                }
                do throws(EventLogError) {
                    let block = try BlockHeader(
                        checking: pair.value.rawSpan,
                        key: pair.key.rawSpan.load(littleEndian: UInt64.self, at: 0))
                    guard block.first == next else {
                        return damage(name, next, end, "the block at position \(next) is missing")
                    }
                    next = block.last.next
                } catch {
                    // What comes behind it is looked at in the next round, once it is mended.
                    return damage(name, next, end, "\(error)")
                }
            }
            if let fault = step.fault { return damage(name, next, end, "\(fault)") }
            guard step.isLast else {
                work = .blocks(walk, name: name, next: next, end: end)
                return .looked(file: name)
            }
        } catch {
            guard !error.isOfResources else { return .looked(file: name) }
            return damage(name, next, end, "\(error)")
        }
        guard next == end else { return damage(name, next, end, "its last block is missing") }
        return .looked(file: name)
    }

    private func damage(
        _ name: String, _ next: Position, _ end: Position, _ what: String
    ) -> Step {
        .damage(
            PatrolFinding(
                file: "log/" + name,
                what: "from position \(next) on, of those before \(end): \(what); restore the "
                    + "segment from a backup"))
    }

    private mutating func beginIndex(_ first: Position) -> Step {
        let name = IndexFile.fileName(first: first)
        guard !indexes.isDamaged(first),
            let part = indexes.all.first(where: { $0.first == first })
        else { return .looked(file: name) }
        do throws(IndexError) {
            switch part {
            case .runs(let file): work = .index(try IndexWalk(file), first: first)
            case .sealed(let filter, _, _):
                try filter.check()
                work = .index(try IndexWalk(unchanging: indexes.path(name)), first: first)
            }
        } catch {
            return damage(error, name)
        }
        return .looked(file: name)
    }

    private mutating func look(
        _ walk: consuming IndexWalk, _ first: Position, _ pages: Int
    ) -> Step {
        let name = walk.name
        do throws(IndexError) {
            if try walk.step(pages: pages) { work = .index(walk, first: first) }
        } catch {
            return damage(error, name)
        }
        return .looked(file: name)
    }

    /// Has the index made anew.
    private func damage(_ error: IndexError, _ name: String) -> Step {
        var error = error
        if case .storage(let cause) = error, cause.isMissing {
            error = .damaged(file: name, what: "it is missing")
        }
        _ = indexes.note(error)
        return .damage(PatrolFinding(file: "log/" + name, what: "\(error)"))
    }
}

/// Damage that was met in a file of a store by looking.
public struct PatrolFinding: Sendable, Equatable {
    /// The file, below the store's folder.
    public let file: String
    /// What is wrong with it, and what is done or to be done about it.
    public let what: String

    /// Names damage.
    public init(file: String, what: String) {
        self.file = file
        self.what = what
    }
}

extension PatrolFinding: CustomStringConvertible {
    /// Names the file and what is wrong with it.
    public var description: String { "\(file): \(what)" }
}
