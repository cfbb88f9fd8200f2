internal import Glibc

/// How keys of a database are compared.
public enum KeyOrder {
    /// Byte by byte.
    case bytes
    /// As the UInt64 that each is, in native byte order.
    case integer

    /// Whether a key stands before another. Of integers that have not their eight bytes none does.
    public func precedes(_ left: RawSpan, _ right: RawSpan) -> Bool {
        switch self {
        case .integer:
            guard left.byteCount == 8, right.byteCount == 8 else { return false }
            return left.load(UInt64.self, at: 0) < right.load(UInt64.self, at: 0)
        case .bytes:
            return unsafe left.withUnsafeBytes { left in
                unsafe right.withUnsafeBytes { right in
                    guard let one = left.baseAddress, let other = right.baseAddress else {
                        return unsafe left.isEmpty && !right.isEmpty
                    }
                    let order = unsafe memcmp(one, other, min(left.count, right.count))
                    return order == 0 ? left.count < right.count : order < 0
                }
            }
        }
    }

    /// The least key behind one; nil behind the greatest.
    func successor(of key: [UInt8]) -> [UInt8]? {
        guard self == .integer else { return key + [0] }
        let (next, overflow) = key.rawSpan.load(UInt64.self, at: 0).addingReportingOverflow(1)
        return overflow ? nil : unsafe withUnsafeBytes(of: next) { unsafe Array($0) }
    }
}

/// Between which keys those of a page stand, by what the pages above it say: from `lower` on, below
/// `upper`. Whoever looks for a key outside of them does not come to the page.
struct KeyBounds {
    var lower: [UInt8]?
    var upper: [UInt8]?

    func hold(_ key: RawSpan, _ order: KeyOrder) -> Bool {
        if let lower, order.precedes(key, lower.rawSpan) { return false }
        guard let upper else { return true }
        return order.precedes(key, upper.rawSpan)
    }

    /// Whether there is anything between them.
    func areInOrder(_ order: KeyOrder) -> Bool {
        guard let lower, let upper else { return true }
        return order.precedes(lower.rawSpan, upper.rawSpan)
    }

    /// Whether others lie within these.
    func hold(_ inner: KeyBounds, _ order: KeyOrder) -> Bool {
        if let lower, inner.lower.map({ order.precedes($0.rawSpan, lower.rawSpan) }) ?? true {
            return false
        }
        if let upper, inner.upper.map({ order.precedes(upper.rawSpan, $0.rawSpan) }) ?? true {
            return false
        }
        return true
    }
}
