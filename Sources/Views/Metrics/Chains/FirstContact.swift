/// What came before and after a handled contact, as one number in a distribution.
///
///     number = 72 · resolved + 36 · passed on + 6 · before + after
///
/// `before` and `after` say within which of the kept windows a contact of the same customer came:
/// 0 for the shortest, 5 for none of them.
struct FirstContact: Equatable {
    /// The windows in which another contact counts, in days.
    static let windowDays: [Int64] = [1, 3, 7, 14, 30]

    var before: Int64
    var after: Int64
    var isTransferred: Bool
    var isResolved: Bool

    var number: Int64 {
        (isResolved ? 72 : 0) + (isTransferred ? 36 : 0) + 6 * before + after
    }

    init(before: Int64?, after: Int64?, isTransferred: Bool, isResolved: Bool) {
        self.before = Self.window(before)
        self.after = Self.window(after)
        self.isTransferred = isTransferred
        self.isResolved = isResolved
    }

    init(number: Int64) {
        isResolved = number / 72 == 1
        isTransferred = number / 36 % 2 == 1
        before = number / 6 % 6
        after = number % 6
    }

    /// Returns the number of the shortest window that holds a gap in milliseconds.
    private static func window(_ gap: Int64?) -> Int64 {
        guard let gap else { return 5 }
        return Int64(windowDays.firstIndex { gap <= $0 * 86_400_000 } ?? 5)
    }
}
