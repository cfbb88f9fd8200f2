/// One row of the bank's tables of the winter of 1999, read by hand: UTC is two hours behind.
struct BankRow {
    let name: String
    let customer: String?
    let priority: Int64
    let queue: String
    /// All in milliseconds since 1970, UTC.
    let entry: Int64
    /// From entering the queue until the queue or the agent says that it is over: nobody waits and
    /// talks at once. Nil for who did not wait.
    let wait: Range<Int64>?
    let talk: Range<Int64>?
    /// From entering the queue to leaving it, by the queue's clock alone.
    let queued: Range<Int64>?
    /// The day of the table, as `1999-01-31`.
    let day: String
    /// The moments at which clocks that disagree say different things.
    private let edges: [Int64]
    /// From the end of the wait by the queue's clock to the talk by the agent's: with whom the caller is
    /// meanwhile the row does not say.
    private let handOver: ClosedRange<Int64>?

    /// Nil for a row that is not of this form.
    init?(_ line: String) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " }
        }
        guard fields.count == 17, let date = Int(fields[5]) else { return nil }
        let (month, ofMonth) = (date / 100 % 100, date % 100)
        day = "1999-\(month < 10 ? "0" : "")\(month)-\(ofMonth < 10 ? "0" : "")\(ofMonth)"
        let midnight = Self.days(month: month, day: ofMonth) * 86_400
        func seconds(_ clock: String) -> Int {
            let parts = clock.split(separator: ":").compactMap { Int($0) }
            return parts.count == 3 ? parts[0] * 3_600 + parts[1] * 60 + parts[2] : 0
        }
        let start = seconds(fields[6])
        func moment(_ clock: String) -> Int64 {
            let own = seconds(clock)
            let next = own < start - 12 * 3_600 ? 86_400 : 0
            return Int64(midnight + own + next - 2 * 3_600) * 1_000
        }
        name = "\(fields[0]).\(fields[1]).\(fields[5])"
        customer = fields[2].isEmpty || fields[2] == "0" ? nil : fields[2]
        priority = Int64(fields[3]) ?? 0
        queue = fields[4]
        entry = moment(fields[6])
        let outcome = fields[12]
        let isQueued = fields[9] != "0:00:00" || fields[10] != "0:00:00"
        let isServed =
            outcome == "AGENT" && (fields[13] != "0:00:00" || fields[14] != "0:00:00")
        talk =
            isServed && moment(fields[13]) < moment(fields[14])
            ? moment(fields[13])..<moment(fields[14]) : nil
        var waited: Range<Int64>?
        if isQueued, outcome != "PHANTOM" {
            let from = moment(fields[9])
            let to = isServed ? min(moment(fields[10]), moment(fields[13])) : moment(fields[10])
            if from < to { waited = from..<to }
        }
        wait = waited
        let left = isQueued && outcome != "PHANTOM" ? moment(fields[10]) : moment(fields[9])
        queued = moment(fields[9]) < left ? moment(fields[9])..<left : nil
        edges = [fields[9], fields[10], fields[13], fields[14]].map(moment)
        let ends = [moment(fields[10]), moment(fields[13])].sorted()
        handOver = isQueued && isServed ? ends[0]...ends[1] : nil
    }

    /// Whether its clocks do not agree about a moment, or may not.
    func isUnsure(at moment: Int64) -> Bool {
        edges.contains { abs($0 - moment) < 60_000 } || handOver?.contains(moment) ?? false
    }

    /// Whether the row does not say with whom the caller is at a moment.
    func isHandedOver(at moment: Int64) -> Bool {
        guard let handOver, handOver.upperBound > moment else { return false }
        return handOver.lowerBound <= moment
    }

    /// Days from 1970 to a day of 1999.
    private static func days(month: Int, day: Int) -> Int {
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
        return 10_592 + before[month - 1] + day - 1
    }
}
