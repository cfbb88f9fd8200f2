internal import EventModel

/// Runs a compiled mapping over rows, one after the other.
public struct RowMapper {
    private let program: RowProgram
    private var row = Row()
    private var times: RowTimes
    /// The named conditions of this row that are known, and what they came to; one bit each.
    private var known: UInt64 = 0
    private var holding: UInt64 = 0
    private var line = 0
    /// The events this row has, with their times.
    private var pending: [(event: Int, moment: Int64)] = []
    /// The latest moment of an event so far, in milliseconds UTC.
    public private(set) var latestMoment: Int64?

    /// Makes a mapper for a table.
    public init(_ program: RowProgram) {
        self.program = program
        times = program.times.emptyTimes()
    }

    /// Maps one line and appends its events to the batch.
    ///
    /// Returns how many events it has: none where no rule's condition holds.
    ///
    /// - Throws: a `RowFault`; the batch is then unchanged.
    public mutating func map(
        _ text: RawSpan, file: Int, line: Int, into batch: inout RowBatch
    ) throws(RowFault) -> Int {
        self.line = line
        known = 0
        try row.load(text, program.format)
        try program.times.read(row, into: &times)
        try choose()
        guard !pending.isEmpty else { return 0 }
        let mark = batch.mark
        do throws(RowFault) {
            for entry in pending { try emit(entry.event, entry.moment, &batch) }
        } catch {
            batch.restore(mark)
            throw error
        }
        try batch.endRow(since: mark, file: file, line: line, raw: text)
        for entry in pending where entry.moment > latestMoment ?? Int64.min {
            latestMoment = entry.moment
        }
        return pending.count
    }

    /// Finds the events this row has, in the order in which they are sent.
    private mutating func choose() throws(RowFault) {
        pending.removeAll(keepingCapacity: true)
        for index in program.events.indices where holds(program.events[index].when) {
            pending.append((index, try moment(of: index)))
        }
        guard program.order == .time else { return }
        // Few and nearly sorted: insertion, which keeps those of one time in their order.
        for index in pending.indices.dropFirst() {
            var place = index
            while place > 0, pending[place - 1].moment > pending[place].moment {
                pending.swapAt(place - 1, place)
                place -= 1
            }
        }
    }

    private mutating func moment(of event: Int) throws(RowFault) -> Int64 {
        for index in program.events[event].choices {
            let choice = program.choices[index]
            guard holds(choice.when) else { continue }
            let moment = times.moments[Int(choice.time)]
            if moment != RowTimes.absent { return moment }
        }
        let names = program.events[event].choices.map {
            program.times.names[Int(program.choices[$0].time)]
        }
        throw .noTime(step: program.events[event].name, columns: names.joined(separator: ", "))
    }

    private func emit(
        _ event: Int, _ moment: Int64, _ batch: inout RowBatch
    ) throws(RowFault) {
        let step = program.events[event]
        batch.append(encoded: literal(step.head), words: 4)
        let id = batch.beginWord()
        try write(step.id, &batch)
        batch.endWord(from: id)
        batch.appendOccurred(Timestamp(milliseconds: moment))
        for index in step.words where program.words[index].when < 0 || holding(index) {
            let pair = program.words[index]
            guard let value = pair.value else {
                batch.append(encoded: literal(pair.name), words: 2)
                continue
            }
            try write(literal(pair.name), words: 1, value, &batch)
        }
        if let data = step.data {
            try write(literal(step.dataHead), words: step.dataHeadWords, data, &batch)
        }
        batch.endEvent()
    }

    @_lifetime(borrow self)
    private func literal(_ range: Range<Int32>) -> RawSpan {
        unsafe program.literals.span.bytes.extracting(Int(range.lowerBound)..<Int(range.upperBound))
    }

    /// Writes encoded words and a value; nothing if the value comes out empty.
    private func write(
        _ head: RawSpan, words: Int, _ value: Range<Int32>, _ batch: inout RowBatch
    ) throws(RowFault) {
        let mark = batch.mark
        batch.append(encoded: head, words: words)
        let start = batch.beginWord()
        try write(value, &batch)
        if batch.byteCount(from: start) == 0 {
            batch.restore(mark)
        } else {
            batch.endWord(from: start)
        }
    }

    private func write(_ template: Range<Int32>, _ batch: inout RowBatch) throws(RowFault) {
        for index in template {
            let piece = program.pieces[Int(index)]
            switch piece.kind {
            case .literal: batch.append(literal(piece.first..<piece.second))
            case .column: batch.append(row.field(Int(piece.first)))
            case .line: batch.append(decimal: Int64(line))
            case .moment:
                let moment = times.moments[Int(piece.first)]
                if moment != RowTimes.absent { batch.append(Timestamp(milliseconds: moment)) }
            case .mapped: try writeMapped(piece, &batch)
            }
        }
    }

    private func writeMapped(
        _ piece: TemplatePiece, _ batch: inout RowBatch
    ) throws(RowFault) {
        let (column, map) = (Int(piece.first), Int(piece.second))
        guard let value = program.maps[map][row.field(column)] ?? program.mapFallbacks[map] else {
            throw .notInMap(column: program.columns[column], map: program.mapNames[map])
        }
        batch.append(unsafe value.span.bytes)
    }
}

/// Conditions.
extension RowMapper {
    /// Whether a pair's condition holds. Conditions of pairs are evaluated while writing, which
    /// must not change the row's memory: named ones are known by then or evaluated again.
    private func holding(_ word: Int) -> Bool {
        var copy = (known: known, holding: holding)
        return evaluate(program.words[word].when, &copy)
    }

    private mutating func holds(_ node: Int32) -> Bool {
        guard node >= 0 else { return true }
        var memory = (known: known, holding: holding)
        let result = evaluate(node, &memory)
        (known, holding) = memory
        return result
    }

    private func evaluate(
        _ index: Int32, _ memory: inout (known: UInt64, holding: UInt64)
    ) -> Bool {
        let node = program.nodes[Int(index)]
        switch node.kind {
        case .or: return evaluate(node.left, &memory) || evaluate(node.right, &memory)
        case .and: return evaluate(node.left, &memory) && evaluate(node.right, &memory)
        case .not: return !evaluate(node.left, &memory)
        case .named: return named(Int(node.left), &memory)
        case .isEmpty: return row.fields[Int(node.left)].isEmpty
        case .text:
            let text = literal(node.right..<node.right + Int32(node.number))
            let isEqual = row.field(Int(node.left)).equals(text)
            return isEqual == (node.comparison == .equal)
        case .columns:
            let isEqual = row.field(Int(node.left)).equals(row.field(Int(node.right)))
            return isEqual == (node.comparison == .equal)
        case .integer:
            guard let value = row.field(Int(node.left)).integer() else {
                return node.comparison == .notEqual
            }
            return node.comparison.holds(value, node.number)
        case .clock:
            let written = times.written[Int(node.left)]
            return written != RowTimes.absent && node.comparison.holds(written, node.number)
        case .moments:
            let left = times.moments[Int(node.left)]
            let right = times.moments[Int(node.right)]
            return left != RowTimes.absent && right != RowTimes.absent
                && node.comparison.holds(left, right)
        }
    }

    private func named(
        _ number: Int, _ memory: inout (known: UInt64, holding: UInt64)
    ) -> Bool {
        let bit: UInt64 = 1 << UInt64(number)
        if memory.known & bit == 0 {
            let result = evaluate(program.namedConditions[number], &memory)
            memory.known |= bit
            memory.holding = result ? memory.holding | bit : memory.holding & ~bit
        }
        return memory.holding & bit != 0
    }
}
