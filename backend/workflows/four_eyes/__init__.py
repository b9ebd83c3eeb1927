"""四眼原则 at work: proposing, agreeing, and carrying out what two people have agreed to."""
