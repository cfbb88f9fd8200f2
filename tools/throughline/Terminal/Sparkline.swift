/// A row of blocks that rise and fall with values: a course at one glance.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// Returns a block for each value, the tallest for `most` (the greatest of them); those that
    /// follow each other are put together, the greatest of them shown, where there are more than
    /// `width`.
    static func text(_ values: [Int64], of most: Int64? = nil, width: Int = 96) -> String {
        guard let most = most ?? values.max(), width > 0, !values.isEmpty else { return "" }
        let step = (values.count + width - 1) / width
        return String(
            stride(from: 0, to: values.count, by: step).map { start in
                let value = values[start..<min(start + step, values.count)].max() ?? 0
                guard value > 0, most > 0 else { return blocks[0] }
                let height = Double(value) / Double(most) * Double(blocks.count)
                return blocks[min(blocks.count - 1, max(0, Int(height.rounded(.up)) - 1))]
            })
    }
}
