import EventModel
import Testing

@Suite("Patterns: places in texts")
struct TextPatternTests {
    private func places(_ pattern: String, _ text: String) throws -> [String] {
        let bytes = Array(text.utf8)
        var steps = 1_000_000
        let found = try unsafe TextPattern(pattern).places(in: bytes.span.bytes, steps: &steps)
        return try #require(found).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test("what people write")
    func written() throws {
        #expect(
            try places(#"\+?\d{2}[ -]?\d{9}"#, "call 34 600111222 or +34600333444") == [
                "34 600111222", "+34600333444",
            ])
        #expect(try places(#"(?i)maría\b"#, "MARÍA, marías, María") == ["MARÍA", "María"])
        #expect(try places(#"\bAna\b"#, "Anabel Ana banAna") == ["Ana"])
        #expect(try places("^a|b$", "ab ab") == ["a", "b"])
        #expect(try places("a|ab|abc", "xabcx") == ["abc"])
        #expect(
            try places(#"[^\s@]+@[^\s@]+\.[a-z]{2,}"#, "to a.b@c.example, x@y") == [
                "a.b@c.example"
            ])
        #expect(try places("전화.번호", "내 전화-번호는") == ["전화-번호"])
        #expect(try places("x*", "axxbx") == ["xx", "x"])
    }

    @Test(
        "what is no pattern is refused with the place",
        arguments: [
            ("", 1), ("a(b", 4), ("a)", 2), ("[a", 3), ("[]", 3), ("*a", 1), ("a{3,1}", 7),
            ("a{1001}", 7), (#"\q"#, 2), (#"a\"#, 3), ("[z-a]", 5), ("(?=a)", 3),
        ])
    func refused(_ pattern: String, _ place: Int) throws {
        let fault = #expect(throws: PatternFault.self) { try TextPattern(pattern) }
        #expect(fault?.place == place, "\(pattern): \(String(describing: fault))")
    }

    @Test("a pattern that repeats too much is refused, a costly one runs out of steps")
    func bounded() throws {
        #expect(throws: PatternFault.self) { try TextPattern("((a{900}){900}){900}") }
        let text = [UInt8](repeating: 0x61, count: 100_000)
        var steps = 10_000
        let found = try unsafe TextPattern("(a|aa)+b").places(in: text.span.bytes, steps: &steps)
        #expect(found == nil && steps <= 0)
    }

    /// A pattern as a tree, which says by itself where it can end.
    private indirect enum Tree {
        case letter(Character)
        case any
        case both(Tree, Tree)
        case either(Tree, Tree)
        case times(Tree, Int, Int?)

        var text: String {
            switch self {
            case .letter(let letter): "\(letter)"
            case .any: "."
            case .both(let left, let right): "(?:\(left.text))(?:\(right.text))"
            case .either(let left, let right): "(?:\(left.text)|\(right.text))"
            case .times(let tree, let least, let most):
                "(?:\(tree.text)){\(least),\(most.map { "\($0)" } ?? "")}"
            }
        }

        func ends(_ text: [Character], _ start: Int) -> Set<Int> {
            switch self {
            case .letter(let letter):
                return start < text.count && text[start] == letter ? [start + 1] : []
            case .any: return start < text.count ? [start + 1] : []
            case .both(let left, let right):
                return left.ends(text, start).reduce(into: []) {
                    $0.formUnion(right.ends(text, $1))
                }
            case .either(let left, let right):
                return left.ends(text, start).union(right.ends(text, start))
            case .times(let tree, let least, let most):
                var reached: Set<Int> = [start]
                var all: Set<Int> = least == 0 ? [start] : []
                for count in 1...(most ?? least + text.count + 1) where count > 0 {
                    reached = reached.reduce(into: []) { $0.formUnion(tree.ends(text, $1)) }
                    if count >= least { all.formUnion(reached) }
                }
                return all
            }
        }
    }

    private func tree(_ depth: Int, _ random: inout SeededRandom) -> Tree {
        switch Int.random(in: depth == 0 ? 0...1 : 0...5, using: &random) {
        case 0: return .letter(["a", "b", "é"].randomElement(using: &random) ?? "a")
        case 1: return Int.random(in: 0..<4, using: &random) == 0 ? .any : .letter("a")
        case 2, 3: return .both(tree(depth - 1, &random), tree(depth - 1, &random))
        case 4: return .either(tree(depth - 1, &random), tree(depth - 1, &random))
        default:
            let least = Int.random(in: 0...2, using: &random)
            let more = Int.random(in: 0...3, using: &random)
            let most = more == 3 ? nil : max(1, least + more)
            return .times(tree(depth - 1, &random), least, most)
        }
    }

    @Test("random patterns find what a search of every place finds", arguments: 0..<400)
    func model(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let tree = tree(3, &random)
        let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in
            (["a", "b", "é"] as [Character]).randomElement(using: &random) ?? "a"
        }
        var expected: [String] = []
        var start = 0
        while start < text.count {
            if let end = tree.ends(text, start).max(), end > start {
                expected.append(String(text[start..<end]))
                start = end
            } else {
                start += 1
            }
        }
        #expect(
            try places(tree.text, String(text)) == expected, "\(tree.text) in \(String(text))")
    }
}
