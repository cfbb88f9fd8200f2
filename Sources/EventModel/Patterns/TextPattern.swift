/// A regular expression over UTF-8 text, in time that the length of text times pattern bounds: an
/// operator's slip keeps no thread busy for ever.
///
///     a . [a-z0-9_] [^,;] \d \D \w \W \s \S    one character; \ before a mark means the mark itself
///     ^ $ \b                                   the text's beginning, its end, a word's edge
///     (…) (?:…) …|…                            a group, alternatives
///     * + ? {2} {2,} {2,5}                     how often the one before stands
///     (?i)                                     at the beginning: letters of either case
///
/// Of several places the first is found, and of those that begin there the longest.
public struct TextPattern: Sendable {
    enum Edge: Sendable {
        case start, end, word
    }

    enum Instruction: Sendable {
        case character(CharacterSet)
        case edge(Edge)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    let program: [Instruction]
    /// Which bytes a place can begin with.
    private let begins: [Bool]

    /// Reads an operator's pattern.
    ///
    /// - Throws: What is wrong, and where.
    public init(_ text: String) throws(PatternFault) {
        try self.init(text, ofBytes: PatternParser.bytesMax)
    }

    /// Reads a pattern.
    ///
    /// - Parameter bytesMax: Bytes that it may have.
    /// - Throws: What is wrong, and where.
    public init(_ text: String, ofBytes bytesMax: Int) throws(PatternFault) {
        program = try PatternParser.read(text, bytesMax)
        begins = Self.begins(program)
    }

    private static func begins(_ program: [Instruction]) -> [Bool] {
        var begins = [Bool](repeating: false, count: 256)
        var open = [0]
        var seen: Set<Int> = []
        while let place = open.popLast() {
            guard seen.insert(place).inserted else { continue }
            switch program[place] {
            case .character(let set):
                for byte in 0..<0x80 where set.contains(UInt32(byte)) { begins[byte] = true }
                for byte in 0x80..<0x100 where set.mayHoldOthers { begins[byte] = true }
            // What stands behind it begins the text; nothing there is no place.
            case .edge: open.append(place + 1)
            case .split(let left, let right): open += [left, right]
            case .jump(let next): open.append(next)
            case .match: break
            }
        }
        return begins
    }

    /// Finds all places, in order, none over another and none empty.
    ///
    /// - Parameter steps: How many are left, each less than 100 ns; counted down.
    /// - Returns: Ranges of bytes; nil when no steps are left.
    public func places(in text: RawSpan, steps: inout Int) -> [Range<Int>]? {
        var found: [Range<Int>] = []
        var search = PatternSearch(program)
        var offset = 0
        while let place = search.first(in: text, from: offset, begins, &steps) {
            found.append(place)
            offset = place.upperBound
        }
        return steps > 0 ? found : nil
    }
}

/// Why a text is no pattern.
public struct PatternFault: Error, Equatable, Sendable {
    /// What was expected.
    public let expected: String
    /// Where, in characters from 1.
    public let place: Int
}

/// The places of a program that are reached at once, each by the way that began first.
private struct PatternSearch {
    private let program: [TextPattern.Instruction]
    private var ways: [(place: Int, start: Int)] = []
    private var next: [(place: Int, start: Int)] = []
    private var open: [Int] = []
    /// The round in which a place was reached last.
    private var reached: [Int]
    private var round = 0
    private var best: Range<Int>?

    init(_ program: [TextPattern.Instruction]) {
        self.program = program
        reached = [Int](repeating: 0, count: program.count)
    }

    mutating func first(
        in text: RawSpan, from start: Int, _ begins: [Bool], _ steps: inout Int
    ) -> Range<Int>? {
        best = nil
        ways.removeAll(keepingCapacity: true)
        var offset = start
        var before = Scalar.before(offset, in: text)
        while offset <= text.byteCount, steps > 0 {
            if ways.isEmpty {
                if best != nil { break }
                let from = offset
                while offset < text.byteCount, !begins[Int(text[offset])] { offset += 1 }
                steps -= 1 + (offset - from) / 8
                guard offset < text.byteCount else { break }
                if offset > from { before = Scalar.before(offset, in: text) }
            }
            let scalar = Scalar.at(offset, in: text)
            round += 1
            next.removeAll(keepingCapacity: true)
            for way in ways { follow(way.place, way.start, offset, before, scalar) }
            if best == nil, scalar != nil { follow(0, offset, offset, before, scalar) }
            swap(&ways, &next)
            steps -= ways.count + 1
            guard let scalar else { break }
            take(scalar.value)
            before = scalar.value
            offset += scalar.bytes
        }
        return steps > 0 ? best : nil
    }

    /// Goes on from a place to where a character is needed, and notes what is found on the way.
    private mutating func follow(
        _ place: Int, _ start: Int, _ offset: Int, _ before: UInt32?, _ after: Scalar?
    ) {
        if let best, start > best.lowerBound { return }
        open.append(place)
        while let place = open.popLast() {
            guard reached[place] != round else { continue }
            reached[place] = round
            switch program[place] {
            case .jump(let next): open.append(next)
            case .split(let left, let right): open += [right, left]
            case .edge(let edge):
                let holds =
                    switch edge {
                    case .start: before == nil
                    case .end: after == nil
                    case .word:
                        CharacterSet.isWord(before) != CharacterSet.isWord(after?.value)
                    }
                if holds { open.append(place + 1) }
            case .character: next.append((place, start))
            case .match:
                guard offset > start else { continue }
                if let best, best.lowerBound < start || best.upperBound >= offset,
                    best.lowerBound <= start
                {
                    continue
                }
                best = start..<offset
            }
        }
    }

    /// Keeps the ways that a character goes on with.
    private mutating func take(_ scalar: UInt32) {
        next.removeAll(keepingCapacity: true)
        for way in ways {
            guard case .character(let set) = program[way.place], set.contains(scalar) else {
                continue
            }
            next.append((way.place + 1, way.start))
        }
        swap(&ways, &next)
    }
}

/// A character of UTF-8; a byte that belongs to none counts as one.
private struct Scalar {
    let value: UInt32
    let bytes: Int

    static func at(_ offset: Int, in text: RawSpan) -> Scalar? {
        guard offset < text.byteCount else { return nil }
        let first = UInt32(text[offset])
        guard first >= 0xC2, first < 0xF5 else {
            return Scalar(value: first < 0x80 ? first : 0xFFFD, bytes: 1)
        }
        let count = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard offset + count <= text.byteCount else { return Scalar(value: 0xFFFD, bytes: 1) }
        var value = first & (0x7F >> UInt32(count))
        for index in 1..<count {
            let byte = UInt32(text[offset + index])
            guard byte & 0xC0 == 0x80 else { return Scalar(value: 0xFFFD, bytes: 1) }
            value = value << 6 | byte & 0x3F
        }
        return Scalar(value: value, bytes: count)
    }

    static func before(_ offset: Int, in text: RawSpan) -> UInt32? {
        guard offset > 0 else { return nil }
        var start = offset - 1
        while start > 0, start > offset - 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        guard let scalar = at(start, in: text), start + scalar.bytes == offset else {
            return 0xFFFD
        }
        return scalar.value
    }
}
