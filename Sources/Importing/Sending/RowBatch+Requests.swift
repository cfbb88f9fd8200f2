internal import Client
internal import EventModel
internal import RESP

extension RowBatch {
    /// Writes the rows as one `APPENDBATCH <n> (<argc> <type> <name> <value> …)×n`.
    func encodeBatch(of rowRange: Range<Int>, into encoder: inout RequestEncoder) {
        let range = eventRange(of: rowRange)
        let wordCount = events[range].reduce(0) { $0 + $1.words }
        encoder.begin(argumentCount: 2 + range.count + wordCount)
        encoder.append("APPENDBATCH")
        encoder.append(range.count)
        for event in range {
            encoder.append(events[event].words)
            encoder.append(
                encoded: encodedWords(of: event), argumentCount: events[event].words)
        }
    }

    /// Writes one event as `APPEND <type> <name> <value> …`.
    func encodeEvent(_ event: Int, into encoder: inout RequestEncoder) {
        encoder.begin(argumentCount: 1 + events[event].words)
        encoder.append("APPEND")
        encoder.append(encoded: encodedWords(of: event), argumentCount: events[event].words)
    }

    /// The events of rows that follow each other.
    func eventRange(of rowRange: Range<Int>) -> Range<Int> {
        let first = rows[rowRange.lowerBound].events.lowerBound
        return first..<rows[rowRange.upperBound - 1].events.upperBound
    }
}
