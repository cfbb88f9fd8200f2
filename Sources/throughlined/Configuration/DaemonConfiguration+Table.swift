/// What holds, for people.
extension DaemonConfiguration {
    /// A line for each setting: key, value, who gave it.
    var table: String {
        let rows = Setting.all.map { setting in
            let entry = entries.first { $0.setting.key == setting.key }
            return [setting.key, entry?.value.shown ?? "-", entry?.source ?? "nobody"]
        }
        let header = ["setting", "value", "from"]
        let widths = (0...1).map { column in
            ([header] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([header] + rows).map { row in
            (0...1).map { column in
                row[column]
                    + String(repeating: " ", count: widths[column] - row[column].count)
            }.joined(separator: "  ") + "  " + row[2]
        }.joined(separator: "\n")
    }
}
