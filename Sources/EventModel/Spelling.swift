/// Compares names that a person may have mistyped.
public enum Spelling {
    /// Returns how many letters must be inserted, removed, replaced or swapped with their
    /// neighbour to turn one name into the other (optimal string alignment distance).
    public static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left.utf8.prefix(EventLimits.attributeNameBytesMax))
        let b = Array(right.utf8.prefix(EventLimits.attributeNameBytesMax))
        var rows = [Array(0...b.count)]
        for i in 1..<(a.count + 1) {
            var row = [i]
            for j in 1..<(b.count + 1) {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                var best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, rows[i - 2][j - 2] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
