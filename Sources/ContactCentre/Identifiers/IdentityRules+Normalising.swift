internal import EventModel
@_spi(_Unicode) internal import Swift

/// One spelling for each identifier.
extension IdentityRules {
    /// Writes a value's normal form behind what `form` holds.
    ///
    /// A value that its kind cannot read stays as it was given, without blanks around it, in small
    /// letters where the kind's form is not plain: nothing is refused here.
    ///
    /// - Returns: The number of the kind that the form is of, which may be another than the value's;
    ///   nil for a kind without rules.
    public func normalise(
        _ kindName: RawSpan, _ value: RawSpan, into form: inout [UInt8]
    ) -> Int? {
        guard let kind = byName[kindName] else {
            form.append(value.trimmed)
            return nil
        }
        switch content.kinds[kind].form {
        case .plain: form.append(value.trimmed)
        case .number: Self.appendNumber(value.trimmed, to: &form)
        case .phone: Self.appendPhone(value.trimmed, of: content.region, to: &form)
        case .email: appendEmail(value.trimmed, to: &form)
        case .whatsapp:
            guard let phoneKind, let digits = value.trimmed.whatsappDigits else {
                Self.appendLowercased(value.trimmed, to: &form)
                return kind
            }
            form.append(UInt8(ascii: "+"))
            form.append(digits)
            return phoneKind
        }
        return kind
    }

    private static func appendLowercased(_ value: RawSpan, to form: inout [UInt8]) {
        for offset in 0..<value.byteCount {
            let byte = value[offset]
            form.append(byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte)
        }
    }

    private static func appendNumber(_ value: RawSpan, to form: inout [UInt8]) {
        for offset in 0..<value.byteCount {
            let byte = value[offset]
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "-") { continue }
            form.append(byte >= 0x61 && byte <= 0x7A ? byte - 0x20 : byte)
        }
    }

    /// Writes E.164 where it can be told, else the digits, else the value in small letters.
    static func appendPhone(
        _ value: RawSpan, of region: PhoneRegion?, to form: inout [UInt8]
    ) {
        let start = form.count
        let number = value.starts(with: "tel:") ? value.extracting(4..<value.byteCount) : value
        for offset in 0..<number.byteCount {
            let byte = number[offset]
            switch byte {
            case 0x30...0x39: form.append(byte)
            case UInt8(ascii: "+") where form.count == start: form.append(byte)
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"),
                UInt8(ascii: "("), UInt8(ascii: ")"):
                continue
            default:
                form.removeSubrange(start...)
                return appendLowercased(value, to: &form)
            }
        }
        guard form.count > start else { return }
        if form[start] != UInt8(ascii: "+") {
            if form.count >= start + 9, form[start] == 0x30, form[start + 1] == 0x30 {
                form.replaceSubrange(start..<start + 2, with: [UInt8(ascii: "+")])
            } else if let region, form.count >= start + 7 {
                if !region.trunk.isEmpty, form[start...].starts(with: region.trunk.utf8) {
                    form.removeSubrange(start..<start + region.trunk.utf8.count)
                }
                form.insert(contentsOf: [UInt8(ascii: "+")] + Array(region.code.utf8), at: start)
            } else {
                return
            }
        }
        for code in PhoneRegion.codesWithZero where form[(start + 1)...].starts(with: code) {
            let behind = start + 1 + code.count
            if behind < form.count, form[behind] == 0x30 { form.remove(at: behind) }
            return
        }
    }

    /// Writes an address: the domain in small letters, all of it composed (NFC); what stands before
    /// the @ changes only where the domain's owner reads it so.
    private func appendEmail(_ value: RawSpan, to form: inout [UInt8]) {
        var address = value
        if address.byteCount > 2, address[0] == UInt8(ascii: "<"),
            address[address.byteCount - 1] == UInt8(ascii: ">")
        {
            address = address.extracting(1..<address.byteCount - 1)
        }
        guard let at = address.lastOffset(of: UInt8(ascii: "@")) else {
            return Self.appendLowercased(address, to: &form)
        }
        guard address.isASCII else {
            let domain = address.extracting(at..<address.byteCount).text().lowercased()
            let whole = address.extracting(0..<at).text() + domain
            return form.append(contentsOf: whole._nfcCodeUnits)
        }
        var domain: [UInt8] = []
        Self.appendLowercased(address.extracting(at + 1..<address.byteCount), to: &domain)
        let local = address.extracting(0..<at)
        if let folding = unsafe foldings[domain.span.bytes] {
            Self.append(local, folding, to: &form)
            domain = Array(folding.domain.utf8)
        } else {
            form.append(local)
        }
        form.append(UInt8(ascii: "@"))
        form.append(contentsOf: domain)
    }

    private static func append(_ local: RawSpan, _ folding: EmailFolding, to form: inout [UInt8]) {
        for offset in 0..<local.byteCount {
            let byte = local[offset]
            if folding.plus, offset > 0, byte == UInt8(ascii: "+") { return }
            if folding.dots, byte == UInt8(ascii: ".") { continue }
            form.append(byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte)
        }
    }
}

extension RawSpan {
    /// Without blanks around it.
    fileprivate var trimmed: RawSpan {
        @_lifetime(copy self)
        get {
            var (start, end) = (0, byteCount)
            while start < end, self[start] == 0x20 { start += 1 }
            while end > start, self[end - 1] == 0x20 { end -= 1 }
            return extracting(start..<end)
        }
    }

    fileprivate var isASCII: Bool {
        for offset in 0..<byteCount where self[offset] >= 0x80 { return false }
        return true
    }

    fileprivate func lastOffset(of byte: UInt8) -> Int? {
        for offset in stride(from: byteCount - 1, through: 0, by: -1) where self[offset] == byte {
            return offset
        }
        return nil
    }

    /// The digits of `34911234567@s.whatsapp.net`, `34911234567:12@c.us` or `+34911234567`.
    fileprivate var whatsappDigits: RawSpan? {
        @_lifetime(copy self)
        get {
            let start = byteCount > 0 && self[0] == UInt8(ascii: "+") ? 1 : 0
            var end = start
            while end < byteCount, self[end].isASCIIDigit { end += 1 }
            guard end - start >= 7, end - start <= 15 else { return nil }
            var server = end
            if server < byteCount, self[server] == UInt8(ascii: ":") {
                server += 1
                while server < byteCount, self[server].isASCIIDigit { server += 1 }
            }
            let rest = extracting(server..<byteCount)
            guard rest.byteCount == 0 || rest.equals("@s.whatsapp.net") || rest.equals("@c.us")
            else { return nil }
            return extracting(start..<end)
        }
    }
}
