internal import EventModel

/// Attributes by which views find what an event is about, though they are personal: without them
/// it would be about something else, so that nothing is redacted of them.
public enum NamingAttribute {
    /// Tells whether an attribute of a type is one: who is who, and what a fact or thing is called.
    public static func isOne(_ name: RawSpan, of type: RawSpan) -> Bool {
        if type.starts(with: "identity.") {
            return name.equals("from") || name.equals("to") || name.equals("identifier")
                || name.equals("customers")
        }
        guard let codes = SubjectRule.codes(of: type) else { return false }
        return codes.contains { code in
            let rule = SubjectRule.all[code]
            return rule.names.contains { name.equals($0) }
                || rule.part.map { name.equals($0.attribute) } ?? false
        }
    }
}
