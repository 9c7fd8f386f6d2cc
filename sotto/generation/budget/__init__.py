"""What texts cost is held before they are written and settled after: never above a budget, whoever crashes."""
