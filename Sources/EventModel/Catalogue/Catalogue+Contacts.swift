extension Catalogue {
    /// What is known of a person: traits, addresses, preferences, flags.
    static let contacts = """
        trait.set name! value!* proof* valid_from:time class
        trait.removed name! proof* valid_from:time class
        address.set address_id!:ref kind! lines* city* postal_code* country*
        contactpoint.invalidated identifier!* reason!
        contactpoint.confirmed identifier!* method!
        preference.set name! value!* valid_until:time
        flag.raised,flag.cleared \
        flag!*=vulnerable|doNotContact|fraudReview|vip|abusive|minor|legal \
        reason** until:time class
        """
}
