/// Every metric of contacts by plain loops, written from DOMAIN.md: for each name what is counted, where
/// it stands and when.
struct NaiveFigures {
    /// One thing that counts.
    struct Item {
        var queue: String
        var channel: String
        var agent: String
        var site = ""
        /// The moment it is filed under; what has none is in no window.
        var at: Int64?
        var number: Int64 = 0
    }

    enum Figure {
        case count([Item])
        case share([Item], of: [Item])
        case spread([Item])
        /// Numbers over how many others.
        case mean([Item], over: [Item])
        /// Promoters less detractors in percent of all; nothing below thirty.
        case net([Item], detractors: [Item], of: [Item])
        /// The greatest number.
        case greatest([Item])
    }

    static let target: Int64 = 20_000
    static let short: Int64 = 5_000

    let contacts: [NaiveContact]
    var figures: [String: Figure] = [:]

    init(
        _ all: [NaiveContact], refused: [Item], surveys: [NaiveSurvey], person: (String) -> String
    ) {
        contacts = all.filter { !$0.isLeftOut }
        figures["lost_demand"] = .count(refused)
        addStays()
        addOffers()
        addWork()
        addMachines()
        addWords()
        addThreads(person)
        addPersons(person)
        addSurveys(surveys)
    }

    /// Something that stands where a contact as a whole does.
    func item(_ contact: NaiveContact, at moment: Int64?, _ number: Int64 = 0) -> Item {
        Item(
            queue: contact.queue, channel: contact.channel, agent: contact.talk?.agent ?? "",
            at: moment, number: number)
    }

    func items(_ counts: (NaiveContact) -> Bool) -> [Item] {
        contacts.filter(counts).map { item($0, at: $0.created) }
    }

    private func numbers(_ number: (NaiveContact) -> Int64?) -> [Item] {
        contacts.compactMap { contact in
            number(contact).map { item(contact, at: contact.created, $0) }
        }
    }

    // --- Queues -------------------------------------------------------------------------------

    private struct Wait {
        var item: Item
        var end: NaiveContact.Stay.End?
        var announced: (at: Int64, expected: Int64, most: Int64)?
        var left: Int64
    }

    private mutating func addStays() {
        var waits: [Wait] = []
        var assigned: [Item] = []
        for contact in contacts {
            for index in contact.stays.indices where contact.stays[index].isOffered {
                let stay = contact.counted(index)
                waits.append(
                    Wait(
                        item: Item(
                            queue: stay.queue, channel: contact.channel,
                            agent: stay.end == .answered ? stay.agent : "", at: stay.entered,
                            number: stay.end == nil ? 0 : stay.left - stay.entered),
                        end: stay.end, announced: stay.announced, left: stay.left))
                let own = contact.stays[index]
                if contact.isMessaged, own.end == .answered {
                    assigned.append(
                        Item(
                            queue: own.queue, channel: contact.channel, agent: own.agent,
                            at: own.entered, number: own.left - own.entered))
                }
            }
        }
        func all(_ ends: NaiveContact.Stay.End?...) -> [Item] {
            waits.filter { ends.contains($0.end) }.map(\.item)
        }
        let offered = waits.map(\.item)
        let (answered, abandoned) = (all(.answered), all(.abandoned))
        let ended = waits.filter { $0.end != nil }
        let met = answered.filter { $0.number <= Self.target }
        let told = waits.filter { $0.end == .answered && $0.announced != nil }
        func error(_ wait: Wait) -> Int64 {
            wait.left - (wait.announced?.at ?? 0) - (wait.announced?.expected ?? 0)
        }
        figures["contacts"] = .count(items { !$0.isLeg })
        figures["legs_known"] = .share(
            items { $0.isLeg && $0.person != nil }, of: items { $0.isLeg })
        figures["offered"] = .count(offered)
        figures["answered"] = .count(answered)
        figures["abandoned"] = .count(abandoned)
        figures["flowed_out"] = .count(all(.flowedOut, .callback))
        figures["callbacks_taken"] = .count(all(.callback))
        figures["failed"] = .count(all(.failed))
        figures["expired"] = .count(all(.expired))
        figures["waiting"] = .count(all(nil))
        figures["asa"] = .spread(answered)
        figures["max_wait"] = .greatest(ended.map(\.item))
        figures["average_time_to_abandon"] = .spread(abandoned)
        figures["average_time_to_flow_out"] = .spread(all(.flowedOut, .failed, .expired))
        figures["customer_wait"] = .spread(
            numbers { contact in
                contact.reached.map { $0 - contact.created }
            })
        figures["assigned"] = .spread(assigned)
        figures["announced_error"] = .spread(
            told.map { wait in
                var item = wait.item
                item.number = error(wait)
                return item
            })
        figures["announced_kept"] = .share(
            told.filter { $0.left - ($0.announced?.at ?? 0) <= $0.announced?.most ?? 0 }
                .map(\.item), of: told.map(\.item))
        figures["abandon_rate"] = .share(abandoned, of: offered)
        figures["long_abandon_rate"] = .share(
            abandoned.filter { $0.number >= Self.short },
            of: waits.filter { !Self.isShort($0) }.map(\.item))
        figures["callbacks_lost"] = .count(
            contacts.compactMap { contact in
                guard contact.isCallbackLost,
                    let stay = contact.stays.last(where: { $0.end == .callback })
                else { return nil }
                return Item(
                    queue: stay.queue, channel: contact.channel, agent: "", at: stay.entered)
            })
        // --- Service level ---
        func settled(_ counts: (Wait) -> Bool) -> [Item] { ended.filter(counts).map(\.item) }
        func isEarly(_ wait: Wait) -> Bool {
            wait.end == .abandoned && wait.item.number <= Self.target
        }
        func level(_ name: String, _ part: [Item], _ whole: [Item]) {
            figures["sl_" + name] = .share(part, of: whole)
        }
        let early = settled(isEarly)
        let taken = settled { $0.end == .callback && $0.item.number <= Self.target }
        level("answered", met, answered)
        level("offered", met, settled { _ in true })
        level("ignore_abandon", met, settled { !isEarly($0) })
        level("positive_abandon", met + early, settled { _ in true })
        level("removed", met + early + taken, settled { _ in true })
        level("genesys", met, answered + abandoned)
        level("genesys_flow_out", met, answered + abandoned + all(.flowedOut, .callback))
        level("genesys_long", met, answered + abandoned.filter { $0.number >= Self.short })
        level("long_offered", met, settled { !Self.isShort($0) })
        // The log has gone on for weeks: who waits still is past every target.
        level("wallboard", met, waits.filter { !Self.isShort($0) }.map(\.item))
    }

    private static func isShort(_ wait: Wait) -> Bool {
        wait.end == .abandoned && wait.item.number < short
    }

    private mutating func addOffers() {
        var offers: [(item: Item, end: NaiveContact.Offer.End?)] = []
        for contact in contacts {
            for offer in contact.offers {
                let stay = contact.stays[offer.stay]
                offers.append(
                    (
                        Item(
                            queue: stay.queue, channel: contact.channel, agent: offer.agent,
                            at: stay.entered, number: offer.ended - offer.made), offer.end
                    ))
            }
        }
        func all(_ end: NaiveContact.Offer.End) -> [Item] {
            offers.filter { $0.end == end }.map(\.item)
        }
        figures["ring"] = .spread(all(.accepted))
        figures["agent_answer_rate"] = .share(all(.accepted), of: offers.map(\.item))
        figures["agent_answer_rate_reached"] = .share(
            all(.accepted), of: offers.filter { $0.end != .abandoned }.map(\.item))
        figures["offers_missed"] = .count(all(.missed))
        figures["offers_rejected"] = .count(all(.rejected))
    }

    // --- Work ---------------------------------------------------------------------------------

    private mutating func addWork() {
        var handled: [(contact: NaiveContact, talk: NaiveContact.Talk, item: Item)] = []
        for contact in contacts {
            guard let talk = contact.talk else { continue }
            handled.append(
                (
                    contact, talk,
                    Item(
                        queue: talk.queue, channel: contact.channel, agent: talk.agent,
                        at: contact.ended)
                ))
        }
        func all(
            _ number: (NaiveContact, NaiveContact.Talk) -> Int64?
        ) -> [Item] {
            handled.compactMap { contact, talk, item in
                guard let number = number(contact, talk) else { return nil }
                var item = item
                item.number = number
                return item
            }
        }
        func those(_ counts: (NaiveContact, NaiveContact.Talk) -> Bool) -> [Item] {
            all { counts($0, $1) ? 0 : nil }
        }
        let every = those { _, _ in true }
        let talk = all { contact, talk in
            contact.isTalked ? talk.to.map { $0 - talk.from - talk.hold } : nil
        }
        let hold = all { contact, talk in
            contact.isTalked && talk.to != nil && talk.holds > 0 ? talk.hold : nil
        }
        let after = all { contact, _ in
            contact.wrapUp.flatMap { wrapUp in wrapUp.to.map { $0 - wrapUp.from } }
        }
        figures["handled"] = .count(every)
        figures["talk"] = .spread(talk)
        figures["hold"] = .spread(hold)
        figures["acw"] = .spread(after)
        figures["hold_per_handled"] = .mean(hold, over: every)
        figures["aht"] = .mean(talk + hold + after, over: every)
        figures["hold_rate"] = .share(those { $1.holds > 0 }, of: every)
        figures["transfer_rate"] = .share(
            those { contact, _ in !contact.transfers.isEmpty }, of: every)
        for (name, kind) in [
            ("blind", "blind"), ("attended", "attended"), ("to_queue", "toQueue"),
            ("external", "external"),
        ] {
            figures["transfers_" + name] = .count(
                those { contact, _ in
                    contact.transfers.contains(kind)
                })
        }
        figures["drop_rate"] = .share(those { contact, _ in contact.isDropped }, of: every)
        figures["hold_abandons"] = .count(
            those { contact, talk in talk.isAbandoned && contact.phase != "unreplied" })
    }

    private mutating func addMachines() {
        let asked = items { $0.asked != nil }
        figures["pre_queue_abandons"] = .count(items(\.isLostBeforeQueue))
        figures["human_asked"] = .count(asked)
        figures["human_reached"] = .share(items { $0.asked != nil && $0.talk != nil }, of: asked)
        figures["human_blocked"] = .share(
            items { $0.asked != nil && $0.talk == nil && ($0.isContained || $0.isLostBeforeQueue) },
            of: asked)
        figures["time_to_human"] = .spread(
            numbers { contact in
                contact.talk.flatMap { talk in contact.asked.map { talk.from - $0 } }
            })
        figures["steps_to_human"] = .spread(
            numbers { contact in
                contact.asked != nil && contact.talk != nil ? contact.steps : nil
            })
        figures["containment_claimed"] = .share(
            items(\.isContained), of: items { !$0.machines.isEmpty })
    }

    // --- Words --------------------------------------------------------------------------------

    /// A reply is the work of whom the message names, else of who has the contact.
    private func reply(
        _ contact: NaiveContact, _ message: NaiveContact.Message, _ number: Int64
    ) -> Item {
        var item = item(contact, at: contact.created, number)
        if !message.agent.isEmpty { item.agent = message.agent }
        return item
    }

    private mutating func addWords() {
        var responses: [Item] = []
        var (human, customer): ([Item], [Item]) = ([], [])
        var (unanswered, never): ([Item], [Item]) = ([], [])
        for contact in contacts {
            var open: Int64?
            for message in contact.messages {
                if message.author == "customer" { open = open ?? message.at }
                if message.author == "agent", !message.isFailed, let start = open {
                    responses.append(
                        reply(contact, message, message.at - start))
                    open = nil
                }
            }
            if open != nil, !contact.isOver {
                unanswered.append(item(contact, at: contact.created))
            }
            let first = contact.messages.first { $0.author == "agent" && !$0.isFailed }
            let wrote = contact.messages.first { $0.author == "customer" }?.at
            // Mail is the one channel here on which nobody waits on the line.
            if contact.channel == "email", contact.isOver, wrote != nil, first == nil {
                never.append(item(contact, at: contact.ended))
            }
            guard let first, let wrote, wrote < first.at else { continue }
            let starts =
                contact.machineLeft.filter { $0.outcome == "handedOver" }.map(\.at)
                + contact.reopenings + [wrote]
            let last = starts.filter { $0 <= first.at }.max() ?? wrote
            human.append(reply(contact, first, first.at - last))
            customer.append(reply(contact, first, first.at - wrote))
        }
        figures["first_response_human"] = .spread(human)
        figures["first_response_customer"] = .spread(customer)
        figures["response_time"] = .spread(responses)
        figures["unanswered_now"] = .count(unanswered)
        figures["unanswered"] = .count(never)
        figures["resolution_time"] = .spread(numbers { $0.resolution(without: []) })
        figures["resolution_time_human"] = .spread(
            numbers { $0.resolution(without: $0.machineSpans) })
        figures["resolution_time_ours"] = .spread(
            numbers { $0.resolution(without: $0.customerSpans) })
        // Where nobody set a calendar all time counts.
        for name in [
            "first_response_human", "first_response_customer", "response_time", "resolution_time",
            "resolution_time_human", "resolution_time_ours",
        ] { figures[name + "_business"] = figures[name] }
    }
}
