import Commands
import EventModel

/// Turns bytes into requests: mostly events of the catalogue and commands of the table with
/// arguments that fit, here and there with one that does not.
struct RequestDrawing {
    private(set) var choices: Choices
    /// The head of the log, about which positions are asked.
    private let head: UInt64

    private static let commands = CommandTable.standard.commands
    private static let types = TypeRegistry.standard.types
    /// Types that move interactions, agents and persons: every other event is of these.
    private static let livelyTypes = types.filter { type in
        ["agent", "callback", "identity", "interaction", "offer", "order", "queue"].contains {
            type.name.hasPrefix($0 + ".")
        }
    }
    private static let envelope = TypeRegistry.standard.envelope.attributes

    init(_ bytes: [UInt8], head: UInt64) {
        choices = Choices(bytes)
        self.head = head
    }

    /// The next request's words, at least one; nil when all bytes are used.
    mutating func next() -> [[UInt8]]? {
        guard !choices.isOver else { return nil }
        return switch choices.byte() {
        case 0..<96: append()
        case 96..<112: batch()
        case 112..<248: command()
        case 248..<252: [raw()] + (0..<choices.number(below: 6)).map { _ in raw() }
        default: damaged(choices.once(in: 2) ? append() : command())
        }
    }

    /// Bytes as they come.
    private mutating func raw() -> [UInt8] { choices.bytes(atMost: 24) }

    /// A request of which a word is another, missing, or twice there.
    private mutating func damaged(_ words: [[UInt8]]) -> [[UInt8]] {
        var words = words
        let place = choices.number(below: words.count)
        switch choices.number(below: 4) {
        case 0: words[place] = raw()
        case 1: words.insert(words[place], at: place)
        case 2: words.insert(word(choices.pick(Vocabulary.integers.odd)), at: place)
        default:
            words.remove(at: place)
            if words.isEmpty { words = [raw()] }
        }
        return words
    }

    private func word(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// A position about the head, or any number.
    private mutating func position() -> [UInt8] {
        let distance = UInt64(choices.number(below: 8))
        switch choices.number(below: 4) {
        case 0: return word("\(head &- distance)")
        case 1: return word("\(head &+ distance)")
        case 2: return word("\(distance)")
        default: return word(choices.pick(Vocabulary.integers))
        }
    }
}

/// Events.
extension RequestDrawing {
    private mutating func append() -> [[UInt8]] {
        var words = [word("APPEND")] + event()
        if choices.once(in: 8) { words += expect() }
        return words
    }

    private mutating func batch() -> [[UInt8]] {
        let count = 1 + choices.number(below: 4)
        var words = [word("APPENDBATCH"), word("\(count)")]
        for _ in 0..<count {
            let event = event()
            words.append(word("\(event.count)"))
            words += event
        }
        if choices.once(in: 4) { words += expect() }
        return words
    }

    private mutating func expect() -> [[UInt8]] {
        [
            word("EXPECT"), word(choices.pick(Vocabulary.streams)),
            word(choices.pick(Vocabulary.versions)),
        ]
    }

    /// An event's type, then names and values. Few ids, so that some are repeats.
    private mutating func event() -> [[UInt8]] {
        let type = choices.pick(choices.once(in: 2) ? Self.livelyTypes : Self.types)
        var words = [word(choices.once(in: 16) ? "demo.unheardOf" : type.name)]
        words += [word("source"), word(choices.pick(["acd", "crm"]))]
        words += [word("id"), word("\(choices.number(below: 4_096))")]
        for definition in type.attributes
        where definition.isRequired ? !choices.once(in: 64) : choices.once(in: 4) {
            words += [word(definition.name), value(of: definition)]
        }
        for definition in Self.envelope where choices.once(in: 4) {
            guard !type.attributes.contains(where: { $0.name == definition.name && $0.isRequired })
            else { continue }
            words += [word(definition.name), value(of: definition)]
        }
        for _ in 0..<choices.number(below: 3) {
            words += [
                word(choices.pick(Vocabulary.roles)), word(choices.pick(Vocabulary.identifiers)),
            ]
        }
        if choices.once(in: 3) {
            words += [word("occurred"), word(choices.pick(Vocabulary.times))]
        }
        if choices.once(in: 8) { words += [word("ext_x"), word(choices.pick(Vocabulary.texts))] }
        if choices.once(in: 8) { words += [word("DATA"), raw()] }
        return words
    }

    private mutating func value(of definition: AttributeDefinition) -> [UInt8] {
        if choices.once(in: 32) { return raw() }
        if !definition.words.isEmpty { return word(choices.pick(definition.words)) }
        switch definition.kind {
        case .integer: return word(choices.pick(Vocabulary.integers))
        case .money: return word(choices.pick(Vocabulary.money))
        case .boolean: return word(choices.pick(["true", "false"]))
        case .time: return word(choices.pick(Vocabulary.times))
        case .text, .ref: break
        }
        switch definition.name {
        case "interaction": return word(choices.pick(Vocabulary.interactions))
        case "queue": return word(choices.pick(Vocabulary.queues))
        case "agent": return word(choices.pick(Vocabulary.agents))
        case "identifier", "other": return word(choices.pick(Vocabulary.identifiers))
        case "kind": return word(choices.pick(Vocabulary.kinds))
        case "body": return word(choices.pick(Vocabulary.bodies))
        default:
            let isName = definition.kind == .ref || !choices.once(in: 4)
            return word(choices.pick(isName ? Vocabulary.names : Vocabulary.texts))
        }
    }
}

/// Everything else.
extension RequestDrawing {
    private mutating func command() -> [[UInt8]] {
        let command = choices.pick(Self.commands)
        var words = [word(command.name)]
        // What is known by its place comes first.
        for argument in command.arguments where argument.token == nil {
            guard argument.isOptional ? choices.once(in: 2) : !choices.once(in: 32) else { break }
            if argument.name == "subcommand", let all = Vocabulary.subcommands[command.name] {
                words.append(word(choices.pick(all)))
                continue
            }
            for _ in 0..<repetitions(of: argument) { words += values(for: argument) }
        }
        let alternatives = Vocabulary.alternatives[command.name] ?? []
        let chosen = alternatives.isEmpty ? nil : choices.pick(alternatives)
        for argument in command.arguments {
            guard let token = argument.token, takes(argument, token, chosen, alternatives)
            else { continue }
            for _ in 0..<repetitions(of: argument) {
                words.append(word(token))
                if argument.kind != .pureToken { words += values(for: argument) }
            }
        }
        return words
    }

    /// Whether an option is given: of alternatives mostly the chosen one alone.
    private mutating func takes(
        _ argument: ArgumentDefinition, _ token: String, _ chosen: String?,
        _ alternatives: [String]
    ) -> Bool {
        if token == chosen { return true }
        if alternatives.contains(token) { return choices.once(in: 64) }
        if !argument.isOptional || Vocabulary.frequent.contains(token) {
            return !choices.once(in: 32)
        }
        return choices.once(in: 6)
    }

    private mutating func repetitions(of argument: ArgumentDefinition) -> Int {
        argument.isMultiple ? 1 + choices.number(below: 3) : 1
    }

    private mutating func values(for argument: ArgumentDefinition) -> [[UInt8]] {
        // A definition that takes several names them with blanks between.
        let names = argument.name.split(separator: " ", maxSplits: argument.valueCount - 1)
        return (0..<argument.valueCount).map { index in
            let name = index < names.count ? String(names[index]) : argument.name
            if choices.once(in: 32) { return raw() }
            if name.hasPrefix("position") { return position() }
            return word(choices.pick(Vocabulary.words(for: name, kind: argument.kind.rawValue)))
        }
    }
}
