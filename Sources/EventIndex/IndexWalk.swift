internal import EventModel
internal import LMDB

/// Goes through an index, so many pages at a time, with plain reads, and checks what look-ups
/// believe: that every value has the checksum of its key, and that leaves follow each other without
/// a gap. What a look-up would not find is thereby found.
///
/// One thread at a time uses it; others may use the file.
public struct IndexWalk: ~Copyable {
    private static let databases = ["ids", "streams", "filters", "meta"]

    /// The name of the file, which errors give.
    public let name: String
    private let isUnchanging: Bool
    private var pairs: PairWalk
    private var database = 0
    /// The runs whose ids, and whose streams, have been seen.
    private var runs = [0, 0]
    /// Where the next leaf of the run at hand begins; nil where that is over.
    private var nextHash: UInt64?
    private var nextPoint: StreamPoint?

    /// Looks into the index of a segment that has ended, as it lies at a path now.
    ///
    /// - Throws: `damaged`; `storage`, with ENOENT when it is missing.
    public init(unchanging path: String) throws(IndexError) {
        do throws(LMDBError) {
            pairs = try PairWalk(unchanging: path)
        } catch {
            throw IndexError(error)
        }
        name = path.split(separator: "/").last.map(String.init) ?? path
        isUnchanging = true
        pairs.begin(Self.databases[0])
    }

    /// Looks into an index that may be growing.
    public init(_ file: IndexFile) throws(IndexError) {
        do throws(LMDBError) {
            pairs = try PairWalk(file.environment)
        } catch {
            throw IndexError(error)
        }
        name = file.name
        isUnchanging = false
        pairs.begin(Self.databases[0])
    }

    /// Looks at the next leaves.
    ///
    /// - Returns: Whether there is more.
    /// - Throws: `damaged`, after which there is nothing more to be looked at; `storage`.
    @available(*, noasync)
    public mutating func step(pages: Int) throws(IndexError) -> Bool {
        let step: PairWalk.Step
        do throws(LMDBError) {
            step = try pairs.step(pages: pages)
        } catch {
            throw IndexError(error)
        }
        for pair in step.pairs {
            guard try check(pair.key.rawSpan, pair.value.rawSpan) else {
                throw damaged("a value of its \(Self.databases[database]) is not what was written")
            }
        }
        if let fault = step.fault { throw damaged("\(fault)") }
        guard step.isLast else { return true }
        guard nextHash == nil, nextPoint == nil else {
            throw damaged("its last leaf of \(Self.databases[database]) is missing")
        }
        database += 1
        guard database < Self.databases.count else {
            // A run that came meanwhile has been seen by the second look alone.
            guard runs[0] == runs[1] || (!isUnchanging && runs[0] < runs[1]) else {
                throw damaged("it has ids of \(runs[0]) runs and streams of \(runs[1])")
            }
            return false
        }
        pairs.begin(Self.databases[database])
        return true
    }

    private mutating func check(_ key: RawSpan, _ value: RawSpan) throws(IndexError) -> Bool {
        switch database {
        case 0:
            guard let run = run(key, goesOn: nextHash != nil),
                let leaf = IDLeaf(run: run, key: key, value: value)
            else { return false }
            guard leaf.lowest == nextHash ?? 0 else { throw gap() }
            nextHash = leaf.highest < .max ? leaf.highest + 1 : nil
        case 1:
            guard let run = run(key, goesOn: nextPoint != nil),
                let leaf = StreamLeaf(run: run, key: key, value: value)
            else { return false }
            guard leaf.lowest == nextPoint ?? .first else { throw gap() }
            nextPoint = leaf.highest.successor
        default: return LeafChecksum.checked(value, key: key) != nil
        }
        return true
    }

    /// The run that the next leaf must be of.
    private mutating func run(_ key: RawSpan, goesOn: Bool) -> UInt16? {
        guard key.byteCount >= 2 else { return nil }
        if !goesOn { runs[database] += 1 }
        return UInt16(exactly: runs[database] - 1)
    }

    private func gap() -> IndexError {
        damaged("a leaf of its \(Self.databases[database]) is missing")
    }

    private func damaged(_ what: String) -> IndexError { .damaged(file: name, what: what) }
}
