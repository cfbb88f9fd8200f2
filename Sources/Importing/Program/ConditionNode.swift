/// One step of a compiled condition. Nodes lie in one array and name each other by index, so that
/// evaluating them touches no reference count.
struct ConditionNode {
    enum Kind: UInt8 {
        case or, and, not, named
        /// Column `left` is empty.
        case isEmpty
        /// Column `left` against literal `right`, byte by byte.
        case text
        /// Column `left` against column `right`, byte by byte.
        case columns
        /// Column `left` as an integer against `number`.
        case integer
        /// The clock of time column `left` as it stands there against `number` seconds.
        case clock
        /// The moments of the time columns `left` and `right`.
        case moments
    }

    var kind: Kind
    var comparison = Comparison.equal
    var left: Int32 = 0
    var right: Int32 = 0
    var number: Int64 = 0
}
