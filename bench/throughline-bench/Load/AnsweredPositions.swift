/// What a server has answered to the newest appends, to hold it against what it knows of them when it
/// has been ended and started again.
struct AnsweredPositions {
    /// As many are kept: what a server that forgets what it has answered would lose lies at the end.
    static let kept = 5_000

    private var numbers: [UInt64] = []
    private var positions: [UInt64] = []
    private var next = 0
    /// The greatest position answered.
    private(set) var highest: UInt64 = 0

    /// The numbers of requests, and the positions that were answered.
    var all: [(number: UInt64, position: UInt64)] {
        zip(numbers, positions).map { (number: $0, position: $1) }
    }

    /// Takes an answer: `:42`, or `*2`, `:42`, `+REPEAT` to a request that was answered or stored before.
    mutating func add(_ number: UInt64, _ answer: ArraySlice<UInt8>) {
        guard let position = Self.position(in: answer) else { return }
        highest = max(highest, position)
        if numbers.count < Self.kept {
            numbers.append(number)
            positions.append(position)
        } else {
            (numbers[next], positions[next]) = (number, position)
            next = (next + 1) % Self.kept
        }
    }

    /// The first integer of an answer.
    static func position(in answer: ArraySlice<UInt8>) -> UInt64? {
        guard let colon = answer.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var number: UInt64 = 0
        for byte in answer[(colon + 1)...] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { break }
            number = number &* 10 &+ UInt64(byte - UInt8(ascii: "0"))
        }
        return number
    }

    /// Asks a server that has been started again for all of them.
    ///
    /// - Parameters:
    ///   - isGone: Whether nobody is to ask for a request any more: whom it is about was erased.
    ///   - write: Appends a request.
    /// - Throws: `BenchFailure` where the log ends before the greatest, or one is not answered as the
    ///   repeat of what lies at its position.
    func check(
        _ socketPath: String, except isGone: (UInt64) -> Bool,
        _ write: (UInt64, inout [UInt8]) -> Void
    ) throws {
        var heads = try Channel(socketPath: socketPath, wire: .resp(expects: 0x3A), depth: 1)
        try heads.greet(RESPRequest.bytes("HEAD"))
        guard heads.lastInteger >= highest else {
            throw BenchFailure(
                "LOST: position \(highest) was answered, and the log ends at \(heads.lastInteger)")
        }
        var channel = try Channel(socketPath: socketPath, wire: .respAnswer, depth: 1)
        for (number, position) in all where !isGone(number) {
            var request: [UInt8] = []
            write(number, &request)
            try channel.greet(request)
            let answer = channel.lastAnswer
            guard answer.first == UInt8(ascii: "*"), Self.position(in: answer) == position else {
                throw BenchFailure(
                    "LOST: request \(number) was answered \(position) before, now "
                        + String(decoding: answer, as: UTF8.self))
            }
        }
    }
}
