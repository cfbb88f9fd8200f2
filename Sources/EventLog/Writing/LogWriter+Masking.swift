internal import EventIndex

extension LogWriter {
    /// The hash of a value under the store's key, from which nobody without the key finds it by trying.
    public func mask(_ value: RawSpan) -> (high: UInt64, low: UInt64) {
        let hash = index.key.stream(kind: .max, name: value)
        return (hash.high, hash.low)
    }
}
