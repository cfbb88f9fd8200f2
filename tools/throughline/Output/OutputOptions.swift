import ArgumentParser
import Importing
import JSON

/// The forms in which a document is printed: for people, unless a program says otherwise.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print the JSON document as it is.")
    var json = false

    @Flag(help: "Print comma-separated values, their names in the first line.")
    var csv = false

    func validate() throws {
        guard !json || !csv else { throw ValidationError("--json and --csv exclude each other") }
    }

    /// Prints a document of the tool's own as JSON.
    static func printed(_ value: JSONValue) {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        Terminal.write(Escaping.document(bytes) + [UInt8(ascii: "\n")])
    }

    /// Prints a document that the daemon answered.
    func show(_ document: Document, as shape: DocumentShape = DocumentShape()) throws {
        if json {
            Terminal.write(Escaping.document(document.bytes) + [UInt8(ascii: "\n")])
        } else {
            show(try document.value(), as: shape)
        }
    }

    /// Prints a document of the tool's own.
    func show(_ value: JSONValue, as shape: DocumentShape = DocumentShape()) {
        if json {
            Self.printed(value)
        } else if csv {
            Terminal.write(CSVText.text(shape.rows(of: value)))
        } else {
            Self.shown(value, as: shape)
        }
    }

    /// Shows a document to a person.
    static func shown(_ value: JSONValue, as shape: DocumentShape) {
        Terminal.write(DocumentPrinter.text(shape.narrowed(value), bars: shape.bars))
    }
}

/// What a document is made of, as far as printing has to know it.
struct DocumentShape {
    /// The list whose elements are the lines of `--csv`; nil where the document is one line.
    var list: String?
    /// The columns of that list that a person is shown, those of inner objects by their path
    /// (`oldest.wait_ms`); nil for all. `--csv` and `--json` have all of them.
    var columns: [String]?
    /// Members that get a bar.
    var bars: Set<String> = []

    /// The lines of `--csv`: those of the list, or the document itself where it has no such list.
    func rows(of document: JSONValue) -> [JSONValue] {
        list.flatMap { document[$0]?.elements } ?? [document]
    }

    /// The document with the columns that are shown.
    func narrowed(_ document: JSONValue) -> JSONValue {
        guard let list, let columns, let members = document.members else { return document }
        return .object(
            members.map { member in
                guard member.name == list, let rows = member.value.elements else { return member }
                return JSONValue.Member(list, .array(rows.map { Self.picked(columns, of: $0) }))
            })
    }

    private static func picked(_ columns: [String], of row: JSONValue) -> JSONValue {
        .object(
            columns.compactMap { path in
                let names = path.split(separator: ".").map(String.init)
                let value = names.reduce(JSONValue?.some(row)) { $0?[$1] }
                return value.map { JSONValue.Member(names.joined(separator: "_"), $0) }
            })
    }
}
