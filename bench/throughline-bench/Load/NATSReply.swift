/// Finds replies in what a NATS server sends ("NATS Protocol" in its manual).
enum NATSReply {
    static func find(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Wire.Found {
        var place = start
        while let lineEnd = self.lineEnd(bytes, place, end) {
            switch bytes[place] {
            case UInt8(ascii: "P"):
                // PING of the server has no answer here: a bench is shorter than its patience.
                if bytes[place + 1] == UInt8(ascii: "O") {
                    return .reply(end: lineEnd, isGood: true)
                }
                place = lineEnd
            case UInt8(ascii: "M"):
                let replyEnd = lineEnd + size(bytes, place, lineEnd - 2) + 2
                guard replyEnd <= end else { return .incomplete }
                return .reply(end: replyEnd, isGood: isAccepted(bytes[lineEnd..<replyEnd]))
            case UInt8(ascii: "-"):
                return .reply(end: lineEnd, isGood: false)
            default:
                place = lineEnd
            }
        }
        return .incomplete
    }

    /// The place behind a line's CR LF; nil when the line has not come whole.
    private static func lineEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var place = start
        while place < end, bytes[place] != UInt8(ascii: "\n") { place += 1 }
        return place < end && place > start ? place + 1 : nil
    }

    /// The last word of `MSG subject sid bytes`.
    private static func size(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
        var size = 0
        let digits = bytes[start..<end].reversed().prefix { $0 >= 48 && $0 <= 57 }
        for digit in digits.reversed() { size = size * 10 + Int(digit) - 48 }
        return size
    }

    /// A refusal holds an object `error`; events hold no such word, for they are not answered.
    private static func isAccepted(_ body: ArraySlice<UInt8>) -> Bool {
        !String(decoding: body, as: UTF8.self).contains(#""error":"#)
    }
}
