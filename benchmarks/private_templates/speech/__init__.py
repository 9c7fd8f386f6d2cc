"""How people say numbers, letters and dates on the telephone, and how a recogniser writes that down."""
