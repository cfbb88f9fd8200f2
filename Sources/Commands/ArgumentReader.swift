internal import EventModel
internal import RESP

/// The words of one request sorted by its command's definition: values by their place, options by
/// their token, in any order.
struct ArgumentReader: ~Escapable {
    private let command: CommandDefinition
    private let arguments: Arguments
    /// The words that are values, in order, and of which argument of the definition.
    private let places: [Place]

    private struct Place {
        let argument: Int32
        let word: Int32

        init(_ argument: Int, _ word: Int) {
            self.argument = Int32(argument)
            self.word = Int32(word)
        }
    }

    @_lifetime(copy arguments)
    init(_ arguments: Arguments, of command: CommandDefinition) throws(CommandError) {
        self.command = command
        self.arguments = arguments
        places = try Self.sort(arguments, command)
    }

    private static func sort(
        _ arguments: Arguments, _ command: CommandDefinition
    ) throws(CommandError) -> [Place] {
        guard arguments.count >= command.arity.least else {
            throw .wrongArity(command.name, usage: command.usage)
        }
        // With nothing behind its name a command that demands nothing is as it should be.
        guard arguments.count > 1 else { return [] }
        var places: [Place] = []
        places.reserveCapacity(arguments.count - 1)
        var next = 1
        for argument in command.positional {
            guard next < arguments.count else { break }
            repeat {
                places.append(Place(argument, next))
                next += 1
            } while command.arguments[argument].isMultiple && next < arguments.count
        }
        while next < arguments.count {
            let found = command.arguments.indices.first { index in
                command.arguments[index].token.map { isToken(arguments[next], $0) } ?? false
            }
            guard let found else {
                if !command.arguments.contains(where: { $0.token != nil }) {
                    throw .wrongArity(command.name, usage: command.usage)
                }
                let word = arguments[next].printableName()
                if next == 1, let expected = command.subcommands {
                    throw .unknownSubcommand(command.name, word: word, expected: expected)
                }
                throw .unknownOption(command.name, word: word, usage: command.usage)
            }
            next = try take(found, at: next, arguments, command, into: &places)
        }
        for (index, argument) in command.arguments.enumerated()
        where !argument.isOptional && !places.contains(where: { $0.argument == index }) {
            throw .missingOption(command.name, option: argument.token ?? argument.name)
        }
        return places
    }

    /// Takes an option whose token stands at a word; returns the word behind its values.
    private static func take(
        _ index: Int, at word: Int, _ arguments: Arguments, _ command: CommandDefinition,
        into places: inout [Place]
    ) throws(CommandError) -> Int {
        let argument = command.arguments[index]
        if argument.kind == .pureToken {
            places.append(Place(index, word))
            return word + 1
        }
        let token = argument.token ?? ""
        guard word + argument.valueCount < arguments.count else {
            throw .missingOption(command.name, option: token)
        }
        guard argument.isMultiple || !places.contains(where: { $0.argument == index }) else {
            throw .badArgument(command.name, argument: token, expected: "given once")
        }
        for value in word + 1...word + argument.valueCount { places.append(Place(index, value)) }
        return word + 1 + argument.valueCount
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

    /// Whether a value is one of an argument, by its token or else its name. What is given is looked
    /// through, not what might be: mostly that is one word.
    private func isValue(_ place: Place, of name: String) -> Bool {
        let argument = command.arguments[Int(place.argument)]
        return (argument.token ?? argument.name) == name
    }

    private func isDeclared(_ name: String) -> Bool {
        command.arguments.contains { ($0.token ?? $0.name) == name }
    }

    /// The word of an argument's first value, or nil.
    private func place(_ name: String) -> Int? {
        assert(isDeclared(name), "\(command.name) declares no argument \(name)")
        return places.first { isValue($0, of: name) }.map { Int($0.word) }
    }

    /// The words of all of an argument's values.
    private func allPlaces(_ name: String) -> [Int] {
        assert(isDeclared(name), "\(command.name) declares no argument \(name)")
        return places.filter { isValue($0, of: name) }.map { Int($0.word) }
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
        var texts: [String] = []
        for place in allPlaces(name) { texts.append(try text(at: place, name)) }
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
        var integers: [Int64] = []
        for place in allPlaces(name) { integers.append(try integer(at: place, name, in: range)) }
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
