extension Span where Element == UInt8 {
    /// The bytes as raw memory.
    ///
    /// `Span.bytes` is marked unsafe because elements in general may have padding; bytes have none.
    @inlinable
    package var octets: RawSpan {
        @_lifetime(copy self)
        get { unsafe bytes }
    }
}
