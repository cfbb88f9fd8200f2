import Importing
import JSON
import Testing

@testable import throughline

@Suite("output for programs")
struct OutputTests {
    private func value(_ text: String) throws -> JSONValue {
        try JSONValue.read(Array(text.utf8))
    }

    @Test("a list becomes lines, inner objects and lists columns, what is missing stays empty")
    func csv() throws {
        let rows = try value(
            """
            [{"queue":"x","totals":{"offered":4,"rate":0.50},"tags":["a","b"],"open":true},
             {"queue":"y, \\"z\\"","targets":[{"ms":1},{"ms":2}],"note":"two\\nlines","none":null}]
            """)
        let names = "queue,totals_offered,totals_rate,tags,open,targets_1_ms,targets_2_ms,note,none"
        let lines = [
            names, "x,4,0.50,a;b,true,,,,", #""y, ""z""",,,,,1,2,"two"# + "\nlines\",", "",
        ]
        #expect(CSVText.text(rows.elements ?? []) == lines.joined(separator: "\r\n"))
        #expect(CSVText.text([]) == "")
    }

    @Test(
        "a document without a list is one line; a list by name is its elements, none is no silence")
    func shapes() throws {
        let document = try value(
            #"{"position":4,"agents":[{"agent":"ana","idle_ms":5},{"agent":"eva"}]}"#)
        #expect(DocumentShape().rows(of: document) == [document])
        #expect(DocumentShape(list: "agents").rows(of: document).count == 2)
        #expect(DocumentShape(list: "none").rows(of: document) == [document])
        #expect(DocumentShape(list: "agents").rows(of: try value(#"{"agents":[]}"#)).isEmpty)
        let narrow = DocumentShape(list: "agents", columns: ["agent", "idle.ms"])
        let nested = try value(#"{"position":4,"agents":[{"agent":"ana","idle":{"ms":5},"x":1}]}"#)
        #expect(
            narrow.narrowed(nested)
                == (try value(#"{"position":4,"agents":[{"agent":"ana","idle_ms":5}]}"#)))
        #expect(DocumentShape(list: "agents").narrowed(nested) == nested)
    }

    @Test("every event has the same columns, whatever it holds")
    func events() throws {
        let event = try value(
            """
            {"position":7,"recorded":"r","occurred":"o","type":"note.taken","source":"desk","id":"1",
             "identifiers":[{"kind":"crm","value":"7","role":"customer"},{"kind":"a","value":"b"}],
             "attributes":{"interaction":"c-1","text":"x,y","n":3}}
            """)
        #expect(
            EventCSV.line(event)
                == #"7,r,o,note.taken,desk,1,crm:7;a:b,c-1,,,,,,"{""text"":""x,y"",""n"":3}","#
                + "\r\n")
        let columns = EventCSV.header.filter { $0 == "," }.count
        let empty = EventCSV.line(.object([]))
        #expect(empty == String(repeating: ",", count: columns) + "\r\n")
    }

    @Test("identifiers in an event's line are written as APPEND takes them")
    func identifiers() throws {
        let event = try value(
            """
            {"position":7,"type":"note.taken","recorded":"r",
             "identifiers":[{"kind":"crm","value":"7","role":"customer","strength":"stated"}]}
            """)
        let line = EventLine.text(event)
        #expect(line.hasSuffix("note.taken                customer=crm:7"))
    }

    @Test("a course has a block for each value, and the greatest of many for each block")
    func sparkline() {
        #expect(Sparkline.text([0, 1, 4, 8]) == "▁▁▄█")
        #expect(Sparkline.text([0, 0]) == "▁▁")
        #expect(Sparkline.text([]) == "")
        #expect(Sparkline.text(Array(repeating: 1, count: 99) + [8], width: 10).count == 10)
        #expect(Sparkline.text([1, 8, 1, 1], width: 2) == "█▁")
    }
}
