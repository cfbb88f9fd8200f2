import ArgumentParser

struct SeasonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "season", abstract: "A season day by day, beside another one.",
        discussion: """
            A season is a range of dates with a name, which a definition.set of kind season gives. \
            --csv has a line for each day.
            """)

    @Argument(help: "The season's name.")
    var name: String

    @Option(help: ArgumentHelp("The season it is held against.", valueName: "name"))
    var against: String?

    @Option(
        help: ArgumentHelp(
            "Which days lie beside each other: day, weekday or trading.", valueName: "word"))
    var align: String?

    @Option(
        help: ArgumentHelp(
            "Count only what both seasons have of this dimension.", valueName: "dimension"))
    var like: String?

    @Option(help: ArgumentHelp("Only this metric; may be repeated.", valueName: "name"))
    var only: [String] = []

    @Option(help: ArgumentHelp("The service level's target.", valueName: "seconds"))
    var target: UInt32?

    @OptionGroup var conditions: ConditionOptions

    @OptionGroup var moment: MomentOptions

    @OptionGroup var view: ViewOptions

    func validate() throws {
        guard against != nil || align == nil && like == nil else {
            throw ValidationError("--align and --like are about two seasons: add --against")
        }
    }

    /// The words of SEASON.
    var words: [String] {
        let options = [
            ("AGAINST", against), ("ALIGN", align), ("LIKE", like),
            ("TARGET", target.map(ConditionOptions.milliseconds)),
        ]
        return ["SEASON", name] + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
            + only.flatMap { ["ONLY", $0] } + conditions.words + moment.words
    }

    func run() throws {
        let document = try view.document(words, missing: "there are no such figures")
        let isForPeople = !view.output.json && !view.output.csv
        guard isForPeople else { return try view.output.show(document, as: SeasonTable.shape) }
        Terminal.write(SeasonTable(try document.value()).text)
    }
}
