internal import EventModel

/// Looks at a file's first line: is it what the import was told?
enum Header {
    /// Returns a table's columns, as its first line names them.
    ///
    /// - Throws: `otherHeader` or `otherForm`.
    static func check(
        _ line: RawSpan, _ format: TableFormat, path: String
    ) throws(ImportError) -> [String] {
        var row = Row()
        do {
            try row.load(line, BoundFormat(header: format))
        } catch {
            throw .otherForm(path: path, problem: "line 1 is no header: \(error)")
        }
        let names = row.fields.indices.map { row.field($0).text() }
        guard names.count <= ImportLimits.columnsMax, Set(names).count == names.count else {
            throw .otherForm(
                path: path,
                problem: "line 1 names \(names.count) columns, one of them twice or "
                    + "more than \(ImportLimits.columnsMax)")
        }
        guard format.columns.isEmpty || names == format.columns else {
            throw .otherHeader(path: path, expected: format.columns, actual: names)
        }
        return names
    }

    /// Checks that a file without a mapping holds one JSON object per line.
    ///
    /// - Throws: `otherForm`.
    static func checkDocument(_ line: RawSpan, path: String) throws(ImportError) {
        var offset = 0
        while offset < line.byteCount, line[offset] == 0x20 || line[offset] == 0x09 { offset += 1 }
        guard offset < line.byteCount, line[offset] != UInt8(ascii: "{") else { return }
        let isArray = line[offset] == UInt8(ascii: "[")
        throw .otherForm(
            path: path,
            problem: isArray
                ? "is a JSON array; expected one event per line: jq -c '.[]' makes that of it"
                : "does not start with a JSON object; a table needs --mapping")
    }
}
