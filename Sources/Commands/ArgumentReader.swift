internal import EventModel
internal import RESP

/// The words of one request sorted by its command's definition: values by their place, options by
/// their token, in any order.
struct ArgumentReader: ~Escapable {
    private let command: CommandDefinition
    private let arguments: Arguments
    /// For each argument of the definition, where its values stand.
    private let places: [[Int]]

    @_lifetime(copy arguments)
    init(_ arguments: Arguments, of command: CommandDefinition) throws(CommandError) {
        self.command = command
        self.arguments = arguments
        places = try Self.sort(arguments, command)
    }

    private static func sort(
        _ arguments: Arguments, _ command: CommandDefinition
    ) throws(CommandError) -> [[Int]] {
        var places = [[Int]](repeating: [], count: command.arguments.count)
        let (least, _) = command.arity
        guard arguments.count >= least else {
            throw .wrongArity(command.name, usage: command.usage)
        }
        var next = 1
        let positional = command.arguments.indices.filter { command.arguments[$0].token == nil }
        for place in positional {
            guard next < arguments.count else { break }
            repeat {
                places[place].append(next)
                next += 1
            } while command.arguments[place].isMultiple && next < arguments.count
        }
        while next < arguments.count {
            let found = command.arguments.indices.first { index in
                command.arguments[index].token.map { isToken(arguments[next], $0) } ?? false
            }
            guard let found else {
                if !command.arguments.contains(where: { $0.token != nil }) {
                    throw .wrongArity(command.name, usage: command.usage)
                }
                throw .unknownOption(
                    command.name, word: arguments[next].printableName(), usage: command.usage)
            }
            let argument = command.arguments[found]
            let token = argument.token ?? ""
            if argument.kind == .pureToken {
                places[found].append(next)
                next += 1
                continue
            }
            guard next + argument.valueCount < arguments.count else {
                throw .missingOption(command.name, option: token)
            }
            guard places[found].isEmpty || argument.isMultiple else {
                throw .badArgument(command.name, argument: token, expected: "given once")
            }
            places[found] += (next + 1)...(next + argument.valueCount)
            next += 1 + argument.valueCount
        }
        for (place, argument) in zip(places, command.arguments)
        where place.isEmpty && !argument.isOptional {
            throw .missingOption(command.name, option: argument.token ?? argument.name)
        }
        return places
    }

    private static func isToken(_ word: RawSpan, _ token: String) -> Bool {
        guard word.byteCount == token.utf8.count else { return false }
        var offset = 0
        for byte in token.utf8 {
            let given = word[offset]
            guard given == byte || given >= 0x61 && given <= 0x7A && given - 0x20 == byte else {
                return false
            }
            offset += 1
        }
        return true
    }

    private func place(_ name: String) -> Int? {
        guard
            let index = command.arguments.firstIndex(where: { ($0.token ?? $0.name) == name })
        else { preconditionFailure("\(command.name) declares no argument \(name)") }
        return places[index].first
    }

    /// Whether an option is given.
    func has(_ name: String) -> Bool { place(name) != nil }

    /// The bytes of a value, by the argument's token or else its name; nil when it is not given.
    func bytes(_ name: String) -> [UInt8]? { place(name).map { arguments[$0].copied() } }

    /// A value as text.
    func text(_ name: String) throws(CommandError) -> String? {
        guard let place = place(name) else { return nil }
        return try text(at: place, name)
    }

    /// All values of an argument that may stand several times, as text.
    func texts(_ name: String) throws(CommandError) -> [String] {
        guard
            let index = command.arguments.firstIndex(where: { ($0.token ?? $0.name) == name })
        else { preconditionFailure("\(command.name) declares no argument \(name)") }
        var texts: [String] = []
        for place in places[index] { texts.append(try text(at: place, name)) }
        return texts
    }

    private func text(at place: Int, _ name: String) throws(CommandError) -> String {
        guard arguments[place].isUTF8 else {
            throw .badArgument(command.name, argument: name, expected: "UTF-8 text")
        }
        return arguments[place].text()
    }

    /// A whole number within bounds.
    func integer(_ name: String, in range: ClosedRange<Int64>) throws(CommandError) -> Int64? {
        guard let place = place(name) else { return nil }
        return try integer(at: place, name, in: range)
    }

    /// All values of an argument that may stand several times, as whole numbers within bounds.
    func integers(
        _ name: String, in range: ClosedRange<Int64>
    ) throws(CommandError) -> [Int64] {
        guard
            let index = command.arguments.firstIndex(where: { ($0.token ?? $0.name) == name })
        else { preconditionFailure("\(command.name) declares no argument \(name)") }
        var integers: [Int64] = []
        for place in places[index] { integers.append(try integer(at: place, name, in: range)) }
        return integers
    }

    private func integer(
        at place: Int, _ name: String, in range: ClosedRange<Int64>
    ) throws(CommandError) -> Int64 {
        guard let value = arguments[place].integer(), range.contains(value) else {
            throw .badArgument(
                command.name, argument: name,
                expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// A position.
    func position(_ name: String) throws(CommandError) -> Position? {
        try integer(name, in: 0...Int64.max).map { Position(UInt64($0)) }
    }

    /// A moment.
    func time(_ name: String) throws(CommandError) -> Timestamp? {
        guard let place = place(name) else { return nil }
        guard let moment = Timestamp(rfc3339: arguments[place]) else {
            throw .badArgument(
                command.name, argument: name, expected: AttributeKind.time.expectation)
        }
        return moment
    }
}
