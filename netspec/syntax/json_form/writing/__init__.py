"""AST to the data of a JSON text: dicts, lists and literals, as the models describe them."""
