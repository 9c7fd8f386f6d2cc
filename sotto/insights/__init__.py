"""What all conversations with a customer say together: each insight cites the call and the words it rests on."""
