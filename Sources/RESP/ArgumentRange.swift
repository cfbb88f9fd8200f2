/// Where one argument lies. Eight bytes, as a batch has thousands of them.
@usableFromInline
struct ArgumentRange: Equatable, Sendable {
    @usableFromInline let offset: UInt32
    @usableFromInline let byteCount: UInt32

    init(offset: Int, byteCount: Int) {
        // A request's bytes stay below 2 GiB: see `RequestLimits`.
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.byteCount = UInt32(truncatingIfNeeded: byteCount)
    }
}
