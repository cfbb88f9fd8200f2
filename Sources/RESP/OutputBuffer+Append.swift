extension OutputBuffer {
    /// Writes one byte.
    @inlinable
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        storage[end] = byte
        end += 1
    }

    /// Writes bytes.
    @inlinable
    public mutating func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { source in unsafe append(copying: source) }
    }

    /// Writes bytes.
    @inlinable
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span.octets)
    }

    /// Writes the UTF-8 of a literal.
    @inlinable
    public mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { source in
            unsafe append(copying: UnsafeRawBufferPointer(source))
        }
    }

    /// Writes the UTF-8 of a text.
    @inlinable
    public mutating func append(_ text: String) {
        append(text.utf8.span.octets)
    }

    @inlinable
    mutating func append(copying source: UnsafeRawBufferPointer) {
        guard source.count > 0 else { return }
        reserve(source.count)
        let start = end
        unsafe storage.withUnsafeMutableBytes { memory in
            unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + source.count])
                .copyMemory(from: source)
        }
        end = start + source.count
    }
}
