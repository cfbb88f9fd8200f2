extension CommandExecutor {
    func runView(
        _ command: CommandDefinition, _ arguments: borrowing ArgumentReader, _ session: Session
    ) throws(CommandError) -> Execution { preconditionFailure() }
}
