internal import EventLog
internal import EventModel
internal import Projecting
internal import Views

/// What ERASE says in the log and answers.
///
///     {"position":…,"erasure":1,"surrogate":"c_…","events":27,"shared":0,"quoted":1,
///      "positions":"0=0/0:5,9-12"}
///     {"position":…,"dry_run":true,"customer":"c_…","customers":["c_…"],"identifiers":["…"],
///      "unions":[…],"ended":[…],"kept_apart":[…],
///      "events":27,"shared":0,"quoted":1,"named":"…","positions":"…","quotes":"…",
///      "unattributed":"5-6","texts":"77:text@14+12","kept":0,"texts_from":…}
///
/// `shared` counts events in which another person had a part: their texts go with this one's, the
/// other's identifiers stay. `quoted` are events of others that name an identifier of this person,
/// for instance as a recipient: only that goes. `named` are the places in which statements about others
/// name this person (`RedactedParts`): `event.redacted` takes those. Where one event of the log cannot name them all,
/// `statements` says how many do, the last at `position`, and `positions` and `quotes` are left out.
///
/// `unattributed` are events from before anybody was known in an interaction, or whose a thing is, in
/// which others have a part, too: they stay.
///
/// `texts` are places in which others quote the person: they stay, REDACT takes them, but for those
/// that `kept` counts. `texts_from` is where to go on looking, with `FROM`.
extension CommandExecutor {
    /// Stages the events that say what is erased; they are in force with the round's commit.
    func stage(
        _ plan: borrowing ErasurePlan, _ arguments: borrowing ArgumentReader
    ) throws(CommandError) -> JSONWriter {
        let reason = try arguments.text("REASON") ?? ""
        let surrogate = Surrogate(drawing: { .random(in: .min ... .max) })
        let (erased, quoted) = (plan.erased.all, plan.quoted.all)
        let portions = (0..<max(erased.count, quoted.count, 1)).map { index in
            Erasure.What.person(
                surrogate, erased: index < erased.count ? erased[index] : ErasedPositions(),
                quoted: index < quoted.count ? quoted[index] : ErasedPositions())
        }
        let mark = writer.mark()
        let before = erasing.staged.count
        let staged = try stage(portions, reason: reason, arguments)
        do throws(CommandError) {
            let parts = plan.said.portions().map { Erasure.What.parts($0) }
            if !parts.isEmpty { _ = try stage(parts, reason: reason, arguments) }
            try suppress(plan, surrogate, at: staged[0].position)
        } catch {
            writer.takeBack(to: mark)
            erasing.staged.removeLast(erasing.staged.count - before)
            throw error
        }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", staged[staged.count - 1].position)
        json.field("erasure", Int64(clamping: staged[0].number))
        json.field("surrogate", surrogate.text)
        write(plan, statements: staged.count, &json)
        json.endObject()
        return json
    }

    private func write(
        _ plan: borrowing ErasurePlan, statements: Int, _ json: inout JSONWriter
    ) {
        json.field("events", plan.erased.count)
        json.field("shared", plan.shared)
        json.field("quoted", plan.quoted.count)
        let said = plan.said
        if !said.isEmpty { json.field("named", said.text) }
        guard statements == 1 else { return json.field("statements", statements) }
        json.field("positions", plan.erased.all.first?.text ?? "")
        if let quotes = plan.quoted.all.first { json.field("quotes", quotes.text) }
    }

    func dryRun(_ plan: borrowing ErasurePlan) throws(CommandError) -> JSONWriter {
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.field("dry_run", true)
        json.key("customer")
        json.value(plan.person)
        json.field("customers", plan.customers)
        json.key("identifiers")
        json.beginArray()
        for name in plan.identifiers.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            json.value(String(decoding: name, as: UTF8.self))
        }
        json.endArray()
        let customers = plan.customers
        try reading { () throws(ViewFault) in
            try IdentityDocument.writeUnions(
                of: customers, from: try views.identity.snapshot(), to: &json)
        }
        write(
            plan, statements: max(plan.erased.all.count, plan.quoted.all.count, 1), &json)
        if !plan.unattributed.isEmpty {
            var earlier = ErasedPositions()
            for position in plan.unattributed.sorted().prefix(CommandLimits.erasureRangesShown) {
                earlier.add(Position(position), .init())
            }
            json.field("unattributed", String(earlier.text.dropFirst()))
        }
        if let texts = plan.texts {
            if !texts.parts.isEmpty { json.field("texts", texts.parts.text) }
            json.field("kept", texts.kept)
            if let next = texts.next { json.field("texts_from", next) }
        }
        json.endObject()
        return json
    }

    /// What is told of a customer who is erased: that they are. Nil for all others.
    ///
    ///     {"position":…,"customer":"c_…","erased":true}
    func tombstone(_ name: [UInt8]) throws(CommandError) -> JSONWriter? {
        guard let customer = unsafe CustomerID(text: name.span.bytes),
            try match(name, looksBack: false) == nil,
            try isErased(customer)
        else { return nil }
        var json = JSONWriter()
        json.beginObject()
        json.field("position", log.head.position)
        json.key("customer")
        json.value(customer)
        json.field("erased", true)
        json.endObject()
        return json
    }

    private func isErased(_ customer: CustomerID) throws(CommandError) -> Bool {
        if customer.isSurrogate { return true }
        var isErased = false
        do throws(ReadFailure<Never>) {
            _ = try reader.event(at: customer.founded) { (event) throws(Never) in
                isErased = event.hasErased(customerFounded: customer.number)
            }
        } catch {
            switch error {
            case .log(let error): throw .log(error)
            }
        }
        return isErased
    }
}

extension EventView {
    /// Whether a person is erased whom the event founded as its so manieth customer. Events that were
    /// scrubbed before surrogates said so answer for all of theirs.
    fileprivate func hasErased(customerFounded number: Int) -> Bool {
        guard isErased else {
            // Whom a statement founded that is about others, too.
            return hasRemnant && type.equals("identity.linked")
                && (bytes("from")?.isFilled == true || bytes("to")?.isFilled == true)
        }
        var saysWho = false
        var walk = identifiers()
        while let identifier = walk.next() {
            guard isSurrogate(identifier), let founded = identifier.surrogates?.founded else {
                continue
            }
            if founded == number { return true }
            saysWho = true
        }
        return !saysWho
    }
}
