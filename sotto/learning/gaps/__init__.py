"""What customers want that no intent is for, and what agents asked that no article answers: collected from calls,
grouped, shown to people, who accept, merge or ignore a group."""
