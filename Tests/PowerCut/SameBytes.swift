import Glibc

extension [UInt8] {
    /// Whether these are the same bytes as others. A million states are compared with billions of
    /// them; what is the very same array is seen at once.
    func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { right in
                guard let first = left.baseAddress, let second = right.baseAddress,
                    unsafe first != second
                else { return true }
                return unsafe memcmp(first, second, left.count) == 0
            }
        }
    }
}
