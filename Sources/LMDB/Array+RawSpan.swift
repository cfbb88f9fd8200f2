extension Array where Element == UInt8 {
    /// The array's bytes, as keys and values are given.
    ///
    /// `span.bytes` counts as unsafe, since elements may have padding; bytes have none.
    @inlinable
    public var rawSpan: RawSpan {
        @_lifetime(borrow self)
        get { unsafe _overrideLifetime(span.bytes, borrowing: self) }
    }
}
