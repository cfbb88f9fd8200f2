import TestSupport
/// Random requests as clients may send them, and random damage.
struct RequestSamples {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    /// Returns arguments and one of the ways to send them.
    mutating func request() -> (arguments: [[UInt8]], sent: [UInt8]) {
        let count = Int.random(in: 1...6, using: &generator)
        let arguments = (0..<count).map { _ in
            generator.bytes(Int.random(in: 0...12, using: &generator))
        }
        guard Bool.random(using: &generator) else { return (arguments, Self.multibulk(arguments)) }
        return (arguments, inline(arguments))
    }

    static func multibulk(_ arguments: [[UInt8]]) -> [UInt8] {
        arguments.reduce(into: bytes("*\(arguments.count)\r\n")) { frame, argument in
            frame += bytes("$\(argument.count)\r\n") + argument + bytes("\r\n")
        }
    }

    private mutating func inline(_ arguments: [[UInt8]]) -> [UInt8] {
        var line = spaces(from: 0)
        // An inline command cannot begin with the star that means a multibulk: always quote.
        for argument in arguments {
            line += doubleQuoted(argument) + spaces(from: 1)
        }
        return line + (Bool.random(using: &generator) ? [13, 10] : [10])
    }

    private mutating func spaces(from minimum: Int) -> [UInt8] {
        (0..<Int.random(in: minimum...3, using: &generator)).map { _ in
            Bool.random(using: &generator) ? 32 : 9
        }
    }

    private mutating func doubleQuoted(_ argument: [UInt8]) -> [UInt8] {
        let isPlain = argument.allSatisfy { $0 > 0x40 && $0 < 0x5B }
        if isPlain, !argument.isEmpty, Bool.random(using: &generator) { return argument }
        var quoted: [UInt8] = [0x22]
        for byte in argument {
            switch byte {
            case 10: quoted += bytes("\\n")
            case 0x22, 0x5C: quoted += [0x5C, byte]
            case 0x23...0x5B, 0x5D...0x7E: quoted.append(byte)
            default: quoted += bytes("\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
            }
        }
        return quoted + [0x22]
    }

    /// Returns the bytes after one to four random injuries.
    mutating func damaged(_ sound: [UInt8]) -> [UInt8] {
        var damaged = sound
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !damaged.isEmpty {
            injure(&damaged)
        }
        return damaged
    }

    private mutating func injure(_ bytes: inout [UInt8]) {
        let place = Int.random(in: bytes.indices, using: &generator)
        let other = Int.random(in: bytes.indices, using: &generator)
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = telling()
        case 2: bytes.insert(telling(), at: place)
        case 3: bytes.remove(at: place)
        case 4: bytes.removeLast(bytes.count - place)
        case 5: bytes.insert(contentsOf: bytes[min(place, other)..<max(place, other)], at: place)
        case 6: bytes.removeSubrange(min(place, other)..<max(place, other))
        default: bytes.replaceSubrange(place...place, with: number())
        }
    }

    /// A byte that means something to a parser.
    private mutating func telling() -> UInt8 {
        Array("*$+-:,(#_!=%~>|\r\n\"'\\x 0159\0tf".utf8).randomElement(using: &generator) ?? 0
    }

    private mutating func number() -> [UInt8] {
        let numbers = [
            "-1", "0", "00", "-0", "1", "2147483647", "4294967296", "9223372036854775807",
            "9223372036854775808", "-9223372036854775808", "18446744073709551615",
            "99999999999999999999999999", "1048576", "1048577", "16384", "16385",
        ]
        return bytes(numbers.randomElement(using: &generator) ?? "")
    }

    /// Returns sizes that cut some bytes into pieces.
    mutating func pieces(_ count: Int) -> [Int] {
        var sizes: [Int] = []
        var rest = count
        while rest > 0 {
            let size = Int.random(in: 1...min(rest, 20), using: &generator)
            sizes.append(size)
            rest -= size
        }
        return sizes
    }
}
