/// Which names of attributes a record may have: one bit for names that look alike. Most folds ask
/// most events for names they do not have; this tells so without a walk.
@frozen
@usableFromInline
struct NameSet {
    @usableFromInline var bits: UInt64 = 0

    @usableFromInline
    init() {}

    /// Adds a name; one without bytes is in every set.
    mutating func insert(_ name: RawSpan) {
        guard name.byteCount > 0 else { return }
        bits |= Self.bit(name.byteCount, name[0], name[name.byteCount - 1])
    }

    /// Whether the record may have an attribute of that name; false is certain.
    func mayHold(_ name: StaticString) -> Bool {
        let count = name.utf8CodeUnitCount
        guard count > 0 else { return true }
        let (first, last) = unsafe (name.utf8Start[0], name.utf8Start[count - 1])
        return bits & Self.bit(count, first, last) != 0
    }

    private static func bit(_ count: Int, _ first: UInt8, _ last: UInt8) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: count &* 5 &+ Int(first) &* 3 &+ Int(last))
    }
}
