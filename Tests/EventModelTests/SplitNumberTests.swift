import Testing

@testable import EventModel

/// What of a message goes, given what its author said before: the texts in the order in which they
/// were said, each as it is stored.
@Suite("Card numbers in several messages")
struct SplitNumberTests {
    private static let seed = UInt64.random(in: 0 ... .max)

    /// Stores messages one after the other, as an intake does.
    private func stored(_ messages: [String]) -> [String] {
        var said: [[UInt8]] = []
        var counts = RedactionCounts()
        let redactor = Redactor(.standard)
        for message in messages {
            var text = Array(message.utf8)
            let mayGoOn = unsafe SplitNumber.mayGoOn(text.span.bytes)
            let earlier = said.reversed().prefix(SplitNumber.messagesMax)
                .map { Array($0.suffix(SplitNumber.tailBytesMax)) }
            if mayGoOn, let cut = SplitNumber.cut(text, after: earlier) {
                text = unsafe cut.applied(to: text.span.bytes)
            }
            text = unsafe redactor.redacted(text.span.bytes, counting: &counts) ?? text
            #expect(text.count <= message.utf8.count)
            said.append(text)
        }
        return said.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        "messages are stored so",
        arguments: [
            (["4111 1111", "1111 1111"], ["4111 1111", "[card]"]),
            (
                ["my card is 4111 1111", "1111 1111, thanks"],
                ["my card is 4111 1111", "[card], thanks"]
            ),
            (["41111111", "11111111 exp 12/27"], ["41111111", "[card] exp 12/27"]),
            (["4111", "1111", "1111", "1111"], ["4111", "1111", "[*]", "[*]"]),
            (["3782", "822463", "10005"], ["3782", "822463", "[*]"]),
            (["3782 822463", "10005"], ["3782 822463", "[*]"]),
            (["4111 1111 1111", "1111"], ["4111 1111 1111", "[*]"]),
            (["4111111111111111", "917"], ["[card *1111]", "[*]"]),
            (["4111 1111", "1111 1111", "917"], ["4111 1111", "[card]", "[*]"]),
        ])
    func cut(_ messages: [String], _ expected: [String]) {
        #expect(stored(messages) == expected)
    }

    @Test(
        "what is none stays",
        arguments: [
            ["4111 1111", "1111 1112"], ["4111 1111", "no", "1111 1111"], ["411111", "1111111111"],
            ["order 40001234", "911234567"], ["010", "1234", "5678"], ["+34 4111 1111", "11112"],
            ["2026", "11"], ["1", "2", "3"], ["the code is", "917"], ["1234", "5678", "9012"],
        ])
    func others(_ messages: [String]) { #expect(stored(messages) == messages) }

    @Test("at least 99.9 % of numbers parted where they are printed lose their end")
    func recall() {
        var random = SeededRandom(seed: Self.seed)
        var missed: [[String]] = []
        let count = 10_000
        for _ in 0..<count {
            let card = CardCorpus.card(&random).map { "\($0)" }.joined()
            var groups = card.count < 16 ? [4, 6, card.count - 10] : [4, 4, 4, card.count - 12]
            if card.count == 19 { groups = [4, 4, 4, 4, 3] }
            let breaks = Set(
                (1..<groups.count).filter { _ in Bool.random(using: &random) }.prefix(3))
            let breakAt = breaks.isEmpty ? [1] : breaks
            let separator = ["", " ", "-"].randomElement(using: &random) ?? ""
            var messages = [""]
            var rest = Substring(card)
            for (index, size) in groups.enumerated() {
                if breakAt.contains(index) { messages.append("") }
                let last = messages.count - 1
                if !messages[last].isEmpty { messages[last] += separator }
                messages[last] += rest.prefix(size)
                rest = rest.dropFirst(size)
            }
            let kept = stored(messages).joined().filter(\.isWholeNumber)
            if kept.count > card.count - 3 { missed.append(messages) }
        }
        #expect(missed.count * 1_000 <= count, "seed \(Self.seed): \(missed.prefix(5))")
    }

    @Test("at most 0.1 % of order and phone numbers sent one after the other are taken for cards")
    func falseAlarms() {
        var random = SeededRandom(seed: Self.seed)
        var wrong: [[String]] = []
        let count = 20_000
        for _ in 0..<count {
            let messages = (0..<Int.random(in: 2...4, using: &random)).map { _ in
                Bool.random(using: &random) ? CardCorpus.order(&random) : CardCorpus.phone(&random)
            }
            if stored(messages) != messages { wrong.append(messages) }
        }
        #expect(wrong.count * 1_000 <= count, "seed \(Self.seed): \(wrong.prefix(5))")
    }
}
