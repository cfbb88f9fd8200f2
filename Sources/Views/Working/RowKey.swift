internal import Glibc

/// The key of a row, hashed and compared as the bytes it is.
@safe
struct RowKey: Hashable, Comparable {
    var bytes: [UInt8]

    static func == (left: RowKey, right: RowKey) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    static func < (left: RowKey, right: RowKey) -> Bool {
        let common = min(left.bytes.count, right.bytes.count)
        guard common > 0 else { return left.bytes.count < right.bytes.count }
        let order = unsafe left.bytes.withUnsafeBytes { a in
            unsafe right.bytes.withUnsafeBytes { b in
                // Both are `common` bytes long at least, and that is not zero.
                unsafe memcmp(a.baseAddress!, b.baseAddress!, common)
            }
        }
        return order == 0 ? left.bytes.count < right.bytes.count : order < 0
    }
}
