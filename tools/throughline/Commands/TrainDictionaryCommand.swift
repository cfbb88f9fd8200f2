import ArgumentParser
import Simulation

struct TrainDictionaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-dictionary",
        abstract: "Print the Swift file with the dictionary that new stores start with.",
        discussion: """
            For whoever changes the stored form of events: it is trained on simulated events only, \
            and the same zstd gives the same bytes.

                throughline train-dictionary > Sources/EventLog/Segments/FirstDictionary+Text.swift
            """)

    func run() throws {
        let dictionary: [UInt8]
        do {
            dictionary = try DictionaryTraining.train()
        } catch {
            throw ToolFailure("the dictionary cannot be trained: \(error)")
        }
        Terminal.write(DictionaryTraining.source(of: dictionary))
    }
}
