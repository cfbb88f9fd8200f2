/// A complete run of an index: so many positions in a row, and what is known about them in memory.
///
/// A run of a growing segment has its filters; the one run of a sealed segment has them in a file.
struct IndexRun: Sendable {
    /// Its number within the segment, from 0.
    let number: UInt16
    /// How far its first position stands behind the segment's first.
    let start: UInt32
    /// How many positions it covers.
    let count: UInt32
    /// How many different streams it holds.
    let streamCount: UInt32
    /// The filters over the first halves of the hashes.
    let filters: Filters?

    /// A run's two filters.
    struct Filters: Sendable {
        let ids: IndexFilter
        let streams: IndexFilter
    }

    /// The offset behind its last position.
    var end: UInt32 { start + count }

    func mayContain(id: KeyHash) -> Bool { filters?.ids.mayContain(id.high) ?? true }

    func mayContain(stream: KeyHash) -> Bool { filters?.streams.mayContain(stream.high) ?? true }
}
