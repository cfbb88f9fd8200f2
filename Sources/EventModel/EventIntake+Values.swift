/// Values: each kind is read, checked and encoded.
extension EventIntake {
    mutating func add(
        _ name: RawSpan, _ value: RawSpan, _ rule: AttributeRule
    ) throws(EventRefusal) {
        guard registry.intake.allows(value, rule) else { throw notAWordRefusal(rule) }
        let part = rule.attributeClass
        switch rule.kind {
        case .text, .ref:
            try addText(name, value, rule.kind, part)
        case .integer:
            guard let integer = value.integer() else { throw illTypedRefusal(name, .integer) }
            guard integer >= 0 || !name.isOfDuration else { throw negativeRefusal(name) }
            encoder.addAttribute(name, part, kind: .integer, integer: integer)
        case .time:
            guard let moment = Timestamp(rfc3339: value) else {
                throw illTypedRefusal(name, .time)
            }
            encoder.addAttribute(name, part, kind: .time, integer: moment.rawValue)
        case .boolean:
            let isTrue = value.equals("true")
            guard isTrue || value.equals("false") else { throw illTypedRefusal(name, .boolean) }
            encoder.addAttribute(name, part, boolean: isTrue)
        case .money:
            let end = value.byteCount
            guard end > 4, value[end - 4] == UInt8(ascii: " "),
                let minorUnits = value.extracting(0..<end - 4).integer(),
                value.extracting(end - 3..<end).isCurrency
            else { throw illTypedRefusal(name, .money) }
            encoder.addAttribute(
                name, part, minorUnits: minorUnits, currency: value.extracting(end - 3..<end))
        }
    }

    mutating func addText(
        _ name: RawSpan, _ value: RawSpan, _ kind: AttributeKind, _ part: AttributeClass
    ) throws(EventRefusal) {
        let most = kind == .ref ? EventLimits.referenceBytesMax : EventLimits.textBytesMax
        guard value.byteCount <= most else {
            throw .tooLarge(
                what: "attribute \(name.text()) bytes", actual: value.byteCount, most: most)
        }
        guard value.isUTF8, kind == .text || (value.byteCount > 0 && !value.hasControls) else {
            throw illTypedRefusal(name, kind)
        }
        // References are names of things: with another one they would be other things.
        let isSaid = name.byteCount == 4 && name.equals("text")
        let kept =
            kind == .ref
            ? nil
            : isSaid
                ? kept(of: value, isPayload: false)
                : redactor.redacted(value, counting: &redactions)
        if let kept {
            unsafe encoder.addAttribute(name, part, kind: kind, text: kept.span.bytes)
        } else {
            encoder.addAttribute(name, part, kind: kind, text: value)
        }
    }

    /// Returns what somebody says as it may be stored, or nil where it may as it is.
    mutating func kept(of said: RawSpan, isPayload: Bool) -> [UInt8]? {
        guard redactor.looksForCards, SplitNumber.mayGoOn(said) else {
            return redactor.redacted(said, counting: &redactions)
        }
        beginsWithDigits = true
        guard let cut, cut.isOfPayload == isPayload else {
            return redactor.redacted(said, counting: &redactions)
        }
        redactions[cut.rule] += 1
        let rest = cut.applied(to: said)
        return unsafe redactor.redacted(rest.span.bytes, counting: &redactions) ?? rest
    }

    /// Checks the value of one of an event's own fields.
    func checkText(
        _ value: RawSpan, _ name: RawSpan, _ allowed: ClosedRange<Int>
    ) throws(EventRefusal) {
        guard value.byteCount <= allowed.upperBound else {
            throw .tooLarge(
                what: "\(name.text()) bytes", actual: value.byteCount, most: allowed.upperBound)
        }
        guard value.byteCount >= allowed.lowerBound, value.isUTF8 else {
            throw .illTyped(
                type: typeName, attribute: name.text(),
                expected: "UTF-8 text of \(allowed.lowerBound) to \(allowed.upperBound) bytes")
        }
    }

    func occurred(_ value: RawSpan, _ now: Timestamp) throws(EventRefusal) -> Timestamp {
        guard let moment = Timestamp(rfc3339: value) else {
            throw .illTyped(
                type: typeName, attribute: "occurred", expected: AttributeKind.time.expectation)
        }
        guard moment - now <= EventLimits.occurredAheadMillisecondsMax else {
            throw .tooFarAhead(
                attribute: "occurred", aheadMilliseconds: moment - now,
                mostMilliseconds: EventLimits.occurredAheadMillisecondsMax)
        }
        return moment
    }
}
