/// How a delimited table is written.
public struct TableFormat: Sendable, Equatable {
    /// What stands between fields; one byte.
    public var delimiter: UInt8
    /// What may stand around a field that holds delimiters, line feeds or itself doubled.
    public var quote: UInt8?
    /// Whether the first line names the columns.
    public var hasHeader: Bool
    /// The columns in order; empty where only the header names them.
    public var columns: [String]
    /// Whether blanks around values are dropped.
    public var trims: Bool
    /// What to do with rows of another number of fields.
    public var repairs: [Repair]

    /// A way to read a row that lacks fields because some of them are joined by blanks.
    public struct Repair: Sendable, Equatable {
        /// The number of fields that such a row has.
        public var fieldCount: Int
        /// The columns that stand in one field, neighbours in the table's order.
        public var joined: [String]
    }
}

/// A table format whose columns are known: what splitting a row needs.
struct BoundFormat {
    let delimiter: UInt8
    let quote: UInt8?
    let trims: Bool
    /// Nil: any number of fields will do.
    let columnCount: Int?
    /// For rows of `fieldCount` fields: the one at `index` holds `parts` columns.
    let repairs: [(fieldCount: Int, index: Int, parts: Int)]

    /// For a first line, whose fields are not known to be so many.
    init(header format: TableFormat) {
        delimiter = format.delimiter
        quote = format.quote
        trims = true
        columnCount = nil
        repairs = []
    }

    init(_ format: TableFormat, columns: [String]) throws(ImportError) {
        delimiter = format.delimiter
        quote = format.quote
        trims = format.trims
        columnCount = columns.count
        var repairs: [(fieldCount: Int, index: Int, parts: Int)] = []
        for (number, repair) in format.repairs.enumerated() {
            let place = "[[table.repair]] \(number + 1)"
            let index = repair.joined.first.flatMap { columns.firstIndex(of: $0) }
            let parts = repair.joined.count
            guard let index, parts >= 2, columns[index...].starts(with: repair.joined) else {
                throw .mapping(
                    place: place,
                    problem: "joined must name two or more columns that stand side by side")
            }
            guard repair.fieldCount == columns.count - (parts - 1) else {
                throw .mapping(
                    place: place,
                    problem: "a row with \(parts) of \(columns.count) columns in one field has "
                        + "\(columns.count - (parts - 1)) fields, not \(repair.fieldCount)")
            }
            repairs.append((repair.fieldCount, index, parts))
        }
        self.repairs = repairs
    }
}
