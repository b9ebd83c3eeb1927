"""What other systems are told of claims: state changes as CloudEvents, in one order, without personal data. Pure."""
