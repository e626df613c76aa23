"""Models to AST. Each function takes a model, and the node of the text that says it, which knows the places."""
